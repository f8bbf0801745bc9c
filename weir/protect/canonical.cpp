#include "weir/protect/canonical.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "weir/base/lanes.h"
#include "weir/protect/detail/code_points.h"

namespace weir::protect {
namespace {

constexpr std::uint32_t kMostBytes = 1u << 30;

// The folded ASCII letter or digit, or 0.
constexpr std::array<char, 256> kFold = [] {
  std::array<char, 256> fold{};
  for (unsigned c = '0'; c <= '9'; ++c) fold[c] = static_cast<char>(c);
  for (unsigned c = 'a'; c <= 'z'; ++c) {
    fold[c] = static_cast<char>(c);
    fold[c - 'a' + 'A'] = static_cast<char>(c);
  }
  return fold;
}();

char fold(char c) { return kFold[static_cast<unsigned char>(c)]; }
bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// Of 64 bytes, the first in the lowest bit.
struct Classes {
  std::uint64_t letters = 0;  // and digits; of ASCII
  std::uint64_t wide = 0;     // not ASCII
  std::uint64_t apostrophes = 0;
  std::uint64_t hyphens = 0;
};

Classes classes_of(const char* from) {
  Classes classes;
  for (std::size_t i = 0; i < 64; i += 16) {
    const SixteenBytes bytes = reinterpret_cast<const SixteenBytes&>(from[i]);
    classes.letters |= std::uint64_t{bits_of(ascii_letters(bytes) | ascii_digits(bytes))} << i;
    classes.wide |= std::uint64_t{bits_of(bytes)} << i;
    classes.apostrophes |= std::uint64_t{bits_of(bytes == '\'')} << i;
    classes.hyphens |= std::uint64_t{bits_of(bytes == '-')} << i;
  }
  return classes;
}

struct Decoded {
  char32_t code_point = 0;
  std::uint32_t bytes = 1;
  bool good = false;
};

/// One code point that is not ASCII; of bad bytes, one at a time.
Decoded decode(std::string_view rest) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(rest[i]); };
  const unsigned lead = byte(0);
  const std::uint32_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || rest.size() < length) return {};
  char32_t value = lead & (0xffu >> (length + 1));
  for (std::uint32_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    value = (value << 6) | (byte(i) & 0x3fu);
  }
  constexpr std::array<char32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
  const bool good =
      value >= kLeast[length] && value <= 0x10ffff && !(value >= 0xd800 && value < 0xe000);
  return {value, good ? length : 1, good};
}

/// Where a word goes on that a hyphen before `at` cut at the end of a line; 0 if it does not.
/// White space and the quotation marks of mails stand between.
std::size_t continuation(std::string_view source, std::size_t at) {
  constexpr std::size_t kFarthest = 64;  // deeply indented or quoted; also what keeps this linear
  const std::size_t end = std::min(source.size(), at + kFarthest);
  bool new_line = false;
  for (; at < end; ++at) {
    const char c = source[at];
    if (c == '\n') {
      if (new_line) return 0;  // an empty line ends the paragraph
      new_line = true;
    } else if (new_line && (c == '>' || c == '|')) {
      continue;
    } else if (!is_space(c)) {
      break;
    }
  }
  if (!new_line || at == end) return 0;
  const bool goes_on = (source[at] >= 'a' && source[at] <= 'z') || !is_ascii(source[at]);
  return goes_on ? at : 0;
}

}  // namespace

/// Reads one source. Offsets fit 32 bits because the source is at most 1 GiB, and what a code point
/// becomes is at most 12 times its bytes in theory and is cut at 4 GiB.
class CanonicalWriter {
 public:
  CanonicalWriter(const CodePoints& code_points, bool in_blocks, std::string_view source,
                  CanonicalText& out)
      : code_points_(code_points),
        least_left_(in_blocks ? kBlock + kCopied : source.size() + 1),
        source_(source),
        out_(out) {
    out.size_ = 0;
    out.word_count_ = 0;
    // Room for ASCII, which never grows; what grows asks first.
    if (out.buffer_.size() < source.size() + kSlack) out.buffer_.resize(source.size() + kSlack);
  }

  void run() {
    std::size_t at = 0;
    while (at < source_.size()) {
      if (source_.size() - at >= least_left_ && is_ascii(source_[at]) && unspaced_ == 0) {
        const std::size_t read = block(at);
        at += read;
        if (read == kBlock) continue;
      }
      const char c = source_[at];
      if (fold(c) != 0) {
        at = ascii_letter(at);
      } else if (is_ascii(c)) {
        at = ascii_other(at);
      } else {
        at = wide(at);
      }
    }
    end_word();
    end_unspaced();
  }

