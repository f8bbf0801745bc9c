#include "weir/evaluate/truth.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "weir/base/test_folder.h"

namespace weir::evaluate {
namespace {

using testing::HasSubstr;

constexpr std::string_view kGood = R"({
  "version": 1, "world": "drip", "seed": 7, "people": 200, "from": "2012-01-01",
  "to": "2024-01-01", "sends_per_year": 4, "new key": [{"a": 1}],
  "insiders": [{"person": "e1", "user_id": "u1", "address": "u1@a.example", "world": "drip",
    "scenario": "D1 drip", "from": "2012-07-02", "to": "2024-01-01", "mailboxes": ["x@y.example"],
    "requests": [],
    "acts": [{"step": "send", "time": "2012-09-06T11:59:47.806Z", "activity": "mail_send",
              "recipient": "X@y.example", "logged": false},
             {"time": "2012-08-06T11:59:47Z", "activity": "file_open"}]}],
  "look_alikes": {"self_mailer": ["e2", "e3"], "freelancer": []}
})";

std::string with(std::string_view what, std::string_view instead) {
  std::string text(kGood);
  const auto place = text.find(what);
  WEIR_ASSERT(place != std::string::npos);
  return text.replace(place, what.size(), instead);
}

std::string error_of(std::string_view json, const TruthLimits& limits = {}) {
  const auto truth = parse_truth(json, "w/answers.json", limits);
  return truth ? "no error" : truth.error().message;
}

TEST(EvaluateTruth, ReadsWhatScoringNeedsAndIgnoresTheRest) {
  const auto truth = parse_truth(kGood, "answers.json");
  ASSERT_TRUE(truth) << truth.error().message;
  EXPECT_EQ(truth->world, "drip");
  EXPECT_EQ(to_iso8601(truth->to), "2024-01-01");
  ASSERT_EQ(truth->insiders.size(), 1u);
  const TrueInsider& insider = truth->insiders[0];
  EXPECT_EQ(insider.user_id, "u1");
  ASSERT_EQ(insider.acts.size(), 2u);
  EXPECT_EQ(insider.acts[0].activity, event::Activity::file_open) << "in order of time";
  EXPECT_TRUE(insider.acts[0].logged);
  EXPECT_EQ(insider.acts[1].recipient, "X@y.example");
  EXPECT_FALSE(insider.acts[1].logged);
  EXPECT_EQ(truth->look_alikes.at("self_mailer").size(), 2u);
}

TEST(EvaluateTruth, NamesFileAndPlaceOfWhatIsWrong) {
  EXPECT_THAT(error_of("{"), HasSubstr("w/answers.json: this is not JSON"));
  EXPECT_THAT(error_of("{\"version\": 1,\n\"world\": \"drip\",\n\"people\": 3 4}"),
              HasSubstr("w/answers.json: this is not JSON, near line 3"));
  EXPECT_THAT(error_of("[]"), HasSubstr("w/answers.json: should be an object"));
  EXPECT_THAT(error_of(with("\"version\": 1", "\"version\": 2")), HasSubstr("version is 2"));
  EXPECT_THAT(error_of(with("2012-08-06T11:59:47Z", "soon")),
              HasSubstr("w/answers.json: insiders[0]: acts[1]: time: 'soon' is no time"));
  EXPECT_THAT(error_of(with("file_open", "file_eat")),
              HasSubstr("acts[1]: activity: there is no activity 'file_eat'"));
  EXPECT_THAT(error_of(with("\"logged\": false", "\"logged\": 0")),
              HasSubstr("acts[0]: logged: should be true or false"));
  EXPECT_THAT(error_of(with("\"person\": \"e1\",", "")), HasSubstr("person: is missing"));
  EXPECT_THAT(error_of(with("\"2024-01-01\"", "\"2011-01-01\"")), HasSubstr("to: is not after"));
  EXPECT_THAT(error_of(with("[\"e2\", \"e3\"]", "[\"e2\", 3]")),
              HasSubstr("look_alikes: self_mailer[1]: should be a key"));
}

TEST(EvaluateTruth, KeepsToItsLimits) {
  EXPECT_THAT(error_of(kGood, {.file_bytes = 100}), HasSubstr("larger than 100 bytes"));
  EXPECT_THAT(error_of(kGood, {.insiders = 0}), HasSubstr("more than 0 insiders"));
  EXPECT_THAT(error_of(kGood, {.acts = 1}), HasSubstr("more than 1 acts"));
  EXPECT_THAT(error_of(kGood, {.look_alikes = 1}), HasSubstr("more than 1"));
  EXPECT_THAT(error_of(kGood, {.text_bytes = 8}), HasSubstr("longer than 8 bytes"));
  const std::string deep(100'000, '[');
  EXPECT_THAT(error_of(deep), HasSubstr("not JSON"));
}

TEST(EvaluateTruth, SurvivesEveryCutAndEveryFlippedByte) {
  for (std::size_t cut = 0; cut < kGood.size(); ++cut) {
    EXPECT_FALSE(parse_truth(kGood.substr(0, cut), "a")) << cut;
  }
  for (std::size_t i = 0; i < kGood.size(); ++i) {
    for (const char flip : {'\x01', '\x20', '\x80'}) {
      std::string text(kGood);
      text[i] = static_cast<char>(text[i] ^ flip);
      (void)parse_truth(text, "a");
    }
  }
}

TEST(EvaluateTruth, NamesAFileThatIsNotThere) {
  const TestFolder folder;
  const auto truth = read_truth(folder.path() / "answers.json");
  ASSERT_FALSE(truth);
  EXPECT_EQ(truth.error().code, ErrorCode::not_found);
  folder.write("answers.json", kGood);
  EXPECT_TRUE(read_truth(folder.path() / "answers.json"));
}

}  // namespace
}  // namespace weir::evaluate
