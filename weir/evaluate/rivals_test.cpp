#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "weir/evaluate/panel.h"
#include "weir/evaluate/test_life.h"

namespace weir::evaluate {
namespace {

using event::Activity;
using event::Sensitivity;
using test::Alarms;
using test::Life;

constexpr std::uint64_t kMailbox = 77;

RivalSpec spec(RivalKind kind, Variant variant = Variant::marks, unsigned setting = 0) {
  return {kind, variant, setting};
}

TEST(EvaluateRivals, AddressCountCountsSensitiveSendsToOneUndeclaredAddressForLife) {
  Life life(2000);
  for (const std::size_t day : {0u, 700u, 1400u, 1999u}) {
    life.send(day, 1, kMailbox, Sensitivity::secret);
    life.send(day, 2, 88, Sensitivity::secret);  // declared
    life.send(day, 3, 99, Sensitivity::none);
  }
  const Alarms alarms = life.watch(spec(RivalKind::address_count), life.people(4, 88));
  ASSERT_EQ(alarms.all.size(), 4u);
  EXPECT_EQ(alarms.most(Life::person(1)), 4);
  ASSERT_EQ(alarms.cited.back().size(), 4u);
  EXPECT_EQ(alarms.cited.back().back().address, event::AddressToken{kMailbox});
  const Alarms plain =
      life.watch(spec(RivalKind::address_count, Variant::counts), life.people(4, 88));
  EXPECT_EQ(plain.all.size(), 12u) << "plain counts know neither sensitivity nor declarations";
}

TEST(EvaluateRivals, AddressLedgerBeginsAnewAfterEighteenMonths) {
  Life life(2000);
  for (const std::size_t day : {0u, 300u, 700u, 900u}) {
    life.send(day, 1, kMailbox, Sensitivity::secret);
  }
  life.send(310, 2, kMailbox, Sensitivity::secret);
  const Alarms alarms = life.watch(spec(RivalKind::address_ledger), life.people(4));
  EXPECT_EQ(alarms.most(Life::person(1)), 2);
  EXPECT_EQ(alarms.most(Life::person(2)), 1) << "a ledger of one's own";
}

TEST(EvaluateRivals, EachSeesABurstOfSensitiveSendsByOneOfTwentyPeople) {
  for (const RivalKind kind :
       {RivalKind::own_rate, RivalKind::sum_of_squares, RivalKind::student_cusum,
        RivalKind::peer_cumulative, RivalKind::isolation_forest}) {
    for (const Variant variant : {Variant::marks, Variant::counts}) {
      Life life(420);
      life.routine(20);
      for (int i = 0; i < 40; ++i) {
        life.send(400, 7, kMailbox, Sensitivity::secret, 13 + 0.1 * i);
      }
      const Alarms alarms = life.watch(spec(kind, variant), life.people(20));
      const double burst = alarms.most(Life::person(7));
      for (std::uint64_t p = 0; p < 20; ++p) {
        if (p == 7) continue;
        EXPECT_LT(alarms.most(Life::person(p)), burst)
            << to_string(kind) << ", " << to_string(variant);
      }
      const auto strongest = std::ranges::max_element(alarms.all, {}, &Alarms::One::score);
      const auto& cited = alarms.cited[static_cast<std::size_t>(strongest - alarms.all.begin())];
      EXPECT_EQ(cited.size(), kFirstActs);
      EXPECT_THAT(cited, testing::Contains(
                             testing::Field(&CitedAct::address, event::AddressToken{kMailbox})))
          << to_string(kind);
    }
  }
}

TEST(EvaluateRivals, OwnRateIsTheZOfTheLastNinetyDays) {
  Life life(200);
  for (std::size_t day = 0; day < 199; ++day) life.send(day, 1, 5, Sensitivity::none);
  for (int i = 0; i < 3; ++i) life.send(199, 1, 5, Sensitivity::none, 11 + i);
  const Alarms alarms = life.watch(spec(RivalKind::own_rate, Variant::counts, 1), life.people(2));
  ASSERT_FALSE(alarms.all.empty());
  EXPECT_EQ(to_iso8601(alarms.all.back().day), to_iso8601(test::kStart + std::chrono::days{199}));
  EXPECT_NEAR(alarms.all.back().score, 2.0, 1e-4) << "(3 - 1) / sqrt(0 + 1²)";
}

TEST(EvaluateRivals, WhatWasInAPeerAlarmDoesNotCountAgain) {
  Life life(100);
  life.routine(24);
  for (int i = 0; i < 60; ++i) life.send(60, 7, kMailbox, Sensitivity::secret, 12 + 0.1 * i);
  const Alarms alarms = life.watch(spec(RivalKind::peer_cumulative), life.people(24));
  const double first = alarms.most(Life::person(7));
  EXPECT_GT(first, 4);
  for (const Alarms::One& one : alarms.all) {
    if (one.person == Life::person(7) && one.day > test::kStart + std::chrono::days{60}) {
      EXPECT_LT(one.score, 1.4);
    }
  }
}

TEST(EvaluateRivals, MarksSeeWhatTheyAreNamedAfter) {
  Life life(40);
  for (std::size_t day = 0; day < 30; ++day) {
    for (std::uint64_t p = 0; p < 4; ++p) {
      life.add(day, p, Activity::file_open).objects = {
          {.content = {}, .place = event::PlaceToken{p % 2 == 0 ? 50u : 51u}}};
    }
  }
  event::Act& asked = life.add(31, 1, Activity::mail_receive);
  asked.parties = {{.address = event::AddressToken{kMailbox},
                    .role = event::PartyRole::from,
                    .recipient_class = event::RecipientClass::free_mail}};
  event::Act& sent = life.send(33, 1, kMailbox, Sensitivity::confidential, 22);
  sent.objects = {{.content = {}, .place = event::PlaceToken{50}}};
  sent.flags = event::kFlagArchive;
  const roster::People people = life.people(4);
  History history(Variant::marks);
  for (std::size_t day = 0; day <= 33; ++day) {
    history.close_day(test::kStart + std::chrono::days{day}, life.acts(day), people);
  }
  const Row& row = history.people()[history.present().front()].rows.back().values;
  const auto names = feature_names(Variant::marks);
  for (std::size_t f = 0; f < kFeatures; ++f) {
    const bool wanted = names[f] == "mails to undeclared mailboxes" ||
                        names[f] == "sensitive sends" || names[f] == "sends from off-role places" ||
                        names[f] == "sends within 3 days of a message from the address" ||
                        names[f] == "sends within 14 days of any outside message" ||
                        names[f] == "sends to new addresses" || names[f] == "disguised sends" ||
                        names[f] == "sends in rest hours" || names[f] == "acts in rest hours";
    if (names[f] == "log bytes sent") continue;
    EXPECT_EQ(row[f], wanted ? 1 : 0) << names[f];
  }
}

TEST(EvaluateRivals, FeatureSetsAreWhatTheySay) {
  for (const Variant variant : {Variant::marks, Variant::counts}) {
    const auto names = feature_names(variant);
    EXPECT_EQ(std::set<std::string_view>(names.begin(), names.end()).size(), kFeatures);
    EXPECT_EQ(features_of(variant, FeatureSet::all).size(), kFeatures);
    const auto outward = features_of(variant, FeatureSet::outward);
    for (const std::uint8_t f : outward) EXPECT_LT(f, kFeatures);
    for (const std::uint8_t f : features_of(variant, FeatureSet::narrow)) {
      EXPECT_THAT(outward, testing::Contains(f)) << names[f];
    }
  }
}

TEST(EvaluateRivals, APanelGivesEachTheDaysAndHoldsTheirAlarmsAgainstTheTruth) {
  Life life(420);
  life.routine(20);
  for (int i = 0; i < 40; ++i) life.send(400, 7, kMailbox, Sensitivity::secret, 13 + 0.1 * i);
  const KnownTruth truth{
      .from = test::kStart,
      .to = test::kStart + std::chrono::days{420},
      .insiders = {{.person = Life::person(7),
                    .acts = {{Instant{test::kStart + std::chrono::days{400}} +
                                  std::chrono::hours{16},
                              Activity::mail_send, event::AddressToken{kMailbox}}},
                    .end = Instant{test::kStart + std::chrono::days{420}}}},
      .look_alikes = {}};
  const std::array kinds = {RivalKind::address_ledger, RivalKind::sum_of_squares};
  Panel panel(all_choices(kinds), truth, 20);
  const roster::People people = life.people(20);
  for (std::size_t day = 0; day < life.days(); ++day) {
    panel.close_day(test::kStart + std::chrono::days{day}, life.acts(day), people);
  }
  const std::map<RivalSpec, AlarmLog> logs = std::move(panel).finish();
  const std::array<const std::map<RivalSpec, AlarmLog>*, 1> worlds = {&logs};
  const auto tuned = tune(worlds, 0.0);
  ASSERT_EQ(tuned.size(), 4u) << "two rivals in two variants";
  for (const Tuned& one : tuned) {
    EXPECT_EQ(one.development.found(), 1u) << to_string(one.spec.kind) << describe(one.spec);
    EXPECT_EQ(one.development.false_cases(), 0u);
  }
}

TEST(EvaluateRivals, AreTheSameEachTime) {
  Life life(200);
  life.routine(10);
  const roster::People people = life.people(10);
  const std::array kinds = {RivalKind::student_cusum, RivalKind::isolation_forest};
  for (const RivalSpec& one : all_choices(kinds)) {
    const Alarms first = life.watch(one, people);
    const Alarms second = life.watch(one, people);
    ASSERT_EQ(first.all.size(), second.all.size()) << describe(one);
    for (std::size_t i = 0; i < first.all.size(); ++i) {
      ASSERT_EQ(first.all[i].score, second.all[i].score) << describe(one);
    }
  }
}

TEST(EvaluateRivals, EveryChoiceHasWordsOfItsOwn) {
  std::vector<RivalKind> kinds;
  for (std::uint8_t i = 0; i < kRivalKinds; ++i) kinds.push_back(RivalKind{i});
  std::set<std::string> words;
  const auto all = all_choices(kinds);
  for (const RivalSpec& one : all) {
    words.insert(std::string(to_string(one.kind)) + std::string(to_string(one.variant)) +
                 describe(one));
  }
  EXPECT_EQ(words.size(), all.size());
}

}  // namespace
}  // namespace weir::evaluate
