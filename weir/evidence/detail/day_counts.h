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
};
inline constexpr std::size_t kCountKinds = 10;
/// "mails to outside addresses"
std::string_view to_words(CountKind kind);

/// One person's day, on-time acts only: what a late delivery brings says nothing about today.
struct DayCounts {
  std::array<std::uint32_t, kCountKinds> counts{};
  std::array<std::uint16_t, 2 * behavior::kHalfHours> hours{};
  std::uint64_t bytes_out = 0;
  std::uint32_t own = 0;  // acts of the person's own, not messages received
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
