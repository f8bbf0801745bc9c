#include "weir/sim/detail/calendar.h"

namespace weir::sim {

namespace {

using namespace std::chrono;

struct SummerTime {
  Instant from, to;
};

SummerTime summer_time(Zone zone, year y) {
  if (zone == Zone::europe) {
    const month end = y >= year{1996} ? October : September;
    return {sys_days{y / March / Sunday[last]} + hours{1},
            sys_days{y / end / Sunday[last]} + hours{1}};
  }
  if (y >= year{2007}) {
    return {sys_days{y / March / Sunday[2]} + hours{7},
            sys_days{y / November / Sunday[1]} + hours{6}};
  }
  return {sys_days{y / April / Sunday[1]} + hours{7},
          sys_days{y / October / Sunday[last]} + hours{6}};
}

minutes standard_offset(Zone zone) { return zone == Zone::europe ? minutes{60} : minutes{-300}; }

/// Easter Sunday (Gauss's rule in the form of Meeus, Jones and Butcher).
Day easter(int y) {
  const int a = y % 19;
  const int b = y / 100;
  const int c = y % 100;
  const int h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
  const int l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
  const int m = (a + 11 * h + 22 * l) / 451;
  const int n = h + l - 7 * m + 114;
  return sys_days{year{y} / month{static_cast<unsigned>(n / 31)} /
                  day{static_cast<unsigned>(n % 31 + 1)}};
}

}  // namespace

std::string_view zone_name(Zone zone) {
  return zone == Zone::europe ? "Europe/Berlin" : "America/New_York";
}

minutes offset_at(Zone zone, Instant utc) {
  const SummerTime summer = summer_time(zone, year_month_day{floor<days>(utc)}.year());
  const bool is_summer = summer.from <= utc && utc < summer.to;
  return standard_offset(zone) + (is_summer ? minutes{60} : minutes{0});
}

Instant to_utc(Zone zone, Day local_day, milliseconds after_midnight) {
  const minutes standard = standard_offset(zone);
  const Instant as_summer = local_day + after_midnight - standard - minutes{60};
  return offset_at(zone, as_summer) != standard ? as_summer : as_summer + minutes{60};
}

bool is_weekend(Day day) {
  const weekday w{day};
  return w == Saturday || w == Sunday;
}

bool is_holiday(Zone zone, Day day) {
  const year_month_day date{day};
  const auto is = [&](month m, unsigned d) {
    return date.month() == m && date.day() == std::chrono::day{d};
  };
  if (is(January, 1) || is(December, 24) || is(December, 25) || is(December, 31)) return true;
  const Day sunday = easter(static_cast<int>(date.year()));
  if (day == sunday - days{2}) return true;
  if (zone == Zone::europe) {
    return is(May, 1) || is(October, 3) || is(December, 26) || day == sunday + days{1} ||
           day == sunday + days{39} || day == sunday + days{50};
  }
  const Day thanksgiving = sys_days{date.year() / November / Thursday[4]};
  return is(July, 4) || day == sys_days{date.year() / May / Monday[last]} ||
         day == sys_days{date.year() / September / Monday[1]} || day == thanksgiving ||
         day == thanksgiving + days{1};
}

WindowClock::WindowClock(Day window) {
  for (std::size_t i = 0; i < kZones; ++i) {
    const auto zone = static_cast<Zone>(i);
    const Instant start = window_start(window);
    const Instant end = start + hours{24};
    changes_[i].before = offset_at(zone, start);
    changes_[i].after = offset_at(zone, end);
    if (changes_[i].before == changes_[i].after) continue;
    const SummerTime summer = summer_time(zone, year_month_day{window + days{1}}.year());
    changes_[i].at = summer.from > start && summer.from <= end ? summer.from : summer.to;
  }
}

minutes WindowClock::offset(Zone zone, Instant utc) const {
  const Change& change = changes_[static_cast<std::size_t>(zone)];
  return utc < change.at ? change.before : change.after;
}

}  // namespace weir::sim
