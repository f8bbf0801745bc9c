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

}  // namespace weir::evidence::detail
