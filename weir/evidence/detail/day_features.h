#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "weir/evidence/detail/day_counts.h"

namespace weir::evidence::detail {

/// What is looked at on a person's day. Stored.
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
/// The order of judgement: each is judged knowing how many before it were out of the ordinary, so
/// that what comes late weighs little beside them. First what says most by itself.
inline constexpr std::array<Feature, kFeatures> kChain = {
    Feature::sensitive_out,    Feature::off_role_out,
    Feature::odd_ways,         Feature::odd_hours,
    Feature::new_computer,     Feature::others_computer,
    Feature::failed_logon,     Feature::device,
    Feature::off_role,         Feature::file,
    Feature::file_delete,      Feature::rare_site,
    Feature::new_address,      Feature::upload,
    Feature::removable,        Feature::print,
    Feature::mail_outside,     Feature::bytes,
    Feature::inside_recipients};
/// "uploads", "bytes sent out"
std::string_view to_words(Feature feature);
/// What it counts; none for `bytes`.
std::optional<CountKind> kind_of(Feature feature);

/// How surprising: p > 0.1, up to 0.1, 1e-2, 1e-3, 1e-4, 1e-6, 1e-9, 1e-14. How often innocent days
/// come to each is not taken from p but learnt (reference.h).
inline constexpr std::size_t kLevels = 8;
std::uint8_t level_of(double p);
/// From here on a feature counts as out of the ordinary.
inline constexpr std::uint8_t kRemarkable = 2;

/// What the person's own days before say of the same feature: not seen for a year; seen; remarkable
/// in the last 14 days. Who never used a device and who does so each month are surprised by
/// different things.
enum class Before : std::uint8_t { never, seen, surge };
inline constexpr std::size_t kBefore = 3;
inline constexpr std::int32_t kSurgeDays = 14;
inline constexpr std::int32_t kHabitDays = 365;
/// How many features before it in the order are above level 0 today: none, one, more.
inline constexpr std::size_t kOthers = 3;

struct Seen {
  std::uint8_t level = 0;
  Before before = Before::never;
  std::uint8_t others = 0;
  float count = 0;
  float expected = 0;
  float p = 1;  // conservative tail of the person's own model
};
using DaySeen = std::array<Seen, kFeatures>;

/// When a person last showed which feature.
class DayHistory {
 public:
  /// Moves to `day`; never back.
  void advance(std::int32_t day);
  /// Of the days before this one.
  Before before(std::size_t feature) const;
  /// Today.
  void set_seen(std::size_t feature) { seen_[feature] = day_; }
  void set_remarkable(std::size_t feature) { remarkable_[feature] |= 1u; }

  /// For the snapshot.
  std::int32_t& day() { return day_; }
  std::array<std::uint16_t, kFeatures>& remarkable() { return remarkable_; }
  std::array<std::int32_t, kFeatures>& seen() { return seen_; }
  static constexpr std::int32_t kNever = INT32_MIN;

 private:
  std::int32_t day_ = kNever;
  std::array<std::uint16_t, kFeatures> remarkable_{};  // bit i: i days ago
  std::array<std::int32_t, kFeatures> seen_ = [] {
    std::array<std::int32_t, kFeatures> days;
    days.fill(kNever);
    return days;
  }();
};

}  // namespace weir::evidence::detail
