#include "weir/evidence/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "weir/base/bytes.h"
#include "weir/base/hash.h"
#include "weir/evidence/test_world.h"

namespace weir::evidence {
namespace {

using test::World;

Engine engine_with(const EngineOptions& options) { return Engine::create(options).value(); }

std::string print(const CaseDraft& draft) {
  std::string text =
      fmt::format("{} {} {} {:a} {:a} {:a} {}\n", static_cast<std::uint64_t>(draft.person),
                  to_string(draft.hypothesis), to_iso8601(draft.opened), draft.nats,
                  draft.smaller_nats, draft.faded_nats, draft.smaller_acts);
  for (const Contribution& one : draft.contributions) {
    text += fmt::format("  {} {} {:a}\n", to_hex(one.act), to_iso8601(one.time), one.nats);
    for (const MarkNote& note : one.marks) {
      text +=
          fmt::format("    {}|{}|{}|{:a}\n", note.mark, note.observed, note.expected, note.nats);
    }
  }
  return text;
}

// One insider among thirty people; the budget is large, so that there are cases to compare.
const World& small_world() {
  static const World kWorld(
      {.people = 30, .years = 3, .seed = 5, .insiders = 6, .sends_per_year = 20, .units = 4});
  return kWorld;
}

struct Ran {
  std::string cases;
  std::string state;
};

Ran run(const World& world, const EngineOptions& options, std::size_t reload_every = 0) {
  const roster::People people = world.people();
  Engine engine = engine_with(options);
  Ran ran;
  for (std::size_t day = 0; day < world.days(); ++day) {
    const auto report = engine.close_day(world.day(day), world.acts(day), people);
    EXPECT_TRUE(report);
    if (!report) break;
    for (const CaseDraft& draft : report->cases) ran.cases += print(draft);
    if (reload_every > 0 && day % reload_every == 0) {
      auto loaded = Engine::load(engine.save(), options);
      EXPECT_TRUE(loaded);
      if (!loaded) break;
      engine = std::move(*loaded);
    }
  }
  ran.state = engine.save();
  return ran;
}

TEST(Engine, GivesTheSameCasesForAnyNumberOfShardsAndThreads) {
  const Ran one = run(small_world(), {.threads = 1, .shards = 1});
  EXPECT_FALSE(one.cases.empty());
  for (const auto& [threads, shards] : {std::pair(1, 8), std::pair(2, 8), std::pair(3, 5)}) {
    const Ran other = run(small_world(), {.threads = threads, .shards = shards});
    EXPECT_EQ(one.cases, other.cases);
    EXPECT_EQ(one.state, other.state);
  }
}

TEST(Engine, GivesTheSameCasesWhenItIsSavedAndLoadedOnTheWay) {
  const Ran whole = run(small_world(), {});
  const Ran resumed = run(small_world(), {.threads = 1, .shards = 3}, 11);
  EXPECT_EQ(whole.cases, resumed.cases);
  EXPECT_EQ(whole.state, resumed.state);
}

TEST(Engine, ClosesTheDaysBetweenAsEmpty) {
  const World& world = small_world();
  const roster::People people = world.people();
  Engine jumping = engine_with({});
  Engine stepping = engine_with({});
  for (std::size_t day = 0; day < 500; ++day) {
    const bool quiet = day >= 200 && day < 400;
    if (!quiet) {
      ASSERT_TRUE(jumping.close_day(world.day(day), world.acts(day), people));
    }
    const std::vector<event::Act> none;
    ASSERT_TRUE(stepping.close_day(world.day(day), quiet ? none : world.acts(day), people));
  }
  EXPECT_EQ(jumping.save(), stepping.save());
}

TEST(Engine, MakesRowsThatAddUp) {
  const World& world = small_world();
  const roster::People people = world.people();
  Engine engine = engine_with({});
  std::size_t cases = 0;
  for (std::size_t day = 0; day < world.days(); ++day) {
    const auto report = engine.close_day(world.day(day), world.acts(day), people);
    ASSERT_TRUE(report);
    for (const CaseDraft& draft : report->cases) {
      ++cases;
      double sum = draft.smaller_nats + draft.faded_nats;
      for (const Contribution& one : draft.contributions) {
        sum += one.nats;
        double marks = 0.0;
        for (const MarkNote& note : one.marks) marks += note.nats;
        EXPECT_NEAR(marks, one.nats, 1e-6);
      }
      EXPECT_NEAR(sum, draft.nats, 1e-6);
      EXPECT_GE(draft.nats, draft.threshold);
      EXPECT_LE(draft.contributions.size(), 64u);
      EXPECT_GE(draft.contributions.size(), 1u);
      if (draft.lane == 1) {
        EXPECT_EQ(draft.opened, world.day(day));
      } else {
        EXPECT_EQ(draft.opened, world.day(day) - std::chrono::days{1});  // the week that ended
      }
      EXPECT_LE(draft.first, draft.last);
      ASSERT_EQ(draft.innocent.size(), 3u);
      EXPECT_LE(draft.innocent[0].nats_against, draft.innocent[1].nats_against);
      EXPECT_FALSE(draft.would_clear.empty());
      EXPECT_THAT(draft.unseen, testing::Contains(testing::HasSubstr("print")));
    }
  }
  EXPECT_GT(cases, 0u);
}

TEST(Engine, CitesEachActInOneCaseOnlyAndWaitsBetweenCases) {
  const World& world = small_world();
  const roster::People people = world.people();
  Engine engine = engine_with({.false_cases_per_week = 100});
  std::map<std::pair<event::PersonId, Hypothesis>, Day> last;
  std::set<std::pair<event::RecordId, Hypothesis>> cited;
  for (std::size_t day = 0; day < world.days(); ++day) {
    const auto report = engine.close_day(world.day(day), world.acts(day), people);
    ASSERT_TRUE(report);
    for (const CaseDraft& draft : report->cases) {
      const std::pair key(draft.person, draft.hypothesis);
      if (last.contains(key)) {
        EXPECT_GE(draft.opened - last[key], std::chrono::days{60});
      }
      last[key] = draft.opened;
      for (const Contribution& one : draft.contributions) {
        EXPECT_TRUE(cited.insert({one.act, draft.hypothesis}).second);
      }
    }
  }
  EXPECT_FALSE(last.empty());
}

event::Act send(std::uint64_t serial, Instant time, event::RecipientClass kind,
                event::Sensitivity sensitivity = event::Sensitivity::secret) {
  event::Act act;
  act.id = {1, serial};
  act.records = {act.id};
  act.person = event::PersonId{7};
  act.time = time;
  act.activity = event::Activity::mail_send;
  act.parties = {{.address = event::AddressToken{44},
                  .domain = event::DomainToken{5},
                  .recipient_class = kind}};
  act.content = {9, serial};
  act.sensitivity = sensitivity;
  return act;
}

TEST(Engine, ScoresACopyOfAnActOnlyOnce) {
  Engine engine = engine_with({});
  const roster::People people;
  const event::Act act =
      send(1, test::kStart + std::chrono::hours{9}, event::RecipientClass::free_mail);
  ASSERT_TRUE(engine.close_day(test::kStart, std::vector{act}, people));
  event::Act copy = act;
  copy.id = {1, 99};
  copy.records = {copy.id};
  copy.time += std::chrono::seconds{90};
  event::Act other = send(2, act.time, event::RecipientClass::free_mail);
  event::Act later = act;
  later.time += std::chrono::minutes{3};
  const std::vector acts = {copy, other, later};
  const auto report = engine.close_day(test::kStart + std::chrono::days{1}, acts, people);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->acts, 3u);
  EXPECT_EQ(report->seen_before, 1u);
}

TEST(Engine, StoresButDoesNotScoreWhatIsOlderThanTheAllowedLateness) {
  Engine engine = engine_with({});
  const Day day = test::kStart + std::chrono::days{100};
  const std::vector acts = {
      send(1, Instant{day} - std::chrono::days{31}, event::RecipientClass::free_mail),
      send(2, Instant{day} - std::chrono::days{29}, event::RecipientClass::free_mail)};
  const auto report = engine.close_day(day, acts, roster::People());
  ASSERT_TRUE(report);
  EXPECT_EQ(report->too_late, 1u);
}

TEST(Engine, RaisesNothingFromInternalAndIncomingMail) {
  Engine engine = engine_with({.false_cases_per_week = 1e6});
  for (int day = 0; day < 400; ++day) {
    const Day today = test::kStart + std::chrono::days{day};
    std::vector<event::Act> acts;
    for (std::uint64_t i = 0; i < 5; ++i) {
      event::Act act = send(static_cast<std::uint64_t>(day) * 10 + i,
                            today + std::chrono::hours{3 + static_cast<int>(i)},
                            event::RecipientClass::internal);
      if (i >= 3) {
        act.activity = event::Activity::mail_receive;
        act.parties[0].recipient_class = event::RecipientClass::free_mail;
        act.parties[0].role = event::PartyRole::from;
      }
      acts.push_back(act);
    }
    const auto report = engine.close_day(today, acts, roster::People());
    ASSERT_TRUE(report);
    EXPECT_TRUE(report->cases.empty());
  }
}

TEST(Engine, DoesNotLookAtWhichProviderOrWhichNumbersStandForPeople) {
  // Swap every address, domain and person id: the same evidence, to the last bit.
  World world(
      {.people = 20, .years = 2, .seed = 8, .insiders = 4, .sends_per_year = 25, .units = 3});
  const EngineOptions options{.false_cases_per_week = 5};
  const auto nats = [&](bool swap) {
    Engine engine = engine_with(options);
    std::vector<double> found;
    for (std::size_t day = 0; day < world.days(); ++day) {
      std::vector<event::Act> acts = world.acts(day);
      for (event::Act& act : acts) {
        if (!swap) continue;
        for (event::Party& party : act.parties) {
          const auto flip = std::uint64_t{0x5555'0000'0000'0000};
          party.address = event::AddressToken{static_cast<std::uint64_t>(party.address) ^ flip};
          party.domain = event::DomainToken{static_cast<std::uint64_t>(party.domain) ^ flip};
        }
      }
      const auto report = engine.close_day(world.day(day), acts, world.people());
      EXPECT_TRUE(report);
      for (const CaseDraft& draft : report->cases) found.push_back(draft.nats);
    }
    return found;
  };
  const std::vector<double> plain = nats(false);
  EXPECT_FALSE(plain.empty());
  EXPECT_EQ(plain, nats(true));
}

TEST(Engine, RefusesADayThatIsClosedAndActsOutOfOrder) {
  Engine engine = engine_with({});
  ASSERT_TRUE(engine.close_day(test::kStart, {}, roster::People()));
  const auto again = engine.close_day(test::kStart, {}, roster::People());
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::invalid_argument);
  EXPECT_THAT(again.error().message, testing::HasSubstr("2010-01-01"));
  std::vector<event::Act> acts(2);
  acts[0].person = event::PersonId{2};
  acts[1].person = event::PersonId{1};
  EXPECT_FALSE(engine.close_day(test::kStart + std::chrono::days{1}, acts, roster::People()));
}

TEST(Engine, RefusesOptionsThatMakeNoSense) {
  for (const EngineOptions& options :
       {EngineOptions{.false_cases_per_week = 0}, EngineOptions{.false_cases_per_week = NAN},
        EngineOptions{.drip_share = 1.0}, EngineOptions{.drip_share = 0},
        EngineOptions{.refractory = std::chrono::days{-1}}, EngineOptions{.threads = 0},
        EngineOptions{.shards = 0}}) {
    const auto engine = Engine::create(options);
    ASSERT_FALSE(engine);
    EXPECT_EQ(engine.error().code, ErrorCode::invalid_argument);
  }
}

TEST(Engine, DividesThePromiseOverEverybodyOnTheRosterAndOffIt) {
  const World world({.people = 4000, .years = 0, .heavy_tails = false});
  const roster::People people = world.people();
  Engine engine = engine_with({});
  std::vector<event::Act> acts = {
      send(1, test::kStart + std::chrono::hours{1}, event::RecipientClass::internal)};
  ASSERT_TRUE(engine.close_day(test::kStart, acts, people));
  EXPECT_EQ(engine.people_watched(), 4001u);
  EXPECT_NEAR(engine.threshold(Hypothesis::slow_drip).nats, std::log(4001 / 0.5), 1e-9);
}

TEST(Engine, NeverPromisesOnePersonMoreThanAFalseCaseInTenYears) {
  const Engine engine = engine_with({.false_cases_per_week = 1000});
  EXPECT_NEAR(engine.threshold(Hypothesis::burst).nats, std::log(520), 1e-9);
}

TEST(EngineSnapshot, SavesEqualStatesAsEqualBytes) {
  const Ran ran = run(small_world(), {});
  const auto loaded = Engine::load(ran.state, {});
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->save(), ran.state);
  EXPECT_EQ(loaded->last_closed(), small_world().day(small_world().days() - 1));
  EXPECT_EQ(loaded->people_watched(), 30u);
}

