#include "weir/evidence/detail/day_hypotheses.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "weir/base/random.h"

namespace weir::evidence::detail {
namespace {

TEST(DayHistory, KnowsTwoWeeksAndAYearAndNotToday) {
  DayHistory history;
  history.advance(100);
  EXPECT_EQ(history.before(3), Before::never);
  history.set_seen(3);
  history.set_seen(4);
  history.set_remarkable(3);
  EXPECT_EQ(history.before(3), Before::never) << "today is not before";
  history.advance(101);
  EXPECT_EQ(history.before(3), Before::surge);
  EXPECT_EQ(history.before(4), Before::seen);
  EXPECT_EQ(history.before(5), Before::never);
  history.advance(114);
  EXPECT_EQ(history.before(3), Before::surge);
  history.advance(115);
  EXPECT_EQ(history.before(3), Before::seen);
  history.advance(90);  // never back
  EXPECT_EQ(history.day(), 115);
  history.advance(465);
  EXPECT_EQ(history.before(3), Before::seen);
  history.advance(466);
  EXPECT_EQ(history.before(3), Before::never);
}

TEST(Levels, HaveTheirUpperBoundsInThem) {
  EXPECT_EQ(level_of(1.0), 0);
  EXPECT_EQ(level_of(0.1), 1);
  EXPECT_EQ(level_of(0.01), 2);
  EXPECT_EQ(level_of(1e-14), 7);
  EXPECT_EQ(std::size_t{level_of(0.0)}, kLevels - 1);
}

std::uint8_t draw(Random& random, const Cells& cells, std::size_t at) {
  double left = random.uniform();
  for (std::uint8_t level = 0; std::size_t{level} + 1 < kLevels; ++level) {
    left -= cells[at + level];
    if (left < 0.0) return level;
  }
  return static_cast<std::uint8_t>(kLevels - 1);
}

// Days drawn as the reference says innocent ones are, each feature given those before it.
TEST(DayHypotheses, HaveMeanAtMostOneOverInnocentDays) {
  const Cells& cells = prior_chances();
  Random random(5, 1, 2, 3);
  constexpr int kDays = 600'000;
  for (const Before before : {Before::never, Before::seen, Before::surge}) {
    using PerCell =
        std::array<std::array<std::array<double, kDayPoints>, kReadings>, kDayHypotheses>;
    PerCell sums{};
    PerCell squares{};
    for (int day = 0; day < kDays; ++day) {
      DaySeen seen{};
      std::uint8_t others = 0;
      for (const Feature feature : kChain) {
        const auto i = std::to_underlying(feature);
        seen[i].before = before;
        seen[i].others = std::min<std::uint8_t>(others, kOthers - 1);
        seen[i].level = draw(random, cells, cell::day(i, before, seen[i].others));
        if (seen[i].level > 0) ++others;
      }
      const DayRatios ratios = day_ratios(seen, cells);
      for (std::size_t h = 0; h < kDayHypotheses; ++h) {
        const DayLikelihood e = weigh_day(day_hypotheses()[h], ratios);
        for (std::size_t r = 0; r < kReadings; ++r) {
          for (std::size_t p = 0; p < kDayPoints; ++p) {
            const auto value = static_cast<double>(e[r][p]);
            sums[h][r][p] += value;
            squares[h][r][p] += value * value;
          }
        }
      }
    }
    for (std::size_t h = 0; h < kDayHypotheses; ++h) {
      for (std::size_t r = 0; r < kReadings; ++r) {
        for (std::size_t p = 0; p < kDayPoints; ++p) {
          const double mean = sums[h][r][p] / kDays;
          const double error = std::sqrt((squares[h][r][p] / kDays - mean * mean) / kDays);
          EXPECT_LE(mean, 1.0 + 4.0 * error) << h << ' ' << r << ' ' << p;
          EXPECT_LT(error, 0.1) << "more days are needed to say anything";
        }
      }
    }
  }
}

TEST(DayHypotheses, GiveNoDayMoreThanTheOutlierBoundAllows) {
  DayRatios ratios;
  ratios.fill(1e6);
  for (const DayHypothesis& row : day_hypotheses()) {
    for (const auto& reading : weigh_day(row, ratios)) {
      for (const float e : reading) EXPECT_LE(static_cast<double>(e), 1.0 / kDayOutliers);
    }
  }
}

TEST(DayHypotheses, AreNotRaisedByWhatAnInnocentReadingExplains) {
  for (const DayHypothesis& row : day_hypotheses()) {
    EXPECT_EQ(row.innocent[0].explains, 0u);  // ordinary work explains nothing special
    for (const InnocentReading& reading : row.innocent) {
      DayRatios ratios;
      ratios.fill(1.0);
      for (std::size_t i = 0; i < kFeatures; ++i) {
        if ((reading.explains >> i & 1u) != 0) ratios[i] = 100.0;
      }
      const auto r = static_cast<std::size_t>(&reading - row.innocent.data());
      const DayLikelihood e = weigh_day(row, ratios);
      for (const float value : e[r]) EXPECT_NEAR(value, 1.0f, 1e-5f);
      std::uint32_t raised = 0;
      for (const Raise& raise : row.raises) raised |= 1u << std::to_underlying(raise.feature);
      EXPECT_EQ(reading.explains & ~raised, 0u) << "explains what does not count";
      EXPECT_NE(reading.explains, raised) << "explains everything away";
    }
  }
}

TEST(DayHypotheses, AreJudgedByEachFeatureOnce) {
  std::uint32_t judged = 0;
  for (const Feature feature : kChain) judged |= 1u << std::to_underlying(feature);
  EXPECT_EQ(judged, (1u << kFeatures) - 1);
}

TEST(DayDetectors, OpenASeventhEachDay) {
  DayDetectors detectors;
  detectors.start(4);
  EXPECT_NEAR(detectors.mixtures(0)[0], kDayOpening, 1e-7);
  DayDetectors at_once = detectors;
  for (std::int32_t day = 5; day <= 40; ++day) {
    const double before = detectors.mixtures(0)[0];
    detectors.advance(day);
    EXPECT_LE(detectors.mixtures(0)[0], before + kDayOpening + 1e-6) << "forgetting never adds";
  }
  at_once.advance(40);
  EXPECT_NEAR(at_once.mixtures(0)[0], detectors.mixtures(0)[0], 1e-4) << "gaps change nothing";
  DayLikelihood e;
  for (auto& reading : e) reading.fill(10.0f);
  const double before = detectors.mixtures(1)[2];
  detectors.multiply(1, e);
  EXPECT_NEAR(detectors.mixtures(1)[2], 10.0 * before, 1e-3 * before);
  EXPECT_NEAR(detectors.mixtures(0)[2], before, 1e-6);
  detectors.restart(1);
  EXPECT_NEAR(detectors.mixtures(1)[0], kDayOpening, 1e-7);
}

TEST(DayDetectors, StakeAddsUpToOneAndLosesWhatACaseWasOpenedWith) {
  DayDetectors detectors;
  EXPECT_EQ(detectors.unstaked(), 1.0);
  detectors.start(4);
  detectors.advance(4 + 3650);
  EXPECT_NEAR(detectors.stakes(2)[1] + detectors.unstaked(), 1.0, 1e-3);
  DayLikelihood e;
  for (auto& reading : e) reading.fill(1000.0f);
  detectors.multiply(2, e);
  EXPECT_GT(detectors.stakes(2)[0], 500.0);
  EXPECT_LT(detectors.stakes(1)[0], 1.0);
  detectors.forgo(2);
  EXPECT_LE(detectors.stakes(2)[0] + detectors.unstaked(), 1.0 + 1e-3);
  e[0].fill(0.01f);
  detectors.multiply(2, e);
  detectors.forgo(2);
  EXPECT_LT(detectors.stakes(2)[0], 0.05) << "losses stay";
}

}  // namespace
}  // namespace weir::evidence::detail
