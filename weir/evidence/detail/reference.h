#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "weir/evidence/detail/day_features.h"
#include "weir/evidence/detail/marks.h"

namespace weir::evidence::detail {

/// Where each table of the reference lies in one flat array of cells. Rows add up to 1.
namespace cell {
inline constexpr std::size_t kSensitivity = 0;  // [archetype][group][3]
inline constexpr std::size_t kPlace = kSensitivity + kArchetypes * kGroups * kSensitivities;
inline constexpr std::size_t kAccess =
    kPlace + kArchetypes * 4;  // place: [archetype][sensitive][2]
inline constexpr std::size_t kCoupled = kAccess + kArchetypes * 2;  // access: [archetype][2]
inline constexpr std::size_t kAnyCoupled = kCoupled + kArchetypes * kGroups * 2;  // [a][group][2]
inline constexpr std::size_t kDisguise = kAnyCoupled + kArchetypes * kGroups * 2;
inline constexpr std::size_t kOwnSender = kDisguise + 3;  // [2]
inline constexpr std::size_t kDay = kOwnSender + 2;       // [feature][before][others][level]
inline constexpr std::size_t kCount = kDay + kFeatures * kBefore * kOthers * kLevels;

constexpr std::size_t sensitivity(std::size_t archetype, Group group) {
  return kSensitivity + (archetype * kGroups + static_cast<std::size_t>(group)) * kSensitivities;
}
constexpr std::size_t place(std::size_t archetype, bool sensitive) {
  return kPlace + (archetype * 2 + (sensitive ? 1 : 0)) * 2;
}
constexpr std::size_t access(std::size_t archetype) { return kAccess + archetype * 2; }
constexpr std::size_t coupled(std::size_t archetype, Group group) {
  return kCoupled + (archetype * kGroups + static_cast<std::size_t>(group)) * 2;
}
constexpr std::size_t any_coupled(std::size_t archetype, Group group) {
  return kAnyCoupled + (archetype * kGroups + static_cast<std::size_t>(group)) * 2;
}
constexpr std::size_t day(std::size_t feature, Before before, std::size_t others) {
  return kDay +
         ((feature * kBefore + static_cast<std::size_t>(before)) * kOthers + others) * kLevels;
}
}  // namespace cell

using Cells = std::array<double, cell::kCount>;
/// Sums of person-weights in units of 2^-24: whole numbers, so that the order of adding is free.
using CellSums = std::array<std::int64_t, cell::kCount>;
inline constexpr double kFixedPoint = 16777216.0;
inline std::int64_t fixed_point(double share) { return std::llround(share * kFixedPoint); }

/// Whole windows of `kWindowDays`; what a window brought is used from the second window after it
/// on, so that nobody's acts of the last 30 days say what is ordinary.
inline constexpr std::int32_t kWindowDays = 30;
std::int32_t window_of(std::int32_t day);

/// What innocent transmissions look like, by archetype: published priors, moved by the population.
/// Each person weighs at most 1 in a window, whatever they send.
class Reference {
 public:
  Reference();

  /// Adds a day's sums and turns to the window of `day`.
  void merge(const CellSums& sums, std::int32_t day);

  /// Probabilities. Marks that speak of a leak never fall below a floor.
  const Cells& chances() const { return chances_; }

  /// Has the population said for a whole window how often transmissions come from, or follow on,
  /// work with the places of others?
  bool places_learnt() const;

  /// Over all that was kept of a feature, by level: person-windows. Half of it is two years old.
  std::array<double, kLevels> levels_seen(std::size_t feature) const;

  struct State {
    std::int32_t window = 0;
    CellSums current{};
    CellSums previous{};
    Cells frozen{};
  };
  const State& state() const { return state_; }
  void restore(const State& state);

  /// Half-life of what the population said.
  static constexpr double kHalfLifeDays = 730.0;
  /// What the priors of marks weigh, in windows of one person.
  static constexpr double kPriorWeight = 60.0;

 private:
  void turn_to(std::int32_t window);
  void recompute();

  State state_;
  Cells chances_{};
};

/// The published priors.
const Cells& prior_chances();
/// How common each archetype is: ordinary, self-mailer, freelancer.
inline constexpr PerArchetype<double> kArchetypeShares = {0.94, 0.04, 0.02};

}  // namespace weir::evidence::detail
