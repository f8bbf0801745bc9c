#include "weir/evaluate/isolation_forest.h"

#include <gtest/gtest.h>

#include "weir/base/random.h"

namespace weir::evaluate {
namespace {

std::vector<float> cloud(std::size_t rows, std::size_t width) {
  Random random(5, 0, 0, 0);
  std::vector<float> values;
  for (std::size_t i = 0; i < rows * width; ++i) {
    values.push_back(static_cast<float>(random.normal()));
  }
  return values;
}

TEST(EvaluateIsolationForest, WhatIsFarFromTheRestStandsOut) {
  const auto forest = IsolationForest::fit(cloud(1000, 3), 3, {}).value();
  const std::vector<float> middle = {0, 0, 0};
  const std::vector<float> far = {6, -6, 6};
  EXPECT_LT(forest.score(middle), 0.45);
  EXPECT_GT(forest.score(far), 0.7);
}

TEST(EvaluateIsolationForest, TheSameSeedGivesTheSameForest) {
  const auto rows = cloud(300, 2);
  const auto one = IsolationForest::fit(rows, 2, {.seed = 3}).value();
  const auto same = IsolationForest::fit(rows, 2, {.seed = 3}).value();
  const auto other = IsolationForest::fit(rows, 2, {.seed = 4}).value();
  const std::vector<float> row = {1, 2};
  EXPECT_EQ(one.score(row), same.score(row));
  EXPECT_NE(one.score(row), other.score(row));
}

TEST(EvaluateIsolationForest, MeanDepthIsThatOfThePaper) {
  EXPECT_EQ(IsolationForest::mean_depth(1), 0);
  EXPECT_EQ(IsolationForest::mean_depth(2), 1);
  // 2·(ln 255 + 0.5772156649) − 2·255/256
  EXPECT_NEAR(IsolationForest::mean_depth(256), 10.2447709, 1e-6);
}

TEST(EvaluateIsolationForest, ManagesRowsThatAreAllAlikeAndSingleOnes) {
  const std::vector<float> alike(40, 1.0f);
  const std::vector<float> row = {1, 1};
  EXPECT_NEAR(IsolationForest::fit(alike, 2, {})->score(row), 0.5, 1e-6);
  EXPECT_EQ(IsolationForest::fit(row, 2, {})->score(row), 1);
}

TEST(EvaluateIsolationForest, RefusesWhatIsNoTable) {
  const std::vector<float> rows(6, 0.0f);
  EXPECT_FALSE(IsolationForest::fit(rows, 4, {}));
  EXPECT_FALSE(IsolationForest::fit(rows, 0, {}));
  EXPECT_FALSE(IsolationForest::fit({}, 2, {}));
  EXPECT_FALSE(IsolationForest::fit(rows, 2, {.trees = 0}));
}

}  // namespace
}  // namespace weir::evaluate
