#include "weir/evaluate/intervals.h"

#include <gtest/gtest.h>

namespace weir::evaluate {
namespace {

TEST(EvaluateIntervals, ClopperPearsonGivesWhatSciPyGives) {
  // scipy 1.10.1: beta.ppf(.025, k, n - k + 1), beta.ppf(.975, k + 1, n - k)
  struct Row {
    std::uint64_t hits, trials;
    double low, high;
  };
  constexpr Row kRows[] = {
      {0, 20, 0.000000000000, 0.168433470983},    {1, 5, 0.005050763379, 0.716417936118},
      {8, 10, 0.443904537692, 0.974789273673},    {20, 20, 0.831566529017, 1.000000000000},
      {33, 40, 0.672209866638, 0.926617270648},   {340, 400, 0.811177863518, 0.883541521393},
      {1, 10000, 0.000002531778, 0.000557036998}, {70, 99, 0.607091273015, 0.794261406928},
  };
  for (const Row& row : kRows) {
    const Interval interval = clopper_pearson(row.hits, row.trials);
    EXPECT_NEAR(interval.low, row.low, 1e-10) << row.hits << " of " << row.trials;
    EXPECT_NEAR(interval.high, row.high, 1e-10) << row.hits << " of " << row.trials;
  }
}

TEST(EvaluateIntervals, ThePoissonBoundIsWhatSciPyGives) {
  // scipy 1.10.1: chi2.ppf(.95, 2 * k + 2) / 2
  struct Row {
    std::uint64_t count;
    double bound;
  };
  constexpr Row kRows[] = {
      {0, 2.9957322736},   {1, 4.7438645184},     {5, 10.5130349087},
      {79, 95.2582282570}, {400, 434.4968091527}, {12345, 12529.3306360797},
  };
  for (const Row& row : kRows) {
    EXPECT_NEAR(poisson_upper(row.count), row.bound, 1e-6 * row.bound) << row.count;
  }
}

TEST(EvaluateIntervals, NothingTriedLeavesEverythingOpen) {
  EXPECT_EQ(clopper_pearson(0, 0).low, 0);
  EXPECT_EQ(clopper_pearson(0, 0).high, 1);
}

TEST(EvaluateIntervals, AQuantileIsOneOfTheValues) {
  EXPECT_EQ(quantile({4, 2, 3, 1}, 0.5), 2);
  EXPECT_EQ(quantile({4, 2, 3, 1}, 0.9), 4);
  EXPECT_EQ(quantile({7}, 0.0), 7);
  EXPECT_EQ(quantile({}, 0.5), 0);
}

}  // namespace
}  // namespace weir::evaluate
