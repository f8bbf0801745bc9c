#include "weir/sim/detail/scenarios.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "weir/sim/detail/insiders.h"

namespace weir::sim {
namespace {

using event::Activity;
using std::chrono::days;

constexpr Day kFrom{std::chrono::year{2012} / 1 / 1};

/// A world's plans, and questions about them.
struct Planned {
  explicit Planned(World world, std::uint32_t count = 20, std::uint32_t unreported = 0)
      : options{.world = world,
                .people = 600,
                .from = kFrom,
                .years = 11,
                .seed = 9,
                .insiders = count,
                .unreported = unreported},
        organisation(make_organisation(600, kFrom, Day{std::chrono::year{2023} / 1 / 1}, 9)),
        insiders(plan_insiders(options, organisation).value()) {}

  double acts(std::string_view step) const {
    double found = 0;
    for (const Insider& insider : insiders) {
      found += static_cast<double>(std::ranges::count(insider.acts, step, &MaliciousAct::step));
    }
    return found;
  }
  double per_insider(std::string_view step) const {
    return acts(step) / static_cast<double>(insiders.size());
  }
  std::size_t active_days(const Insider& insider) const {
    std::set<Day> active;
    // Five hours back no evening of either zone goes past midnight, and no morning is the day
    // before.
    for (const MaliciousAct& act : insider.acts) {
      active.insert(day_of(act.item.time - std::chrono::hours{5}));
    }
    return active.size();
  }

