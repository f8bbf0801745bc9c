#include "weir/cases/detail/timeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace weir::cases::detail {
namespace {

enum class Unit { day, month, year };

/// Periods since a common start, so that neighbours differ by one.
long number_of(Day day, Unit unit) {
  const std::chrono::year_month_day date{day};
  const long year = static_cast<int>(date.year());
  switch (unit) {
    case Unit::day:
      return day.time_since_epoch().count();
    case Unit::month:
      return year * 12 + static_cast<long>(static_cast<unsigned>(date.month())) - 1;
    case Unit::year:
      return year;
  }
  return 0;
}

std::string label_of(long number, Unit unit) {
  switch (unit) {
    case Unit::day:
      return to_iso8601(Day{std::chrono::days{static_cast<int>(number)}});
    case Unit::month:
      return fmt::format("{:04}-{:02}", number / 12, number % 12 + 1);
    case Unit::year:
      return fmt::format("{:04}", number);
  }
  return {};
}

}  // namespace

std::vector<std::pair<std::string, std::size_t>> timeline(const evidence::CaseDraft& draft) {
  if (draft.contributions.empty()) return {};
  const auto [first, last] =
      std::ranges::minmax(draft.contributions, {}, &evidence::Contribution::time);
  const auto span = day_of(last.time) - day_of(first.time);
  const Unit unit = span <= std::chrono::days{31}    ? Unit::day
                    : span <= std::chrono::days{731} ? Unit::month
                                                     : Unit::year;

  std::map<long, std::size_t> counts;
  for (const evidence::Contribution& act : draft.contributions) {
    ++counts[number_of(day_of(act.time), unit)];
  }
  // Stored times can be any: a gap of centuries is not drawn.
  constexpr long kMostRows = 100;
  const long from = counts.begin()->first;
  const long to = counts.rbegin()->first;
  if (to - from < kMostRows) {
    for (long number = from; number <= to; ++number) counts.try_emplace(number, 0);
  }
  std::vector<std::pair<std::string, std::size_t>> rows;
  for (const auto& [number, count] : counts) rows.emplace_back(label_of(number, unit), count);
  return rows;
}

}  // namespace weir::cases::detail
