#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "weir/evidence/case_draft.h"
#include "weir/evidence/detail/accumulator.h"
#include "weir/evidence/detail/day_features.h"
#include "weir/evidence/detail/reference.h"

namespace weir::evidence::detail {

/// Questions that are asked of a person's whole days. One row of one table each: what raises it,
/// which innocent explanations it is weighed against, and what those make expected.
struct InnocentReading {
  Archetype archetype{};
  /// Of people, at any time: whom it holds for. Adds up to 1 over a hypothesis.
  double share = 0;
  /// Bits of features that it explains: they weigh nothing against it.
  std::uint32_t explains = 0;
};
/// How often a feature takes part in a day that is part of it. Where it does not, it is as on any
/// day; where it does, it has `kDayLevels`. Fixed, published in docs/evidence.md.
inline constexpr double kEssential = 0.8;  // hardly a day of it without
inline constexpr double kUsual = 0.5;
inline constexpr double kOften = 0.3;
inline constexpr double kSometimes = 0.15;
struct Raise {
  Feature feature{};
  double part = 0;
  bool is_essential() const { return part >= kEssential; }
};
struct DayHypothesis {
  Hypothesis hypothesis{};
  std::span<const Raise> raises;
  std::span<const InnocentReading> innocent;  // `kReadings`
};
inline constexpr std::size_t kReadings = 3;
inline constexpr std::size_t kDayHypotheses = kHypothesisCount - 1;
/// In the order of `Hypothesis`, from the second on.
std::span<const DayHypothesis, kDayHypotheses> day_hypotheses();
constexpr std::size_t day_index(Hypothesis hypothesis) {
  return static_cast<std::size_t>(hypothesis) - 1;
}

/// Shares of days that are part of it, once it has begun: some of many, or most of a few.
inline constexpr std::array<double, 2> kDayShares = {0.1, 0.6};
inline constexpr std::size_t kDayPoints = kDayShares.size();
/// Days: what adds up more slowly is a drip's business.
inline constexpr std::array<double, 3> kDayHalfLives = {2.0, 14.0, 90.0};

/// Of many days each is a smaller part of it: what is not essential takes part less often.
inline constexpr std::array<double, kDayPoints> kPartScales = {0.4, 1.0};
inline constexpr std::array<double, kLevels> kDayLevels = {0.05, 0.15, 0.16, 0.16,
                                                           0.14, 0.12, 0.11, 0.11};
/// One innocent day in so many looks like anything at all: no day weighs more than ln of it.
inline constexpr double kDayOutliers = 0.00001;

using DayRatios = std::array<double, kFeatures>;
/// Likelihood ratio of each feature's level where it takes part, given what came before it: mean 1
/// over innocent days.
DayRatios day_ratios(const DaySeen& seen, const Cells& reference);

/// The same with the chance that it takes part.
double part_ratio(const Raise& raise, const DayRatios& ratios, std::size_t point);

/// ln of the evidence against people of whom each reading holds for its share.
double against_all(const DayHypothesis& hypothesis, const std::array<double, kReadings>& mixtures);

/// e-values of one hypothesis, by innocent reading and share.
using DayLikelihood = std::array<std::array<float, kDayPoints>, kReadings>;
DayLikelihood weigh_day(const DayHypothesis& hypothesis, const DayRatios& ratios);

/// R grows by 1 a week in the mean as the drip's does (accumulator.h), but day by day: what begins
/// on a Thursday is not weighed against the days from Monday on.
inline constexpr double kDayOpening = 1.0 / 7.0;

/// Shiryaev–Roberts detectors of all day hypotheses of one person, who share their clock.
class DayDetectors {
 public:
  static constexpr std::size_t kStake = kDayHalfLives.size();  // the e-process of accumulator.h
  using Values = std::array<std::array<std::array<float, kDayPoints>, kStake + 1>, kReadings>;

  /// Begins with `day` open.
  void start(std::int32_t day);
  void restart(std::size_t hypothesis);
  /// Of the e-process alone: gains are lost, losses stay.
  void forgo(std::size_t hypothesis);
  /// Forgets, and opens days up to `day`; days do not go back.
  void advance(std::int32_t day);
  void multiply(std::size_t hypothesis, const DayLikelihood& e);
  /// Mean over half-lives and shares against each reading; not its logarithm.
  std::array<double, kReadings> mixtures(std::size_t hypothesis) const;

  /// What was staked has become, against each reading.
  std::array<double, kReadings> stakes(std::size_t hypothesis) const;
  double unstaked() const { return started() ? detail::unstaked(since_, day_) : 1.0; }

  bool started() const { return day_ != INT32_MIN; }
  /// For the snapshot.
  std::int32_t& since() { return since_; }
  std::int32_t& day() { return day_; }
  std::array<Values, kDayHypotheses>& values() { return values_; }

 private:
  std::int32_t since_ = INT32_MIN;
  std::int32_t day_ = INT32_MIN;
  std::array<Values, kDayHypotheses> values_{};
};

}  // namespace weir::evidence::detail
