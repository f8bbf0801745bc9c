#include "weir/protect/detail/code_points.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/uspoof.h>
#include <unicode/uversion.h>

#include <memory>
#include <string>

#include "weir/base/result.h"

namespace weir::protect {
namespace {

struct CloseSpoof {
  void operator()(USpoofChecker* checker) const { uspoof_close(checker); }
};

bool is_mark(UChar32 c) { return ((U_GC_MN_MASK | U_GC_ME_MASK) & U_GET_GC_MASK(c)) != 0; }
bool is_ignorable(UChar32 c) {
  return is_mark(c) || u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}
bool is_word_part(UChar32 c) {
  return u_isalpha(c) || (U_GET_GC_MASK(c) & (U_GC_N_MASK | U_GC_MC_MASK)) != 0;
}
bool is_ascii_alphanumeric(UChar32 c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_unspaced(UChar32 c) {
  if (u_hasBinaryProperty(c, UCHAR_IDEOGRAPHIC)) return true;
  UErrorCode error = U_ZERO_ERROR;
  switch (uscript_getScript(c, &error)) {
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_THAI:
    case USCRIPT_LAO:
    case USCRIPT_KHMER:
    case USCRIPT_MYANMAR:
      return true;
    default:
      // The mark that lengthens a Japanese vowel is common to two scripts.
      return c == 0x30fc;
  }
}

/// Builds the canonical text of single code points.
class Folder {
 public:
  Folder() {
    UErrorCode error = U_ZERO_ERROR;
    nfkd_ = icu::Normalizer2::getNFKDInstance(error);
    spoof_.reset(uspoof_open(&error));
    WEIR_ASSERT(U_SUCCESS(error));  // only if ICU's own data are missing
  }

  std::string fold(UChar32 code_point) const {
    std::string out;
    const icu::UnicodeString parts = decomposed(code_point);
    for (int32_t at = 0; at < parts.length(); at = parts.moveIndex32(at, 1)) {
      const UChar32 part = parts.char32At(at);
      if (is_ignorable(part) || !is_word_part(part)) continue;
      if (const int digit = u_charDigitValue(part); digit >= 0) {
        out.push_back(static_cast<char>('0' + digit));
      } else if (is_ascii_alphanumeric(part)) {
        out.push_back(static_cast<char>(u_tolower(part)));
      } else if (const char twin = latin_twin(part); twin != 0) {
        out.push_back(twin);
      } else {
        append_folded(part, out);
      }
    }
    return out;
  }

 private:
  icu::UnicodeString decomposed(UChar32 code_point) const {
    UErrorCode error = U_ZERO_ERROR;
    return nfkd_->normalize(icu::UnicodeString(code_point), error);
  }

  /// Case folding can bring back what has to be decomposed.
  void append_folded(UChar32 c, std::string& out) const {
    icu::UnicodeString folded(c);
    folded.foldCase();
    UErrorCode error = U_ZERO_ERROR;
    folded = nfkd_->normalize(folded, error);
    for (int32_t at = 0; at < folded.length(); at = folded.moveIndex32(at, 1)) {
      const UChar32 part = folded.char32At(at);
      if (is_ignorable(part)) continue;
      if (const char twin =
              is_ascii_alphanumeric(part) ? static_cast<char>(u_tolower(part)) : latin_twin(part);
          twin != 0) {
        out.push_back(twin);
      } else {
        icu::UnicodeString(part).toUTF8String(out);
      }
    }
  }

  /// The ASCII letter or digit a letter looks like, or 0. Looks are those of its own case first: an
  /// attacker writes what is seen. The other case is asked only when its own looks like nothing,
  /// so that most words of Greek or Russian fold alike in both cases.
  char latin_twin(UChar32 c) const {
    if (c < 0x80 || (c >= 0x2e80 && c < 0xa640) || (c >= 0xac00 && c < 0xf900) || c >= 0x12000) {
      return 0;
    }
    if (const char own = skeleton(c); own != 0) return own;
    const UChar32 other = u_isupper(c) ? u_tolower(c) : u_toupper(c);
    return other == c ? '\0' : skeleton(other);
  }

  char skeleton(UChar32 c) const {
    UErrorCode error = U_ZERO_ERROR;
    icu::UnicodeString shape;
    uspoof_getSkeletonUnicodeString(spoof_.get(), 0, icu::UnicodeString(c), shape, &error);
    shape = nfkd_->normalize(shape, error);
    if (U_FAILURE(error)) return 0;
    UChar32 only = 0;
    for (int32_t at = 0; at < shape.length(); at = shape.moveIndex32(at, 1)) {
      const UChar32 part = shape.char32At(at);
      if (is_ignorable(part)) continue;
      if (only != 0 || !is_ascii_alphanumeric(part)) return 0;
      only = part;
    }
    // To the skeleton, capital I and small l are one; a capital letter means the former.
    if (only == 'l' && u_isupper(c)) return 'i';
    return static_cast<char>(only == 0 ? 0 : u_tolower(only));
  }

  const icu::Normalizer2* nfkd_ = nullptr;
  std::unique_ptr<USpoofChecker, CloseSpoof> spoof_;
};

CodePoints::Kind kind_of(UChar32 c) {
  using Kind = CodePoints::Kind;
  if (c == '\'' || c == 0x2019 || c == 0x02bc || c == 0xff07) return Kind::apostrophe;
  if (c == '-' || c == 0x2010 || c == 0x2011 || c == 0x00ad) return Kind::hyphen;
  if (is_ignorable(c)) return Kind::ignored;
  return is_unspaced(c) ? Kind::unspaced : Kind::letters;
}

}  // namespace

CodePoints::CodePoints() : table_(kTabled) {
  const Folder folder;
  for (char32_t code_point = 0; code_point < kTabled; ++code_point) {
    const auto c = static_cast<UChar32>(code_point);
    Packed& packed = table_[code_point];
    if (!u_isdefined(c) || (code_point >= 0xd800 && code_point < 0xe000)) continue;
    packed.kind = kind_of(c);
    if (packed.kind != Kind::letters && packed.kind != Kind::unspaced) continue;
    const bool unified = (c >= 0x3400 && c <= 0x9fff);
    if (packed.kind == Kind::unspaced && unified) continue;  // itself
    const std::string text = folder.fold(c);
    if (text.empty()) {
      packed.kind = Kind::separator;
      continue;
    }
    packed.offset = static_cast<std::uint32_t>(texts_.size());
    packed.size = static_cast<std::uint16_t>(text.size());
    texts_.insert(texts_.end(), text.begin(), text.end());
  }
}

std::uint32_t unicode_version() {
  UVersionInfo version;
  u_getUnicodeVersion(version);
  return (std::uint32_t{version[0]} << 8) | version[1];
}

}  // namespace weir::protect
