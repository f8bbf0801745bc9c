#include "weir/app/budget.h"

#include <gmock/gmock.h>

#include "weir/base/columns.h"
#include "weir/base/text.h"
#include "weir/evaluate/intervals.h"

namespace weir::app {
namespace {

using evidence::Hypothesis;
using evidence::Verdict;
using testing::HasSubstr;

cases::Case case_of(Hypothesis hypothesis, Verdict verdict, int lane = 1) {
  cases::Case one;
  one.draft.hypothesis = hypothesis;
  one.draft.lane = lane;
  one.draft.opened = Day{std::chrono::year{2019} / std::chrono::June / 30};
  if (verdict == Verdict::open) return one;
  one.decisions.emplace_back();
  one.decisions.back().effect.verdict = verdict;
  return one;
}

std::vector<cases::Case> some_cases() {
  return {case_of(Hypothesis::slow_drip, Verdict::innocent),
          case_of(Hypothesis::slow_drip, Verdict::innocent),
          case_of(Hypothesis::slow_drip, Verdict::confirmed),
          case_of(Hypothesis::slow_drip, Verdict::unclear),
          case_of(Hypothesis::slow_drip, Verdict::open),
          case_of(Hypothesis::slow_drip, Verdict::innocent, 2),  // not promised
          case_of(Hypothesis::burst, Verdict::open)};
}

constexpr std::uint64_t kTwoYears = 728;  // days: 104 weeks

TEST(Budget, CountsWhatTheCasesOfLaneOneWereDecidedAs) {
  const Budget budget = budget_of(some_cases(), kTwoYears, {}, nullptr);
  ASSERT_EQ(budget.hypotheses.size(), evidence::kHypothesisCount);
  const HypothesisBudget& drip = budget.hypotheses[0];
  EXPECT_EQ(drip.opened, 5u);
  EXPECT_EQ(drip.innocent, 2u);
  EXPECT_EQ(drip.confirmed, 1u);
  EXPECT_EQ(drip.undecided, 2u);
  EXPECT_NEAR(drip.false_a_week, 2.0 / 104, 1e-12);
  EXPECT_NEAR(drip.at_most, evaluate::poisson_upper(2) / 104, 1e-12);
  EXPECT_NEAR(drip.at_most_with_undecided, evaluate::poisson_upper(4) / 104, 1e-12);
  EXPECT_FALSE(drip.threshold);
}

TEST(Budget, SharesThePromiseOut) {
  const Budget budget = budget_of({}, 0, {.false_cases_per_week = 2, .drip_share = 0.4}, nullptr);
  double sum = 0;
  for (const HypothesisBudget& one : budget.hypotheses) sum += one.promised;
  EXPECT_NEAR(budget.hypotheses[0].promised, 0.8, 1e-12);
  EXPECT_NEAR(sum, 2.0, 1e-12);
  EXPECT_EQ(budget.hypotheses[0].at_most, 0.0);  // no week, no rate
}

TEST(Budget, CountsCasesByQuarterAndLane) {
  const Budget budget = budget_of(some_cases(), kTwoYears, {}, nullptr);
  ASSERT_EQ(budget.opened.size(), 2u);
  EXPECT_THAT(budget.opened.at({2019, 2, 1}), testing::ElementsAre(5, 1, 0, 0, 0, 0));
  EXPECT_THAT(budget.opened.at({2019, 2, 2}), testing::ElementsAre(1, 0, 0, 0, 0, 0));
}

TEST(Budget, FitsEightyColumnsAndSaysWhatThresholdsRestOn) {
  const evidence::Engine engine = evidence::Engine::create({}).value();
  std::vector<cases::Case> many;
  for (int i = 0; i < 12'345; ++i) many.push_back(case_of(Hypothesis::burst, Verdict::innocent));
  const std::string text = render_budget(budget_of(many, kTwoYears, {}, &engine));
  for (const std::string_view line : split(text, '\n')) EXPECT_LE(columns(line), 80u) << line;
  EXPECT_THAT(text, HasSubstr("12345"));
  EXPECT_THAT(text, HasSubstr("model"));
  EXPECT_THAT(text, HasSubstr("2019-Q2"));
}

TEST(Budget, IsNullInJsonWhereThresholdsAreUnknown) {
  const std::string json = budget_json(budget_of(some_cases(), kTwoYears, {}, nullptr));
  EXPECT_THAT(json, HasSubstr(R"("threshold": null)"));
  EXPECT_THAT(json, HasSubstr(R"("quarter": "2019-Q2")"));
}

}  // namespace
}  // namespace weir::app
