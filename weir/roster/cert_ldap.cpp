#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>

#include "weir/base/text.h"
#include "weir/roster/detail/columns.h"
#include "weir/roster/detail/row_errors.h"
#include "weir/roster/detail/table.h"
#include "weir/roster/roster_file.h"
#include "weir/vault/vault.h"

namespace weir::roster {
namespace {

enum Column : std::size_t {
  kName,
  kUserId,
  kEmail,
  kRole,
  kProjects,
  kBusinessUnit,
  kFunctionalUnit,
  kDepartment,
  kTeam,
  kSupervisor,
};
constexpr std::array<std::string_view, 10> kColumns = {
    "employee_name", "user_id",         "email",      "role", "projects",
    "business_unit", "functional_unit", "department", "team", "supervisor"};

/// One month's rows, with the supervisors' names replaced by keys.
struct Month {
  std::optional<std::chrono::year_month> month;
  std::vector<Row> rows;
};

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const std::string_view part : parts) {
    if (trim(part).empty()) continue;
    if (!out.empty()) out += " / ";
    out += trim(part);
  }
  return out;
}

Result<Month> parse_month(const MonthFile& file, RosterFile& roster) {
  WEIR_ASSIGN(detail::Table table, detail::Table::open(file.content, file.name));
  WEIR_TRY(detail::refuse_protected(table.header(), file.name));
  WEIR_ASSIGN(const auto places, detail::locate(table.header(), kColumns, file.name));
  for (const Column needed : {kName, kUserId}) {
    if (!places[needed]) {
      return fail(ErrorCode::invalid_argument, "{}:1: column '{}' is missing", file.name,
                  kColumns[needed]);
    }
  }
  Month month{.month = file.month, .rows = {}};
  std::unordered_map<std::string, std::string> key_of_name;  // "" for a name that two people have
  std::vector<std::string> supervisors;
  for (;;) {
    const detail::Table::Step step = table.next();
    if (step == detail::Table::Step::end) break;
    ++roster.rows_read;
    if (step == detail::Table::Step::bad_row) {
      detail::add_error(roster, table.problem());
      continue;
    }
    const auto at = [&](Column column) {
      return places[column] ? trim(table.fields()[*places[column]]) : std::string_view();
    };
    Row row;
    row.where = fmt::format("{}:{}", file.name, table.line());
    row.person = vault::canonical(at(kUserId));
    if (row.person.empty()) {
      detail::add_error(roster, row.where + ": 'user_id' is empty");
      continue;
    }
    row.name = at(kName);
    if (!at(kEmail).empty()) row.addresses = {vault::canonical(at(kEmail))};
    row.role = at(kRole);
    row.unit = joined({at(kFunctionalUnit), at(kDepartment)});
    for (const std::string_view project : split(at(kProjects), ';')) {
      if (!trim(project).empty()) row.access.push_back("project " + std::string(trim(project)));
    }
    std::ranges::sort(row.access);
    const auto doubled = std::ranges::unique(row.access);
    row.access.erase(doubled.begin(), doubled.end());
    const auto [known, fresh] = key_of_name.try_emplace(row.name, row.person);
    if (!fresh && known->second != row.person) known->second.clear();
    supervisors.emplace_back(at(kSupervisor));
    month.rows.push_back(std::move(row));
  }
  for (std::size_t i = 0; i < month.rows.size(); ++i) {
    if (supervisors[i].empty()) continue;
    const auto found = key_of_name.find(supervisors[i]);
    if (found == key_of_name.end() || found->second.empty()) {
      // A supervisor who left stays in others' rows for a month or two.
      roster.problems.push_back(
          fmt::format("{}: the supervisor is {}; left without a manager", month.rows[i].where,
                      found == key_of_name.end() ? "not in this file" : "a name of two people"));
    } else if (found->second != month.rows[i].person) {
      month.rows[i].manager = found->second;
    }
  }
  return month;
}

}  // namespace

Result<RosterFile> parse_cert_months(const std::vector<MonthFile>& files) {
  RosterFile roster;
  std::vector<Month> months;
  for (const MonthFile& file : files) {
    WEIR_ASSIGN(Month month, parse_month(file, roster));
    months.push_back(std::move(month));
  }
  if (roster.rows_read == 0) {
    return fail(ErrorCode::parse, "{}: a header and no rows",
                files.empty() ? "no file" : files.front().name);
  }
  struct Seen {
    std::size_t first_month, last_month, last_row;
  };
  std::unordered_map<std::string, Seen> seen;
  for (std::size_t m = 0; m < months.size(); ++m) {
    const std::optional<Day> day =
        months[m].month ? std::optional(first_day(*months[m].month)) : std::nullopt;
    for (Row& row : months[m].rows) {
      row.from = day;
      const auto [known, fresh] = seen.try_emplace(row.person, Seen{m, m, 0});
      if (m == 0) {
        row.snapshot = true;
      } else if (known->second.first_month == m) {
        row.start = day;  // hired since the month before
      }
      known->second.last_month = m;
      known->second.last_row = roster.rows.size();
      roster.rows.push_back(std::move(row));
    }
  }
  for (const auto& [person, last] : seen) {
    if (last.last_month + 1 >= months.size()) continue;
    const auto& next = months[last.last_month + 1].month;
    if (next) roster.rows[last.last_row].end = first_day(*next) - std::chrono::days{1};
  }
  return roster;
}

}  // namespace weir::roster
