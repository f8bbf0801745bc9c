#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace weir::behavior {

inline constexpr std::size_t kHalfHours = 48;

/// When a person acts: half-hours of the local day, work days and rest days apart; a Dirichlet
/// shrunk to the peers' profile with the weight of ten days. Each day counts as much as any other,
/// however many acts it had.
class HourProfile {
 public:
  static constexpr double kPriorDays = 10.0;
  using Bins = std::array<float, 2 * kHalfHours>;  // work days, then rest days

  static constexpr std::size_t bin(bool rest, std::size_t half_hour) {
    return (rest ? kHalfHours : 0) + half_hour;
  }

  void age(float factor);
  /// One day's share of acts in each half-hour.
  void add(bool rest, std::span<const float, kHalfHours> shares);
  /// P(half-hour | kind of day). `peers`: unnormalised, same layout; may be all zero.
  double probability(bool rest, std::size_t half_hour, std::span<const float> peers) const;

  const Bins& bins() const { return bins_; }
  Bins& bins() { return bins_; }

 private:
  Bins bins_{};
};

}  // namespace weir::behavior
