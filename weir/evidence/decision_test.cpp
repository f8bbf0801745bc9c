#include "weir/evidence/decision.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "weir/evidence/detail/explained.h"
#include "weir/evidence/engine.h"
#include "weir/evidence/test_world.h"

namespace weir::evidence {
namespace {

using detail::Cells;
using detail::explained;
using detail::OwnHabits;
using detail::Person;
using test::World;
namespace cell = detail::cell;

constexpr Day kDay{std::chrono::days{15000}};
constexpr std::size_t kFreelancer = 2;

Decision about(Hypothesis hypothesis, Verdict verdict,
               std::optional<Archetype> explained_by = std::nullopt) {
  return {.person = event::PersonId{7},
          .hypothesis = hypothesis,
          .opened = kDay - std::chrono::days{10},
          .verdict = verdict,
          .explained_by = explained_by,
          .day = kDay};
}

OwnHabits habits_of_a_consultant() {
  OwnHabits own;
  for (auto& row : own.sensitivity) row = {10.0f, 5.0f, 25.0f};
  own.place = {10.0f, 30.0f};
  own.access = {1.0f, 3.0f};
  for (auto& row : own.coupled) row = {5.0f, 35.0f};
  return own;
}

TEST(Explained, IsTheArchetypesTableMovedTowardsThePersonsHabits) {
  const Cells& table = detail::prior_chances();
  const Cells own = explained(table, habits_of_a_consultant(), kFreelancer).reference;
  const std::size_t secret =
      cell::sensitivity(kFreelancer, detail::group_of(detail::Stratum::free_mail)) + 2;
  EXPECT_GT(own[secret], 1.5 * table[secret]);
  // Other explanations are what they were.
  const std::size_t ordinary =
      cell::sensitivity(0, detail::group_of(detail::Stratum::free_mail)) + 2;
  EXPECT_EQ(own[ordinary], table[ordinary]);
}

TEST(Explained, NeverGoesBeyondTwiceTheTable) {
  const Cells& table = detail::prior_chances();
  OwnHabits extreme;
  for (auto& row : extreme.sensitivity) row = {0.0f, 0.0f, 1e6f};
  extreme.place = {0.0f, 1e6f};
  extreme.access = {0.0f, 1e6f};
  for (auto& row : extreme.coupled) row = {0.0f, 1e6f};
  for (const std::size_t archetype : {1u, 2u}) {
    const Cells own = explained(table, extreme, archetype).reference;
    for (std::size_t g = 0; g < detail::kGroups; ++g) {
      const std::size_t at = cell::sensitivity(archetype, static_cast<detail::Group>(g));
      EXPECT_NEAR(own[at] + own[at + 1] + own[at + 2], 1.0, 1e-12);
      for (std::size_t i = 1; i < 3; ++i) {
        EXPECT_LE(own[at + i], detail::kExplainedFactor * table[at + i] + 1e-12);
        EXPECT_GE(own[at + i], table[at + i] / detail::kExplainedFactor - 1e-12);
        EXPECT_GT(own[at], 0.0);
      }
    }
  }
}

TEST(Decision, OfAConfirmedCaseKeepsThePersonOutOfWhatOthersLearnUntilDecidedOtherwise) {
  Person person;
  const std::int32_t later = 16000;
  decide(person, about(Hypothesis::burst, Verdict::confirmed), std::chrono::days{180});
  EXPECT_TRUE(person.is_watched(later));
  decide(person, about(Hypothesis::burst, Verdict::unclear), std::chrono::days{180});
  EXPECT_FALSE(person.is_watched(later));
}

TEST(Decision, OfAnInnocentBurstMeansALongerQuietTimeInWhichThePersonTeaches) {
  Person person;
  decide(person, about(Hypothesis::burst, Verdict::innocent), std::chrono::days{180});
  EXPECT_EQ(person.day_stories[0].quiet_until, 15180);
  EXPECT_FALSE(person.is_watched(15100));
  person.ask(Hypothesis::burst);  // a new case
  EXPECT_TRUE(person.is_watched(15100));
}

TEST(Decision, OfAnInnocentDripMakesItsArchetypeThePersonsOwnUntilReopened) {
  Person person;
  person.egress = std::make_unique<detail::EgressState>();
  person.egress->log_innocent = {0.0f, -3.0f, -5.0f};
  decide(person, about(Hypothesis::slow_drip, Verdict::innocent, Archetype::freelancer), {});
  EXPECT_EQ(person.egress->explained, 1 + kFreelancer);
  EXPECT_THAT(person.egress->log_innocent, testing::ElementsAre(-16.0f, -16.0f, 0.0f));
  decide(person, about(Hypothesis::slow_drip, Verdict::open), {});
  EXPECT_EQ(person.egress->explained, 0);
  // A drip has no table of travellers.
  decide(person, about(Hypothesis::slow_drip, Verdict::innocent, Archetype::traveller), {});
  EXPECT_EQ(person.egress->explained, 0);
}

struct Found {
  std::vector<std::pair<event::PersonId, Day>> drips;
  std::string state;
};

/// Every drip of the world gets `verdict` ten days after its case.
Found decide_all(const World& world, Verdict verdict, std::optional<Archetype> archetype,
                 int shards, int reload_every) {
  const EngineOptions options{.false_cases_per_week = 20, .shards = shards};
  Engine engine = Engine::create(options).value();
  const roster::People people = world.people();
  std::vector<Decision> waiting;
  Found found;
  for (std::size_t i = 0; i < world.days(); ++i) {
    const Day day = world.day(i);
    for (const Decision& decision : waiting) {
      if (decision.day == day) engine.decide(decision);
    }
    const auto report = engine.close_day(day, world.acts(i), people);
    EXPECT_TRUE(report);
    if (!report) break;
    for (const CaseDraft& draft : report->cases) {
      if (draft.hypothesis == Hypothesis::slow_drip) found.drips.emplace_back(draft.person, day);
      if (verdict == Verdict::open) continue;
      waiting.push_back({.person = draft.person,
                         .hypothesis = draft.hypothesis,
                         .opened = draft.opened,
                         .verdict = verdict,
                         .explained_by = archetype,
                         .day = day + std::chrono::days{10}});
    }
    if (reload_every > 0 && static_cast<int>(i) % reload_every == 0) {
      auto loaded = Engine::load(engine.save(), options);
      EXPECT_TRUE(loaded);
      if (!loaded) break;
      engine = std::move(*loaded);
    }
  }
  found.state = engine.save();
  return found;
}

const World& leaky_world() {
  static const World kWorld(
      {.people = 30, .years = 4, .seed = 5, .insiders = 6, .sends_per_year = 20, .units = 4});
  return kWorld;
}

TEST(Decision, GivesTheSameStateForAnyNumberOfShardsAndWhenResumed) {
  for (const Verdict verdict : {Verdict::innocent, Verdict::confirmed}) {
    const Found one = decide_all(leaky_world(), verdict, Archetype::freelancer, 1, 0);
    EXPECT_FALSE(one.drips.empty());
    const Found other = decide_all(leaky_world(), verdict, Archetype::freelancer, 5, 17);
    EXPECT_EQ(one.drips, other.drips);
    EXPECT_EQ(one.state, other.state);
  }
}

TEST(Decision, ThatItIsInnocentMakesTheSameHabitOpenFewerCasesAndNotNone) {
  const auto undecided = decide_all(leaky_world(), Verdict::open, {}, 8, 0).drips.size();
  const auto explained_away =
      decide_all(leaky_world(), Verdict::innocent, Archetype::freelancer, 8, 0).drips.size();
  EXPECT_LT(explained_away, undecided);
  EXPECT_GT(explained_away, 6u);  // six leak, and each is found a second time
}

TEST(Decision, AboutSomebodyUnknownDoesNothing) {
  Engine engine = Engine::create({}).value();
  const std::string before = engine.save();
  engine.decide(about(Hypothesis::burst, Verdict::confirmed));
  EXPECT_EQ(engine.save(), before);
}

}  // namespace
}  // namespace weir::evidence