TEST(EngineSnapshot, FindsFlippedBitsAndCutEnds) {
  const World world({.people = 8, .years = 1, .units = 2});
  const std::string state = run(world, {}).state;
  for (std::size_t at = 0; at < state.size(); at += 1 + state.size() / 200) {
    std::string damaged = state;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    EXPECT_FALSE(Engine::load(damaged, {})) << at;
    EXPECT_FALSE(Engine::load(state.substr(0, at), {})) << at;
  }
}

TEST(EngineSnapshot, RefusesOtherOptionsAndNewerVersions) {
  std::string state = engine_with({}).save();
  const auto other = Engine::load(state, {.false_cases_per_week = 2});
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::conflict);
  EXPECT_TRUE(Engine::load(state, {.threads = 5, .shards = 3}));

  state[8] = 9;  // the version
  state.resize(state.size() - 8);
  const std::uint64_t sum = checksum64(state);
  ByteWriter(state).fixed(sum);
  const auto newer = Engine::load(state, {});
  ASSERT_FALSE(newer);
  EXPECT_EQ(newer.error().code, ErrorCode::unsupported);
}

// Five years of a logon a day, a file now and then, a mail a week to one of ten addresses.
std::size_t bytes_of(std::uint64_t quiet_people) {
  Engine engine = engine_with({});
  for (int day = 0; day < 1825; ++day) {
    const Day today = test::kStart + std::chrono::days{day};
    std::vector<event::Act> acts;
    for (std::uint64_t person = 1; person <= quiet_people; ++person) {
      const auto serial = static_cast<std::uint64_t>(day) * 1000 + person;
      event::Act act = send(serial, today + std::chrono::hours{9}, event::RecipientClass::free_mail,
                            event::Sensitivity::none);
      act.person = event::PersonId{person};
      act.parties[0].address = event::AddressToken{person * 100 + serial / 7 % 10};
      if (day % 7 != 0) act.activity = event::Activity::logon;
      act.host = event::HostToken{person};
      acts.push_back(act);
    }
    EXPECT_TRUE(engine.close_day(today, acts, roster::People()));
  }
  return engine.state_bytes();
}

