#include "weir/base/text.h"
#include "weir/sim/detail/documents.h"
#include "weir/sim/detail/insiders.h"
#include "weir/sim/detail/test_worlds.h"
#include "weir/sim/detail/twins.h"

namespace weir::sim {
namespace {

using ::testing::HasSubstr;

/// What the answers say is in the log: user id and time of each act.
struct Answered {
  explicit Answered(const std::string& answers) {
    std::istringstream in(answers);
    std::string user;
    std::string as;
    std::string time;
    for (std::string line; std::getline(in, line);) {
      if (line.contains(R"("user_id")")) user = after(line, R"("user_id": ")");
      if (line.contains(R"("step")") || line.contains(R"("from")")) as.clear();
      if (line.contains(R"("as_user_id")")) as = after(line, R"("as_user_id": ")");
      if (line.contains(R"("time")")) time = after(line, R"("time": ")");
      if (line.contains(R"("logged")")) ++acts;
      if (!line.contains(R"("logged": true)")) continue;
      const Instant when = parse_iso8601(time).value().utc;
      logged.push_back(
          fmt::format("{} {}", as.empty() ? user : as, when.time_since_epoch().count()));
    }
  }
  std::vector<std::string> logged;
  std::size_t acts = 0;
};

class EveryWorld : public Simulate, public ::testing::WithParamInterface<WorldFacts> {};

TEST_P(EveryWorld, HasItsAnswersInTheRecordsAndTheSameBytesOnEightThreads) {
  Options options = small("one");
  options.world = GetParam().world;
  options.people = 40;
  options.threads = 1;
  options.insiders = 3;
  options.more_logs = true;
  if (options.world == World::public_case) {
    options.from = Day{std::chrono::year{2012} / 1 / 1};
    options.years = 11;
    options.unreported = 5;
    options.thin = true;
  } else if (options.world != World::photographs) {
    options.sends_per_year = 12;
  }
  Options eight = options;
  eight.threads = 8;
  eight.out = folder_ / "eight";
  EXPECT_EQ(run(options).checksum, run(eight).checksum);
  EXPECT_EQ(text(options.out / "answers.json"), text(eight.out / "answers.json"));

  std::set<std::string> said;
  for (const std::string& line : lines(options.out)) {
    said.insert(fmt::format("{} {}", user_of(line), time_of(line).time_since_epoch().count()));
  }
  const Answered answered(text(options.out / "answers.json"));
  for (const std::string& act : answered.logged) EXPECT_TRUE(said.contains(act)) << act;
  EXPECT_EQ(has_insiders(options.world), answered.acts > 0);
}

INSTANTIATE_TEST_SUITE_P(Worlds, EveryWorld, ::testing::ValuesIn(worlds().begin(), worlds().end()),
                         [](const auto& instance) {
                           std::string name(instance.param.name);
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST_F(Simulate, HeldOutInsidersChangeNobodyElsesRecordsEither) {
  Options null = small("null");
  null.world = World::null;
  null.held_out = true;
  Options leaking = null;
  leaking.world = World::split;
  leaking.out = folder_ / "split";
  const Report drawn = run(null);
  run(leaking);
  const std::vector<std::string> plain = lines(null.out);
  const std::vector<std::string> more = lines(leaking.out);
  EXPECT_TRUE(added_to(more, plain).empty());
  EXPECT_GT(more.size(), plain.size());
  // How well sources mark documents is drawn too.
  EXPECT_NE(run(small("usual")).checksum, drawn.checksum);
}

class EveryShock : public Simulate, public ::testing::WithParamInterface<Shock> {};

TEST_P(EveryShock, ChangesNothingBeforeItsDayAndMuchAfter) {
  Options calm = small("calm");
  calm.people = 30;
  calm.years = 2;
  Options shaken = calm;
  shaken.shock = GetParam();
  shaken.out = folder_ / "shaken";
  run(calm);
  const Report report = run(shaken);
  Options again = shaken;
  again.threads = 8;
  again.out = folder_ / "again";
  EXPECT_EQ(run(again).checksum, report.checksum);
  const std::string answers = text(shaken.out / "answers.json");
  const std::string_view said = std::string_view(answers).substr(answers.find(R"("shock")"));
  const Day from = parse_day(after(said, R"("from": ")")).value();
  EXPECT_GT(from, kFrom + std::chrono::days{300});
  EXPECT_LT(from, kFrom + std::chrono::days{430});
  std::vector<std::string> before[2];
  std::vector<std::string> later[2];
  for (int i = 0; i < 2; ++i) {
    for (const std::string& line : lines(i == 0 ? calm.out : shaken.out)) {
      (time_of(line) < from ? before : later)[i].push_back(line);
    }
    std::ranges::sort(before[i]);
    std::ranges::sort(later[i]);
  }
  EXPECT_EQ(before[0], before[1]);
  std::vector<std::string> changed;
  std::ranges::set_symmetric_difference(later[0], later[1], std::back_inserter(changed));
  EXPECT_GT(static_cast<double>(changed.size()), 0.004 * static_cast<double>(later[0].size()));
}

INSTANTIATE_TEST_SUITE_P(Shocks, EveryShock,
                         ::testing::Values(Shock::merger, Shock::outage, Shock::remote_work,
                                           Shock::mail_migration, Shock::provider_swap),
                         [](const auto& instance) {
                           std::string name(kShocks[std::to_underlying(instance.param)]);
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST_F(Simulate, AMergerBringsAThirdMorePeopleAtAddressesOfTheirOwn) {
  Options options = small("world");
  options.people = 90;
  options.years = 2;
  options.shock = Shock::merger;
  run(options);
  const std::string roster = text(options.out / "roster.csv");
  std::set<std::string> merged;
  std::istringstream in(roster);
  for (std::string line; std::getline(in, line);) {
    if (line.contains("@brackwater.example")) merged.insert(line.substr(0, line.find(',')));
  }
  EXPECT_GE(merged.size(), 30u);
  EXPECT_LT(merged.size(), 45u);
  EXPECT_THAT(text(options.out / "organisation.yaml"),
              HasSubstr("domains: [aldermoor.example, brackwater.example]"));
}

TEST_F(Simulate, AfterAMigrationAndASwapEveryPrivateMailboxIsWrittenAnotherWay) {
  Random random(1, 2, 3, 4);
  for (int i = 0; i < 200; ++i) {
    const Address address{random.bits64(), AddressKind::free_mail};
    const std::string plain = address_text(address);
    const std::string moved = address_text(address, AddressForm::other_provider);
    const std::string migrated = address_text(address, AddressForm::migrated);
    const std::size_t at = plain.find('@');
    EXPECT_EQ(moved.substr(0, at), plain.substr(0, at));
    EXPECT_NE(moved.substr(at), plain.substr(at));
    EXPECT_EQ(migrated.substr(at), plain.substr(at));
    EXPECT_NE(migrated, plain);
  }
}

TEST_F(Simulate, TwinsSendAsOftenAndAsMuchAsTheirInsiders) {
  Options options = small("world");
  options.world = World::drip;
  options.people = 60;
  options.years = 3;
  options.insiders = 4;
  options.sends_per_year = 40;
  options.twins = 2;
  Organisation organisation =
      make_organisation(60, kFrom, Day{std::chrono::year{2016} / 1 / 1}, options.seed);
  const auto insiders = plan_insiders(options, organisation).value();
  const auto twins = plan_twins(options, organisation, insiders).value();
  ASSERT_EQ(twins.size(), 8u);
  for (std::size_t t = 0; t < twins.size(); ++t) {
    const Twin& twin = twins[t];
    const Insider& insider = insiders[t / 2];
    EXPECT_EQ(twin.insider, insider.person);
    std::set<std::uint64_t> theirs;
    std::set<std::uint64_t> ours;
    double their_bytes = 0;
    double bytes = 0;
    double sends = 0;
    double sensitive = 0;
    for (const MaliciousAct& act : insider.acts) {
      if (act.step != "send") continue;
      ++sends;
      theirs.insert(act.item.party.id);
      their_bytes += static_cast<double>(facts(options.seed, act.item.document).bytes);
    }
    for (const AgendaItem& item : twin.items) {
      if (item.activity != event::Activity::mail_send) continue;
      EXPECT_EQ(item.person, twin.person);
      EXPECT_EQ(item.party.kind, AddressKind::free_mail);
      ours.insert(item.party.id);
      bytes += static_cast<double>(facts(options.seed, item.document).bytes);
      sensitive += is_sensitive(facts(options.seed, item.document)) ? 1 : 0;
    }
    EXPECT_NEAR(twin.acts, sends, 0.1 * sends);
    EXPECT_EQ(ours.size(), theirs.size());
    EXPECT_NEAR(bytes / their_bytes, 1.0, 0.25);
    EXPECT_LT(sensitive / sends, 0.35);
  }
  run(options);
  const std::string answers = text(options.out / "answers.json");
  EXPECT_THAT(answers, HasSubstr(organisation.people[twins[0].person].key));

  options.out = folder_ / "too many";
  options.twins = 40;
  EXPECT_THAT(refusal(options), HasSubstr("choose fewer twins or more people"));
}

TEST_F(Simulate, OfPhotographsNothingIsLoggedThatCouldHaveCarriedThem) {
  const Options without = small("without");
  Options with = small("with");
  with.world = World::photographs;
  with.insiders = 5;
  with.sends_per_year = 50;
  run(without);
  run(with);
  const std::vector<std::string> added = added_to(lines(without.out), lines(with.out));
  EXPECT_GT(added.size(), 2u);
  for (const std::string& line : added) EXPECT_THAT(line, HasSubstr(R"("type_uid":100114)"));
}

}  // namespace
}  // namespace weir::sim
