#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "weir/base/random.h"
#include "weir/behavior/address_ledger.h"
#include "weir/behavior/count_model.h"
#include "weir/behavior/hour_profile.h"
#include "weir/behavior/local_time.h"
#include "weir/behavior/median_ratio.h"
#include "weir/behavior/novelty.h"
#include "weir/behavior/operational_clock.h"
#include "weir/behavior/size_model.h"

namespace weir::behavior {
namespace {

constexpr Day kDay{std::chrono::days{15'000}};  // 2011-01-26, winter in the north

TEST(CountModel, BelievesThePeersUntilThePersonHasDaysOfTheirOwn) {
  CountModel model;
  const CountPrior peers{.mean = 10.0, .dispersion = 2.0};
  EXPECT_DOUBLE_EQ(model.mean(0, peers), 10.0);
  for (int day = 0; day < 90; ++day) model.add(1);
  EXPECT_NEAR(model.mean(90, peers), 1.9, 1e-6);
}

TEST(CountModel, GivesTailProbabilitiesThatAreNotTooSmallForOverdispersedCounts) {
  CountModel model;
  const CountPrior peers{.mean = 4.0, .dispersion = 3.0};
  int small = 0;
  constexpr int kDays = 5000;
  double days = 0;
  for (int day = 0; day < kDays; ++day) {
    Random random(1, static_cast<std::uint64_t>(day), 0, 1);
    const std::uint32_t count = random.negative_binomial(4.0, 2.0);
    if (model.tail(count, days, peers, 1.0) <= 0.01) ++small;
    const float factor = 0.996f;
    model.age(factor);
    days = days * static_cast<double>(factor) + 1.0;
    model.add(count);
  }
  EXPECT_LE(small, kDays * 15 / 1000);
  EXPECT_GT(small, 0);
}

TEST(CountModel, ExpectsMoreOnADayOnWhichEverybodyDoesMore) {
  CountModel model;
  const CountPrior peers{.mean = 5.0, .dispersion = 2.0};
  EXPECT_GT(model.tail(30, 0, peers, 4.0), 50.0 * model.tail(30, 0, peers, 1.0));
}

TEST(SizeModel, FindsAHundredfoldVolumeRareOnlyAfterSeeingSmallOnes) {
  SizeModel model;
  const double before = model.tail(5e7, {});
  for (int day = 0; day < 60; ++day) model.add(1e5);
  EXPECT_LT(model.tail(5e7, {}), before / 10.0);
  EXPECT_GT(model.tail(2e5, {}), 0.1);
}

TEST(Novelty, NeverStopsExpectingSomethingNew) {
  Novelty novelty;
  for (int i = 0; i < 2000; ++i) novelty.add(i % 12 == 0);
  EXPECT_GT(novelty.chance_of_new(0.1), 0.03);
  EXPECT_LT(novelty.chance_of_new(0.1), 0.12);
}

TEST(HourProfile, SumsToOneAndKeepsRestDaysApart) {
  HourProfile profile;
  const HourProfile::Bins peers{};
  std::array<float, kHalfHours> morning{};
  morning[18] = 1.0f;
  for (int day = 0; day < 30; ++day) profile.add(false, morning);
  double work = 0.0;
  double rest = 0.0;
  for (std::size_t i = 0; i < kHalfHours; ++i) {
    work += profile.probability(false, i, peers);
    rest += profile.probability(true, i, peers);
  }
  EXPECT_NEAR(work, 1.0, 1e-6);
  EXPECT_NEAR(rest, 1.0, 1e-6);
  EXPECT_GT(profile.probability(false, 18, peers), 0.7);
  EXPECT_NEAR(profile.probability(true, 18, peers), 1.0 / 48, 1e-9);
}

TEST(OperationalClock, AllButStandsStillInAHoliday) {
  OperationalClock clock;
  for (std::int32_t day = 0; day < 200; ++day) {
    if (day % 7 < 5) clock.active(day);
  }
  const float before = clock.at(200, 0.0f);
  const float during = clock.at(230, 0.0f);
  EXPECT_LT(during - before, 8.0f);
  EXPECT_GT(during - before, 2.0f);
}

TEST(OperationalClock, RunsWithTheCalendarForPeopleOfWhomLittleIsSeen) {
  OperationalClock clock;
  for (std::int32_t day = 0; day < 4000; day += 80) clock.active(day);
  EXPECT_NEAR(clock.at(4010, 0.0f) - clock.at(3930, 0.0f), 80.0, 1.0);
}

TEST(OperationalClock, NeverGoesBackWhenThePersonReturns) {
  OperationalClock clock;
  clock.active(0);
  const float away = clock.at(100, 0.5f);
  clock.active(100);
  EXPECT_GE(clock.at(100, 0.5f), away);
}

TEST(AddressLedger, KeepsSensitiveAndWrittenAddressesWhenItIsFull) {
  AddressLedger ledger;
  for (std::uint64_t address = 1; address <= 5000; ++address) {
    AddressEntry& entry = ledger.touch(address * 977 % 5003, static_cast<std::int32_t>(address));
    if (address == 1) entry.sensitive = 1;
    if (address % 100 == 0) entry.sent = 1;
  }
  EXPECT_LE(ledger.entries().size(), AddressLedger::kMost);
  EXPECT_NE(ledger.find(977), nullptr);
  std::size_t written = 0;
  for (const AddressEntry& entry : ledger.entries()) written += entry.sent;
  EXPECT_EQ(written, 50u);
  EXPECT_NE(ledger.find(5000 * 977 % 5003), nullptr);
}

TEST(AddressLedger, RefusesToRestoreWhatIsNotInOrder) {
  AddressLedger ledger;
  EXPECT_FALSE(ledger.restore({{.address = 2}, {.address = 2}}));
  EXPECT_FALSE(ledger.restore({{.address = 0}}));
  EXPECT_TRUE(ledger.restore({{.address = 2}, {.address = 3}}));
  EXPECT_EQ(ledger.entries().size(), 2u);
}

TEST(MedianRatio, SaysNothingOfAFewPeopleAndCancelsACommonShock) {
  MedianRatio few;
  for (int i = 0; i < 19; ++i) few.add(30, 10);
  EXPECT_EQ(few.median(), 1.0);
  MedianRatio many = few;
  MedianRatio others;
  for (int i = 0; i < 100; ++i) others.add(30, 10);
  others.add(10'000, 10);
  many.merge(others);
  EXPECT_NEAR(many.median(), 3.0, 0.15);
}

TEST(LocalTime, KnowsZonesAndSummerAndTakesUnknownNamesForUtc) {
  LocalTime local;
  EXPECT_EQ(local.offset("Europe/Berlin", kDay), std::chrono::minutes{60});
  EXPECT_EQ(local.offset("Europe/Berlin", kDay + std::chrono::days{180}),
            std::chrono::minutes{120});
  EXPECT_EQ(local.offset("Nowhere/Nothing", kDay), std::chrono::minutes{0});
  EXPECT_EQ(local.offset("", kDay), std::chrono::minutes{0});
}

}  // namespace
}  // namespace weir::behavior
