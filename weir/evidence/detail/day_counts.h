#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <span>
#include <string_view>

#include "weir/behavior/hour_profile.h"
#include "weir/event/act.h"

namespace weir::evidence::detail {

/// What is counted a day and person. Stored.
enum class CountKind : std::uint8_t {
  mail_internal,
  mail_partner,
  mail_outside,
  upload,
  removable,
  print,
  web,
  file,
  device,
  logon,
  inside_recipients,
  file_delete,
  failed_logon,
  // Only known while the day is scored:
  odd_ways,   // ways out and devices used at such hours
  odd_hours,  // half-hours in which this person hardly ever works
  new_computer,
  others_computer,  // that a few others work on
  rare_site,        // new to the person, and hardly anybody goes there
  off_role,         // uses of places that the unit does not work with
  sensitive_out,
  off_role_out,
  new_address,
};
inline constexpr std::size_t kCountKinds = 22;
/// Of these, the first so many have a calendar: on some days everybody does more of them.
inline constexpr std::size_t kCalendarKinds = 10;
/// "mails outside"
std::string_view to_words(CountKind kind);

/// One person's day, on-time acts only: what a late delivery brings says nothing about today.
struct DayCounts {
  static constexpr std::uint32_t kNoAct = 0xffffffff;

  std::array<std::uint32_t, kCountKinds> counts{};
  /// Where in the day's acts the first of each kind stands.
  std::array<std::uint32_t, kCountKinds> first = none();
  std::uint32_t largest = kNoAct;  // transmission, by bytes
  std::array<std::uint16_t, 2 * behavior::kHalfHours> hours{};
  std::uint64_t bytes_out = 0;
  std::uint32_t own = 0;  // acts of the person's own, not messages received

  void note(CountKind kind, std::size_t act, std::uint32_t times = 1);

 private:
  static constexpr std::array<std::uint32_t, kCountKinds> none() {
    std::array<std::uint32_t, kCountKinds> acts{};
    acts.fill(kNoAct);
    return acts;
  }
};

/// Whether an act can have carried something out of the organisation.
bool goes_out(const event::Act& act);
/// Done by the person, not to them.
bool is_own(event::Activity activity);

/// Half-hour of the week's kind of day at `when` local time.
struct LocalHour {
  bool rest = false;  // Saturday or Sunday
  std::uint8_t half_hour = 0;
};
LocalHour local_hour(Instant when, std::chrono::minutes offset);

/// `zone` for acts without an offset of their own.
void count_day(std::span<const event::Act> acts, Day day, std::chrono::minutes zone,
               DayCounts& counts);

}  // namespace weir::evidence::detail
