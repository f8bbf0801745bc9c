#include "weir/evidence/detail/accumulator.h"

namespace weir::evidence::detail {

Passage passage(double half_life_days, std::int32_t from, std::int32_t to) {
  Passage gone;
  gone.kept = std::exp2(-(static_cast<double>(to) - from) / half_life_days);
  const std::int64_t week = week_number(Day{std::chrono::days{to}});
  const std::int64_t weeks = week - week_number(Day{std::chrono::days{from}});
  if (weeks > 0) {
    // Mondays are the days 7·week − 3; older openings have faded by a week each.
    const auto since_monday = static_cast<double>(to - (7 * week - 3));
    const double ratio = std::exp2(-7.0 / half_life_days);
    const double sum = (1.0 - std::pow(ratio, static_cast<double>(weeks))) / (1.0 - ratio);
    gone.opened = std::exp2(-since_monday / half_life_days) * sum;
  }
  return gone;
}

double unstaked(std::int32_t since, std::int32_t to) {
  constexpr double kKept = 1.0 - 1.0 / 520.0;
  const std::int64_t weeks =
      week_number(Day{std::chrono::days{to}}) - week_number(Day{std::chrono::days{since}});
  return (1.0 - kFirstStake) *
         std::pow(kKept, static_cast<double>(std::max<std::int64_t>(weeks, 0)));
}

Passage stake_passage(std::int32_t since, std::int32_t from, std::int32_t to) {
  return {.kept = 1.0, .opened = unstaked(since, from) - unstaked(since, to)};
}

}  // namespace weir::evidence::detail
