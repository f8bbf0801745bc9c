#include "weir/evaluate/threshold.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "weir/evaluate/panel.h"

namespace weir::evaluate {
namespace {

constexpr Day kStart{std::chrono::days{14610}};
constexpr event::PersonId kInsider{7};

/// 100 weeks with one insider, who did something on day 100.
KnownTruth truth() {
  KnownTruth known{
      .from = kStart, .to = kStart + std::chrono::days{700}, .insiders = {}, .look_alikes = {}};
  known.insiders.push_back(
      {.person = kInsider,
       .acts = {{Instant{kStart + std::chrono::days{100}}, event::Activity::mail_send, {}}},
       .end = Instant{known.to}});
  return known;
}

class EvaluateThreshold : public testing::Test {
 protected:
  void alarm(std::uint64_t person, int day, double score, bool cites = false) {
    const CitedAct act{Instant{kStart + std::chrono::days{100}}, event::Activity::mail_send, {}};
    const std::vector<CitedAct> cited(cites ? 1 : 0, act);
    log_.take({.person = event::PersonId{person},
               .day = kStart + std::chrono::days{day},
               .score = score,
               .cited = cited});
  }
  double lowest(double false_a_week) {
    log_.close();
    const AlarmLog* logs[] = {&log_};
    return lowest_threshold(logs, false_a_week);
  }

  const KnownTruth truth_ = truth();
  AlarmLog log_{truth_, 1000};
};

TEST_F(EvaluateThreshold, APersonHasNoTwoCasesWithinTheRefractoryTime) {
  alarm(1, 10, 5);
  alarm(1, 69, 5);
  alarm(1, 70, 5);
  alarm(2, 69, 5);
  log_.close();
  EXPECT_EQ(log_.false_cases(5), 3u);
  EXPECT_EQ(log_.false_cases(5.1), 0u);
}

TEST_F(EvaluateThreshold, AnAlarmIsTrueIfItCitesTheAct) {
  alarm(7, 101, 5, true);
  alarm(7, 300, 5, false);
  log_.close();
  const Score score = log_.score(5);
  EXPECT_EQ(score.found(), 1u);
  EXPECT_EQ(score.false_cases, 1u);
  EXPECT_EQ(score.to_first, 1u);
  EXPECT_EQ(score.insiders[0].days, 2) << "a day's alarms open when it is over";
}

TEST_F(EvaluateThreshold, TheLowestThresholdKeepsTheBudgetExactly) {
  for (std::uint64_t person = 10; person < 20; ++person) {
    alarm(person, 5, static_cast<double>(person));
  }
  EXPECT_EQ(lowest(0.03), 17);
  EXPECT_EQ(lowest(0.0299), 18);
  EXPECT_EQ(lowest(1), 10);
  EXPECT_TRUE(std::isinf(lowest(0.001)));
}

TEST_F(EvaluateThreshold, TrueCasesCostNothing) {
  alarm(7, 101, 5, true);
  alarm(8, 101, 4);
  EXPECT_EQ(lowest(0.0), 5);
}

TEST_F(EvaluateThreshold, WithoutAlarmsThereIsNone) { EXPECT_TRUE(std::isinf(lowest(1))); }

TEST_F(EvaluateThreshold, TooManyAlarmsLeaveTheStrongest) {
  AlarmLog small(truth_, 10);
  for (int i = 1; i <= 1000; ++i) {
    small.take({.person = event::PersonId{static_cast<std::uint64_t>(i)},
                .day = kStart,
                .score = static_cast<double>(i % 97),
                .cited = {}});
  }
  small.close();
  EXPECT_GT(small.floor(), 85);
  EXPECT_EQ(small.false_cases(96), 10u);
  small.take({.person = kInsider, .day = kStart, .score = std::nan(""), .cited = {}});
  EXPECT_EQ(small.false_cases(0), small.false_cases(small.floor()));
}

TEST_F(EvaluateThreshold, TuningTakesTheChoiceThatFindsMostWithinTheBudget) {
  const auto log = [&](double insider, double others) {
    AlarmLog one(truth_, 1000);
    const std::vector<CitedAct> cited = {truth_.insiders[0].acts[0]};
    one.take({.person = kInsider,
              .day = kStart + std::chrono::days{101},
              .score = insider,
              .cited = cited});
    for (std::uint64_t p = 10; p < 20; ++p) {
      one.take({.person = event::PersonId{p}, .day = kStart, .score = others, .cited = {}});
    }
    one.close();
    return one;
  };
  const auto choice = [](unsigned i) { return RivalSpec{RivalKind::own_rate, Variant::marks, i}; };
  std::map<RivalSpec, AlarmLog> world;
  world.emplace(choice(0), log(1, 2));
  world.emplace(choice(1), log(3, 2));
  world.emplace(choice(2), log(9, 8));
  const std::array<const std::map<RivalSpec, AlarmLog>*, 1> worlds = {&world};
  const auto tuned = tune(worlds, 0.05);
  ASSERT_EQ(tuned.size(), 1u);
  EXPECT_EQ(tuned[0].spec, choice(1)) << "the earlier of two that are as good";
  EXPECT_EQ(tuned[0].threshold, 3);
  EXPECT_EQ(tuned[0].development.found(), 1u);
  EXPECT_EQ(tuned[0].development.false_cases(), 0u);
}

}  // namespace
}  // namespace weir::evaluate
