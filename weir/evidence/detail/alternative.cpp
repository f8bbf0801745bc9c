#include "weir/evidence/detail/alternative.h"

#include <cmath>
#include <numbers>
#include <utility>

namespace weir::evidence::detail {
namespace {

constexpr std::array<double, kLagBuckets - 1> kEdges = {1.0, 3.0, 10.0, 30.0, 90.0};

LagShares log_normal_mixture() {
  constexpr std::array<double, 3> kMedians = {1.0, 5.0, 20.0};
  constexpr std::array<double, 3> kWeights = {0.3, 0.4, 0.3};
  constexpr double kDeviation = 0.9;
  LagShares shares{};
  double below = 0.0;
  for (std::size_t i = 0; i < kEdges.size(); ++i) {
    double total = 0.0;
    for (std::size_t m = 0; m < kMedians.size(); ++m) {
      const double z = std::log(kEdges[i] / kMedians[m]) / kDeviation;
      total += kWeights[m] * 0.5 * std::erfc(-z / std::numbers::sqrt2);
    }
    shares[i] = total - below;
    below = total;
  }
  shares[kNoLag] = 1.0 - below;
  return shares;
}

}  // namespace

double stratum_share(Stratum stratum) {
  switch (stratum) {
    case Stratum::free_mail:
      return 0.45;
    case Stratum::none:
      return 0.20;
    case Stratum::other:
      return 0.12;
    case Stratum::unnamed:
      return 0.10;
    case Stratum::declared:
      return 0.05;
    case Stratum::known:
    case Stratum::partner:
      return 0.04;
  }
  return 0.0;
}

const LagShares& request_lags() {
  static const LagShares kShares = log_normal_mixture();
  return kShares;
}

const LagShares& reply_lags(std::size_t archetype) {
  static constexpr LagShares kReplies = {0.50, 0.22, 0.15, 0.08, 0.04, 0.01};
  static const LagShares kDeliveries = [] {
    LagShares shares{};
    for (std::size_t i = 0; i < kLagBuckets; ++i) {
      shares[i] = 0.5 * kReplies[i] + 0.5 * request_lags()[i];
    }
    return shares;
  }();
  const auto freelancer = static_cast<std::size_t>(std::to_underlying(Archetype::freelancer));
  return archetype == freelancer ? kDeliveries : kReplies;
}

LagShares clock_lags(double rate) {
  LagShares shares{};
  double longer = 1.0;
  for (std::size_t i = 0; i < kEdges.size(); ++i) {
    const double beyond = std::exp(-rate * kEdges[i]);
    shares[i] = longer - beyond;
    longer = beyond;
  }
  shares[kNoLag] = longer;
  return shares;
}

}  // namespace weir::evidence::detail
