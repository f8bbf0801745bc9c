#include "weir/evaluate/score.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir::evaluate {
namespace {

using event::Activity;

Instant at(std::string_view text) { return parse_iso8601(text)->utc; }
Day day(std::string_view text) { return *parse_day(text); }
constexpr event::PersonId kInsider{7};
constexpr event::AddressToken kMailbox{70};

/// One drip insider with a send in 2015, an access a minute before the second send in 2016, and
/// one send that no record says.
Truth drip() {
  Truth truth;
  truth.world = "drip";
  truth.from = day("2012-01-01");
  truth.to = day("2022-01-01");
  TrueInsider insider;
  insider.person = "e7";
  insider.world = "drip";
  insider.from = day("2015-01-01");
  insider.to = day("2021-01-01");
  const auto act = [&](std::string_view time, Activity activity, bool logged = true) {
    insider.acts.push_back({.time = at(time),
                            .activity = activity,
                            .recipient = activity == Activity::mail_send ? "a@b.example" : "",
                            .logged = logged});
  };
  act("2014-03-01T10:00:00Z", Activity::mail_send, false);
  act("2015-03-01T10:00:00Z", Activity::mail_send);
  act("2016-02-29T10:00:00Z", Activity::file_open);
  act("2016-03-01T10:00:00Z", Activity::mail_send);
  truth.insiders = {insider};
  truth.look_alikes["freelancer"] = {"e9"};
  return truth;
}

KnownTruth known(const Truth& truth) {
  const auto number = [](std::string_view key) {
    return event::PersonId{static_cast<std::uint64_t>(key.back() - '0')};
  };
  return known_truth(truth, {.insider = [&](const TrueInsider& i) { return number(i.person); },
                             .person = number,
                             .address = [](std::string_view) { return kMailbox; }});
}

OpenedCase good() {
  return {.person = kInsider,
          .lane = 1,
          .opened = at("2016-03-02T00:00:00Z"),
          .acts = {{at("2015-03-01T10:00:40.500Z"), Activity::mail_send, kMailbox}}};
}

Score scored(const OpenedCase& one, const Truth& truth = drip()) {
  return score(std::vector{one}, known(truth));
}

TEST(EvaluateScore, ATrueCaseInTimeFindsItsInsider) {
  const Score result = scored(good());
  ASSERT_EQ(result.insiders.size(), 1u);
  EXPECT_EQ(result.insiders[0].acts, 3u) << "what no record says is nobody's fault";
  EXPECT_TRUE(result.insiders[0].found);
  EXPECT_NEAR(result.insiders[0].days, 366.58, 0.01);
  EXPECT_EQ(result.insiders[0].sends, 2u) << "opening a file sends nothing";
  EXPECT_EQ(result.false_cases, 0u);
  EXPECT_EQ(result.to_first, 1u);
  EXPECT_NEAR(result.weeks, 521.9, 0.1);
}

TEST(EvaluateScore, ACaseThatDoesNotCiteTheActIsFalse) {
  const auto expect_false = [](OpenedCase one, const char* why) {
    const Score result = scored(one);
    EXPECT_EQ(result.found(), 0u) << why;
    EXPECT_EQ(result.false_cases, 1u) << why;
  };
  OpenedCase one = good();
  one.person = event::PersonId{8};
  expect_false(one, "about somebody else");
  one = good();
  one.person = event::kNobody;
  expect_false(one, "about nobody");
  one = good();
  one.acts[0].activity = Activity::print;
  expect_false(one, "another activity");
  one = good();
  one.acts[0].address = event::AddressToken{71};
  expect_false(one, "another mailbox");
  one = good();
  one.acts[0].time += std::chrono::seconds{121};
  expect_false(one, "another time");
  one = good();
  one.acts[0].time = at("2014-03-01T10:00:00Z");
  expect_false(one, "an act that was not logged");
  one = good();
  one.acts.insert(one.acts.begin(), kFirstActs, CitedAct{Instant{}, Activity::print, {}});
  expect_false(one, "cited as the eleventh");
}

TEST(EvaluateScore, ACaseAfterTheEndIsTrueButFindsNobody) {
  OpenedCase late = good();
  late.opened = at("2021-06-01T00:00:00Z");
  EXPECT_EQ(scored(late).found(), 0u);
  EXPECT_EQ(scored(late).false_cases, 0u);
}

TEST(EvaluateScore, WhereTheScenarioIsShortAWeekAfterTheLastActIsInTime) {
  for (const char* world : {"burst", "cert-2"}) {
    Truth truth = drip();
    truth.insiders[0].world = world;
    OpenedCase one = good();
    one.opened = at("2016-03-08T10:00:00Z");
    EXPECT_EQ(scored(one, truth).found(), 1u) << world;
    one.opened += std::chrono::seconds{1};
    EXPECT_EQ(scored(one, truth).found(), 0u) << world;
  }
}

TEST(EvaluateScore, OnlyCasesOfTheLaneCount) {
  OpenedCase one = good();
  one.lane = 3;
  const KnownTruth truth = known(drip());
  EXPECT_EQ(score(std::vector{one}, truth, 1).cases, 0u);
  EXPECT_EQ(score(std::vector{one}, truth, 3).found(), 1u);
}

TEST(EvaluateScore, CountsFalseCasesByLookAlikeAndUpToTheFirstInsider) {
  OpenedCase before = good();
  before.person = event::PersonId{9};
  before.opened = at("2014-01-01T00:00:00Z");
  const std::vector cases = {good(), before};
  const Score result = score(cases, known(drip()));
  EXPECT_EQ(result.to_first, 2u);
  EXPECT_EQ(result.false_cases, 1u);
  EXPECT_THAT(result.false_kinds, testing::ElementsAre(testing::Pair("freelancer", 1u)));
}

TEST(EvaluateScore, AnInsiderWithoutRecordsIsThereAndNotFound) {
  Truth truth = drip();
  truth.insiders[0].acts.clear();
  const Score result = scored(good(), truth);
  EXPECT_EQ(result.insiders.size(), 1u);
  EXPECT_EQ(result.found(), 0u);
  EXPECT_EQ(result.false_cases, 1u);
}

TEST(EvaluateScore, ADraftIsOpenFromTheEndOfItsDay) {
  evidence::CaseDraft draft;
  draft.person = kInsider;
  draft.opened = day("2016-03-01");
  draft.contributions.resize(40);
  draft.contributions[0].address = kMailbox;
  const OpenedCase one = opened_case(draft);
  EXPECT_EQ(one.opened, at("2016-03-02"));
  EXPECT_EQ(one.acts.size(), kFirstActs);
  EXPECT_EQ(one.acts[0].address, kMailbox);
}

TEST(EvaluateScore, RunsArePooled) {
  Pool pool;
  pool.add(scored(good()));
  OpenedCase wrong = good();
  wrong.person = event::PersonId{9};
  pool.add(scored(wrong));
  EXPECT_EQ(pool.runs(), 2u);
  EXPECT_EQ(pool.insiders(), 2u);
  EXPECT_EQ(pool.found(), 1u);
  EXPECT_EQ(pool.false_cases(), 1u);
  EXPECT_NEAR(pool.false_a_week(), 1 / 1043.7, 1e-6);
  EXPECT_NEAR(pool.false_a_week_upper(), 4.7439 / 1043.7, 1e-6);
  EXPECT_EQ(pool.to_first(), std::vector{1.0});
  EXPECT_EQ(Pool().false_a_week_upper(), 0);
}

}  // namespace
}  // namespace weir::evaluate
