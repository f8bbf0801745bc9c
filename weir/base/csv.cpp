#include "weir/base/csv.h"

namespace weir {

CsvFields::Outcome CsvFields::split(std::string_view record) {
  fields_.clear();
  unquoted_.clear();
  unquoted_.reserve(record.size());  // views into it must not move
  for (;;) {
    if (fields_.size() == kMaxFields) return Outcome::too_many_fields;
    if (record.empty() || record.front() != '"') {
      const std::size_t comma = record.find(',');
      fields_.push_back(record.substr(0, comma));
      if (comma == std::string_view::npos) return Outcome::ok;
      record.remove_prefix(comma + 1);
      continue;
    }
    record.remove_prefix(1);
    const std::size_t start = unquoted_.size();
    for (;;) {
      const std::size_t quote = record.find('"');
      if (quote == std::string_view::npos) return Outcome::unbalanced_quote;
      unquoted_.append(record.substr(0, quote));
      record.remove_prefix(quote + 1);
      if (record.empty() || record.front() != '"') break;
      unquoted_.push_back('"');
      record.remove_prefix(1);
    }
    fields_.push_back(std::string_view(unquoted_).substr(start));
    if (record.empty()) return Outcome::ok;
    if (record.front() != ',') return Outcome::text_after_quote;
    record.remove_prefix(1);
  }
}

std::size_t csv_record_length(std::string_view buffer) {
  bool quoted = false;
  std::size_t at = 0;
  while (at < buffer.size()) {
    const std::size_t line_end = buffer.find('\n', at);
    const std::string_view line = buffer.substr(at, line_end - at);
    // Only the parity of quotes matters: a doubled quote changes it twice.
    for (std::size_t q = line.find('"'); q != std::string_view::npos; q = line.find('"', q + 1)) {
      quoted = !quoted;
    }
    if (line_end == std::string_view::npos) return std::string_view::npos;
    at = line_end + 1;
    if (!quoted) return at;
  }
  return std::string_view::npos;
}

std::string csv_quote(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

}  // namespace weir
