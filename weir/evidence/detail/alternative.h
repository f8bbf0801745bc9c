#pragma once

#include <array>

#include "weir/evidence/detail/marks.h"

namespace weir::evidence::detail {

using LagShares = std::array<double, kLagBuckets>;

/// What the slow drip looks like: fixed, published in docs/evidence.md, never learnt. A grid of
/// rate × coupling × strength of marks; evidence is accumulated under each and averaged.
struct DripGrid {
  static constexpr std::size_t kRates = 2;
  static constexpr std::size_t kCouplings = 2;
  static constexpr std::size_t kStrengths = 2;
  static constexpr std::size_t kPoints = kRates * kCouplings * kStrengths;

  /// Sends a year that are part of it: "a few", "two a month".
  static constexpr std::array<double, kRates> kRate = {4.0, 24.0};
  /// Share that follows a request: by the same address; by another one, if not by the same.
  static constexpr std::array<double, kCouplings> kSame = {0.65, 0.1};
  static constexpr std::array<double, kCouplings> kAny = {0.55, 0.1};
  static constexpr std::array<std::array<double, kSensitivities>, kStrengths> kSensitivity = {
      {{0.30, 0.40, 0.30}, {0.65, 0.20, 0.15}}};
  static constexpr std::array<double, kStrengths> kOffRole = {0.60, 0.25};
  static constexpr std::array<double, kStrengths> kAccess = {0.40, 0.20};

  static constexpr std::size_t rate(std::size_t point) { return point / 4; }
  static constexpr std::size_t coupling(std::size_t point) { return point / 2 % 2; }
  static constexpr std::size_t strength(std::size_t point) { return point % 2; }
};

/// Share of what goes to the mailbox of a drip that is part of it, when `rate` mails a year go
/// there: most of a few; of much, no more than the few a year that a slow drip is.
inline double mailbox_share(double rate) {
  constexpr double kMost = 0.9;
  constexpr double kPartOfIt = 6.0;  // a year
  return rate > kPartOfIt / kMost ? kPartOfIt / rate : kMost;
}

/// Share of a drip's sends that goes to each stratum.
double stratum_share(Stratum stratum);

/// Lags of answers to a request: log-normal with standard deviation 0.9 and medians of 1, 5 and 20
/// days, weighted 0.3, 0.4, 0.3; as shares of the buckets. Made once, shared.
const LagShares& request_lags();
/// Lags of innocent answers: most within a day; but of what somebody does for others on the side,
/// half comes as late after being asked as a leak does.
const LagShares& reply_lags(std::size_t archetype);
/// The person's own clock alone: messages at `rate` a day, the last one this long ago.
LagShares clock_lags(double rate);

}  // namespace weir::evidence::detail
