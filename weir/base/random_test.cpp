#include "weir/base/random.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace weir {
namespace {

using Block = std::array<std::uint32_t, 4>;

TEST(Philox, AgreesWithTheKnownAnswersOfItsAuthors) {
  EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}), (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}),
            (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Random, TheSameNameGivesTheSameNumbersAndAnyOtherDoesNot) {
  Random first(1, 2, 3, 4);
  Random same(1, 2, 3, 4);
  const std::uint64_t value = first.bits64();
  EXPECT_EQ(same.bits64(), value);
  EXPECT_NE(Random(9, 2, 3, 4).bits64(), value);
  EXPECT_NE(Random(1, 9, 3, 4).bits64(), value);
  EXPECT_NE(Random(1, 2, 9, 4).bits64(), value);
  EXPECT_NE(Random(1, 2, 3, 9).bits64(), value);
}

struct Moments {
  double mean = 0;
  double variance = 0;
};

template <class Draw>
Moments moments(Draw draw) {
  Random random(42, 0, 0, 0);
  constexpr int kDraws = 100'000;
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < kDraws; ++i) {
    const auto value = static_cast<double>(draw(random));
    sum += value;
    squares += value * value;
  }
  const double mean = sum / kDraws;
  return {mean, squares / kDraws - mean * mean};
}

TEST(Random, UniformLiesInItsRangeWithTheRightMoments) {
  const Moments m = moments([](Random& r) {
    const double u = r.uniform();
    EXPECT_GE(u, 0.0);
    EXPECT_LT(u, 1.0);
    return u;
  });
  EXPECT_NEAR(m.mean, 0.5, 0.005);
  EXPECT_NEAR(m.variance, 1.0 / 12, 0.002);
}

TEST(Random, BelowReachesEveryValueEquallyOften) {
  Random random(7, 0, 0, 0);
  std::vector<int> counts(7);
  for (int i = 0; i < 70'000; ++i) ++counts[random.below(7)];
  for (const int count : counts) EXPECT_NEAR(count, 10'000, 500);
  EXPECT_EQ(random.below(1), 0u);
}

TEST(Random, ChanceIsCertainAtOneAndImpossibleAtZero) {
  Random random(7, 0, 0, 0);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_TRUE(random.chance(1.0));
    EXPECT_FALSE(random.chance(0.0));
  }
}

TEST(Random, SamplersHaveTheMeansAndVariancesTheyPromise) {
  Moments m = moments([](Random& r) { return r.normal(); });
  EXPECT_NEAR(m.mean, 0.0, 0.02);
  EXPECT_NEAR(m.variance, 1.0, 0.02);
  m = moments([](Random& r) { return std::log(r.lognormal(2.0, 0.5)); });
  EXPECT_NEAR(m.mean, 2.0, 0.01);
  EXPECT_NEAR(m.variance, 0.25, 0.01);
  m = moments([](Random& r) { return r.exponential(0.25); });
  EXPECT_NEAR(m.mean, 4.0, 0.1);
  EXPECT_NEAR(m.variance, 16.0, 0.8);
  for (const double shape : {0.3, 1.0, 8.0}) {
    m = moments([&](Random& r) { return r.gamma(shape, 3.0); });
    EXPECT_NEAR(m.mean, 3.0, 0.1) << shape;
    EXPECT_NEAR(m.variance, 9.0 / shape, 0.06 * 9.0 / shape) << shape;
  }
  for (const double mean : {0.1, 3.0, 29.0, 31.0, 500.0}) {
    m = moments([&](Random& r) { return r.poisson(mean); });
    EXPECT_NEAR(m.mean, mean, 0.02 * mean) << mean;
    EXPECT_NEAR(m.variance, mean, 0.05 * mean) << mean;
  }
  m = moments([](Random& r) { return r.negative_binomial(5.0, 2.0); });
  EXPECT_NEAR(m.mean, 5.0, 0.1);
  EXPECT_NEAR(m.variance, 5.0 * (1 + 5.0 / 2), 1.0);
}

TEST(Random, NothingIsExpectedOfAMeanOfZero) {
  Random random(7, 0, 0, 0);
  EXPECT_EQ(random.poisson(0), 0u);
  EXPECT_EQ(random.negative_binomial(0, 2), 0u);
}

}  // namespace
}  // namespace weir
