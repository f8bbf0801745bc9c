#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace weir {

/// A point in time, UTC, to the millisecond. All stored times are these.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

/// A UTC day; the unit of progress is the closed day.
using Day = std::chrono::sys_days;

/// Where "now" comes from; tests pass a fixed one.
using Clock = std::function<Instant()>;

/// The machine's clock.
Instant system_now();

inline Day day_of(Instant when) { return std::chrono::floor<std::chrono::days>(when); }

inline std::chrono::year_month month_of(Day day) {
  const std::chrono::year_month_day date{day};
  return date.year() / date.month();
}

inline Day first_day(std::chrono::year_month month) { return Day{month / std::chrono::day{1}}; }

/// Weeks since Monday 1969-12-29: the clock of the alarm budget. Negative before that.
inline std::int64_t week_number(Day day) {
  constexpr std::int64_t kThursday = 3;  // 1970-01-01 was a Thursday
  const std::int64_t days = day.time_since_epoch().count() + kThursday;
  return days >= 0 ? days / 7 : (days - 6) / 7;
}

/// "2026-11-02T22:14:05.123Z"; milliseconds only when there are some.
std::string to_iso8601(Instant when);
/// "2026-11-02"
std::string to_iso8601(Day day);
/// "2026-11"
std::string to_iso8601(std::chrono::year_month month);

/// A time as some text said it.
struct ZonedTime {
  Instant utc;
  /// Offset of the local clock from UTC, where the text gave one.
  std::optional<std::chrono::minutes> offset;
};

/// Reads ISO 8601 / RFC 3339: date, `T` or space, time to seconds or fractions, then `Z`, an
/// offset or nothing (then UTC is assumed and `offset` is empty). A bare date is its midnight.
/// Empty unless the whole text is a valid time of the years 1 to 9999. Allocates nothing.
std::optional<ZonedTime> parse_iso8601(std::string_view text);

/// "2026-11-02" only.
std::optional<Day> parse_day(std::string_view text);

}  // namespace weir
