#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "weir/evidence/case_draft.h"
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
struct DayHypothesis {
  Hypothesis hypothesis{};
  std::span<const Feature> raises;
  std::uint32_t essential = 0;                // bits of features: hardly a day of it without
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

/// A feature takes part in a day that is part of it with this chance, and else is as on any day;
/// where it takes part, it has these levels. Fixed, published in docs/evidence.md.
inline constexpr std::array<double, kDayPoints> kTakesPart = {0.2, 0.5};
inline constexpr double kEssentialTakesPart = 0.8;
inline constexpr std::array<double, kLevels> kDayLevels = {0.08, 0.08, 0.16, 0.20, 0.20, 0.28};
/// One innocent day in so many looks like anything at all: no day weighs more than ln of it.
inline constexpr double kDayOutliers = 0.0003;

using DayRatios = std::array<double, kFeatures>;
/// Likelihood ratio of each feature's level where it takes part, given what came before it: mean 1
/// over innocent days.
DayRatios day_ratios(const DaySeen& seen, const Cells& reference);

/// The same with the chance that it takes part.
double part_ratio(const DayHypothesis& hypothesis, Feature feature, const DayRatios& ratios,
                  std::size_t point);

/// ln of the evidence against people of whom each reading holds for its share.
double against_all(const DayHypothesis& hypothesis, const std::array<double, kReadings>& mixtures);

/// e-values of one hypothesis, by innocent reading and share.
using DayLikelihood = std::array<std::array<float, kDayPoints>, kReadings>;
DayLikelihood weigh_day(const DayHypothesis& hypothesis, const DayRatios& ratios);

/// Shiryaev–Roberts detectors (accumulator.h) of all day hypotheses of one person, who share their
/// clock.
class DayDetectors {
 public:
  using Values =
      std::array<std::array<std::array<float, kDayPoints>, kDayHalfLives.size()>, kReadings>;

  /// Begins with the week of `day` open.
  void start(std::int32_t day);
  void restart(std::size_t hypothesis);
  /// Forgets and opens weeks up to `day`; days do not go back.
  void advance(std::int32_t day);
  void multiply(std::size_t hypothesis, const DayLikelihood& e);
  /// Mean over half-lives and shares against each reading; not its logarithm.
  std::array<double, kReadings> mixtures(std::size_t hypothesis) const;

  bool started() const { return day_ != INT32_MIN; }
  /// For the snapshot.
  std::int32_t& day() { return day_; }
  std::array<Values, kDayHypotheses>& values() { return values_; }

 private:
  std::int32_t day_ = INT32_MIN;
  std::array<Values, kDayHypotheses> values_{};
};

}  // namespace weir::evidence::detail
