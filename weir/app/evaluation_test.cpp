#include "weir/app/evaluation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "weir/app/evaluation_pool.h"

namespace weir::app {
namespace {

using testing::HasSubstr;

constexpr Day kFrom{std::chrono::days{14610}};

/// 100 weeks with one insider, found on the third of three days by a case with one false one
/// before.
evaluate::Pool pool(std::size_t runs, bool with_insider) {
  evaluate::KnownTruth truth{
      .from = kFrom, .to = kFrom + std::chrono::days{700}, .insiders = {}, .look_alikes = {}};
  truth.look_alikes.emplace_back("freelancer", std::vector{event::PersonId{1}});
  std::vector<evaluate::JudgedCase> cases = {
      {.person = event::PersonId{1}, .opened = Instant{kFrom}, .insider = {}}};
  if (with_insider) {
    const Instant act{kFrom + std::chrono::days{10}};
    truth.insiders.push_back({.person = event::PersonId{7},
                              .acts = {{act, event::Activity::mail_send, {}}},
                              .end = Instant{truth.to}});
    cases.push_back(
        {.person = event::PersonId{7}, .opened = act + std::chrono::days{3}, .insider = 0});
  }
  evaluate::Pool pool;
  for (std::size_t i = 0; i < runs; ++i) pool.add(evaluate::tally(cases, truth));
  return pool;
}

Evaluation sample() {
  Evaluation evaluation;
  evaluation.title = "2026-11-22 14:55 UTC";
  evaluation.hash = "abc";
  evaluation.of_sealed = true;
  evaluation.budgets = {1};
  evaluation.records = 12'345;
  evaluation.seconds = 6;
  evaluation.rows = {{.world = "drip",
                      .budget = 1,
                      .detector = "Weir, lane 1",
                      .setting = {},
                      .weir = true,
                      .lane = 1,
                      .pool = pool(2, true),
                      .false_a_week_allowed = 0.2,
                      .best = {}},
                     {.world = "drip",
                      .budget = 1,
                      .detector = "own-rate z, marks",
                      .setting = "window 1 d",
                      .weir = false,
                      .lane = 0,
                      .pool = pool(2, false),
                      .false_a_week_allowed = 0.2,
                      .best = pool(2, true)}};
  return evaluation;
}

TEST(EvaluateReport, TheTableHasIntervalsDelaysAndWhatIsAllowed) {
  const std::string text = render_evaluation(sample());
  EXPECT_THAT(text, HasSubstr("Of sealed seeds; 12,345 records in 6 s."));
  EXPECT_THAT(text, HasSubstr("| drip | 1 | Weir, lane 1 | 2 of 2 = 100 % (16 %–100 %) | 3 / 3 | "
                              "1 / 1 | 2 in 200 weeks | 0.0100 (≤ 0.0315) | 0.2000 | 2 | – |"));
  EXPECT_THAT(text, HasSubstr("| own-rate z, marks | – | – | – | 2 in 200 weeks |"));
  EXPECT_THAT(text, HasSubstr("| – | 2 of 2 |\n")) << "the rival at its best threshold";
  EXPECT_THAT(text, HasSubstr("at most 40.0 false cases of lane 1 in 200 weeks over all worlds. "
                              "Observed 2; one-sided 95 % upper bound 6.3: kept."));
  EXPECT_THAT(text, HasSubstr("freelancer 2"));
}

TEST(EvaluateReport, SaysWhereAPromiseIsNotShownAndWhatFailed) {
  Evaluation evaluation = sample();
  evaluation.rows.front().false_a_week_allowed = 0.01;
  evaluation.failures = {"drip, seed 3: no space\x1b[2J"};
  evaluation.cancelled = true;
  evaluation.permuted = {
      {.insiders = 4, .insiders_with_case = 1, .others = 96, .others_with_case = 24}};
  const std::string text = render_evaluation(evaluation);
  EXPECT_THAT(text, HasSubstr("NOT shown to be kept"));
  EXPECT_THAT(text, HasSubstr("Run failed: drip, seed 3: no space\\x1b[2J"));
  EXPECT_THAT(text, HasSubstr("Stopped before"));
  EXPECT_THAT(text, HasSubstr("1 of 4 = 25 %"));
  EXPECT_THAT(text, HasSubstr("24 of 96 = 25 %"));
}

TEST(EvaluateReport, JsonHasTheSameNumbers) {
  const std::string json = evaluation_json(sample());
  EXPECT_THAT(json, HasSubstr("\"found\": 2"));
  EXPECT_THAT(json, HasSubstr("\"best_threshold\""));
  EXPECT_THAT(json, HasSubstr("\"seeds_of_rows\": \"sealed\""));
}

TEST(EvaluateReport, ARecordIsPooledByProgramLengthAndBudget) {
  const auto section = [](std::string_view program, std::string_view extra = "") {
    return fmt::format(
        "\n## T\n\n- Program: {}\n- Worlds: null, drip; 300 people, 4 years; where\n{}\n{}",
        program, extra, render_evaluation(sample()));
  };
  const std::string record = "# Evaluations\n" + section("one") + section("one") + section("two") +
                             section("one", "- Without the sources: email\n") +
                             section("one", "- Malicious acts are dealt to people\n");
  const auto text = pool_record(record, "drip", 300);
  ASSERT_TRUE(text) << text.error().message;
  EXPECT_THAT(*text,
              HasSubstr("drip, 300 people, 4 years, budget 1: 2 runs, found 4 of 4 (40 %–100 "
                        "%), 4 false cases in 400 weeks = 0.0100 a week"));
  EXPECT_THAT(*text, HasSubstr("1 run, found 2 of 2"));
  EXPECT_FALSE(pool_record(record, "null", 300));
  EXPECT_FALSE(pool_record(record, "drip", 301));
  EXPECT_FALSE(pool_record("", "drip", 300));
}

TEST(EvaluateReport, ARecordThatSomebodyDamagedIsRefusedNotMisread) {
  const std::string good =
      "## T\n- Program: p\n- Worlds: drip; 300 people, 4 years; x\n" + render_evaluation(sample());
  ASSERT_TRUE(pool_record(good, "drip", 300));
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 4);
    (void)pool_record(bad, "drip", 300);
    (void)pool_record(good.substr(0, i), "drip", 300);
  }
  std::string more = good;
  more.replace(more.find("2 of 2 ="), 8, "3 of 2 =");
  EXPECT_FALSE(pool_record(more, "drip", 300));
}

