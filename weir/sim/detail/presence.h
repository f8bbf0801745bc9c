#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "weir/sim/detail/organisation.h"

namespace weir::sim {

/// The days of one year on which one person works, by day of the year.
class WorkDays {
 public:
  void set(std::uint32_t day_of_year) {
    bits_[day_of_year / 64] |= std::uint64_t{1} << day_of_year % 64;
  }
  void clear(std::uint32_t day_of_year) {
    bits_[day_of_year / 64] &= ~(std::uint64_t{1} << day_of_year % 64);
  }
  bool test(std::uint32_t day_of_year) const {
    return (bits_[day_of_year / 64] >> day_of_year % 64 & 1) != 0;
  }

 private:
  std::array<std::uint64_t, 6> bits_{};
};

/// Weekends, holidays, vacations, sickness, part time and employment.
WorkDays work_days(const Organisation& organisation, const Person& person, int year);

/// One person's working day, already inside its window (see calendar.h).
struct WorkShift {
  Instant start, end;
  Zone zone{};  // where the person is that day: on a trip, the other one
  bool travelling = false;
};
WorkShift shift_on(const Organisation& organisation, const Person& person, Day day);

/// Presence of everybody over three years around the one being simulated.
class Presence {
 public:
  explicit Presence(const Organisation& organisation) : organisation_(organisation) {}

  /// Moves on to `year`; then `fill` is to be called for all people, in parts that threads share.
  void prepare(int year);
  void fill(std::uint32_t first, std::uint32_t last);

  bool works(std::uint32_t person, Day day) const;
  /// The first day from `day` on with work, within 60 days; or `kNever`.
  Day next_work_day(std::uint32_t person, Day day) const;

 private:
  const Organisation& organisation_;
  int year_ = 0;  // the middle one
  std::array<std::vector<WorkDays>, 3> years_;
};

}  // namespace weir::sim
