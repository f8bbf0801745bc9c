#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// Without white space (space, tab, CR, LF, VT, FF) at both ends.
std::string_view trim(std::string_view text);

/// ASCII letters only; other bytes stay.
std::string to_lower_ascii(std::string_view text);
bool equals_ignoring_case(std::string_view a, std::string_view b);

/// Parts between separators, views into `text`; "" gives one empty part.
std::vector<std::string_view> split(std::string_view text, char separator);

/// The whole text as a decimal number, else empty.
std::optional<std::uint64_t> parse_u64(std::string_view text);
std::optional<double> parse_double(std::string_view text);

/// The whole text as at most 16 hexadecimal digits, else empty.
std::optional<std::uint64_t> parse_hex_u64(std::string_view text);
/// Appends the bytes that `text` stands for in hexadecimal; false, and `out` as it was, if it is
/// none.
bool append_hex_bytes(std::string_view text, std::string& out);

/// Well-formed UTF-8 (no overlong forms, surrogates, or beyond U+10FFFF)?
bool is_utf8(std::string_view text);

/// `text` made safe to print on a terminal or in a log: control characters and invalid UTF-8 as
/// "\x1b", cut to `max_bytes` with "…". What users, senders and file names say goes through this.
std::string printable(std::string_view text, std::size_t max_bytes = 120);

/// The entry most like `wanted` (edit distance at most a third of its length), for
/// "did you mean …?"; empty if none is near.
std::string_view nearest(std::string_view wanted, std::span<const std::string_view> choices);

/// 12480 as "12,480".
std::string with_commas(std::uint64_t value);

/// "1 record", "12,480 records". `many` only where the plural is not one with an s.
std::string counted(std::uint64_t count, std::string_view one, std::string_view many = {});

}  // namespace weir
