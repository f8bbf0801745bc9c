#include "weir/ingest/resolver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "weir/ingest/detail/test_workspace.h"
#include "weir/ingest/sealed_names.h"

namespace weir::ingest {
namespace {

using namespace event;
using roster::IdentityKind;
using testing::HasSubstr;

constexpr std::string_view kRoster =
    "person,name,user_ids,addresses,hosts,entity,unit,site,timezone\n"
    "E1,Anna A,ann,anna@corp.example,pc-1,North,Lab,Berlin,Europe/Berlin\n"
    "E2,Ben B,ben,ben@corp.example;b.b@corp.example,pc-2,North,Sales,Boston,America/New_York\n";

const std::vector<std::string_view> kFree = {"free.example"};

Instant at(std::string_view text) { return parse_iso8601(text)->utc; }
const Instant kSeen = at("2021-06-02T00:00:00Z");

class Resolving : public testing::Test {
 protected:
  Resolving() {
    options_.internal_domains = {"corp.example"};
    options_.partner_domains = {"partner.example"};
    options_.free_mail_domains = &kFree;
    options_.scope = {everything_of("*")};
  }

  static ScopeRule everything_of(std::string entity) {
    ScopeRule rule{.entity = std::move(entity), .units = {"*"}, .sources = {}};
    for (std::uint8_t i = 0; i < kRecordClassCount; ++i) {
      rule.sources.push_back(static_cast<RecordClass>(i));
    }
    return rule;
  }

  static SourceRecord said(Activity activity, std::string_view time = "2021-06-01T12:00:00") {
    SourceRecord record;
    record.activity = activity;
    record.time = at(time);
    record.raw = "raw";
    return record;
  }

  SourceRecord sends(std::string_view recipient) {
    SourceRecord record = said(Activity::mail_send);
    record.user_address = "Anna@Corp.example";
    record.parties = {{.address = recipient, .role = PartyRole::to}};
    return record;
  }

  Dropped resolve(const SourceRecord& record) {
    if (!resolver_) resolver_ = make().value();
    const Result<Dropped> dropped =
        resolver_->resolve(record, "test", SourceId{3}, 42, kSeen, record_);
    EXPECT_TRUE(dropped) << dropped.error().message;
    return dropped.value_or(Dropped::no);
  }
  Result<Resolver> make() {
    return Resolver::create(options_, workspace_.roster(), workspace_.vault());
  }
  PersonId person(IdentityKind kind, std::string_view identity) {
    return workspace_.roster().resolve(kind, identity, kSeen);
  }
  PersonId anna() { return person(IdentityKind::user_id, "ann"); }
  PersonId ben() { return person(IdentityKind::user_id, "ben"); }
  const Party& party(std::size_t i) { return record_.parties.at(i); }

