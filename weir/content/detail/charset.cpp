#include "weir/content/detail/charset.h"

#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>

#include <algorithm>
#include <array>
#include <bit>
#include <memory>

#include "weir/base/lanes.h"
#include "weir/base/text.h"

namespace weir::content {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kLook = 64u << 10;
constexpr std::size_t kEnough = 512;  // to tell a character set by statistics

struct CloseConverter {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};
struct CloseDetector {
  void operator()(UCharsetDetector* detector) const { ucsdet_close(detector); }
};

/// UTF-16 without a mark: in western text every second byte is zero.
const char* guess_utf16(std::string_view bytes) {
  const std::string_view look = bytes.substr(0, 4096);
  if (look.size() < 8 || !look.contains('\0')) return nullptr;
  std::array<std::size_t, 2> zeros{};
  for (std::size_t i = 0; i < look.size(); ++i) zeros[i % 2] += look[i] == '\0' ? 1u : 0u;
  const std::size_t pairs = look.size() / 2;
  if (zeros[1] * 10 > pairs * 4 && zeros[0] * 20 < pairs) return "UTF-16LE";
  if (zeros[0] * 10 > pairs * 4 && zeros[1] * 20 < pairs) return "UTF-16BE";
  return nullptr;
}

/// Text of mainframes: blanks are 0x40, and letters stand where other sets have none.
bool is_ebcdic(std::string_view bytes) {
  const std::string_view look = bytes.substr(0, 4096);
  const std::ptrdiff_t size = std::ssize(look);
  const auto letters = std::ranges::count_if(look, [](char c) {
    const auto low = static_cast<unsigned char>(c) & 0x0f;
    const auto high = static_cast<unsigned char>(c) >> 4;
    return high >= 8 && high <= 10 && low >= 1 && low <= 9;
  });
  return letters * 2 > size && std::ranges::count(look, '\x40') * 16 > size &&
         std::ranges::count(look, ' ') * 100 < size;
}

const char* by_mark(std::string_view bytes) {
  if (bytes.starts_with("\xef\xbb\xbf"sv)) return "UTF-8";
  if (bytes.starts_with("\xff\xfe\0\0"sv)) return "UTF-32LE";
  if (bytes.starts_with("\0\0\xfe\xff"sv)) return "UTF-32BE";
  if (bytes.starts_with("\xff\xfe"sv)) return "UTF-16LE";
  if (bytes.starts_with("\xfe\xff"sv)) return "UTF-16BE";
  return nullptr;
}

/// The lines that tell one character set from another, if there are enough of them: ICU looks at
/// each byte dozens of times.
std::string telling_lines(std::string_view bytes) {
  std::string lines;
  while (!bytes.empty()) {
    const std::size_t length = std::min(bytes.find('\n'), bytes.size() - 1) + 1;
    const std::string_view line = bytes.substr(0, length);
    if (std::ranges::any_of(line, [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
      lines += line;
    }
    bytes.remove_prefix(length);
  }
  return lines;
}

const char* by_statistics(std::string_view bytes) {
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<UCharsetDetector, CloseDetector> detector(ucsdet_open(&error));
  if (U_FAILURE(error) != 0) return "windows-1252";
  std::string_view look = bytes.substr(0, kLook);
  const std::string lines = telling_lines(look);
  if (lines.size() >= kEnough) look = lines;
  ucsdet_setText(detector.get(), look.data(), static_cast<std::int32_t>(look.size()), &error);
  const UCharsetMatch* match = ucsdet_detect(detector.get(), &error);
  if (U_FAILURE(error) != 0 || match == nullptr) return "windows-1252";
  const std::int32_t confidence = ucsdet_getConfidence(match, &error);
  const char* name = ucsdet_getName(match, &error);
  if (U_FAILURE(error) != 0 || name == nullptr || confidence < 10) return "windows-1252";
  if (name == "ISO-8859-1"sv) return "windows-1252";
  // ICU's names are constants of its data, but its contract does not say so.
  static constexpr std::array<const char*, 30> kNames = {
      "UTF-8",        "UTF-16BE",     "UTF-16LE",     "UTF-32BE",     "UTF-32LE",
      "Shift_JIS",    "ISO-2022-JP",  "ISO-2022-CN",  "ISO-2022-KR",  "GB18030",
      "Big5",         "EUC-JP",       "EUC-KR",       "ISO-8859-2",   "ISO-8859-5",
      "ISO-8859-6",   "ISO-8859-7",   "ISO-8859-8",   "ISO-8859-8-I", "ISO-8859-9",
      "windows-1250", "windows-1251", "windows-1252", "windows-1253", "windows-1254",
      "windows-1255", "windows-1256", "KOI8-R",       "IBM424_rtl",   "IBM420_ltr"};
  const auto known = std::ranges::find(kNames, std::string_view(name),
                                       [](const char* n) { return std::string_view(n); });
  return known == kNames.end() ? "windows-1252" : *known;
}

}  // namespace

void append_utf8(char32_t c, std::string& out) {
  if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) c = 0xfffd;
  const auto put = [&out](char32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xc0 | (c >> 6));
    put(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    put(0xe0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3f));
    put(0x80 | (c & 0x3f));
  } else {
    put(0xf0 | (c >> 18));
    put(0x80 | ((c >> 12) & 0x3f));
    put(0x80 | ((c >> 6) & 0x3f));
    put(0x80 | (c & 0x3f));
  }
}