  void set_truncated(bool truncated) { out_.truncated_ = truncated; }

 private:
  static constexpr std::size_t kSlack = 64;
  static_assert(kSlack >= CanonicalText::kReadable + 16);
  static constexpr std::size_t kMostLetters = 0xf0000000;

  static constexpr std::size_t kBlock = 64;
  static constexpr std::size_t kCopied = 16;

  /// Reads up to 64 bytes, as far as words are letters and digits of ASCII and all else separates;
  /// tells how far.
  std::size_t block(std::size_t at) {
    const Classes classes = classes_of(source_.data() + at);
    std::uint64_t letters = classes.letters;
    // Not so plain are apostrophes and ends of lines within a word.
    const std::uint64_t follow = (letters << 1) | (in_word_ ? 1u : 0u);
    const std::uint64_t next = letters >> 1;
    constexpr std::uint64_t kLast = std::uint64_t{1} << 63;  // before what is not known yet
    const std::uint64_t others = classes.wide | (classes.apostrophes & follow & (next | kLast)) |
                                 (classes.hyphens & follow & ~next);
    std::size_t size = kBlock;
    if (others != 0) {
      size = static_cast<std::size_t>(std::countr_zero(others));
      if (size == 0) return 0;
      letters &= (std::uint64_t{1} << size) - 1;
    }
    if (in_word_) {
      const auto rest = static_cast<std::size_t>(std::countr_one(letters));
      copy_letters(at, rest);
      if (rest != 0) word_end_ = at + rest;
      if (rest == size) return size;
      end_word();
      letters &= letters + 1;
    }
    if (out_.words_.size() - out_.word_count_ < kBlock / 2) grow_words();
    std::uint64_t begins = letters & ~(letters << 1);
    std::uint64_t ends = ~letters & (letters << 1);
    if (size < kBlock) ends &= (std::uint64_t{1} << size) - 1;
    Word* word = out_.words_.data() + out_.word_count_;
    for (; ends != 0; ends &= ends - 1, begins &= begins - 1) {
      const auto begin = static_cast<std::size_t>(std::countr_zero(begins));
      const auto end = static_cast<std::size_t>(std::countr_zero(ends));
      *word++ = {.source_begin = static_cast<std::uint32_t>(at + begin),
                 .source_end = static_cast<std::uint32_t>(at + end),
                 .letters_begin = static_cast<std::uint32_t>(out_.size_),
                 .letters_size = static_cast<std::uint32_t>(end - begin)};
      copy_letters(at + begin, end - begin);
    }
    out_.word_count_ = static_cast<std::size_t>(word - out_.words_.data());
    if (begins != 0) {
      const auto begin = static_cast<std::size_t>(std::countr_zero(begins));
      begin_word(at + begin);
      copy_letters(at + begin, size - begin);
      word_end_ = at + size;
    }
    return size;
  }

  /// Small letters of what are letters and digits; what is too much is in the slack, or written
  /// over.
  void copy_letters(std::size_t from, std::size_t size) {
    char* const to = out_.buffer_.data() + out_.size_;
    std::size_t at = 0;
    do {
      reinterpret_cast<SixteenBytes&>(to[at]) =
          reinterpret_cast<const SixteenBytes&>(source_.data()[from + at]) | 0x20;
      at += kCopied;
    } while (at < size);
    out_.size_ += size;
  }

  std::size_t ascii_letter(std::size_t at) {
    if (!in_word_) begin_word(at);
    out_.buffer_.data()[out_.size_++] = fold(source_[at]);
    word_end_ = at + 1;
    return at + 1;
  }

  std::size_t ascii_other(std::size_t at) {
    const char c = source_[at];
    if (in_word_) {
      if (c == ' ') {
        end_word();
        return at + 1;
      }
      if (c == '\'' && at + 1 < source_.size() && fold(source_[at + 1]) != 0) return at + 1;
      if (c == '-') {
        if (const std::size_t next = continuation(source_, at + 1); next != 0) return next;
      }
      end_word();
    }
    if (!is_space(c)) end_unspaced();
    return at + 1;
  }

