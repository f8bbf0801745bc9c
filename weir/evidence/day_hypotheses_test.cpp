#include "weir/evidence/detail/day_hypotheses.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "weir/base/random.h"

namespace weir::evidence::detail {
namespace {

TEST(Surges, RememberTwoWeeksAndNotToday) {
  Surges surges;
  surges.advance(100);
  surges.set_today(3);
  EXPECT_FALSE(surges.any(3));
  surges.advance(101);
  EXPECT_TRUE(surges.any(3));
  EXPECT_FALSE(surges.any(4));
  surges.advance(114);
  EXPECT_TRUE(surges.any(3));
  surges.advance(115);
  EXPECT_FALSE(surges.any(3));
  surges.advance(90);  // never back
  EXPECT_EQ(surges.day(), 115);
}

TEST(Levels, HaveTheirUpperBoundsInThem) {
  EXPECT_EQ(level_of(1.0), 0);
  EXPECT_EQ(level_of(0.1), 1);
  EXPECT_EQ(level_of(0.01), 2);
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
  constexpr int kDays = 400'000;
  for (std::uint8_t surge = 0; surge < kSurges; ++surge) {
    std::array<std::array<std::array<double, kDayPoints>, kReadings>, kDayHypotheses> sums{};
    for (int day = 0; day < kDays; ++day) {
      DaySeen seen{};
      std::uint8_t others = 0;
      for (std::size_t i = 0; i < kFeatures; ++i) {
        seen[i].surge = surge;
        seen[i].others = std::min<std::uint8_t>(others, kOthers - 1);
        seen[i].level = draw(random, cells, cell::day(i, surge, seen[i].others));
        if (seen[i].level >= kRemarkable) ++others;
      }
      const DayRatios ratios = day_ratios(seen, cells);
      for (std::size_t h = 0; h < kDayHypotheses; ++h) {
        const DayLikelihood e = weigh_day(day_hypotheses()[h], ratios);
        for (std::size_t r = 0; r < kReadings; ++r) {
          for (std::size_t p = 0; p < kDayPoints; ++p) {
            sums[h][r][p] += static_cast<double>(e[r][p]);
          }
        }
      }
    }
    for (std::size_t h = 0; h < kDayHypotheses; ++h) {
      for (std::size_t r = 0; r < kReadings; ++r) {
        for (std::size_t p = 0; p < kDayPoints; ++p) {
          EXPECT_LE(sums[h][r][p] / kDays, 1.02) << h << ' ' << r << ' ' << p;
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
      for (const Feature feature : row.raises) raised |= 1u << std::to_underlying(feature);
      EXPECT_EQ(reading.explains & ~raised, 0u) << "explains what does not count";
      EXPECT_NE(reading.explains, raised) << "explains everything away";
    }
  }
}

TEST(DayDetectors, OpenWithOneAndAddOneEachMonday) {
  DayDetectors detectors;
  detectors.start(4);  // Monday, 5 January 1970
  EXPECT_DOUBLE_EQ(detectors.mixtures(0)[0], 1.0);
  detectors.advance(10);
  const double sunday = detectors.mixtures(0)[0];
  EXPECT_LT(sunday, 1.0);
  detectors.advance(11);
  EXPECT_NEAR(detectors.mixtures(0)[0], sunday + 1.0, 0.12);
  DayLikelihood e;
  for (auto& reading : e) reading.fill(10.0f);
  const double before = detectors.mixtures(1)[2];
  detectors.multiply(1, e);
  EXPECT_NEAR(detectors.mixtures(1)[2], 10.0 * before, 1e-3 * before);
  EXPECT_NEAR(detectors.mixtures(0)[2], before, 1e-6);
  detectors.restart(1);
  EXPECT_DOUBLE_EQ(detectors.mixtures(1)[0], 1.0);
}

}  // namespace
}  // namespace weir::evidence::detail