TEST(EvaluateReport, AScoreOfOneWorkspaceIsAFewLines) {
  evaluate::Score score;
  score.insiders = {{.acts = 1, .found = true, .days = 3, .sends = 1}};
  score.false_cases = 2;
  score.weeks = 100;
  score.false_kinds["freelancer"] = 1;
  EXPECT_EQ(render_score(score, 0.5),
            "Insiders found: 1 of 1 = 100 % (3 %–100 %)\n"
            "False cases: 2 in 100 weeks, where the budget allows 50.0\n"
            "  about people planted as: freelancer 1\n");
}

TEST(EvaluateReport, OtherLanesHaveALineOfTheirOwn) {
  evaluate::Score score;
  score.insiders = {{.acts = 1, .found = true, .days = 3, .sends = 1}, {.acts = 2}};
  score.cases = 5;
  score.false_cases = 4;
  EXPECT_EQ(render_lane(2, score),
            "Lane 2, lists of the weeks: 5 cases, 4 of them false; about 1 of 2 insiders\n");
}

TEST(EvaluateReport, EqualLinesHaveEqualHashes) {
  EXPECT_EQ(hash_of({"a", "b"}), hash_of({"a", "b"}));
  EXPECT_NE(hash_of({"a", "b"}), hash_of({"b", "a"}));
  EXPECT_EQ(hash_of({}).size(), 32u);
}

}  // namespace
}  // namespace weir::app
