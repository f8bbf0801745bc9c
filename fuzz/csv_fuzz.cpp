// CSV records: any bytes in; what splits and is quoted again splits to the same fields.
#include <cstdint>
#include <string>
#include <vector>

#include "weir/base/csv.h"
#include "weir/base/result.h"

namespace {

void check_record(std::string_view record) {
  weir::CsvFields fields;
  if (fields.split(record) != weir::CsvFields::Outcome::ok) return;
  WEIR_ASSERT(fields.size() >= 1 && fields.size() <= weir::CsvFields::kMaxFields);
  std::vector<std::string> before(fields.fields().begin(), fields.fields().end());
  std::string again;
  for (const std::string& field : before) {
    if (&field != &before.front()) again += ',';
    again += weir::csv_quote(field);
  }
  WEIR_ASSERT(fields.split(again) == weir::CsvFields::Outcome::ok);
  const std::vector<std::string> after(fields.fields().begin(), fields.fields().end());
  WEIR_ASSERT(before == after);
  again += '\n';
  WEIR_ASSERT(weir::csv_record_length(again) == again.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  check_record(rest);
  for (;;) {
    const std::size_t length = weir::csv_record_length(rest);
    if (length == std::string_view::npos) return 0;
    WEIR_ASSERT(length > 0 && length <= rest.size() && rest[length - 1] == '\n');
    check_record(rest.substr(0, length - 1));
    rest.remove_prefix(length);
  }
}
