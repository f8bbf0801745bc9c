#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// Takes CSV records (RFC 4180: quotes, doubled quotes, line breaks inside quotes; LF or CRLF)
/// apart. The buffers are kept, so a record costs no allocation. Not thread-safe.
class CsvFields {
 public:
  enum class Outcome { ok, unbalanced_quote, text_after_quote, too_many_fields };

  /// Splits one record, without its line end. The fields are views into `record` or into this
  /// object, valid until the next call.
  Outcome split(std::string_view record);

  const std::vector<std::string_view>& fields() const { return fields_; }
  std::size_t size() const { return fields_.size(); }
  /// Empty for a field that is not there.
  std::string_view operator[](std::size_t i) const {
    return i < fields_.size() ? fields_[i] : std::string_view();
  }

  static constexpr std::size_t kMaxFields = 256;

 private:
  std::vector<std::string_view> fields_;
  std::string unquoted_;
};

/// Length of the first record in `buffer` with its line end, or npos if it is not complete.
/// A line break inside quotes does not end a record.
std::size_t csv_record_length(std::string_view buffer);

/// `text` as a CSV field, quoted only if it must be.
std::string csv_quote(std::string_view text);

}  // namespace weir
