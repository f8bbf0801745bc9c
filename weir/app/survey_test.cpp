#include "weir/app/survey.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "weir/app/document_registry.h"
#include "weir/app/test_workspace.h"
#include "weir/base/columns.h"
#include "weir/base/text.h"

namespace weir::app {
namespace {

using event::Activity;
using event::RecordClass;
using evidence::Detail;
using evidence::sight_of;
using std::chrono::days;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const Day kMonday = *parse_day("2024-01-01");

TEST(Outages, AreRunsThatWouldHardlyBeEmptyByChance) {
  std::map<Day, std::uint64_t> records;
  for (int day = 0; day < 140; ++day) {
    const bool rest = day % 7 >= 5;
    const bool out = day >= 21 && day < 32;  // a Monday to the Thursday of the week after
    const bool holiday = day == 44;
    if (!rest && !out && !holiday) records[kMonday + days{day}] = 80;
  }
  const std::vector<Outage> outages = outages_of(records);
  ASSERT_EQ(outages.size(), 2u) << "weekends are none";
  // With the weekend before it.
  EXPECT_EQ(outages[0].from, kMonday + days{19});
  EXPECT_EQ(outages[0].to, kMonday + days{31});
  EXPECT_EQ(outages[1].days(), 1);
}

TEST(Outages, OfASourceThatSpeaksNowAndThenOnlyLongOnesShow) {
  std::map<Day, std::uint64_t> seldom;
  for (int day = 0; day < 300; day += 11) seldom[kMonday + days{day}] = 1;
  EXPECT_TRUE(outages_of(seldom).empty());
  EXPECT_TRUE(outages_of({}).empty());
  EXPECT_TRUE(outages_of({{kMonday, 5}}).empty());
  std::map<Day, std::uint64_t> small;
  for (int day = 0; day < 300; ++day) {
    if (day % 5 != 0 && (day < 100 || day > 110)) small[kMonday + days{day}] = 2;
  }
  ASSERT_EQ(outages_of(small).size(), 1u) << "two records a day, and a day in five has none";
  EXPECT_EQ(outages_of(small)[0].days(), 11);
}

TEST(Gains, NameWhatAMissingSourceWouldMakeVisible) {
  const auto seen = static_cast<evidence::Sight>(sight_of(RecordClass::email) |
                                                 sight_of(RecordClass::authentication));
  bool print = false;
  for (const SourceGain& gain : gains(seen)) {
    EXPECT_EQ(gain.source & seen, 0);
    if (gain.source != sight_of(RecordClass::print)) continue;
    print = true;
    ASSERT_EQ(gain.parts.size(), 1u);
    EXPECT_EQ(gain.parts[0].hypothesis, evidence::Hypothesis::burst);
    EXPECT_FALSE(gain.parts[0].asked_at_last);
    EXPECT_THAT(gain.parts[0].what, ElementsAre("prints"));
  }
  EXPECT_TRUE(print);
  EXPECT_TRUE(gains(evidence::kEverything).empty());
}

void expect_width(const std::string& text, std::size_t width) {
  for (const std::string_view line : split(text, '\n')) EXPECT_LE(columns(line), width) << line;
}

class SurveyTest : public WorkspaceTest {
 protected:
  void store(const std::vector<event::Record>& records) {
    auto lake = workspace_->open_lake(false);
    ASSERT_TRUE(lake) << lake.error().message;
    for (const event::Record& record : records) ASSERT_TRUE(lake->append(record));
    ASSERT_TRUE(lake->commit({}));
    ASSERT_TRUE(lake->roll());
  }
  event::Record record(Activity activity, std::uint64_t person, int day) {
    event::Record one;
    one.id.low = ++last_;
    one.time = one.claimed_time = one.seen = Instant{kMonday + days{day}};
    one.activity = activity;
    one.person = event::PersonId{person};
    return one;
  }
  event::Record mail(std::uint64_t person, std::uint64_t address, event::RecipientClass to) {
    event::Record one = record(Activity::mail_send, person, 0);
    one.parties.push_back({.address = event::AddressToken{address}, .recipient_class = to});
    return one;
  }
  Survey survey() {
    auto taken = take_survey(*workspace_, {});
    EXPECT_TRUE(taken) << taken.error().message;
    return taken ? *taken : Survey{};
  }

