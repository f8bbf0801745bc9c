#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "weir/evidence/detail/day_counts.h"

namespace weir::evidence::detail {

/// What is looked at on a person's day, in the order in which it is judged: each is judged knowing
/// how many before it were out of the ordinary. Causes come before what they bring with them.
/// Stored.
enum class Feature : std::uint8_t {
  odd_ways,
  odd_hours,
  new_computer,
  others_computer,
  failed_logon,
  device,
  off_role,
  file,
  file_delete,
  rare_site,
  new_address,
  upload,
  removable,
  print,
  mail_outside,
  sensitive_out,
  off_role_out,
  bytes,
  inside_recipients,
};
inline constexpr std::size_t kFeatures = 19;
/// "uploads", "bytes sent out"
std::string_view to_words(Feature feature);
/// What it counts; none for `bytes`.
std::optional<CountKind> kind_of(Feature feature);

/// How surprising: p > 0.1, up to 0.1, 0.01, 0.001, 0.0001, 0.000001. How often innocent days come
/// to each is not taken from p but learnt (reference.h).
inline constexpr std::size_t kLevels = 6;
std::uint8_t level_of(double p);
/// From here on a feature counts as out of the ordinary.
inline constexpr std::uint8_t kRemarkable = 2;

/// Was the same feature remarkable in the last 14 days? Then it is again more easily.
inline constexpr std::size_t kSurges = 2;
inline constexpr std::int32_t kSurgeDays = 14;
/// How many features before it in the order are remarkable today: none, one, more.
inline constexpr std::size_t kOthers = 3;

struct Seen {
  std::uint8_t level = 0;
  std::uint8_t surge = 0;
  std::uint8_t others = 0;
  float count = 0;
  float expected = 0;
  float p = 1;  // conservative tail of the person's own model
};
using DaySeen = std::array<Seen, kFeatures>;

/// Which features were remarkable on which of the last days.
class Surges {
 public:
  /// Moves to `day` and says for each feature whether it was remarkable in the `kSurgeDays` before.
  void advance(std::int32_t day);
  bool any(std::size_t feature) const { return (days_[feature] & kBefore) != 0; }
  void set_today(std::size_t feature) { days_[feature] |= 1u; }

  std::int32_t day() const { return day_; }
  const std::array<std::uint16_t, kFeatures>& days() const { return days_; }
  void restore(std::int32_t day, const std::array<std::uint16_t, kFeatures>& days) {
    day_ = day;
    days_ = days;
  }

 private:
  static constexpr std::uint16_t kBefore = 0x7ffe;  // bit i: i days ago

  std::int32_t day_ = INT32_MIN;
  std::array<std::uint16_t, kFeatures> days_{};
};

}  // namespace weir::evidence::detail