  TestWorkspace workspace_{kRoster};
  ResolverOptions options_;
  std::optional<Resolver> resolver_;
  Record record_;
};

TEST_F(Resolving, TurnsASentMailIntoTokensAndPeople) {
  SourceRecord mail = sends("Stranger@Free.example");
  mail.parties.push_back({.address = "B.B@corp.example", .role = PartyRole::cc});
  mail.bytes = 77;
  EXPECT_EQ(resolve(mail), Dropped::no);
  EXPECT_NE(anna(), kNobody);
  EXPECT_EQ(record_.person, anna());
  EXPECT_EQ(record_.account, workspace_.vault().address_token("anna@corp.example"));
  EXPECT_EQ(record_.bytes, 77u);
  EXPECT_EQ(record_.source, SourceId{3});
  EXPECT_EQ(record_.source_offset, 42u);
  EXPECT_EQ(record_.id, workspace_.vault().record_id("test", "raw"));
  ASSERT_EQ(record_.parties.size(), 2u);
  EXPECT_EQ(party(0).address, workspace_.vault().address_token("stranger@free.example"));
  EXPECT_EQ(party(0).domain, workspace_.vault().domain_token("free.example"));
  EXPECT_EQ(party(0).recipient_class, RecipientClass::free_mail);
  EXPECT_EQ(party(0).person, kNobody);
  EXPECT_EQ(party(1).person, ben());
  EXPECT_EQ(party(1).recipient_class, RecipientClass::internal);
}

TEST_F(Resolving, RecognisesDocumentsByTheDigestsThatASourceSays) {
  const DocumentMatch known{.document = 7,
                            .kind = MatchKind::whole_file,
                            .sensitivity = Sensitivity::secret,
                            .words = 200,
                            .unique_words = 200,
                            .document_words = 200,
                            .blocks = {}};
  const std::unordered_map<ContentHash, DocumentMatch> content = {
      {workspace_.vault().content_hash("digest"), known}};
  options_.known_content = &content;
  SourceRecord mail = sends("stranger@free.example");
  mail.objects.resize(2);
  mail.objects[0].digest = mail.objects[1].digest = "digest";
  EXPECT_EQ(resolve(mail), Dropped::no);
  EXPECT_EQ(record_.documents, std::vector{known});
  EXPECT_EQ(record_.sensitivity, Sensitivity::secret);

  SourceRecord upload = said(Activity::web_upload);
  upload.user = "ann";
  upload.content_digest = "digest";
  EXPECT_EQ(resolve(upload), Dropped::no);
  EXPECT_EQ(record_.documents.size(), 1u);
  upload.content_digest = "another";
  EXPECT_EQ(resolve(upload), Dropped::no);
  EXPECT_TRUE(record_.documents.empty());
  EXPECT_EQ(record_.sensitivity, Sensitivity::unknown);
}

TEST_F(Resolving, OnlyWhatWasReadWholeAndHasNoFindIsKnownToBeHarmless) {
  SourceRecord mail = sends("stranger@free.example");
  mail.flags = kFlagInspected;
  EXPECT_EQ(resolve(mail), Dropped::no);
  EXPECT_EQ(record_.sensitivity, Sensitivity::none);
  mail.flags |= kFlagNotAllRead;
  EXPECT_EQ(resolve(mail), Dropped::no);
  EXPECT_EQ(record_.sensitivity, Sensitivity::unknown);
  mail.documents = {{.document = 3,
                     .kind = MatchKind::reworded,
                     .sensitivity = Sensitivity::secret,
                     .words = 20,
                     .unique_words = 20,
                     .document_words = 4000,
                     .blocks = "b"}};
  EXPECT_EQ(resolve(mail), Dropped::no);
  EXPECT_EQ(record_.sensitivity, Sensitivity::confidential) << "twenty words of four thousand";
}

TEST_F(Resolving, LeavesNothingOfTheRecordBefore) {
  SourceRecord mail = sends("stranger@free.example");
  mail.host = "pc-1";
  mail.content_digest = "digest";
  mail.title = "Plans";
  mail.flags = kFlagReply;
  mail.objects.resize(1);
  resolve(mail);
  SourceRecord logon = said(Activity::logon);
  logon.user = "ben";
  resolve(logon);
  Record fresh;
  ASSERT_TRUE(resolver_->resolve(logon, "test", SourceId{3}, 42, kSeen, fresh));
  EXPECT_EQ(record_, fresh);
}

TEST_F(Resolving, FindsWhoDidItByUserThenAddressThenHost) {
  SourceRecord visit = said(Activity::web_visit);
  visit.host = "PC-2";
  resolve(visit);
  EXPECT_EQ(record_.person, ben());
  visit.user = "-";
  resolve(visit);
  EXPECT_EQ(record_.person, ben());
  visit.user = "ANN";
  resolve(visit);
  EXPECT_EQ(record_.person, anna());
  visit.user = "anna@corp.example";
  resolve(visit);
  EXPECT_EQ(record_.person, anna());
}

TEST_F(Resolving, TakesReceivedMailForTheFirstRecipientOfOurs) {
  SourceRecord mail = said(Activity::mail_receive);
  mail.parties = {{.address = "stranger@free.example", .role = PartyRole::from},
                  {.address = "other@else.example", .role = PartyRole::to},
                  {.address = "ben@corp.example", .role = PartyRole::to},
                  {.address = "anna@corp.example", .role = PartyRole::cc}};
  EXPECT_EQ(resolve(mail), Dropped::no);
  EXPECT_EQ(record_.person, ben());
  EXPECT_EQ(record_.account, workspace_.vault().address_token("ben@corp.example"));
  EXPECT_EQ(party(3).person, anna());
}

TEST_F(Resolving, TakesTheUserAddressOfReceivedMailForItsSender) {
  SourceRecord mail = said(Activity::mail_receive);
  mail.user_address = "stranger@free.example";
  mail.parties = {{.address = "anna@corp.example", .role = PartyRole::to}};
  EXPECT_EQ(resolve(mail), Dropped::no);
  EXPECT_EQ(record_.person, anna());
  ASSERT_EQ(record_.parties.size(), 2u);
  EXPECT_EQ(party(1).role, PartyRole::from);
  EXPECT_EQ(party(1).recipient_class, RecipientClass::free_mail);
}

TEST_F(Resolving, MakesAProvisionalPersonOfAnUnknownColleague) {
  SourceRecord mail = sends("new.colleague@corp.example");
  resolve(mail);
  EXPECT_NE(party(0).person, kNobody);
  EXPECT_EQ(party(0).person, person(IdentityKind::mail_address, "new.colleague@corp.example"));
}

TEST_F(Resolving, ConvertsLocalTimeByThePersonsZone) {
  SourceRecord logon = said(Activity::logon, "2021-06-01T12:00:00");
  logon.user = "ann";
  resolve(logon);
  EXPECT_EQ(record_.time, at("2021-06-01T10:00:00Z"));
  EXPECT_EQ(record_.utc_offset, std::chrono::minutes{120});
  logon.user = "ben";
  resolve(logon);
  EXPECT_EQ(record_.time, at("2021-06-01T16:00:00Z"));
  options_.default_timezone = "Asia/Tokyo";
  resolver_.reset();
  logon.user = "stranger";
  resolve(logon);
  EXPECT_EQ(record_.time, at("2021-06-01T03:00:00Z"));
}

TEST_F(Resolving, KeepsATimeThatCarriesItsOffset) {
  SourceRecord logon = said(Activity::logon, "2021-06-01T12:00:00Z");
  logon.user = "ann";
  logon.has_offset = true;
  logon.utc_offset = std::chrono::minutes{-330};
  resolve(logon);
  EXPECT_EQ(record_.time, at("2021-06-01T12:00:00Z"));
  EXPECT_EQ(record_.utc_offset, std::chrono::minutes{-330});
}

TEST_F(Resolving, ClampsATimeInTheFutureAndKeepsWhatWasClaimed) {
  SourceRecord logon = said(Activity::logon);
  logon.user = "ann";
  logon.has_offset = true;
  logon.time = kSeen + std::chrono::hours{1};
  resolve(logon);
  EXPECT_EQ(record_.time, kSeen);
  EXPECT_EQ(record_.claimed_time, kSeen + std::chrono::hours{1});
  EXPECT_EQ(record_.flags, kFlagFutureDated);
  // A clock a little fast is life, not a claim about the future.
  logon.time = kSeen + std::chrono::minutes{5};
  resolve(logon);
  EXPECT_EQ(record_.time, kSeen);
  EXPECT_EQ(record_.flags, 0);
}

TEST_F(Resolving, RaisesSensitivityToThatOfTheMostSensitiveObject) {
  SourceRecord mail = sends("stranger@free.example");
  mail.sensitivity = Sensitivity::internal;
  mail.objects.resize(2);
  mail.objects[0].sensitivity = Sensitivity::secret;
  mail.objects[0].digest = "d";
  mail.objects[0].place = "share";
  resolve(mail);
  EXPECT_EQ(record_.sensitivity, Sensitivity::secret);
  EXPECT_EQ(record_.objects[0].content, workspace_.vault().content_hash("d"));
  EXPECT_EQ(record_.objects[0].place, workspace_.vault().place_token("share"));
  EXPECT_FALSE(record_.objects[1].content);
}

TEST_F(Resolving, SealsNamesUnderThePersonsKey) {
  SourceRecord mail = sends("stranger@free.example");
  mail.title = "Plans";
  mail.objects.resize(1);
  mail.objects[0].name = "plan.pdf";
  resolve(mail);
  EXPECT_THAT(record_.sealed, testing::Not(HasSubstr("plan")));
  const std::optional<std::string> opened =
      workspace_.vault().open_sealed(anna(), record_.id, record_.sealed);
  ASSERT_TRUE(opened);
  EXPECT_EQ(decode_names(*opened), (SealedNames{.title = "Plans", .objects = {"plan.pdf"}}));
  options_.keep_names = false;
  resolver_.reset();
  resolve(mail);
  EXPECT_EQ(record_.sealed, "");
}

TEST_F(Resolving, RemembersOutsideAddressesSealed) {
  resolve(sends("Stranger@free.example"));
  ASSERT_TRUE(workspace_.vault().flush());
  EXPECT_EQ(workspace_.vault().reveal_address(party(0).address).value_or(""),
            "stranger@free.example");
}

TEST_F(Resolving, DropsARecordWithAnExcludedAddressInAnyPlace) {
  options_.excluded_addresses = {"council@corp.example", "*@union.example"};
  SourceRecord to = sends("Council@corp.example");
  SourceRecord bcc = sends("stranger@free.example");
  bcc.parties.push_back({.address = "help@north.union.example", .role = PartyRole::bcc});
  SourceRecord from = sends("stranger@free.example");
  from.user_address = "council@corp.example";
  SourceRecord user = said(Activity::logon);
  user.user = "council@corp.example";
  for (const SourceRecord& record : {to, bcc, from, user}) {
    EXPECT_EQ(resolve(record), Dropped::excluded_address);
    EXPECT_TRUE(resolver_->is_excluded(record));
  }
  EXPECT_FALSE(resolver_->is_excluded(sends("stranger@free.example")));
  ASSERT_TRUE(workspace_.vault().flush());
  // Nothing of it is remembered, not even who else was written to.
  const AddressToken stranger = workspace_.vault().address_token("stranger@free.example");
  EXPECT_FALSE(workspace_.vault().reveal_address(stranger));
  EXPECT_EQ(person(IdentityKind::mail_address, "council@corp.example"), kNobody);
}

TEST_F(Resolving, DropsVisitsOfExcludedSites) {
  options_.excluded_sites = {"clinic.example"};
  SourceRecord visit = said(Activity::web_visit);
  visit.user = "ann";
  visit.parties = {{.address = "Booking.Clinic.example.", .role = PartyRole::site}};
  EXPECT_EQ(resolve(visit), Dropped::excluded_site);
  visit.parties[0].address = "news.example";
  EXPECT_EQ(resolve(visit), Dropped::no);
  EXPECT_EQ(party(0).domain, workspace_.vault().domain_token("news.example"));
}

TEST_F(Resolving, KeepsNothingWhereScopeSaysNothing) {
  options_.scope = {};
  EXPECT_EQ(resolve(sends("stranger@free.example")), Dropped::out_of_scope);
}

TEST_F(Resolving, KeepsOnlyClassesUnitsAndEntitiesInScope) {
  options_.scope = {{.entity = "North", .units = {"Lab"}, .sources = {RecordClass::email}}};
  EXPECT_EQ(resolve(sends("stranger@free.example")), Dropped::no);
  SourceRecord logon = said(Activity::logon);
  logon.user = "ann";
  EXPECT_EQ(resolve(logon), Dropped::out_of_scope);
  SourceRecord by_ben = sends("stranger@free.example");
  by_ben.user_address = "ben@corp.example";
  EXPECT_EQ(resolve(by_ben), Dropped::out_of_scope);
}

TEST_F(Resolving, MakesNoPersonOfAStrangerOutOfScope) {
  options_.scope = {everything_of("North")};
  SourceRecord logon = said(Activity::logon);
  logon.user = "stranger";
  EXPECT_EQ(resolve(logon), Dropped::out_of_scope);
  EXPECT_EQ(person(IdentityKind::user_id, "stranger"), kNobody);
}

TEST_F(Resolving, NamesNoRecipientOutOfScopeAsAPerson) {
  options_.scope = {{.entity = "North", .units = {"Lab"}, .sources = {RecordClass::email}}};
  SourceRecord mail = said(Activity::mail_receive);
  mail.parties = {{.address = "stranger@free.example", .role = PartyRole::from},
                  {.address = "ben@corp.example", .role = PartyRole::to},
                  {.address = "anna@corp.example", .role = PartyRole::to}};
  EXPECT_EQ(resolve(mail), Dropped::no);
  EXPECT_EQ(record_.person, anna());
  EXPECT_EQ(party(1).person, kNobody);
  mail.parties.pop_back();
  EXPECT_EQ(resolve(mail), Dropped::out_of_scope);
}

TEST_F(Resolving, RefusesAnUnknownZoneAndAMalformedExclusion) {
  options_.default_timezone = "Mars/Olympus";
  ASSERT_FALSE(make());
  EXPECT_THAT(make().error().message, HasSubstr("Mars/Olympus"));
  options_.default_timezone = "UTC";
  options_.excluded_addresses = {"council"};
  ASSERT_FALSE(make());
  EXPECT_THAT(make().error().message, HasSubstr("\"council\""));
}

TEST_F(Resolving, MakesNoPersonAndRemembersNothingOfAnEndlessName) {
  const std::string endless(5000, 'x');
  SourceRecord logon = said(Activity::logon);
  logon.user = endless;
  EXPECT_EQ(resolve(logon), Dropped::no);
  EXPECT_EQ(record_.person, kNobody);
  const std::string address = endless + "@free.example";
  EXPECT_EQ(resolve(sends(address)), Dropped::no);
  EXPECT_EQ(party(0).address, workspace_.vault().address_token(address));
  ASSERT_TRUE(workspace_.vault().flush());
  EXPECT_FALSE(workspace_.vault().reveal_address(party(0).address));
}

TEST_F(Resolving, GivesTheSameRecordHoweverFullItsCachesAre) {
  SourceRecord mail = sends("stranger@free.example");
  mail.host = "pc-1";
  resolve(mail);
  const Record first = record_;
  for (int i = 0; i < 20'000; ++i) {
    const std::string address = fmt::format("p{}@outside.example", i);
    resolve(sends(address));
  }
  resolve(mail);
  EXPECT_EQ(record_, first);
}

}  // namespace
}  // namespace weir::ingest
