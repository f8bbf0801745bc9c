#include <algorithm>
#include <array>
#include <functional>

#include "weir/base/text.h"
#include "weir/roster/detail/columns.h"
#include "weir/roster/detail/row_errors.h"
#include "weir/roster/detail/table.h"
#include "weir/roster/roster_file.h"
#include "weir/vault/vault.h"

namespace weir::roster {
namespace {

constexpr std::size_t kMaxValueBytes = 512;
constexpr std::size_t kMaxListItems = 1000;

enum Column : std::size_t {
  kPerson,
  kName,
  kUserIds,
  kAddresses,
  kDeclared,
  kHosts,
  kEntity,
  kUnit,
  kRole,
  kSite,
  kTimezone,
  kManager,
  kAccess,
  kStart,
  kEnd,
  kFrom,
};
constexpr std::array<std::string_view, 16> kColumns = {
    "person", "name",  "user_ids", "addresses", "declared_addresses", "hosts",
    "entity", "unit",  "role",     "site",      "timezone",           "manager",
    "access", "start", "end",      "from"};

/// Reads the fields of one row; the first thing that is wrong is kept.
class RowReader {
 public:
  RowReader(const CsvFields& fields, const std::vector<std::optional<std::size_t>>& places)
      : fields_(fields), places_(places) {}

  std::string text(Column column) {
    const std::string_view value = trim(at(column));
    check(column, value);
    return std::string(value);
  }

  std::vector<std::string> list(Column column,
                                const std::function<std::string(std::string_view)>& form) {
    std::vector<std::string> items;
    for (const std::string_view part : split(at(column), ';')) {
      const std::string_view item = trim(part);
      if (item.empty()) continue;
      check(column, item);
      items.push_back(form(item));
    }
    std::ranges::sort(items);
    const auto doubled = std::ranges::unique(items);
    items.erase(doubled.begin(), doubled.end());
    if (items.size() > kMaxListItems) problem(column, "has more than 1000 entries");
    return items;
  }

  std::vector<std::string> addresses(Column column) {
    std::vector<std::string> items = list(column, vault::canonical);
    for (const std::string& item : items) {
      const std::size_t sign = item.find('@');
      if (sign == 0 || sign == std::string::npos || sign + 1 == item.size() ||
          item.find_first_of(" ,") != std::string::npos) {
        problem(column, "has an entry that is no mail address; several are separated by ';'");
      }
    }
    return items;
  }

  std::optional<Day> day(Column column) {
    const std::string_view value = trim(at(column));
    if (value.empty()) return {};
    const std::optional<Day> day = parse_day(value);
    // A mistyped century would make somebody employed for ever, or never.
    constexpr Day kEarliest{std::chrono::year{1900} / 1 / 1};
    constexpr Day kLatest{std::chrono::year{2200} / 1 / 1};
    if (!day || *day < kEarliest || *day >= kLatest) {
      problem(column, "is no day between 1900 and 2200 written like 2026-11-02");
      return {};
    }
    return day;
  }

  void problem(std::string_view what) {
    if (first_problem_.empty()) first_problem_ = what;
  }
  const std::string& first_problem() const { return first_problem_; }

 private:
  std::string_view at(Column column) const {
    return places_[column] ? fields_[*places_[column]] : std::string_view();
  }
  void problem(Column column, std::string_view what) {
    if (first_problem_.empty()) first_problem_ = fmt::format("'{}' {}", kColumns[column], what);
  }
  void check(Column column, std::string_view value) {
    if (value.size() > kMaxValueBytes) problem(column, "is longer than 512 bytes");
    if (std::ranges::any_of(value, [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; })) {
      problem(column, "has a control character in it");
    }
  }

  const CsvFields& fields_;
  const std::vector<std::optional<std::size_t>>& places_;
  std::string first_problem_;
};

bool is_zone_name(std::string_view name) {
  return std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
           c == '_' || c == '+' || c == '-';
  });
}

Row read_row(RowReader& reader) {
  Row row;
  const auto as_it_is = [](std::string_view item) { return std::string(item); };
  row.person = vault::canonical(reader.text(kPerson));
  row.name = reader.text(kName);
  row.user_ids = reader.list(kUserIds, vault::canonical);
  row.addresses = reader.addresses(kAddresses);
  row.declared_addresses = reader.addresses(kDeclared);
  row.hosts = reader.list(kHosts, vault::canonical);
  row.access = reader.list(kAccess, as_it_is);
  row.entity = reader.text(kEntity);
  row.unit = reader.text(kUnit);
  row.role = reader.text(kRole);
  row.site = reader.text(kSite);
  row.timezone = reader.text(kTimezone);
  row.manager = vault::canonical(reader.text(kManager));
  row.start = reader.day(kStart);
  row.end = reader.day(kEnd);
  row.from = reader.day(kFrom);
  if (row.person.empty()) reader.problem("'person' is empty");
  if (row.start && row.end && *row.end < *row.start) reader.problem("'end' is before 'start'");
  if (row.from && row.end && *row.end < *row.from) reader.problem("'end' is before 'from'");
  if (!is_zone_name(row.timezone)) {
    reader.problem("'timezone' is no IANA name such as Europe/Berlin");
  }
  return row;
}

}  // namespace

Result<RosterFile> parse_roster_csv(std::string_view content, std::string_view file) {
  WEIR_ASSIGN(detail::Table table, detail::Table::open(content, file));
  WEIR_TRY(detail::refuse_protected(table.header(), file));
  WEIR_ASSIGN(const auto places, detail::locate(table.header(), kColumns, file));
  if (!places[kPerson]) {
    return fail(ErrorCode::invalid_argument,
                "{}:1: column 'person' is missing: the organisation's own key of each person",
                file);
  }
  RosterFile roster;
  for (;;) {
    const detail::Table::Step step = table.next();
    if (step == detail::Table::Step::end) break;
    ++roster.rows_read;
    if (step == detail::Table::Step::bad_row) {
      detail::add_error(roster, table.problem());
      continue;
    }
    RowReader reader(table.fields(), places);
    Row row = read_row(reader);
    row.where = fmt::format("{}:{}", file, table.line());
    if (!reader.first_problem().empty()) {
      detail::add_error(roster, fmt::format("{}: {}", row.where, reader.first_problem()));
      continue;
    }
    roster.rows.push_back(std::move(row));
  }
  if (roster.rows_read == 0) {
    return fail(ErrorCode::parse, "{}: a header and no rows", file);
  }
  return roster;
}

}  // namespace weir::roster
