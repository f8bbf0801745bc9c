#include "weir/behavior/hour_profile.h"

namespace weir::behavior {

void HourProfile::age(float factor) {
  for (float& bin : bins_) bin *= factor;
}

void HourProfile::add(bool rest, std::span<const float, kHalfHours> shares) {
  const std::size_t start = bin(rest, 0);
  for (std::size_t i = 0; i < kHalfHours; ++i) bins_[start + i] += shares[i];
}

double HourProfile::probability(bool rest, std::size_t half_hour,
                                std::span<const float> peers) const {
  const std::size_t start = bin(rest, 0);
  double own_total = 0.0;
  double peer_total = 0.0;
  for (std::size_t i = 0; i < kHalfHours; ++i) {
    own_total += static_cast<double>(bins_[start + i]);
    peer_total += static_cast<double>(peers[start + i]);
  }
  const double uniform = 1.0 / static_cast<double>(kHalfHours);
  // Peers are themselves shrunk to "any time of day" with the weight of one day.
  const double peer =
      (static_cast<double>(peers[start + half_hour]) + uniform) / (peer_total + 1.0);
  return (static_cast<double>(bins_[start + half_hour]) + kPriorDays * peer) /
         (own_total + kPriorDays);
}

}  // namespace weir::behavior
