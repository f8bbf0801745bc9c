#include "weir/evidence/detail/weekly_list.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <map>
#include <vector>

#include "weir/base/random.h"
#include "weir/evidence/detail/accumulator.h"
#include "weir/evidence/test_world.h"

namespace weir::evidence::detail {
namespace {

constexpr std::int32_t kMonday = 4;  // 1970-01-05

TEST(Discoveries, AreTheMostThatTheirEValuesAllow) {
  // 100 people at a tenth: the first needs 1000, two need 500 each.
  EXPECT_EQ(discoveries(std::vector<double>{1000.0}, 100, 0.1), 1u);
  EXPECT_EQ(discoveries(std::vector<double>{999.0}, 100, 0.1), 0u);
  EXPECT_EQ(discoveries(std::vector<double>{600.0, 500.0}, 100, 0.1), 2u);
  EXPECT_EQ(discoveries(std::vector<double>{5000.0, 400.0, 340.0}, 100, 0.1), 3u)
      << "the third brings in the second";
  EXPECT_EQ(discoveries({}, 100, 0.1), 0u);
}

TEST(Stakes, AddUpToOneOverALife) {
  EXPECT_DOUBLE_EQ(unstaked(kMonday, kMonday), 0.5);
  EXPECT_NEAR(unstaked(kMonday, kMonday + 7 * 520), 0.5 * std::exp(-1.0), 1e-3);
  const Passage ten_years = stake_passage(kMonday, kMonday, kMonday + 3650);
  EXPECT_EQ(ten_years.kept, 1.0);
  EXPECT_DOUBLE_EQ(ten_years.opened, 0.5 - unstaked(kMonday, kMonday + 3650));
  Accumulator<1> accumulator(kMonday);
  accumulator.advance(kMonday + 3650);
  EXPECT_NEAR(accumulator.stake(0) + unstaked(kMonday, kMonday + 3650), 1.0, 1e-4);
}

TEST(Stakes, LoseWhatACaseWasOpenedWithAndNeverMore) {
  Accumulator<1> accumulator(kMonday);
  accumulator.multiply(0, {1000.0f});
  accumulator.multiply(1, {0.01f});
  accumulator.restart(kMonday);
  EXPECT_NEAR(accumulator.stake(0), 0.5, 1e-6);
  EXPECT_NEAR(accumulator.stake(1), 0.005, 1e-6);
}

// Mean-1 e-values, people who depend on each other, some of them guilty: what e-BH names of a week
// is false by no more than the share in the mean.
TEST(Stakes, KeepTheShareOfFalseDiscoveries) {
  constexpr double kShare = 0.2;
  constexpr std::uint32_t kPeople = 60;
  constexpr std::uint32_t kGuilty = 6;
  constexpr int kWorlds = 300;
  double false_share = 0.0;
  double found = 0.0;
  for (std::uint64_t world = 0; world < kWorlds; ++world) {
    Random random(3, world, 1, 1);
    std::vector<Accumulator<1>> people(kPeople, Accumulator<1>(kMonday));
    for (std::int32_t week = 0; week < 150; ++week) {
      const bool shared = random.chance(0.25);  // a week that is odd for half of them together
      for (std::uint32_t i = 0; i < kPeople; ++i) {
        people[i].advance(kMonday + 7 * week);
        const bool odd =
            i < kGuilty ? random.chance(0.45) : (i % 2 == 0 ? shared : random.chance(0.25));
        people[i].multiply(0, {odd ? 2.2f : 0.6f});  // 0.25 · 2.2 + 0.75 · 0.6 = 1
      }
    }
    std::vector<std::pair<double, bool>> all;
    for (std::uint32_t i = 0; i < kPeople; ++i) {
      all.emplace_back(people[i].stake(0) + unstaked(kMonday, people[i].day()), i < kGuilty);
    }
    std::ranges::stable_sort(all, std::ranges::greater{}, &std::pair<double, bool>::first);
    std::vector<double> e_values;
    for (const auto& [e, guilty] : all) e_values.push_back(e);
    const std::size_t named = discoveries(e_values, kPeople, kShare);
    const auto innocent =
        std::count_if(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(named),
                      [](const auto& one) { return !one.second; });
    if (named > 0) false_share += static_cast<double>(innocent) / static_cast<double>(named);
    found += static_cast<double>(named) - static_cast<double>(innocent);
  }
  EXPECT_LE(false_share / kWorlds, kShare);
  EXPECT_GT(found / kWorlds, 0.5 * kGuilty) << "a test that finds nobody shows nothing";
}

// Four of twenty leak twenty times a year, and the promise of lane 1 is too strict to say so soon.
const test::World& leaky_world() {
  static const test::World kWorld(
      {.people = 20, .years = 3, .seed = 5, .insiders = 4, .sends_per_year = 20, .units = 4});
  return kWorld;
}

std::vector<CaseDraft> cases_of(const test::World& world, const EngineOptions& options) {
  const roster::People people = world.people();
  Engine engine = Engine::create(options).value();
  std::vector<CaseDraft> cases;
  for (std::size_t day = 0; day < world.days(); ++day) {
    auto report = engine.close_day(world.day(day), world.acts(day), people).value();
    std::ranges::move(report.cases, std::back_inserter(cases));
  }
  return cases;
}

constexpr double kStrict = 1e-6;

TEST(WeeklyList, NamesInLaneTwoWhomTheListCanAfford) {
  const auto none =
      cases_of(leaky_world(), {.false_cases_per_week = kStrict, .false_discovery_share = 0.0});
  const auto listed = cases_of(leaky_world(), {.false_cases_per_week = kStrict});
  EXPECT_TRUE(std::ranges::all_of(none, [](const CaseDraft& one) { return one.lane == 1; }));
  std::map<event::PersonId, Day> last;
  std::size_t second = 0;
  for (const CaseDraft& one : listed) {
    if (one.lane != 2) continue;
    ++second;
    EXPECT_TRUE(leaky_world().is_insider(one.person));
    EXPECT_EQ(std::chrono::weekday{one.opened}, std::chrono::Sunday);
    EXPECT_GE(one.nats, one.threshold);
    ASSERT_FALSE(one.contributions.empty());
    double sum = one.smaller_nats + one.faded_nats;
    for (const Contribution& act : one.contributions) sum += act.nats;
    EXPECT_NEAR(sum, one.nats, 1e-6) << "the rows of the page add up";
    if (last.contains(one.person)) {
      EXPECT_GE(one.opened - last[one.person], std::chrono::days{60});
    }
    last[one.person] = one.opened;
  }
  EXPECT_GT(second, 0u);
}

TEST(WeeklyList, FillsUpWithTheBestBesideLaneOne) {
  const EngineOptions usual{.false_cases_per_week = 0.05, .false_discovery_share = 0.0};
  EngineOptions filled = usual;
  filled.fill_cases_per_week = 1;
  const auto cases = cases_of(leaky_world(), filled);
  std::map<Day, int> a_week;
  std::size_t right = 0;
  std::size_t third = 0;
  std::map<event::PersonId, Day> first_of_lane_one;
  for (const CaseDraft& one : cases) {
    if (one.lane == 1) first_of_lane_one.try_emplace(one.person, one.opened);
    if (one.lane != 3) continue;
    ++third;
    right += leaky_world().is_insider(one.person) ? 1u : 0u;
    EXPECT_LE(++a_week[one.opened], 1);
  }
  EXPECT_GT(third, 20u);
  EXPECT_GT(right * 5, third) << "better than drawing one of twenty by lot";
  EXPECT_FALSE(first_of_lane_one.empty());
}

TEST(WeeklyList, IsTheSameForARunThatIsCut) {
  const EngineOptions options{.false_cases_per_week = kStrict, .fill_cases_per_week = 2};
  const test::World& world = leaky_world();
  const roster::People people = world.people();
  Engine engine = Engine::create(options).value();
  std::vector<CaseDraft> cut;
  for (std::size_t day = 0; day < world.days(); ++day) {
    auto report = engine.close_day(world.day(day), world.acts(day), people).value();
    std::ranges::move(report.cases, std::back_inserter(cut));
    if (day % 13 == 0) engine = Engine::load(engine.save(), options).value();
  }
  const auto whole = cases_of(world, options);
  ASSERT_EQ(cut.size(), whole.size());
  for (std::size_t i = 0; i < cut.size(); ++i) {
    EXPECT_EQ(cut[i].person, whole[i].person);
    EXPECT_EQ(cut[i].opened, whole[i].opened);
    EXPECT_EQ(cut[i].lane, whole[i].lane);
    EXPECT_EQ(cut[i].nats, whole[i].nats);
  }
}

TEST(WeeklyList, SaysWhatOptionsItCannotTake) {
  EXPECT_FALSE(Engine::create({.false_discovery_share = 0.6}));
  EXPECT_FALSE(Engine::create({.false_discovery_share = -0.1}));
  EXPECT_FALSE(Engine::create({.fill_cases_per_week = -1}));
}

}  // namespace
}  // namespace weir::evidence::detail
