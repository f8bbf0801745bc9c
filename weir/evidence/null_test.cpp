// The promise and the power on small organisations whose habits are not the engine's own models.
#include <gtest/gtest.h>

#include <map>

#include "weir/evidence/engine.h"
#include "weir/evidence/test_world.h"

namespace weir::evidence {
namespace {

using test::World;
using test::WorldOptions;

std::size_t count_cases(const WorldOptions& options, const EngineOptions& engine_options) {
  const World world(options);
  const roster::People people = world.people();
  Engine engine = Engine::create(engine_options).value();
  std::size_t cases = 0;
  for (std::size_t day = 0; day < world.days(); ++day) {
    const auto report = engine.close_day(world.day(day), world.acts(day), people);
    if (!report) return SIZE_MAX;
    cases += report->cases.size();
  }
  return cases;
}

// Three years of 250 people without an insider at one false case a week: 156 would be allowed.
// The bound is far above what was seen and far below what was promised.
constexpr std::size_t kFew = 15;

TEST(Promise, HoldsAmongHeavyTailsChangesOfRegimeAndNewsletters) {
  EXPECT_LE(count_cases({.people = 250, .years = 3, .seed = 21}, {}), kFew);
}

TEST(Promise, HoldsWithoutARosterAndWithMostSensitivityMissing) {
  EXPECT_LE(
      count_cases({.people = 250, .years = 3, .seed = 22, .missing = 0.6, .roster = false}, {}),
      kFew);
}

TEST(Promise, HoldsForASingleTeam) {
  EXPECT_LE(count_cases({.people = 12, .years = 5, .seed = 23, .units = 2}, {}), 2u);
}

TEST(Drip, IsFoundByItsMarksWithinAFewYears) {
  const World world(
      {.people = 300, .years = 7, .seed = 31, .insiders = 20, .heavy_tails = false, .units = 8});
  const roster::People people = world.people();
  // As strict as among 2,000 people at one false case a week.
  Engine engine = Engine::create({.false_cases_per_week = 0.15}).value();
  std::map<event::PersonId, bool> found;
  for (std::size_t day = 0; day < world.days(); ++day) {
    const auto report = engine.close_day(world.day(day), world.acts(day), people);
    ASSERT_TRUE(report);
    for (const CaseDraft& draft : report->cases) {
      if (draft.hypothesis != Hypothesis::slow_drip || !world.is_insider(draft.person)) continue;
      for (std::size_t i = 0; i < std::min<std::size_t>(10, draft.contributions.size()); ++i) {
        if (world.is_malicious(draft.contributions[i].act)) found[draft.person] = true;
      }
    }
  }
  EXPECT_GE(found.size(), 14u);
}

TEST(Burst, IsFoundWhenAPersonWhoHardlySendsTakesMuchWithinDays) {
  World world({.people = 120, .years = 1, .seed = 41, .heavy_tails = false, .units = 4});
  // Sixty copies a day to a stick, of marked documents of another unit, on three days.
  std::uint64_t serial = 0;
  for (const std::size_t day : {300u, 301u, 302u}) {
    std::vector<event::Act>& acts = world.acts(day);
    for (int i = 0; i < 60; ++i) {
      event::Act act;
      act.id = {0xbad, ++serial};
      act.records = {act.id};
      act.person = World::person(3);
      act.time = Instant{world.day(day)} + std::chrono::hours{20} + std::chrono::seconds{i};
      act.activity = event::Activity::file_copy;
      act.flags = event::kFlagRemovableMedia;
      act.bytes = 3'000'000;
      act.sensitivity = event::Sensitivity::confidential;
      act.objects = {{.content = {serial, 1}, .place = event::PlaceToken{9001}}};
      acts.push_back(act);
    }
    std::ranges::sort(acts, [](const event::Act& a, const event::Act& b) {
      return std::tuple(a.person, a.time, a.id) < std::tuple(b.person, b.time, b.id);
    });
  }
  const roster::People people = world.people();
  Engine engine = Engine::create({}).value();
  bool found = false;
  for (std::size_t day = 0; day < world.days(); ++day) {
    const auto report = engine.close_day(world.day(day), world.acts(day), people);
    ASSERT_TRUE(report);
    for (const CaseDraft& draft : report->cases) {
      found = found || (draft.hypothesis == Hypothesis::burst && draft.person == World::person(3) &&
                        day >= 300 && world.is_malicious(draft.contributions.front().act));
    }
  }
  EXPECT_TRUE(found);
}

}  // namespace
}  // namespace weir::evidence
