#include "weir/evidence/detail/calibration.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "weir/base/random.h"
#include "weir/evidence/detail/reference.h"

namespace weir::evidence::detail {
namespace {

constexpr auto kDrip = Hypothesis::slow_drip;

TEST(Crossings, CountEachLevelOnceOnTheWayUp) {
  Crossings crossings;
  crossings.add(kDrip, 2.0, 3.6);
  const auto& counts = crossings.all()[0];
  EXPECT_EQ(counts[0], 1);  // 3.00
  EXPECT_EQ(counts[2], 1);  // 3.50
  EXPECT_EQ(counts[3], 0);  // 3.75
  crossings.add(kDrip, 3.6, 3.6);
  crossings.add(kDrip, 3.6, 4.0);
  EXPECT_EQ(counts[2], 1);
  EXPECT_EQ(counts[4], 1);
}

TEST(Crossings, StayWithinTheLevelsWhateverIsAdded) {
  Crossings crossings;
  crossings.add(kDrip, 1e9, 1e9);
  crossings.add(kDrip, -INFINITY, INFINITY);
  crossings.add(kDrip, NAN, NAN);
  EXPECT_EQ(crossings.all()[0][Levels::kCount - 1], 1);
}

/// `weekly` crossings of a level of `nats`, none of a higher one, and of those below by a factor of
/// e more for each nat.
Calibration after(std::int32_t days, double weekly, double nats, std::uint64_t people = 1000) {
  Calibration calibration;
  const std::size_t top = Levels::reached(nats) - 1;
  std::vector<double> due(top + 1);
  for (std::int32_t day = 0; day < days; ++day) {
    Crossings today;
    for (std::size_t i = 0; i <= top; ++i) {
      const double below = Levels::nats(top) - Levels::nats(i);
      const double ending_here = i == top ? 1.0 : std::exp(below) - std::exp(below - Levels::kStep);
      for (due[i] += weekly / 7.0 * ending_here; due[i] >= 1.0; due[i] -= 1.0) {
        today.add(kDrip, 0.0, Levels::nats(i));
      }
    }
    calibration.merge(today, day, people);
  }
  return calibration;
}

TEST(Calibration, SaysNothingBeforeItHasSeenTwoMonths) {
  EXPECT_FALSE(after(100, 1.0, 5.0).threshold(kDrip, 1.0, 99, 1000));
  EXPECT_TRUE(after(400, 1.0, 5.0).threshold(kDrip, 1.0, 399, 1000));
}

TEST(Calibration, GoesANatUpForEveryFactorOfEThatWasNotSeen) {
  const Calibration calibration = after(1200, 2.0, 5.0);
  const double rare = *calibration.threshold(kDrip, 1e-3, 1199, 1000);
  const double rarer = *calibration.threshold(kDrip, 1e-3 * std::exp(-2.0), 1199, 1000);
  EXPECT_NEAR(rarer - rare, 2.0, 1e-2);
  EXPECT_NEAR(rare, 5.0 + std::log(2.0 / 1e-3), 0.15);
}

TEST(Calibration, NeedsNoMoreThanALevelThatIsCrossedRarelyEnough) {
  const Calibration calibration = after(1200, 2.0, 5.0);
  const double nats = *calibration.threshold(kDrip, 40.0, 1199, 1000);
  EXPECT_GE(nats, Levels::kFirst);
  EXPECT_LT(nats, Levels::kFirst + Levels::kStep);
}

TEST(Calibration, SeesThatSingleDaysLeapFarBeyondALevel) {
  // Of those who come to 5 nats, every second one is lifted to 8 at once.
  Calibration leaping = after(1200, 2.0, 5.0);
  for (std::int32_t day = 1200; day < 2400; ++day) {
    Crossings today;
    if (day % 7 == 0) {
      today.add(kDrip, 0.0, 5.0);
      today.add(kDrip, 0.0, 8.0);
    }
    leaping.merge(today, day, 1000);
  }
  // Between 6 and 8 nats they became no fewer, so a nat more is worth much less than a factor of e.
  EXPECT_GT(*leaping.threshold(kDrip, 0.01, 2399, 1000), 8.0 + 2.0 * std::log(1.0 / 0.01));
  const Calibration steady = after(2400, 1.0, 5.0);
  EXPECT_NEAR(*steady.threshold(kDrip, 0.01, 2399, 1000), 5.0 + std::log(1.0 / 0.01), 0.3);
}

TEST(Calibration, LeavesOutPeopleAboutWhomACaseWasOpened) {
  const auto level = [](std::uint64_t insiders) {
    Calibration calibration = after(900, 2.0, 5.0);
    for (std::int32_t day = 900; day < 1200; ++day) {
      Crossings today;
      // One a day rises far, and some days later a case is opened.
      const auto begun = static_cast<std::uint64_t>(day - 900);
      if (begun < insiders) today.add(kDrip, 0.0, 12.0);
      if (begun >= 50 && begun - 50 < insiders) today.add_case(kDrip, 12.0, begun);
      calibration.merge(today, day, 1000);
    }
    return *calibration.threshold(kDrip, 0.01, 1199, 1000);
  };
  // Forty insiders, each with a case, one for nine innocents who come as far as they do on their
  // way, make it little harder to find the next.
  EXPECT_NEAR(level(40), level(0), 0.6);
}

TEST(Calibration, TakesOutConfirmedCasesUntilTheyAreDecidedOtherwise) {
  Calibration calibration = after(900, 2.0, 5.0);
  Calibration without = calibration;
  constexpr std::int32_t kCases = 905;
  Crossings today;
  for (std::uint64_t person = 40; person > 0; --person) {
    today.add(kDrip, 0.0, 12.0);
    today.add_case(kDrip, 12.0, person);
  }
  calibration.merge(today, kCases, 1000);
  for (std::int32_t day = kCases + 1; day < 1200; ++day) {
    calibration.merge({}, day, 1000);
    without.merge({}, day, 1000);
  }
  const auto nats = [](const Calibration& one) { return *one.threshold(kDrip, 0.1, 1199, 1000); };
  const double with_cases = nats(calibration);
  EXPECT_GT(with_cases, nats(without) + 0.01);
  for (std::uint64_t person = 1; person <= 40; ++person) {
    calibration.set_confirmed(person, kDrip, kCases, true);
    calibration.set_confirmed(person, kDrip, kCases, true);      // once is enough
    calibration.set_confirmed(person, kDrip, kCases + 1, true);  // no such case
  }
  EXPECT_EQ(nats(calibration), nats(without));
  for (std::uint64_t person = 1; person <= 40; ++person) {
    calibration.set_confirmed(person, kDrip, kCases, false);
  }
  EXPECT_EQ(nats(calibration), with_cases);
}

TEST(Calibration, ScalesWithThePeopleWatched) {
  const Calibration calibration = after(1200, 2.0, 5.0);
  const double same = *calibration.threshold(kDrip, 1e-3, 1199, 1000);
  EXPECT_NEAR(*calibration.threshold(kDrip, 1e-3, 1199, 4000) - same, std::log(4.0), 0.05);
  EXPECT_EQ(*calibration.threshold(kDrip, 1e-3, 1199, 10), same);
}

// Evidence with an exponential tail, as detectors of mean 1 have: whatever is seen by chance, the
// level chosen is crossed more often than promised at most once in twenty runs.
TEST(Calibration, KeepsThePromiseAtItsConfidence) {
  constexpr double kWeekly = 40.0;  // crossings of 3 nats
  for (const double promised : {2.0, 0.2, 0.02}) {
    int broken = 0;
    constexpr int kRuns = 300;
    for (int run = 0; run < kRuns; ++run) {
      Random random(7, static_cast<std::uint64_t>(run), 3, 1);
      Calibration calibration;
      for (std::int32_t day = 0; day < 600; ++day) {
        Crossings today;
        const std::uint32_t number = random.poisson(kWeekly / 7.0);
        for (std::uint32_t i = 0; i < number; ++i) {
          today.add(kDrip, 0.0, 3.0 + random.exponential(1.0));
        }
        calibration.merge(today, day, 1000);
      }
      const double nats = *calibration.threshold(kDrip, promised, 599, 1000);
      if (kWeekly * std::exp(-(nats - 3.0)) > promised) ++broken;
    }
    EXPECT_LE(broken, kRuns / 10) << promised;  // 15 expected at most; above 27 once in 1,000
  }
}

TEST(Calibration, ForgetsWhatIsFourYearsOld) {
  Calibration calibration = after(300, 50.0, 9.0);
  for (std::int32_t day = 300; day < 2200; ++day) calibration.merge({}, day, 1000);
  EXPECT_LT(*calibration.threshold(kDrip, 1.0, 2199, 1000), Levels::kFirst + 0.2);
}

}  // namespace
}  // namespace weir::evidence::detail
