#pragma once

#include <cstdint>

namespace weir::behavior {

/// A person's own clock, in days: it runs with the calendar while the person is about as active as
/// usual and all but stands still in an absence, so that "three days after" does not depend on a
/// holiday in between. What is usual is learnt: for somebody of whom only a few acts a year are
/// seen, months between them are no absence.
class OperationalClock {
 public:
  /// The person did something on `day` (days since 1970). Days must not go back; if they do,
  /// nothing changes.
  void active(std::int32_t day);
  /// Reading at `day` and `fraction` of it, also for times before the person's next activity.
  float at(std::int32_t day, float fraction) const;

  bool started() const { return last_ != kNever; }
  std::int32_t last_active() const { return last_; }
  float reading() const { return reading_; }
  float usual_gap() const { return usual_gap_; }
  void restore(std::int32_t last, float reading, float usual_gap) {
    last_ = last;
    reading_ = reading;
    usual_gap_ = usual_gap;
  }

  static constexpr std::int32_t kNever = INT32_MIN;

 private:
  float advance(std::int32_t day) const;

  std::int32_t last_ = kNever;
  float reading_ = 0.0f;
  // A week until more is known: neither a daily user nor a rare one is far from it.
  float usual_gap_ = 7.0f;
};

}  // namespace weir::behavior
