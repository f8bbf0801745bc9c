#include "weir/roster/detail/table.h"

#include <algorithm>

#include "weir/base/text.h"

namespace weir::roster::detail {
namespace {

constexpr std::size_t kMaxRecordBytes = 64 * 1024;

std::string_view describe(CsvFields::Outcome outcome) {
  switch (outcome) {
    case CsvFields::Outcome::unbalanced_quote:
      return "a quote is opened and never closed";
    case CsvFields::Outcome::text_after_quote:
      return "text follows a closing quote; a quote inside quotes is written twice";
    case CsvFields::Outcome::too_many_fields:
      return "too many columns";
    case CsvFields::Outcome::ok:
      break;
  }
  return "";
}

}  // namespace

std::string_view Table::take_record() {
  std::size_t length = csv_record_length(rest_);
  unclosed_ = false;
  if (length == std::string_view::npos) {
    // The last line may lack its line end; an open quote would swallow the rest of the file.
    const auto quotes = std::ranges::count(rest_, '"');
    unclosed_ = quotes % 2 != 0;
    length = unclosed_ ? std::min(rest_.find('\n'), rest_.size() - 1) + 1 : rest_.size();
  }
  std::string_view record = rest_.substr(0, length);
  rest_.remove_prefix(length);
  line_ = next_line_;
  next_line_ += static_cast<std::size_t>(std::ranges::count(record, '\n'));
  if (record.ends_with('\n')) record.remove_suffix(1);
  if (record.ends_with('\r')) record.remove_suffix(1);
  return record;
}

Result<Table> Table::open(std::string_view content, std::string_view file) {
  if (content.starts_with("\xEF\xBB\xBF")) content.remove_prefix(3);
  if (content.starts_with("\xFF\xFE") || content.starts_with("\xFE\xFF")) {
    return fail(ErrorCode::parse, "{}: UTF-16 text; save it as UTF-8 and import it again", file);
  }
  if (trim(content).empty()) return fail(ErrorCode::parse, "{}: the file is empty", file);
  if (content.substr(0, kMaxRecordBytes).find('\0') != std::string_view::npos) {
    return fail(ErrorCode::parse, "{}: a binary file, not CSV text", file);
  }
  Table table(content, file);
  const std::string_view record = table.take_record();
  const auto outcome = record.size() > kMaxRecordBytes ? CsvFields::Outcome::too_many_fields
                       : table.unclosed_               ? CsvFields::Outcome::unbalanced_quote
                                                       : table.fields_.split(record);
  if (outcome != CsvFields::Outcome::ok || !is_utf8(record)) {
    return fail(ErrorCode::parse, "{}:1: the header is not UTF-8 CSV text", file);
  }
  if (table.fields_.size() == 1 && record.find_first_of(";\t") != std::string_view::npos) {
    return fail(ErrorCode::parse, "{}:1: columns must be separated by commas", file);
  }
  for (const std::string_view column : table.fields_.fields()) {
    table.header_.emplace_back(trim(column));
  }
  return table;
}

Table::Step Table::bad(std::string_view why) {
  problem_ = fmt::format("{}:{}: {}", file_, line_, why);
  return Step::bad_row;
}

Table::Step Table::next() {
  for (;;) {
    if (rest_.empty()) return Step::end;
    const std::string_view record = take_record();
    if (trim(record).empty()) continue;
    if (unclosed_) return bad(describe(CsvFields::Outcome::unbalanced_quote));
    if (record.size() > kMaxRecordBytes) return bad("the row is longer than 64 KiB");
    if (!is_utf8(record)) return bad("not UTF-8; save the file as UTF-8");
    if (record.find('\0') != std::string_view::npos) return bad("a NUL byte");
    const CsvFields::Outcome outcome = fields_.split(record);
    if (outcome != CsvFields::Outcome::ok) return bad(describe(outcome));
    if (fields_.size() != header_.size()) {
      return bad(fmt::format("{} columns where the header has {}", fields_.size(), header_.size()));
    }
    return Step::row;
  }
}

}  // namespace weir::roster::detail
