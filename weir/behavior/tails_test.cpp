#include "weir/behavior/tails.h"

#include <gtest/gtest.h>

#include <cmath>

namespace weir::behavior {
namespace {

// The slow obvious version: 1 minus the sum of the probabilities below `count`.
double slow_tail(int count, double mean, double variance) {
  const double shape = mean * mean / (variance - mean);
  const double p = shape / (shape + mean);
  double below = 0.0;
  for (int x = 0; x < count; ++x) {
    below += std::exp(std::lgamma(x + shape) - std::lgamma(shape) - std::lgamma(x + 1.0) +
                      shape * std::log(p) + x * std::log(1.0 - p));
  }
  return 1.0 - below;
}

TEST(NegativeBinomialTail, AgreesWithTheSumOfProbabilities) {
  for (const double mean : {0.2, 3.0, 40.0}) {
    for (const double dispersion : {1.5, 4.0}) {
      for (const int count : {1, 2, 5, 20, 60}) {
        EXPECT_NEAR(negative_binomial_tail(count, mean, mean * dispersion),
                    slow_tail(count, mean, mean * dispersion), 1e-9)
            << mean << " " << dispersion << " " << count;
      }
    }
  }
}

TEST(NegativeBinomialTail, IsAPoissonWithoutExcessVariance) {
  EXPECT_NEAR(negative_binomial_tail(3, 1.0, 1.0), 1.0 - std::exp(-1.0) * 2.5, 1e-5);
}

TEST(NegativeBinomialTail, IncludesTheAtomSoThatNothingIsCertain) {
  EXPECT_EQ(negative_binomial_tail(0, 5.0, 9.0), 1.0);
  EXPECT_GT(negative_binomial_tail(1, 5.0, 9.0), negative_binomial_tail(2, 5.0, 9.0));
}

TEST(StudentTTail, KnowsTheTables) {
  EXPECT_NEAR(student_t_tail(2.228, 10), 0.025, 1e-4);
  EXPECT_NEAR(student_t_tail(0.0, 3), 0.5, 1e-12);
  EXPECT_NEAR(student_t_tail(-2.228, 10), 0.975, 1e-4);
}

TEST(EValue, HasMeanOneUnderUniformP) {
  // Midpoints in ln p, where the integrand is smooth: E = ∫ e(p) dp = ∫ e(p) p d(ln p).
  double mean = 0.0;
  constexpr int kSteps = 200'000;
  constexpr double kLowest = -690.0;
  for (int i = 0; i < kSteps; ++i) {
    const double log_p = kLowest * (i + 0.5) / kSteps;
    mean += e_value(std::exp(log_p)) * std::exp(log_p) * -kLowest / kSteps;
  }
  EXPECT_LE(mean, 1.0 + 1e-6);
  EXPECT_GT(mean, 0.99);
}

TEST(EValue, FallsAsPGrowsAndIsContinuousAtOne) {
  EXPECT_GT(e_value(1e-6), e_value(1e-5));
  EXPECT_GT(e_value(0.5), e_value(0.9));
  EXPECT_NEAR(e_value(1.0), 0.5, 1e-12);
  EXPECT_NEAR(e_value(1.0 - 2e-4), e_value(1.0 - 0.5e-4), 1e-4);
}

}  // namespace
}  // namespace weir::behavior
