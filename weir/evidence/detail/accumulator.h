#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "weir/base/time.h"
#include "weir/evidence/detail/alternative.h"
#include "weir/evidence/detail/marks.h"

namespace weir::evidence::detail {

inline constexpr std::size_t kHalfLives = 5;
/// Days: 2 d, 14 d, 90 d, 2 y, 10 y; mixed with equal weights.
inline constexpr std::array<double, kHalfLives> kHalfLifeDays = {2.0, 14.0, 90.0, 730.0, 3650.0};

/// What forgetting leaves of one half-life from `from` (exclusive) to `to` (inclusive), and what
/// the weekly openings in between (R←R+1 on Mondays) have grown to.
struct Passage {
  double kept = 1.0;
  double opened = 0.0;
};
Passage passage(double half_life_days, std::int32_t from, std::int32_t to);

/// Beside the half-lives every detector has one that forgets nothing and is no Shiryaev–Roberts
/// detector but an e-process: what it opens with adds up to at most 1 over a life, half of it on
/// the first day and 1/520 of what is left each week, and what is not staked yet counts as it is.
/// Its mean stays at most 1, which R's does not; the list of the week needs that (weekly_list.h).
inline constexpr double kFirstStake = 0.5;
/// Not staked `to` a day if the first was `since`.
double unstaked(std::int32_t since, std::int32_t to);
Passage stake_passage(std::int32_t since, std::int32_t from, std::int32_t to);

/// Shiryaev–Roberts detector of one person and hypothesis: R for each archetype, half-life and
/// point of the alternative's grid. Each week opens with R←R+1, each act does R←λ^Δt·R·e. While e
/// has mean at most 1, R grows by 1 a week in the mean and crosses 1/α at most α times a week.
template <std::size_t points>
class Accumulator {
 public:
  static constexpr std::size_t kStake = kHalfLives;  // the e-process, after the half-lives
  using Values = std::array<std::array<std::array<float, points>, kStake + 1>, kArchetypes>;

  /// Begins with the week of `day` open.
  explicit Accumulator(std::int32_t day = 0) : since_(day), day_(day) {
    for (auto& archetype : values_) {
      for (auto& half_life : archetype) half_life.fill(1.0f);
      archetype[kStake].fill(static_cast<float>(kFirstStake));
    }
  }

  /// After a case: the same acts never score again.
  void restart(std::int32_t day) {
    day_ = day;
    for (auto& archetype : values_) {
      for (std::size_t h = 0; h < kHalfLives; ++h) archetype[h].fill(1.0f);
    }
    forgo();
  }
  /// Of the e-process alone: gains are lost, losses stay.
  void forgo() {
    const double staked = 1.0 - unstaked(since_, day_);
    for (std::size_t k = 0; k < kArchetypes; ++k) {
      values_[k][kStake].fill(static_cast<float>(std::min(stake(k), staked)));
    }
  }

  /// Forgets and opens weeks up to `day`; days do not go back.
  void advance(std::int32_t day) {
    if (day <= day_) return;
    for (std::size_t h = 0; h < kHalfLives; ++h) {
      const Passage gone = passage(kHalfLifeDays[h], day_, day);
      const auto kept = static_cast<float>(gone.kept);
      const auto opened = static_cast<float>(gone.opened);
      for (auto& archetype : values_) {
        for (float& r : archetype[h]) r = r * kept + opened;
      }
    }
    const auto staked = static_cast<float>(stake_passage(since_, day_, day).opened);
    for (auto& archetype : values_) {
      for (float& r : archetype[kStake]) r += staked;
    }
    day_ = day;
  }

  void multiply(std::size_t archetype, const std::array<float, points>& e) {
    // Far beyond any threshold and any forgetting: keeps products finite.
    constexpr float kMost = 1e30f;
    constexpr float kLeast = 1e-30f;
    for (auto& half_life : values_[archetype]) {
      for (std::size_t i = 0; i < points; ++i) {
        half_life[i] = std::clamp(half_life[i] * e[i], kLeast, kMost);
      }
    }
  }

  /// ln of the mixture over half-lives and grid.
  double log_mixture(std::size_t archetype) const {
    double sum = 0.0;
    for (std::size_t h = 0; h < kHalfLives; ++h) {
      for (const float r : values_[archetype][h]) sum += static_cast<double>(r);
    }
    return std::log(std::max(sum / static_cast<double>(kHalfLives * points), 1e-300));
  }
  PerArchetype<double> log_mixtures() const {
    PerArchetype<double> logs{};
    for (std::size_t k = 0; k < kArchetypes; ++k) logs[k] = log_mixture(k);
    return logs;
  }
  /// The innocent explanation that holds out best.
  std::size_t best_archetype() const {
    const PerArchetype<double> logs = log_mixtures();
    return static_cast<std::size_t>(std::ranges::min_element(logs) - logs.begin());
  }

  /// What was staked has become, against one archetype; not its logarithm.
  double stake(std::size_t archetype) const {
    double sum = 0.0;
    for (const float r : values_[archetype][kStake]) sum += static_cast<double>(r);
    return sum / static_cast<double>(points);
  }

  std::int32_t since() const { return since_; }
  std::int32_t day() const { return day_; }
  const Values& values() const { return values_; }
  Values& values() { return values_; }
  void set_days(std::int32_t since, std::int32_t day) {
    since_ = since;
    day_ = day;
  }

 private:
  Values values_{};
  std::int32_t since_ = 0;
  std::int32_t day_ = 0;
};

using DripAccumulator = Accumulator<DripGrid::kPoints>;

}  // namespace weir::evidence::detail
