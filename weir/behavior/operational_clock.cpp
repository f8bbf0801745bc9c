#include "weir/behavior/operational_clock.h"

#include <algorithm>

namespace weir::behavior {

float OperationalClock::advance(std::int32_t day) const {
  if (last_ == kNever || day <= last_) return 0.0f;
  const auto gap = static_cast<float>(std::int64_t{day} - last_);
  // A weekend and a few days off are ordinary; what is beyond twice the usual gap is absence.
  return std::min(gap, 3.0f + 2.0f * usual_gap_);
}

void OperationalClock::active(std::int32_t day) {
  if (last_ == kNever) {
    last_ = day;
    return;
  }
  if (day <= last_) return;
  reading_ += advance(day);
  const auto gap = std::min(static_cast<float>(std::int64_t{day} - last_), 400.0f);
  usual_gap_ += 0.2f * (gap - usual_gap_);
  last_ = day;
}

float OperationalClock::at(std::int32_t day, float fraction) const {
  // Late acts: earlier days are read by the calendar, which is what the clock showed unless the
  // person was away.
  if (last_ != kNever && day < last_) {
    return reading_ - static_cast<float>(std::int64_t{last_} - day) + fraction;
  }
  return reading_ + advance(day) + fraction;
}

}  // namespace weir::behavior