  std::size_t wide(std::size_t at) {
    const Decoded decoded = decode(source_.substr(at));
    const std::size_t next = at + decoded.bytes;
    if (!decoded.good) {
      separate();
      return next;
    }
    const CodePoints::Entry entry = code_points_[decoded.code_point];
    switch (entry.kind) {
      case CodePoints::Kind::letters:
        if (!in_word_) begin_word(at);
        append(entry.text, source_.size() - next);
        word_end_ = next;
        break;
      case CodePoints::Kind::unspaced:
        add_unspaced(at, next, entry.text.empty() ? source_.substr(at, decoded.bytes) : entry.text);
        break;
      case CodePoints::Kind::ignored:
        break;
      case CodePoints::Kind::apostrophe:
        if (!in_word_ || next >= source_.size() ||
            (is_ascii(source_[next]) && fold(source_[next]) == 0)) {
          separate();
        }
        break;
      case CodePoints::Kind::hyphen:
        if (in_word_) {
          if (const std::size_t go_on = continuation(source_, next); go_on != 0) return go_on;
        }
        if (decoded.code_point != 0xad) separate();  // a soft hyphen is seen at a line's end only
        break;
      case CodePoints::Kind::separator:
        // White space between unspaced characters means as little as a line's end there.
        if (is_wide_space(decoded.code_point)) {
          end_word();
        } else {
          separate();
        }
        break;
    }
    return next;
  }

  static bool is_wide_space(char32_t c) {
    return c == 0x85 || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 ||
           c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
  }

  void begin_word(std::size_t at) {
    end_unspaced();
    in_word_ = true;
    word_begin_ = at;
    word_letters_ = out_.size_;
  }

  void end_word() {
    if (!in_word_) return;
    in_word_ = false;
    if (out_.size_ == word_letters_) return;
    add_word({.source_begin = static_cast<std::uint32_t>(word_begin_),
              .source_end = static_cast<std::uint32_t>(word_end_),
              .letters_begin = static_cast<std::uint32_t>(word_letters_),
              .letters_size = static_cast<std::uint32_t>(out_.size_ - word_letters_)});
  }

  void add_word(const Word& word) {
    if (out_.word_count_ == out_.words_.size()) grow_words();
    out_.words_.data()[out_.word_count_++] = word;
  }

  void grow_words() { out_.words_.resize(std::max<std::size_t>(out_.words_.size() * 2, 1024)); }

  void separate() {
    end_word();
    end_unspaced();
  }

  void add_unspaced(std::size_t at, std::size_t next, std::string_view text) {
    end_word();
    Word single{.source_begin = static_cast<std::uint32_t>(at),
                .source_end = static_cast<std::uint32_t>(next),
                .letters_begin = static_cast<std::uint32_t>(out_.size_),
                .letters_size = 0};
    append(text, source_.size() - next);
    single.letters_size = static_cast<std::uint32_t>(out_.size_) - single.letters_begin;
    if (single.letters_size == 0) return;
    if (unspaced_ > 0) {
      add_word({.source_begin = last_.source_begin,
                .source_end = single.source_end,
                .letters_begin = last_.letters_begin,
                .letters_size = single.letters_begin + single.letters_size - last_.letters_begin});
    }
    last_ = single;
    ++unspaced_;
  }

  /// One such character alone is a word; the last of several is in a pair already.
  void end_unspaced() {
    if (unspaced_ == 1) add_word(last_);
    unspaced_ = 0;
  }

  void append(std::string_view text, std::size_t source_left) {
    if (out_.size_ + text.size() > kMostLetters) return;
    const std::size_t needed = out_.size_ + text.size() + source_left + kSlack;
    if (out_.buffer_.size() < needed) out_.buffer_.resize(needed + needed / 2);
    std::memcpy(out_.buffer_.data() + out_.size_, text.data(), text.size());
    out_.size_ += text.size();
  }

  const CodePoints& code_points_;
  std::size_t least_left_;  // of the source for another block
  std::string_view source_;
  CanonicalText& out_;
  bool in_word_ = false;
  // No `Word`: what is written in parts and read as a whole makes the processor wait.
  std::size_t word_begin_ = 0;
  std::size_t word_end_ = 0;
  std::size_t word_letters_ = 0;  // where they begin
  std::uint64_t unspaced_ = 0;    // characters of the run
  Word last_;                     // the latest of them
};

Canonicalizer::Canonicalizer(const Options& options)
    : options_(options), code_points_(std::make_unique<const CodePoints>()) {
  options_.max_bytes = std::min(options_.max_bytes, kMostBytes);
}
Canonicalizer::Canonicalizer(Canonicalizer&&) noexcept = default;
Canonicalizer& Canonicalizer::operator=(Canonicalizer&&) noexcept = default;
Canonicalizer::~Canonicalizer() = default;

void Canonicalizer::run(std::string_view source, CanonicalText& out) const {
  const std::string_view read = source.substr(0, options_.max_bytes);
  CanonicalWriter writer(*code_points_, options_.in_blocks, read, out);
  writer.run();
  writer.set_truncated(read.size() < source.size());
}

}  // namespace weir::protect
