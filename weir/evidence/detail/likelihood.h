#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "weir/evidence/detail/alternative.h"
#include "weir/evidence/detail/marks.h"
#include "weir/evidence/detail/reference.h"

namespace weir::evidence::detail {

/// A person's own past marks, by group; aged. They move what is expected of this person, but never
/// beyond four times the peers' share: a decoy or a slow ramp cannot make a leak ordinary.
struct OwnHabits {
  std::array<std::array<float, kSensitivities>, kGroups> sensitivity{};
  std::array<float, 2> place{};
  std::array<float, 2> access{};
  std::array<std::array<float, 2>, kGroups> coupled{};

  /// Own acts that the population's share is worth: a rare sender is judged by the population, a
  /// daily one soon by their own.
  static constexpr double kPriorActs = 100.0;
  static constexpr double kMostFactor = 4.0;

  void age(float factor);
};

/// Chances of the values of one mark, moved by a person's own past ones, which weigh against
/// `OwnHabits::kPriorActs`: each stays within `factor` of `usual`; the first takes the rest.
template <std::size_t n>
std::array<double, n> adapt(const std::array<double, n>& usual, const std::array<float, n>& own,
                            double factor) {
  double total = OwnHabits::kPriorActs;
  for (const float count : own) total += static_cast<double>(count);
  std::array<double, n> chances{};
  double others = 0.0;
  for (std::size_t i = 1; i < n; ++i) {
    const double share = (OwnHabits::kPriorActs * usual[i] + static_cast<double>(own[i])) / total;
    chances[i] = std::clamp(share, usual[i] / factor, usual[i] * factor);
    others += chances[i];
  }
  constexpr double kMostOthers = 0.95;
  if (others > kMostOthers) {
    for (std::size_t i = 1; i < n; ++i) chances[i] *= kMostOthers / others;
    others = kMostOthers;
  }
  chances[0] = 1.0 - others;
  return chances;
}

/// Sensitive shares among the person's peers (soft: already shrunk to everybody's), by group.
using PeerSensitivity = std::array<std::array<double, kSensitivities>, kGroups>;

/// Likelihood ratios of one transmission.
struct Likelihood {
  /// e-values of the drip, by archetype and grid point: mean at most 1 if the archetype's model
  /// is right, whatever the person's rate.
  PerArchetype<std::array<float, DripGrid::kPoints>> drip{};
  /// The same for the drip asked of one mailbox, by coupling and strength alone: what goes to that
  /// mailbox is part of it whatever else the person sends.
  PerArchetype<std::array<float, DripGrid::kPoints / DripGrid::kRates>> mailbox{};
  /// ln of the ratio each mark gave, at the grid point that fits best; and what was expected of it.
  std::array<PerArchetype<float>, kMarks> nats{};
  std::array<PerArchetype<float>, kMarks> expected{};
  /// ln f0 of the marks under each archetype's own table, for telling archetypes apart.
  PerArchetype<double> log_innocent{};
  /// P(the lag is an answer | archetype): same address; any other.
  PerArchetype<double> coupled{};
  PerArchetype<double> any_coupled{};
};

/// One innocent act in so many looks like anything at all: no act weighs more than ln of it.
inline constexpr double kOutliers = 0.01;

/// Until `places_learnt`, where things come from weighs nothing: in the first months every place is
/// somebody else's, and no published prior can say how common that is here.
Likelihood weigh(const Marks& marks, const Cells& reference, const OwnHabits& own,
                 const PeerSensitivity& peers, bool places_learnt = true);

}  // namespace weir::evidence::detail
