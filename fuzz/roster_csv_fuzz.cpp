// Roster files, CSV and CERT LDAP: any bytes in; what is read holds to the reader's promises.
#include <cstdint>
#include <string>

#include "weir/base/result.h"
#include "weir/base/text.h"
#include "weir/roster/roster_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string content(reinterpret_cast<const char*>(data), size);
  const auto file = weir::roster::parse_roster_file(
      {.name = "roster.csv", .month = std::chrono::year{2010} / 1, .content = content});
  if (!file) {
    WEIR_ASSERT(!file.error().message.empty());
    return 0;
  }
  WEIR_ASSERT(file->rows.size() <= file->rows_read);
  WEIR_ASSERT(file->errors.size() <= weir::roster::RosterFile::kMaxErrors);
  for (const weir::roster::Row& row : file->rows) {
    WEIR_ASSERT(!row.person.empty());
    WEIR_ASSERT(weir::is_utf8(row.person) && weir::is_utf8(row.name));
    WEIR_ASSERT(!row.start || !row.end || *row.start <= *row.end);
  }
  return 0;
}
