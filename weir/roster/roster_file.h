#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/result.h"
#include "weir/base/time.h"

namespace weir::roster {

/// What a roster file says of one person from one day on. Identities are canonical.
struct Row {
  std::string where;   // "roster.csv:7", for messages
  std::string person;  // the organisation's own key
  std::string name;
  std::vector<std::string> user_ids, addresses, declared_addresses, hosts, access;
  std::string entity, unit, role, site, timezone;
  std::string manager;  // key of a person
  std::optional<Day> start;
  std::optional<Day> end;  // the last day
  std::optional<Day> from;
  /// `from` is only when somebody looked: what is not known otherwise held before it too.
  bool snapshot = false;
};

struct RosterFile {
  std::vector<Row> rows;
  std::size_t rows_read = 0;
  std::vector<std::string> problems;  // left out, the rest stands
  std::vector<std::string> errors;    // the import must be refused; at most kMaxErrors
  static constexpr std::size_t kMaxErrors = 100;
};

struct MonthFile {
  std::string name;  // for messages
  std::optional<std::chrono::year_month> month;
  std::string content;
};

/// A roster CSV (docs/formats/roster.md). Fails for what makes the whole file useless: a header
/// that is refused or not understood, no rows, bytes that are no text. Any bytes are safe.
Result<RosterFile> parse_roster_csv(std::string_view content, std::string_view file);

/// CERT LDAP months, in order of time, as one picture: who is absent from a later month has left.
Result<RosterFile> parse_cert_months(const std::vector<MonthFile>& files);

/// Told apart by the header; `month` of a CERT file comes from its name.
Result<RosterFile> parse_roster_file(const MonthFile& file);

/// From a file, or a folder of months.
Result<RosterFile> read_roster(const std::filesystem::path& path);

}  // namespace weir::roster