  Options options;
  Organisation organisation;
  std::vector<Insider> insiders;
};

TEST(Scenarios, EveryActHappensWhileThePersonIsThere) {
  for (const WorldFacts& world : worlds()) {
    const Planned planned(world.world, 8);
    EXPECT_EQ(has_insiders(world.world), !planned.insiders.empty()) << world.name;
    std::set<std::uint32_t> people;
    for (const Insider& insider : planned.insiders) {
      EXPECT_TRUE(people.insert(insider.person).second) << world.name;
      EXPECT_FALSE(insider.acts.empty()) << world.name;
      for (const MaliciousAct& act : insider.acts) {
        const Person& person = planned.organisation.people[act.item.person];
        EXPECT_TRUE(person.employed(window_of(act.item.time))) << world.name << ' ' << act.step;
      }
    }
  }
}

TEST(Scenarios, ARotationHasNewMailboxesEveryEighteenMonths) {
  const Planned planned(World::rotation);
  double from_own = 0;
  for (const Insider& insider : planned.insiders) {
    const auto years = static_cast<double>((insider.to - insider.from).count()) / 365.25;
    EXPECT_NEAR(static_cast<double>(insider.mailboxes.size()) / 2, years / 1.5, 1.0);
    for (const MaliciousAct& act : insider.acts) {
      if (act.step != "send") continue;
      EXPECT_NE(std::ranges::find(insider.mailboxes, act.item.party), insider.mailboxes.end());
      if (!act.item.has_account) continue;
      ++from_own;
      EXPECT_NE(std::ranges::find(insider.mailboxes, act.item.account), insider.mailboxes.end());
      EXPECT_NE(act.item.account, act.item.party);
    }
  }
  EXPECT_NEAR(from_own / planned.acts("send"), 0.5, 0.08);
}

TEST(Scenarios, MediaLeaveNoMail) {
  const Planned planned(World::media);
  EXPECT_EQ(planned.acts("send"), 0);
  EXPECT_GT(planned.acts("print"), 50);
  EXPECT_GT(planned.acts("copy"), 50);
  EXPECT_EQ(planned.acts("copy"), planned.acts("connect"));
}

TEST(Scenarios, PhotographsAreTakenWithoutARecordOfAnythingLeaving) {
  const Planned planned(World::photographs);
  for (const Insider& insider : planned.insiders) {
    EXPECT_TRUE(insider.requests.empty());
    EXPECT_TRUE(insider.mailboxes.empty());
    for (const MaliciousAct& act : insider.acts) EXPECT_EQ(act.item.activity, Activity::file_open);
  }
}

TEST(Scenarios, ASplitDripUsesThreeChannels) {
  const Planned planned(World::split, 60);
  const double all = planned.acts("send") + planned.acts("upload") + planned.acts("print");
  EXPECT_NEAR(planned.acts("send") / all, 0.50, 0.04);
  EXPECT_NEAR(planned.acts("upload") / all, 0.25, 0.04);
  EXPECT_NEAR(planned.acts("print") / all, 0.25, 0.04);
}

TEST(Scenarios, OfAPairOneFetchesAndTheOtherSends) {
  const Planned planned(World::pair, 10);
  ASSERT_EQ(planned.insiders.size(), 20u);
  for (std::size_t i = 0; i < planned.insiders.size(); i += 2) {
    const Insider& fetches = planned.insiders[i];
    const Insider& sends = planned.insiders[i + 1];
    EXPECT_EQ(fetches.partner, sends.person);
    EXPECT_EQ(sends.partner, fetches.person);
    EXPECT_TRUE(fetches.mailboxes.empty());
    std::vector<Document> passed;
    for (const MaliciousAct& act : fetches.acts) {
      if (act.step == "pass on") passed.push_back(act.item.document);
    }
    EXPECT_EQ(passed.size(), sends.acts.size());
    for (const MaliciousAct& act : sends.acts) {
      EXPECT_EQ(act.step, "send");
      EXPECT_NE(std::ranges::find(passed, act.item.document), passed.end());
    }
  }
}

TEST(Scenarios, AVeteranIsAtItFromTheFirstDay) {
  const Planned planned(World::veteran);
  for (const Insider& insider : planned.insiders) EXPECT_EQ(insider.from, kFrom);
}

TEST(Scenarios, DecoysComeMonthsBeforeTheFirstDocument) {
  const Planned planned(World::decoy);
  for (const Insider& insider : planned.insiders) {
    Instant first_decoy = kNever;
    for (const AgendaItem& decoy : insider.decoys) {
      first_decoy = std::min(first_decoy, decoy.time);
      EXPECT_FALSE(decoy.has_document && decoy.document.is_ours());
    }
    for (const MaliciousAct& act : insider.acts) {
      EXPECT_GT(act.item.time, first_decoy + days{30});
    }
  }
}

TEST(Scenarios, ThePublicCaseHasItsFiveDatedActs) {
  const Planned planned(World::public_case, 5);
  for (const Insider& insider : planned.insiders) {
    std::map<std::string_view, const MaliciousAct*> by_task;
    for (const MaliciousAct& act : insider.acts) {
      if (act.step == "send") by_task[act.about] = &act;
    }
    ASSERT_EQ(by_task.size(), 5u);
    const auto lag_days = [&](std::string_view task) {
      const MaliciousAct& act = *by_task.at(task);
      return static_cast<double>((act.item.time - *act.requested).count()) / 86'400'000.0;
    };
    const auto year = [&](std::string_view task) {
      return static_cast<int>(
          std::chrono::year_month_day{day_of(by_task.at(task)->item.time)}.year());
    };
    EXPECT_EQ(year("biography of a named person"), 2012);
    EXPECT_LE(lag_days("biography of a named person"), 7.0);
    EXPECT_EQ(year("plans of branch offices"), 2015);
    EXPECT_NEAR(lag_days("plans of branch offices"), 21.0, 2.01);
    EXPECT_EQ(year("attacks on companies"), 2021);
    EXPECT_LE(lag_days("attacks on companies"), 4.0);
    EXPECT_EQ(year("training material"), 2022);
    EXPECT_EQ(year("owner of a home address"), 2022);
    EXPECT_LE(lag_days("owner of a home address"), 0.5);

    const Person& person = planned.organisation.people[insider.person];
    ASSERT_EQ(person.positions.size(), 2u);
    const auto& departments = planned.organisation.departments;
    EXPECT_NE(departments[person.positions[0].department].entity,
              departments[person.positions[1].department].entity);
    EXPECT_EQ(person.renamed, insider.moved);
    EXPECT_NE(person.old_address, person.address);
    EXPECT_GT(person.away_to, person.away_from);
  }
}

TEST(Scenarios, UnreportedActsComeBesideTheFive) {
  const Planned planned(World::public_case, 5, 20);
  EXPECT_EQ(planned.per_insider("send"), 25.0);
}

TEST(Scenarios, TheFirstOfCertIsShortLateAndLeaves) {
  const Planned planned(World::cert_1, 30);
  EXPECT_NEAR(planned.per_insider("logon"), 4, 0.01);
  EXPECT_NEAR(planned.per_insider("connect"), 4, 0.01);
  EXPECT_NEAR(planned.per_insider("upload"), 2, 0.01);
  EXPECT_NEAR(planned.per_insider("copy"), 6, 1.5);
  for (const Insider& insider : planned.insiders) {
    EXPECT_EQ(planned.active_days(insider), 3u);
    EXPECT_EQ((insider.to - insider.from).count(), 6);
    EXPECT_TRUE(insider.leaves);
    EXPECT_LE(planned.organisation.people[insider.person].end, insider.to + days{14});
  }
}

TEST(Scenarios, TheSecondOfCertLooksForWorkAndThenTakesMuch) {
  const Planned planned(World::cert_2, 30);
  EXPECT_NEAR(planned.per_insider("job site"), 125, 12);
  EXPECT_NEAR(planned.per_insider("connect"), 80, 8);
  EXPECT_NEAR(planned.per_insider("mail to a rival"), 14, 3);
  double active = 0;
  for (const Insider& insider : planned.insiders) {
    // Late shifts may end on another day; who works part time has fewer.
    EXPECT_LE(planned.active_days(insider), 33u);
    EXPECT_GE(planned.active_days(insider), 10u);
    active += static_cast<double>(planned.active_days(insider)) / 30.0;
  }
  EXPECT_NEAR(active, 26.0, 3.0);
}

TEST(Scenarios, TheThirdOfCertActsInTheNameOfTheBoss) {
  const Planned planned(World::cert_3, 10);
  EXPECT_NEAR(planned.per_insider("mass mail"), 5, 2);
  for (const Insider& insider : planned.insiders) {
    std::uint32_t victim = kNone;
    for (const MaliciousAct& act : insider.acts) {
      if (act.item.host_of != kNone) victim = act.item.host_of;
    }
    ASSERT_NE(victim, kNone);
    for (const MaliciousAct& act : insider.acts) {
      EXPECT_EQ(act.item.person,
                act.step == "mass mail" || act.item.person == victim ? victim : insider.person);
      if (act.step == "mass mail") {
        EXPECT_GE(act.item.colleagues, 40);
      }
    }
  }
}

TEST(Scenarios, TheFourthOfCertComesBackEverMoreOften) {
  const Planned planned(World::cert_4, 30);
  EXPECT_NEAR(planned.per_insider("logon"), 22, 1.5);
  EXPECT_NEAR(planned.per_insider("mail home"), 22, 3);
  EXPECT_NEAR(planned.per_insider("access"), 58, 8);
  double first_half = 0;
  double second_half = 0;
  for (const Insider& insider : planned.insiders) {
    const Instant middle = insider.from + (insider.to - insider.from) / 2;
    for (const MaliciousAct& act : insider.acts) {
      ++(act.item.time < middle ? first_half : second_half);
      if (act.step == "logon") {
        EXPECT_NE(act.item.host_of, kNone);
      }
      if (act.step == "mail home") {
        EXPECT_EQ(act.item.party, planned.organisation.people[insider.person].private_mailbox);
      }
    }
  }
  EXPECT_GT(second_half, 1.8 * first_half);
}

TEST(Scenarios, TheFifthOfCertIsAGroupThatUploadsWithinMinutes) {
  const Planned planned(World::cert_5, 10);
  EXPECT_NEAR(planned.per_insider("upload"), 4, 2);
  std::map<Day, std::pair<Instant, Instant>> spans;
  for (const Insider& insider : planned.insiders) {
    EXPECT_TRUE(insider.leaves);
    for (const MaliciousAct& act : insider.acts) {
      auto& [first, last] = spans.try_emplace(insider.from, kNever, Instant{}).first->second;
      first = std::min(first, act.item.time);
      last = std::max(last, act.item.time);
      const auto span = insider.acts.back().item.time - insider.acts.front().item.time;
      EXPECT_LE(span, std::chrono::minutes{6});
    }
  }
  for (const auto& [day, span] : spans) EXPECT_LE(span.second - span.first, std::chrono::hours{1});
}

TEST(Scenarios, MixedWorldsHaveTheCountsOfCert) {
  for (const auto& [world, expected] : {std::pair(World::cert, std::array{30, 30, 10, 0}),
                                        std::pair(World::cert_r5, std::array{29, 30, 10, 30})}) {
    const std::uint32_t people = world == World::cert ? 1000 : 2000;
    const Day from{std::chrono::year{2010} / 1 / 1};
    Organisation organisation =
        make_organisation(people, from, Day{std::chrono::year{2011} / 6 / 1}, 3);
    const Options options{.world = world, .people = people, .from = from, .months = 17};
    const auto insiders = plan_insiders(options, organisation).value();
    std::map<std::string_view, int> counts;
    for (const Insider& insider : insiders) ++counts[insider.scenario];
    for (int s = 0; s < 4; ++s) {
      const std::string name = "cert-" + std::to_string(s + 1);
      EXPECT_EQ(counts[name], expected[static_cast<std::size_t>(s)]) << name;
    }
  }
}

TEST(Knobs, AreDrawnFromTheirRangesWhenHeldOut) {
  for (std::uint64_t seed = 1; seed < 50; ++seed) {
    Options options{.world = World::drip, .seed = seed, .held_out = true};
    const Knobs drawn(options);
    options.held_out = false;
    const Knobs usual(options);
    std::size_t different = 0;
    for (const Range& range : kRanges) {
      EXPECT_LT(range.low, range.usual) << range.name;
      EXPECT_LE(range.usual, range.high) << range.name;
      EXPECT_EQ(usual[range.knob], range.usual) << range.name;
      EXPECT_GE(drawn[range.knob], range.low) << range.name;
      EXPECT_LE(drawn[range.knob], range.high) << range.name;
      if (drawn[range.knob] != range.usual) ++different;
    }
    EXPECT_EQ(different, kRanges.size());
  }
  const Knobs one(Options{.world = World::drip, .seed = 4, .held_out = true});
  const Knobs other(Options{.world = World::split, .seed = 4, .held_out = true});
  EXPECT_NE(one[Knob::foreign], other[Knob::foreign]);
}

TEST(Knobs, StandInTheOrderOfTheirNumbers) {
  for (std::size_t i = 0; i < kRanges.size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(kRanges[i].knob), i);
  }
}

TEST(Worlds, HaveNamesThatReadBack) {
  for (const WorldFacts& facts : worlds()) {
    EXPECT_EQ(world_from(facts.name), facts.world);
    EXPECT_EQ(to_string(facts.world), facts.name);
  }
  EXPECT_FALSE(world_from("drops"));
}

}  // namespace
}  // namespace weir::sim
