#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weir::content {

/// The header of a message or of one of its parts (RFC 5322 §2.2).
struct HeaderBlock {
  struct Field {
    std::string_view name;
    std::string_view value;  // as it stands, folded
  };
  std::vector<Field> fields;
  /// What stands behind the empty line.
  std::string_view body;
  /// There were more fields or bytes than the limits allow; the rest of the header was passed over.
  bool complete = true;

  /// Value of the first field of that name, as it stands; empty if there is none.
  std::string_view find(std::string_view name) const;
};

struct HeaderLimits {
  std::size_t fields = 2'000;
  std::size_t bytes = 1u << 20;
};

/// Splits `part` into header and body. LF and CRLF both end a line. "From " lines that mailboxes
/// leave in front are passed over; a line that is neither field nor continuation ends the header,
/// as most mail programs have it. The views point into `part`.
HeaderBlock split_header(std::string_view part, const HeaderLimits& limits);

/// Line breaks of folding taken out, blanks at the ends too.
std::string unfold(std::string_view value);

}  // namespace weir::content
