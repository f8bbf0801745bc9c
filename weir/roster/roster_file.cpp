#include "weir/roster/roster_file.h"

#include <algorithm>

#include "weir/base/file.h"
#include "weir/base/text.h"
#include "weir/roster/detail/table.h"

namespace weir::roster {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxFileBytes = 512u << 20;
constexpr std::size_t kMaxMonths = 1200;

/// "2009-12.csv"
std::optional<std::chrono::year_month> month_of_name(const fs::path& path) {
  if (!equals_ignoring_case(path.extension().string(), ".csv")) return {};
  const std::optional<Day> day = parse_day(path.stem().string() + "-01");
  if (!day) return {};
  return month_of(*day);
}

bool is_cert(const std::vector<std::string>& header) {
  const auto has = [&](std::string_view name) {
    return std::ranges::any_of(
        header, [&](const std::string& column) { return equals_ignoring_case(column, name); });
  };
  return has("employee_name") && has("user_id");
}

Result<MonthFile> read_month(const fs::path& path) {
  WEIR_ASSIGN(std::string content, read_file(path, kMaxFileBytes));
  return MonthFile{path.string(), month_of_name(path), std::move(content)};
}

Result<RosterFile> read_folder(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> months;
  std::vector<std::string> others;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (month_of_name(entry->path())) {
      months.push_back(entry->path());
    } else {
      others.push_back(entry->path().string() + ": not a month (2009-12.csv); left out");
    }
  }
  if (error) return fail_errno(error.value(), folder.string());
  if (months.empty()) {
    return fail(ErrorCode::not_found,
                "{}: no LDAP months (2009-12.csv) in this folder; to import a roster CSV name the "
                "file itself",
                folder.string());
  }
  if (months.size() > kMaxMonths) {
    return fail(ErrorCode::limit_exceeded, "{}: more than {} months", folder.string(), kMaxMonths);
  }
  std::ranges::sort(months, {}, [](const fs::path& path) { return path.filename().string(); });
  std::vector<MonthFile> files;
  for (const fs::path& path : months) {
    WEIR_ASSIGN(MonthFile file, read_month(path));
    files.push_back(std::move(file));
  }
  WEIR_ASSIGN(RosterFile roster, parse_cert_months(files));
  std::ranges::sort(others);
  roster.problems.insert(roster.problems.end(), others.begin(), others.end());
  return roster;
}

}  // namespace

Result<RosterFile> parse_roster_file(const MonthFile& file) {
  WEIR_ASSIGN(const detail::Table table, detail::Table::open(file.content, file.name));
  if (is_cert(table.header())) return parse_cert_months({file});
  return parse_roster_csv(file.content, file.name);
}

Result<RosterFile> read_roster(const fs::path& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) return read_folder(path);
  WEIR_ASSIGN(const MonthFile file, read_month(path));
  return parse_roster_file(file);
}

}  // namespace weir::roster
