#include "weir/evidence/detail/accumulator.h"

#include <gtest/gtest.h>

#include <cmath>

#include "weir/base/random.h"

namespace weir::evidence::detail {
namespace {

constexpr std::int32_t kMonday = 4;  // 1970-01-05

TEST(Accumulator, OpensWithOneAndAddsOneEachMonday) {
  Accumulator<1> accumulator(kMonday);
  EXPECT_NEAR(accumulator.log_mixture(0), 0.0, 1e-6);
  accumulator.advance(kMonday + 6);
  EXPECT_LT(accumulator.log_mixture(0), 0.0);
  const float before = accumulator.values()[0][4][0];
  accumulator.advance(kMonday + 7);
  const double day = std::exp2(-1.0 / 3650.0);
  EXPECT_NEAR(accumulator.values()[0][4][0], static_cast<double>(before) * day + 1.0, 1e-5);
}

TEST(Accumulator, PassesManyWeeksAsItPassesThemOneByOne) {
  Accumulator<1> slow(kMonday + 2);
  Accumulator<1> fast(kMonday + 2);
  for (std::int32_t day = kMonday + 3; day <= kMonday + 900; ++day) slow.advance(day);
  fast.advance(kMonday + 900);
  for (std::size_t h = 0; h < kHalfLives; ++h) {
    const auto expected = static_cast<double>(slow.values()[0][h][0]);
    EXPECT_NEAR(fast.values()[0][h][0], expected, 1e-3 * expected) << h;
  }
}

TEST(Accumulator, WorksBeforeNineteenSeventy) {
  Accumulator<1> accumulator(-400);
  accumulator.advance(-393);
  EXPECT_GT(accumulator.values()[0][4][0], 1.9f);
}

// science.md §5.6: with exact mean-1 e-values, crossings of 1/α come at most α times a week,
// however many acts a week there are.
TEST(Accumulator, KeepsThePromiseWhateverTheNumberOfActs) {
  constexpr double kAlpha = 1.0 / 200.0;
  constexpr std::int32_t kWeeks = 500;
  constexpr std::uint32_t kPeople = 60;
  for (const int acts_a_week : {1, 10, 50}) {
    int crossings = 0;
    for (std::uint32_t person = 0; person < kPeople; ++person) {
      Random random(7, static_cast<std::uint64_t>(acts_a_week), person, 3);
      Accumulator<1> accumulator(kMonday);
      for (std::int32_t week = 0; week < kWeeks; ++week) {
        for (int act = 0; act < acts_a_week; ++act) {
          accumulator.advance(kMonday + 7 * week + act * 7 / acts_a_week);
          // 8 with probability 1/10, else 2/9: mean 1.
          const float e = random.chance(0.1) ? 8.0f : 2.0f / 9.0f;
          accumulator.multiply(0, {e});
          if (accumulator.log_mixture(0) >= -std::log(kAlpha)) {
            ++crossings;
            accumulator.restart(kMonday + 7 * week + act * 7 / acts_a_week);
          }
        }
      }
    }
    const double a_week = static_cast<double>(crossings) / (kWeeks * kPeople);
    EXPECT_LE(a_week, kAlpha) << acts_a_week << " acts a week";
    EXPECT_GT(crossings, 0) << acts_a_week << " acts a week";
  }
}

TEST(Accumulator, StaysFiniteUnderEndlessEvidence) {
  Accumulator<1> accumulator(kMonday);
  for (int i = 0; i < 1000; ++i) accumulator.multiply(0, {100.0f});
  EXPECT_LT(accumulator.log_mixture(0), 80.0);
  for (int i = 0; i < 1000; ++i) accumulator.multiply(0, {0.01f});
  EXPECT_TRUE(std::isfinite(accumulator.log_mixture(0)));
}

}  // namespace
}  // namespace weir::evidence::detail