std::optional<std::string> to_utf8(std::string_view bytes, const char* charset) {
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, CloseConverter> from(ucnv_open(charset, &error));
  if (U_FAILURE(error) != 0) return std::nullopt;
  const std::unique_ptr<UConverter, CloseConverter> to(ucnv_open("UTF-8", &error));
  if (U_FAILURE(error) != 0) return std::nullopt;

  std::string out;
  out.reserve(bytes.size() + bytes.size() / 4);
  std::array<UChar, 4096> pivot{};
  std::array<char, 16384> piece{};
  UChar* pivot_source = pivot.data();
  UChar* pivot_target = pivot.data();
  const char* source = bytes.data();
  const char* const source_end = source + bytes.size();
  do {
    char* target = piece.data();
    error = U_ZERO_ERROR;
    ucnv_convertEx(to.get(), from.get(), &target, piece.data() + piece.size(), &source, source_end,
                   pivot.data(), &pivot_source, &pivot_target, pivot.data() + pivot.size(), 0, 1,
                   &error);
    out.append(piece.data(), static_cast<std::size_t>(target - piece.data()));
  } while (error == U_BUFFER_OVERFLOW_ERROR);
  if (out.starts_with("\xef\xbb\xbf")) out.erase(0, 3);
  return out;
}

const char* guess_charset(std::string_view bytes) {
  if (const char* marked = by_mark(bytes)) return marked;
  if (const char* wide = guess_utf16(bytes)) return wide;
  if (is_utf8(bytes)) return "UTF-8";
  if (is_ebcdic(bytes)) return "ibm-500";
  return by_statistics(bytes);
}

std::string decode_text(std::string_view bytes, std::string_view said_charset) {
  const char* marked = by_mark(bytes);
  const bool seven_bit_tricks = to_lower_ascii(said_charset).starts_with("iso-2022") ||
                                to_lower_ascii(said_charset).starts_with("utf-7") ||
                                to_lower_ascii(said_charset).starts_with("utf-16") ||
                                to_lower_ascii(said_charset).starts_with("hz");
  if (marked == nullptr && !said_charset.empty() && said_charset.size() < 64 &&
      (seven_bit_tricks || !is_utf8(bytes))) {
    if (auto text = to_utf8(bytes, std::string(said_charset).c_str())) {
      return make_valid(std::move(*text));
    }
  }
  const std::string_view guessed = guess_charset(bytes);
  if (guessed == "UTF-8") {
    if (marked != nullptr) bytes.remove_prefix(3);
    return make_valid(std::string(bytes));
  }
  return make_valid(to_utf8(bytes, guessed.data()).value_or(std::string(bytes)));
}

std::string make_valid(std::string text) {
  if (is_utf8(text)) {
    if (text.contains('\0')) std::erase(text, '\0');
    return text;
  }
  std::string out;
  out.reserve(text.size());
  std::string_view rest = text;
  while (!rest.empty()) {
    const auto plain = static_cast<std::size_t>(
        std::ranges::find_if(rest, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }) -
        rest.begin());
    for (const char c : rest.substr(0, plain)) {
      if (c != '\0') out += c;
    }
    rest.remove_prefix(plain);
    if (rest.empty()) break;
    std::size_t length = 2;
    while (length <= 4 && length <= rest.size() && !is_utf8(rest.substr(0, length))) ++length;
    if (length > 4 || length > rest.size()) {
      out += "\xEF\xBF\xBD";
      rest.remove_prefix(1);
    } else {
      out += rest.substr(0, length);
      rest.remove_prefix(length);
    }
  }
  return out;
}

std::size_t count_controls(std::string_view bytes, std::string_view but) {
  std::size_t count = 0;
  const auto look = [&](char c) {
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    count += control && !but.contains(c) ? 1u : 0u;
  };
  for (; bytes.size() >= 16; bytes.remove_prefix(16)) {
    const SixteenBytes next = reinterpret_cast<const SixteenBytes&>(bytes.front());
    std::uint32_t controls = bits_of(from_to(next, 0, 0x1f) | (next == 0x7f));
    for (; controls != 0; controls &= controls - 1) {
      look(bytes[static_cast<std::size_t>(std::countr_zero(controls))]);
    }
  }
  for (const char c : bytes) look(c);
  return count;
}

bool looks_like_text(std::string_view bytes) {
  if (by_mark(bytes) != nullptr || guess_utf16(bytes) != nullptr) return true;
  const std::string_view look = bytes.substr(0, 8192);
  const std::size_t bad = count_controls(look, "\t\n\r\f\x1b");
  if (bad * 10 > look.size()) return false;
  // Packed data has few controls too, but then it is not UTF-8, and zeros are in it.
  return bad == 0 || (!look.contains('\0') && (is_utf8(look) || bad * 100 < look.size()));
}

}  // namespace weir::content
