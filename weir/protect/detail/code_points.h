#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace weir::protect {

/// What canonicalisation makes of every code point, worked out once with ICU's data.
///
/// Because compatibility decomposition is used and combining marks are dropped, each code point can
/// be treated alone: there is nothing left to compose or to reorder. So no ICU call is made while
/// text is read. Immutable after construction (about 50 ms, 1 MB); any number of threads may read.
class CodePoints {
 public:
  enum class Kind : std::uint8_t {
    separator,   // ends a word
    letters,     // part of a word: `text` is appended
    unspaced,    // of a script written without spaces: words are pairs of such characters
    ignored,     // not seen by a reader: as if it were not there
    apostrophe,  // inside a word as if it were not there, else a separator
    hyphen,      // at the end of a line inside a word as if neither were there, else a separator
  };
  struct Entry {
    Kind kind = Kind::separator;
    std::string_view text;  // canonical UTF-8; valid while the table lives
  };

  CodePoints();

  /// Empty `text` for an `unspaced` code point means: itself.
  Entry operator[](char32_t code_point) const {
    if (code_point >= kTabled) {
      return {is_far_ideograph(code_point) ? Kind::unspaced : far_kind(code_point), {}};
    }
    const Packed& packed = table_[code_point];
    return {packed.kind, std::string_view(texts_.data() + packed.offset, packed.size)};
  }

 private:
  static constexpr char32_t kTabled = 0x20000;
  struct Packed {
    std::uint32_t offset = 0;
    std::uint16_t size = 0;
    Kind kind = Kind::separator;
  };
  static bool is_far_ideograph(char32_t c) { return c >= 0x20000 && c <= 0x3fffd; }
  // Tags and variation selectors.
  static Kind far_kind(char32_t c) {
    return c >= 0xe0000 && c <= 0xe0fff ? Kind::ignored : Kind::separator;
  }

  std::vector<Packed> table_;
  std::vector<char> texts_;
};

/// The version of Unicode behind the table, as 15.0 is 0x0f00.
std::uint32_t unicode_version();

}  // namespace weir::protect