TEST(EngineState, IsAtMostFourKibibytesForAQuietPerson) {
  const std::size_t one = bytes_of(1);
  const std::size_t three = bytes_of(3);
  EXPECT_LE((three - one) / 2, 4096u);
  EXPECT_GT(three, one);
}

TEST(TailCheck, NeedsEnoughToFail) {
  EXPECT_TRUE((TailCheck{"x", 5000, 0.019, 0.0019}.holds()));
  EXPECT_FALSE((TailCheck{"x", 5000, 0.021, 0.0}.holds()));
  EXPECT_FALSE((TailCheck{"x", 5000, 0.01, 0.003}.holds()));
  EXPECT_TRUE((TailCheck{"x", 500, 0.01, 0.003}.holds()))
      << "half a day in a thousand is nothing yet";
  EXPECT_TRUE((TailCheck{"x", 50, 0.5, 0.5}.holds()));
}

TEST(TailCheck, IsMadeForEachModelOfDaysFromTheSecondWindowOn) {
  const World& world = small_world();
  const roster::People people = world.people();
  Engine engine = engine_with({});
  EXPECT_TRUE(engine.tail_checks().empty());
  for (std::size_t day = 0; day < 400; ++day) {
    ASSERT_TRUE(engine.close_day(world.day(day), world.acts(day), people));
  }
  const std::vector<TailCheck> checks = engine.tail_checks();
  EXPECT_EQ(checks.size(), 19u);
  for (const TailCheck& check : checks) {
    EXPECT_FALSE(check.feature.empty());
    EXPECT_GT(check.person_windows, 30.0);
    EXPECT_LE(check.at_thousandth, check.at_hundredth);
    EXPECT_LT(check.at_hundredth, 0.2) << check.feature;
  }
}

}  // namespace
}  // namespace weir::evidence