 private:
  std::uint64_t last_ = 0;
};

TEST_F(SurveyTest, AnEmptyWorkspaceSaysThatEverythingIsMissing) {
  const Survey empty = survey();
  EXPECT_EQ(empty.records, 0u);
  EXPECT_EQ(empty.sight(), 0);
  const std::string text = render_survey(empty, 80);
  EXPECT_THAT(text, HasSubstr("There are no records yet"));
  EXPECT_THAT(text, HasSubstr("- email: no records"));
  EXPECT_THAT(text, HasSubstr("slow drip (cannot be judged without): transmissions"));
  expect_width(text, 80);
  EXPECT_THAT(survey_json(empty), HasSubstr(R"("format": "weir.survey")"));
}

TEST_F(SurveyTest, CountsSourcesAndAddressesAndHidesSmallGroups) {
  std::vector<event::Record> records;
  for (std::uint64_t person = 1; person <= 6; ++person) {
    records.push_back(mail(person, 70, event::RecipientClass::free_mail));
    if (person <= 3) records.push_back(mail(person, 71, event::RecipientClass::free_mail));
    records.push_back(mail(person, 100 + person, event::RecipientClass::free_mail));
    records.push_back(mail(person, 80, event::RecipientClass::other));
    records.push_back(mail(person, 90, event::RecipientClass::internal));
  }
  records[0].sensitivity = event::Sensitivity::secret;
  records.push_back(record(Activity::logon, 1, 3));
  records.back().host = event::HostToken{5};
  records.push_back(record(Activity::logon, 2, 8));
  store(records);

  const Survey found = survey();
  EXPECT_EQ(found.records, records.size());
  const ClassSurvey& logons = found.of(RecordClass::authentication);
  EXPECT_EQ(logons.records, 2u);
  EXPECT_EQ(logons.first, kMonday + days{3});
  EXPECT_EQ(logons.last, kMonday + days{8});
  EXPECT_EQ(logons.empty_days, 4u);
  EXPECT_TRUE(logons.permitted);
  EXPECT_EQ(found.of(RecordClass::email).people, 6u);
  EXPECT_EQ(found.of(Detail::sensitivity).said, 1u);
  EXPECT_EQ(found.of(Detail::sensitivity).all, 27u);
  EXPECT_EQ(found.of(Detail::messages_received).said, 0u);
  EXPECT_EQ(found.sight(), sight_of(RecordClass::email) | sight_of(RecordClass::authentication) |
                               sight_of(Detail::sensitivity) | sight_of(Detail::hosts));

  ASSERT_EQ(found.addresses.kinds.size(), 2u);
  const AddressesSurvey::Kind& free = found.addresses.kinds[0];
  EXPECT_EQ(free.recipient_class, "free_mail");
  EXPECT_EQ(free.addresses, 8u);
  EXPECT_EQ(free.of_several, 2u);
  EXPECT_EQ(free.of_many, 1u);
  EXPECT_EQ(free.sends, 9u);
  EXPECT_EQ(found.addresses.kinds[1].of_several, 1u);
  ASSERT_EQ(found.addresses.biggest.size(), 1u) << "three people are too few to be told apart";
  EXPECT_EQ(found.addresses.biggest[0].token, "0000000000000046");
  EXPECT_EQ(found.addresses.biggest[0].people, 6u);

  const std::string text = render_survey(found, 80);
  expect_width(text, 80);
  EXPECT_THAT(text, HasSubstr("under 5")) << "two people logged on";
  EXPECT_THAT(text, HasSubstr("- address 0000000000000046 (free mail): 6 people, 6 sends"));
  EXPECT_THAT(text, HasSubstr("- mail received: none recorded"));
  EXPECT_THAT(text, Not(HasSubstr("0000000000000047")));
  EXPECT_THAT(survey_json(found), HasSubstr(R"("people": null)"));
}

TEST_F(SurveyTest, ADocumentIsOutsideOnlyWhereItCanHaveLeft) {
  std::vector<event::Record> records = {mail(1, 90, event::RecipientClass::internal),
                                        mail(1, 70, event::RecipientClass::free_mail),
                                        mail(2, 80, event::RecipientClass::partner),
                                        record(Activity::file_copy, 1, 1),
                                        record(Activity::file_copy, 1, 2),
                                        record(Activity::file_open, 1, 2)};
  records[1].parties.push_back(
      {.address = event::AddressToken{90}, .recipient_class = event::RecipientClass::internal});
  records[4].flags = event::kFlagRemovableMedia;
  for (event::Record& one : records) one.documents.push_back({.document = 1, .blocks = {}});
  records[2].documents.push_back({.document = 2, .blocks = {}});
  store(records);
  EXPECT_EQ(survey().documents.outside, 0u) << "without a registry the lake is not searched";

  const auto registry = DocumentRegistry::open(*workspace_).value();
  std::vector<RegistryWriter::NewDocument> documents(3);
  for (std::size_t i = 0; i < documents.size(); ++i) {
    documents[i].document.path = fmt::format("/plans/{}", i);
    documents[i].document.content.low = i + 1;
    documents[i].document.facts.label = i == 0 ? "secret" : "internal";
  }
  const auto added = RegistryWriter::open(*registry).value()->add(documents, Instant{kMonday});
  ASSERT_TRUE(added) << added.error().message;

  const DocumentsSurvey found = survey().documents;
  EXPECT_EQ(found.registered, 3u);
  EXPECT_EQ(found.outside, 2u);
  EXPECT_EQ(found.transmissions, 3u);
  EXPECT_EQ(found.labels.at("secret").documents, 1u);
  EXPECT_EQ(found.labels.at("secret").transmissions, 3u);
  EXPECT_EQ(found.labels.at("internal").transmissions, 1u);
  ASSERT_EQ(found.ways.size(), 3u);
  const auto reached = [&](std::string_view activity, std::string_view to) {
    return std::ranges::any_of(found.ways, [&](const DocumentsSurvey::Way& way) {
      return way.activity == activity && way.recipient_class == to && way.transmissions == 1;
    });
  };
  EXPECT_TRUE(reached("mail_send", "free_mail")) << "the least trusted recipient counts";
  EXPECT_TRUE(reached("mail_send", "partner"));
  EXPECT_TRUE(reached("file_copy", ""));
}

}  // namespace
}  // namespace weir::app
