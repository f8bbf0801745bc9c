#include "weir/sim/detail/presence.h"

#include <algorithm>
#include <cmath>

#include "weir/sim/detail/purpose.h"

namespace weir::sim {

namespace {

using namespace parameters;
using std::chrono::days;

Day first_of(int year) { return Day{std::chrono::year{year} / std::chrono::January / 1}; }

void take_off(WorkDays& work, std::uint32_t first, std::uint32_t count, std::uint32_t year_length) {
  for (std::uint32_t i = first; i < std::min(first + count, year_length); ++i) work.clear(i);
}

bool travels_on(const Organisation& organisation, const Person& person, Day day) {
  if (!person.traits.traveller) return false;
  const int year = static_cast<int>(std::chrono::year_month_day{day}.year());
  Random random =
      draw(organisation.seed, static_cast<std::uint64_t>(year), person.number, Purpose::trips);
  const std::uint32_t trips = random.poisson(kTripsPerYear);
  for (std::uint32_t i = 0; i < trips; ++i) {
    const Day from = first_of(year) + days{random.below(365)};
    const std::uint32_t length = 1 + random.below(2 * kTripDays - 1);
    if (from <= day && day < from + days{length}) return true;
  }
  return false;
}

}  // namespace

WorkDays work_days(const Organisation& organisation, const Person& person, int year) {
  const Day first = first_of(year);
  const auto length = static_cast<std::uint32_t>((first_of(year + 1) - first).count());
  Random random =
      draw(organisation.seed, static_cast<std::uint64_t>(year), person.number, Purpose::presence);
  WorkDays work;
  for (std::uint32_t i = 0; i < length; ++i) {
    const Day day = first + days{i};
    const double u = random.uniform();
    if (!person.employed(day) || day < organisation.from || day >= organisation.to) continue;
    const std::uint32_t weekday = std::chrono::weekday{day}.iso_encoding() - 1;
    const Zone zone = organisation.departments[person.position(day).department].zone;
    const bool planned = (person.traits.workdays >> weekday & 1) != 0;
    double chance = planned ? 1.0 - kSingleDayOff : 0.0;
    if (!planned && weekday >= 5) chance = person.traits.weekend_rate;
    if (is_holiday(zone, day)) chance *= kHolidayAttendance;
    if (u < chance) work.set(i);
  }
  // One long vacation, mostly in summer; a few short ones; the week of Christmas for half.
  const auto summer = static_cast<std::uint32_t>(170 + 80 * random.uniform());
  const std::uint32_t long_days = random.poisson(kLongVacationDays);
  take_off(work, summer, long_days, length);
  const std::uint32_t short_ones = random.poisson(kShortVacationsPerYear);
  for (std::uint32_t i = 0; i < short_ones; ++i) {
    const std::uint32_t at = random.below(length);
    const std::uint32_t span = 2 + random.below(6);
    take_off(work, at, span, length);
  }
  if (random.chance(0.5)) take_off(work, length - 9, 9, length);
  const std::uint32_t sick = random.poisson(kSickRunsPerYear);
  for (std::uint32_t i = 0; i < sick; ++i) {
    const std::uint32_t at = random.below(length);
    const double span = random.exponential(1.0 / kSickRunDays);
    take_off(work, at, 1 + static_cast<std::uint32_t>(std::min(span, 60.0)), length);
  }
  for (std::uint32_t i = 0; i < length && person.away_from != kNever; ++i) {
    const Day day = first + days{i};
    if (person.away_from <= day && day < person.away_to) work.clear(i);
  }
  return work;
}

WorkShift shift_on(const Organisation& organisation, const Person& person, Day day) {
  using minutes = std::chrono::duration<double, std::ratio<60>>;
  const Position& position = person.position(day);
  WorkShift shift;
  shift.zone = organisation.departments[position.department].zone;
  shift.travelling = travels_on(organisation, person, day);
  if (shift.travelling) shift.zone = shift.zone == Zone::europe ? Zone::america : Zone::europe;

  Random random = draw(organisation.seed, stream_of(day), person.number, Purpose::hours);
  const double early_or_late = random.normal();
  const double shorter_or_longer = random.normal();
  const std::uint32_t milliseconds = random.below(60'000);
  double start = person.traits.start_minute;
  double length = person.traits.day_minutes + 30.0 * shorter_or_longer;
  double spread = person.traits.start_spread;
  if (person.remote_from <= day) {
    start += person.remote_later;
    length += kRemoteLonger;
    spread *= kRemoteIrregular;
  }
  const auto kind = kRoles[position.role].shift;
  if (kind != Shift::office) {
    // Week by week: early, late, and where the guards are, by night.
    const auto turn = static_cast<std::uint64_t>(week_number(day)) + person.number;
    const std::uint64_t turns = kind == Shift::guard && shift.zone == Zone::europe ? 3 : 2;
    start = std::array{345.0, 825.0, 1200.0}[turn % turns];
    length = 475.0;
  }
  // A window ends before 22:00 in one zone and starts after 05:00 in the other.
  const double latest = shift.zone == Zone::america ? 1315.0 : 1675.0;
  start = std::clamp(start + spread * early_or_late, 310.0, latest - 120.0);
  const double end = std::clamp(start + length, start + 60.0, latest);
  const auto at = [&](double minute) {
    return to_utc(shift.zone, day, std::chrono::floor<std::chrono::milliseconds>(minutes{minute}));
  };
  shift.start = at(std::floor(start)) + std::chrono::milliseconds{milliseconds};
  shift.end = at(std::floor(end)) + std::chrono::milliseconds{60'000 - milliseconds};
  return shift;
}

void Presence::prepare(int year) {
  year_ = year;
  for (auto& one : years_) one.resize(organisation_.people.size());
}

void Presence::fill(std::uint32_t first, std::uint32_t last) {
  for (std::uint32_t p = first; p < last; ++p) {
    for (int i = 0; i < 3; ++i) {
      years_[static_cast<std::size_t>(i)][p] =
          work_days(organisation_, organisation_.people[p], year_ - 1 + i);
    }
  }
}

bool Presence::works(std::uint32_t person, Day day) const {
  const int year = static_cast<int>(std::chrono::year_month_day{day}.year());
  const int index = year - (year_ - 1);
  if (index < 0 || index > 2) return false;
  const auto day_of_year = static_cast<std::uint32_t>((day - first_of(year)).count());
  return years_[static_cast<std::size_t>(index)][person].test(day_of_year);
}

Day Presence::next_work_day(std::uint32_t person, Day day) const {
  for (int i = 0; i < 60; ++i) {
    if (works(person, day + days{i})) return day + days{i};
  }
  return kNever;
}

}  // namespace weir::sim
