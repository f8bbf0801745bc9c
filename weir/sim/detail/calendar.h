#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "weir/base/time.h"

namespace weir::sim {

/// The two time zones of the simulated organisation. Their rules are written out here, because the
/// zone data of the machine would make the same seed give different worlds.
enum class Zone : std::uint8_t { europe = 0, america = 1 };
inline constexpr std::size_t kZones = 2;

/// "Europe/Berlin", "America/New_York"
std::string_view zone_name(Zone zone);

/// Offset of the local clock from UTC. Rules of 1996 on in Europe and of 2007 on in America, and
/// those before back to 1987; earlier years use the latter.
std::chrono::minutes offset_at(Zone zone, Instant utc);

/// The instant at which clocks in `zone` show `minutes` after midnight of `local_day`. A time that
/// the clocks skip is taken an hour later; of one that they show twice, the first.
Instant to_utc(Zone zone, Day local_day, std::chrono::milliseconds after_midnight);

/// Days before and after all others that still can be turned into instants, unlike `Day::max()`.
inline constexpr Day kLongAgo{std::chrono::year{1} / 1 / 1};
inline constexpr Day kNever{std::chrono::year{9000} / 1 / 1};

/// Nobody works at 03:00 UTC, neither here nor there: a simulated day runs from then to then, so
/// that days can be made independently and their records still follow one another in time.
inline constexpr std::chrono::hours kDayBreak{3};
inline Instant window_start(Day day) { return day + kDayBreak; }
inline Day window_of(Instant when) { return day_of(when - kDayBreak); }

/// Some ten a year in each zone.
bool is_holiday(Zone zone, Day day);
bool is_weekend(Day day);

/// The same offsets as `offset_at`, looked up once for one window.
class WindowClock {
 public:
  explicit WindowClock(Day window);
  std::chrono::minutes offset(Zone zone, Instant utc) const;

 private:
  struct Change {
    std::chrono::minutes before{};
    std::chrono::minutes after{};
    Instant at = kNever;
  };
  Change changes_[kZones];
};

}  // namespace weir::sim
