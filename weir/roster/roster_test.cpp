#include "weir/roster/roster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

#include "weir/base/file.h"
#include "weir/base/text.h"

namespace weir::roster {
namespace {

namespace fs = std::filesystem;
using event::PersonId;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Day day(std::string_view text) { return parse_day(text).value(); }
Instant noon(std::string_view text) { return day(text) + std::chrono::hours{12}; }

/// A simulated workspace, so that names can be looked at.
class RosterTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              fmt::format("weir-roster-{}-{}", ::getpid(),
                          testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::create_directories(folder_);
    ASSERT_TRUE(vault::Vault::create(folder_ / "vault", {.kind = vault::WorkspaceKind::simulated}));
    reopen();
  }
  void TearDown() override {
    roster_.reset();
    fs::remove_all(folder_);
  }

  void reopen() {
    roster_.reset();
    vault_.reset();
    vault_ = std::make_unique<vault::Vault>(vault::Vault::open(folder_ / "vault").value());
    database_ = ledger::Database::open(folder_ / "ledger.db").value();
    roster_ = std::make_unique<Roster>(Roster::open(database_, *vault_).value());
  }

  /// Imports CSV text; the file is called roster.csv.
  Result<ImportReport> import(const std::string& csv) {
    EXPECT_TRUE(write_file_atomic(folder_ / "roster.csv", csv));
    return roster_->import(folder_ / "roster.csv");
  }
  ImportReport import_well(const std::string& csv) {
    const Result<ImportReport> report = import(csv);
    EXPECT_TRUE(report) << report.error().message;
    return report.value_or(ImportReport{});
  }
  std::string refusal(const std::string& csv) {
    const Result<ImportReport> report = import(csv);
    EXPECT_FALSE(report) << csv;
    if (report) return "";
    EXPECT_EQ(report.error().code, ErrorCode::invalid_argument) << report.error().message;
    return report.error().message;
  }
  PersonId user(std::string_view id, std::string_view when = "2015-01-01") const {
    return roster_->resolve(IdentityKind::user_id, id, noon(when));
  }
  PersonId mail(std::string_view address, std::string_view when = "2015-01-01") const {
    return roster_->resolve(IdentityKind::mail_address, address, noon(when));
  }
  PersonId meet(IdentityKind kind, std::string_view identity,
                std::string_view when = "2015-01-01") {
    return roster_->resolve_or_make(kind, identity, noon(when), "mail").value();
  }
  People people() { return roster_->people().value(); }

  fs::path folder_;
  std::unique_ptr<vault::Vault> vault_;
  ledger::Database database_;
  std::unique_ptr<Roster> roster_;
};

TEST_F(RosterTest, ReadsPeopleTheirFactsAndIdentities) {
  const Result<ImportReport> report =
      roster_->import(fs::path(WEIR_TESTDATA) / "roster" / "small.csv");
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->rows, 4u);
  EXPECT_EQ(report->people_added, 3u);
  EXPECT_THAT(report->problems, IsEmpty());

  const People all = people();
  ASSERT_EQ(all.all().size(), 3u);
  const PersonId anna = user("e1");
  ASSERT_NE(anna, event::kNobody);
  EXPECT_EQ(user("aberg"), anna);
  EXPECT_EQ(mail("anna.berg@corp.example"), anna);
  const Facts before = all.on(anna, day("2016-06-30"));
  EXPECT_EQ(before.unit, "Networks");
  EXPECT_EQ(before.role, "Engineer");
  EXPECT_EQ(before.site, "Bonn");
  EXPECT_EQ(before.entity, "Corp GmbH");
  EXPECT_EQ(before.timezone, "Europe/Berlin");
  EXPECT_EQ(before.manager, user("e3"));
  EXPECT_TRUE(before.employed);
  const Facts after = all.on(anna, day("2016-07-01"));
  EXPECT_EQ(after.unit, "Security");
  EXPECT_EQ(after.role, "Lead");
  EXPECT_EQ(roster_->resolve(IdentityKind::host, "ws-001", noon("2016-06-30")), anna);
  EXPECT_EQ(all.declared_by(vault_->address_token("berg.family@mail.example")), anna);
  EXPECT_EQ(all.declared_by(vault_->address_token("anna.berg@corp.example")), event::kNobody);
  EXPECT_FALSE(all.on(anna, day("2011-01-31")).employed);
  const PersonId bert = user("bertc");
  EXPECT_TRUE(all.on(bert, day("2019-03-31")).employed) << "the end is the last day";
  EXPECT_FALSE(all.on(bert, day("2019-04-01")).employed);
  EXPECT_EQ(user("nobody-knows"), event::kNobody);
}

TEST_F(RosterTest, KeepsAccessGroupsAsFactsWithTheirPeriods) {
  ASSERT_TRUE(roster_->import(fs::path(WEIR_TESTDATA) / "roster" / "small.csv"));
  const People all = people();
  std::vector<std::string> access;
  for (const Fact& fact : all.find(user("e1"))->facts) {
    if (fact.kind != FactKind::access) continue;
    access.push_back(fmt::format("{} {} {}", fact.value, to_iso8601(fact.period.from),
                                 fact.period.to == Day::max() ? "-" : to_iso8601(fact.period.to)));
  }
  EXPECT_THAT(access, ElementsAre("networks 2011-02-01 -", "plans 2011-02-01 2016-07-01",
                                  "incidents 2016-07-01 -"));
}

TEST_F(RosterTest, ASecondImportChangesNothing) {
  const fs::path file = fs::path(WEIR_TESTDATA) / "roster" / "small.csv";
  ASSERT_TRUE(roster_->import(file));
  const PersonId anna = user("e1");
  const std::string pseudonym = people().find(anna)->pseudonym;
  reopen();
  const ImportReport again = roster_->import(file).value();
  EXPECT_EQ(again.people_added, 0u);
  EXPECT_EQ(again.people_changed, 0u);
  EXPECT_EQ(again.people_unchanged, 3u);
  EXPECT_EQ(user("e1"), anna);
  EXPECT_EQ(people().find(anna)->pseudonym, pseudonym);
}

TEST_F(RosterTest, KeepsNoNameInTheLedgerButInTheVault) {
  ASSERT_TRUE(roster_->import(fs::path(WEIR_TESTDATA) / "roster" / "small.csv"));
  ASSERT_TRUE(database_.checkpoint());
  const std::string bytes = read_file(folder_ / "ledger.db", 1u << 26).value();
  for (const char* text : {"Anna", "aberg", "anna.berg", "berg.family", "ws-001"}) {
    EXPECT_THAT(bytes, Not(HasSubstr(text)));
  }
  const std::string identity = vault_->reveal_person(user("e1")).value();
  EXPECT_EQ(identity,
            R"({"person":"e1","name":"Anna Berg","user_ids":["aberg"],)"
            R"("addresses":["anna.berg@corp.example"],)"
            R"("declared_addresses":["berg.family@mail.example"],"hosts":["ws-001","ws-044"]})");
  EXPECT_EQ(vault_->reveal_address(vault_->address_token("bert.cole@corp.example")).value(),
            "bert.cole@corp.example");
}

TEST_F(RosterTest, PseudonymsSayNothingAndAreUnique) {
  std::string csv = "person,name\n";
  for (int i = 0; i < 500; ++i) csv += fmt::format("p{},Somebody Surname{}\n", i, i);
  import_well(csv);
  std::vector<std::string> pseudonyms;
  const People all = people();
  for (const Person& person : all.all()) pseudonyms.push_back(person.pseudonym);
  std::ranges::sort(pseudonyms);
  EXPECT_EQ(std::ranges::adjacent_find(pseudonyms), pseudonyms.end());
  EXPECT_THAT(pseudonyms, testing::Each(testing::MatchesRegex("[A-Z][a-z]+-[0-9]+")));
}

TEST_F(RosterTest, ALaterFileAddsFactsFromItsDayAndKeepsWhatWasBefore) {
  import_well("person,unit,start\nE1,Networks,2010-01-01\n");
  const ImportReport report = import_well("person,unit,from\nE1,Security,2016-01-01\n");
  EXPECT_EQ(report.people_changed, 1u);
  const People all = people();
  EXPECT_EQ(all.on(user("e1"), day("2015-12-31")).unit, "Networks");
  EXPECT_EQ(all.on(user("e1"), day("2016-01-01")).unit, "Security");
  EXPECT_FALSE(all.on(user("e1"), day("2009-12-31")).employed) << "the start stays";
}

TEST_F(RosterTest, ALaterFileWithoutADayReplacesWhatWasKnown) {
  import_well("person,unit\nE1,Networks\n");
  import_well("person,unit\nE1,Security\n");
  EXPECT_EQ(people().on(user("e1"), day("1990-01-01")).unit, "Security");
  EXPECT_EQ(people().find(user("e1"))->facts.size(), 1u);
}

TEST_F(RosterTest, PeopleTheFileDoesNotNameStay) {
  import_well("person,unit\nE1,A\nE2,B\n");
  const ImportReport report = import_well("person,unit\nE2,C\n");
  EXPECT_EQ(report.people_changed, 1u);
  EXPECT_EQ(people().on(user("e1"), day("2015-01-01")).unit, "A");
}

TEST_F(RosterTest, SeesThatOnlyTheNameChanged) {
  import_well("person,name\nE1,Anna Berg\n");
  EXPECT_EQ(import_well("person,name\nE1,Anna Fjord\n").people_changed, 1u);
  EXPECT_THAT(vault_->reveal_person(user("e1")).value(), HasSubstr("Anna Fjord"));
}

TEST_F(RosterTest, AnAccountPassedOnBelongsToEachInTheirTime) {
  import_well(
      "person,user_ids,start,end\n"
      "E1,desk,2010-01-01,2012-12-31\n"
      "E2,desk,2014-01-01,\n");
  EXPECT_EQ(user("desk", "2011-01-01"), user("e1"));
  EXPECT_EQ(user("desk", "2012-12-31"), user("e1"));
  EXPECT_EQ(user("desk", "2014-01-01"), user("e2"));
  EXPECT_EQ(user("desk", "2009-01-01"), user("e1")) << "before its first holder began";
  EXPECT_EQ(user("desk", "2013-06-01"), event::kNobody) << "between two holders";
  EXPECT_EQ(meet(IdentityKind::user_id, "desk", "2013-06-01"), event::kNobody);
  const auto unresolved = roster_->unresolved().value();
  ASSERT_EQ(unresolved.size(), 1u);
  EXPECT_TRUE(unresolved[0].ambiguous);
  EXPECT_EQ(unresolved[0].pseudonym, "");
}

TEST_F(RosterTest, ALeaversAccountStaysTheirs) {
  import_well("person,user_ids,start,end\nE1,aberg,2010-01-01,2012-12-31\n");
  EXPECT_EQ(user("aberg", "2020-01-01"), user("e1"));
}

TEST_F(RosterTest, RefusesTwoPeopleWithOneIdentityAtTheSameTime) {
  const std::string message = refusal(
      "person,addresses,start,end\n"
      "E1,x@corp.example,2010-01-01,2012-12-31\n"
      "E2,x@corp.example,2012-12-31,\n");
  EXPECT_THAT(message, HasSubstr("roster.csv:3: claims a mail address that "));
  EXPECT_THAT(message, HasSubstr("roster.csv:2 has at the same time"));
  EXPECT_THAT(people().all(), IsEmpty()) << "all or nothing";
}

TEST_F(RosterTest, RefusesAnIdentityThatAnEarlierImportGaveToSomebodyElse) {
  import_well("person,user_ids\nE1,shared\n");
  const std::string pseudonym = people().all().front().pseudonym;
  EXPECT_THAT(refusal("person,user_ids\nE2,shared\n"), HasSubstr(pseudonym));
  EXPECT_EQ(people().all().size(), 1u);
}

TEST_F(RosterTest, RefusesAnAddressThatTwoDeclareOrThatIsAWorkAddress) {
  EXPECT_THAT(refusal("person,declared_addresses\nE1,a@mail.example\nE2,a@mail.example\n"),
              HasSubstr("declares an address"));
  EXPECT_THAT(
      refusal("person,addresses,declared_addresses\nE1,a@corp.example,\nE2,,a@corp.example\n"),
      HasSubstr("work address of "));
}

TEST_F(RosterTest, RefusesManagersInACircleOnAnyDay) {
  EXPECT_THAT(refusal("person,manager\nE1,E2\nE2,E3\nE3,E1\n"),
              AllOf(HasSubstr("roster.csv:2: is their own manager, by way of 2 others"),
                    HasSubstr("roster.csv:4")));
  EXPECT_THAT(refusal("person,manager\nE1,E1\n"), HasSubstr("is their own manager"));
  // Each is the other's manager, but never on the same day.
  import_well(
      "person,manager,from\n"
      "E1,E2,2010-01-01\nE1,,2012-01-01\n"
      "E2,,2010-01-01\nE2,E1,2012-01-01\n");
  EXPECT_EQ(people().on(user("e2"), day("2013-01-01")).manager, user("e1"));
}

TEST_F(RosterTest, RefusesACircleThatIsClosedByAnEarlierImport) {
  import_well("person,manager\nE1,E2\nE2,\n");
  EXPECT_THAT(refusal("person,manager\nE2,E1\n"), HasSubstr("is their own manager"));
}

TEST_F(RosterTest, LeavesOutAManagerNobodyKnowsAndSaysSo) {
  const ImportReport report = import_well("person,manager\nE1,E9\n");
  EXPECT_THAT(report.problems, ElementsAre(HasSubstr("roster.csv:2: the manager is nobody's")));
  EXPECT_EQ(people().on(user("e1"), day("2015-01-01")).manager, event::kNobody);
}

TEST_F(RosterTest, RefusesRowsThatContradictEachOtherAndLeavesOutRepetitions) {
  EXPECT_THAT(refusal("person,unit\nE1,A\nE1,B\n"),
              HasSubstr("roster.csv:3: says something else of the same person"));
  const ImportReport report = import_well("person,unit\nE1,A\nE1,A\n");
  EXPECT_THAT(report.problems, ElementsAre(HasSubstr("roster.csv:3: says the same as ")));
  EXPECT_EQ(report.people_added, 1u);
}

TEST_F(RosterTest, RefusesAnEndBeforeTheStartEvenAcrossRows) {
  EXPECT_THAT(refusal("person,start,end\nE1,2012-01-01,2011-12-31\n"),
              HasSubstr("roster.csv:2: 'end' is before 'start'"));
  EXPECT_THAT(
      refusal("person,start,end,from\nE1,2012-01-01,,2010-01-01\nE1,,2011-06-01,2011-01-01\n"),
      HasSubstr("'end' is before 'start'"));
}

TEST_F(RosterTest, NamesEveryBadRowAndImportsNone) {
  const std::string message = refusal(
      "person,start,addresses\n"
      "E1,2012-13-01,\n"
      "E2,2012-01-01,a@corp.example\n"
      ",,\n"
      "E4,,no-at-sign\n");
  EXPECT_THAT(message,
              AllOf(HasSubstr("roster.csv:2: 'start'"), HasSubstr("roster.csv:4: 'person'"),
                    HasSubstr("roster.csv:5: 'addresses'"), HasSubstr("nothing was imported")));
  EXPECT_THAT(people().all(), IsEmpty());
}

TEST_F(RosterTest, RefusesProtectedAttributesByNameAndSaysWhy) {
  for (const char* column : {"nationality",
                             "Citizenship",
                             "ETHNICITY",
                             "race",
                             "religion",
                             "political_view",
                             "party",
                             "age",
                             "birth_date",
                             "DateOfBirth",
                             "dob",
                             "sex",
                             "Gender",
                             "health",
                             "disability",
                             "family_status",
                             "marital status",
                             "photo",
                             "photo_url",
                             "native-language",
                             "sentiment",
                             "country of birth",
                             "mother_tongue",
                             "openness",
                             "personality_score"}) {
    const std::string message = refusal(fmt::format("person,name,{}\nE1,Anna,x\n", column));
    EXPECT_THAT(message, AllOf(HasSubstr(column), HasSubstr("never who they are"))) << column;
  }
  const std::string psychometric =
      refusal("employee_name,user_id,O,C,E,A,N\nIda Lund,IDL0001,30,40,20,35,10\n");
  EXPECT_THAT(psychometric, HasSubstr("O, C, E, A, N (personality)"));
  EXPECT_THAT(people().all(), IsEmpty());
}

TEST_F(RosterTest, OrdinaryColumnsThatSoundAlikeAreOnlyUnknown) {
  // "usage", "message" and "page" end like "age" and are nobody's age.
  EXPECT_THAT(refusal("person,usage\nE1,x\n"), HasSubstr("unknown column 'usage'"));
}

TEST_F(RosterTest, SuggestsTheColumnThatWasMeant) {
  EXPECT_THAT(refusal("person,adresses\nE1,\n"),
              HasSubstr("unknown column 'adresses' (did you mean 'addresses'?)"));
}

TEST_F(RosterTest, MakesAProvisionalPersonForAnIdentityNobodyImported) {
  const PersonId stranger = meet(IdentityKind::user_id, "jdoe");
  ASSERT_NE(stranger, event::kNobody);
  EXPECT_EQ(meet(IdentityKind::user_id, "jdoe", "2016-03-04"), stranger);
  EXPECT_EQ(user("jdoe"), stranger);
  const People all = people();
  ASSERT_NE(all.find(stranger), nullptr);
  EXPECT_TRUE(all.find(stranger)->provisional);
  EXPECT_TRUE(all.on(stranger, day("2015-01-01")).employed);
  EXPECT_NE(vault_->seal(stranger, {1, 2}, "x"), "");
  const auto unresolved = roster_->unresolved().value();
  ASSERT_EQ(unresolved.size(), 1u);
  EXPECT_EQ(unresolved[0].kind, IdentityKind::user_id);
  EXPECT_EQ(unresolved[0].source, "mail");
  EXPECT_EQ(unresolved[0].pseudonym, all.find(stranger)->pseudonym);
  EXPECT_EQ(unresolved[0].records, 2u);
  EXPECT_EQ(unresolved[0].first, noon("2015-01-01"));
  EXPECT_EQ(unresolved[0].last, noon("2016-03-04"));
  reopen();
  EXPECT_EQ(user("jdoe"), stranger) << "it was flushed";
  EXPECT_EQ(vault_->reveal_person(stranger).value(), R"({"user_ids":["jdoe"]})");
  meet(IdentityKind::user_id, "jdoe", "2014-01-01");
  EXPECT_EQ(roster_->unresolved().value()[0].records, 3u);
}

TEST_F(RosterTest, MakesNobodyForAnEmptyIdentity) {
  EXPECT_EQ(meet(IdentityKind::user_id, ""), event::kNobody);
  EXPECT_THAT(people().all(), IsEmpty());
}

TEST_F(RosterTest, AnImportTakesAProvisionalPersonOver) {
  const PersonId stranger = meet(IdentityKind::mail_address, "anna.berg@corp.example");
  const std::string pseudonym = people().find(stranger)->pseudonym;
  const ImportReport report = import_well("person,addresses\nE1,anna.berg@corp.example\n");
  EXPECT_EQ(report.people_added, 1u);
  EXPECT_EQ(user("e1"), stranger);
  const People all = people();
  EXPECT_FALSE(all.find(stranger)->provisional);
  EXPECT_EQ(all.find(stranger)->pseudonym, pseudonym);
  EXPECT_EQ(all.all().size(), 1u);
  EXPECT_THAT(roster_->unresolved().value(), IsEmpty());
}

TEST_F(RosterTest, TwoProvisionalPeopleWhoAreOneKeepTheOlderIdAndAnAlias) {
  const PersonId older = meet(IdentityKind::user_id, "aberg");
  const PersonId younger = meet(IdentityKind::mail_address, "anna.berg@corp.example");
  ASSERT_NE(older, younger);
  import_well("person,user_ids,addresses\nE1,aberg,anna.berg@corp.example\n");
  EXPECT_EQ(user("aberg"), older);
  EXPECT_EQ(mail("anna.berg@corp.example"), older);
  reopen();
  const People all = people();
  EXPECT_EQ(all.all().size(), 1u);
  ASSERT_NE(all.find(younger), nullptr);
  EXPECT_EQ(all.find(younger)->id, older);
  EXPECT_TRUE(all.has_aliases());
  EXPECT_EQ(all.survivor(younger), older);
  EXPECT_EQ(all.survivor(PersonId{12345}), PersonId{12345});
  EXPECT_EQ(mail("anna.berg@corp.example"), older);
}

TEST_F(RosterTest, APersonAlreadyImportedAbsorbsAProvisionalOne) {
  import_well("person,user_ids\nE1,aberg\n");
  const PersonId anna = user("e1");
  const PersonId stranger = meet(IdentityKind::mail_address, "anna@corp.example");
  const ImportReport report =
      import_well("person,user_ids,addresses\nE1,aberg,anna@corp.example\n");
  EXPECT_EQ(report.people_changed, 1u);
  EXPECT_EQ(mail("anna@corp.example"), anna);
  EXPECT_EQ(people().find(stranger)->id, anna);
}

TEST_F(RosterTest, AliasesOfAliasesLeadToTheSurvivor) {
  const PersonId first = meet(IdentityKind::user_id, "one");
  const PersonId second = meet(IdentityKind::user_id, "two");
  import_well("person,user_ids\nE1,one;two\n");
  import_well("person,user_ids\nE1,one;two;three\n");
  EXPECT_EQ(people().find(second)->id, first);
}

TEST_F(RosterTest, AProvisionalIdentityWithTwoLaterHoldersStaysWithTheFirst) {
  const PersonId stranger = meet(IdentityKind::user_id, "desk");
  const ImportReport report = import_well(
      "person,user_ids,start,end\n"
      "E2,desk,2014-01-01,\n"
      "E1,desk,2010-01-01,2012-12-31\n");
  EXPECT_EQ(user("e1"), stranger);
  EXPECT_NE(user("e2"), stranger);
  EXPECT_THAT(report.problems, ElementsAre(HasSubstr("had several holders")));
}

TEST_F(RosterTest, ReadsAFolderOfLdapMonths) {
  const fs::path folder = fs::path(WEIR_TESTDATA) / "roster" / "ldap";
  const ImportReport report = roster_->import(folder).value();
  EXPECT_EQ(report.people_added, 4u);
  EXPECT_EQ(report.rows, 9u);
  EXPECT_THAT(report.problems, IsEmpty());
  const People all = people();
  const PersonId ida = user("idl0001");
  EXPECT_EQ(mail("ida.lund@dtaa.example"), ida);
  EXPECT_EQ(all.on(ida, day("1999-01-01")).role, "Technician") << "known of no earlier days";
  EXPECT_EQ(all.on(ida, day("2010-01-31")).role, "Technician");
  EXPECT_EQ(all.on(ida, day("2010-02-01")).role, "Engineer");
  EXPECT_EQ(all.on(ida, day("2010-02-01")).unit, "2 - Research / 1 - Lab");
  EXPECT_EQ(all.on(ida, day("2010-02-01")).manager, user("omr0002"));
  const PersonId pia = user("pis0003");
  EXPECT_TRUE(all.on(pia, day("2010-02-28")).employed);
  EXPECT_FALSE(all.on(pia, day("2010-03-01")).employed) << "absent from March";
  const PersonId quin = user("quv0004");
  EXPECT_FALSE(all.on(quin, day("2010-02-28")).employed);
  EXPECT_TRUE(all.on(quin, day("2010-03-01")).employed);
  EXPECT_TRUE(all.on(ida, day("2020-01-01")).employed);

  const ImportReport again = roster_->import(folder).value();
  EXPECT_EQ(again.people_unchanged, 4u);
  EXPECT_EQ(again.people_changed, 0u);
}

TEST_F(RosterTest, ReadsOneLdapMonthAsASnapshot) {
  const fs::path folder = fs::path(WEIR_TESTDATA) / "roster" / "ldap";
  ASSERT_TRUE(roster_->import(folder / "2010-01.csv"));
  EXPECT_EQ(people().on(user("idl0001"), day("2005-01-01")).role, "Technician");
  EXPECT_EQ(roster_->import(folder / "2010-01.csv").value().people_unchanged, 3u);
  EXPECT_EQ(roster_->import(folder / "2010-02.csv").value().people_changed, 1u);
  const People all = people();
  EXPECT_EQ(all.on(user("idl0001"), day("2010-01-31")).role, "Technician");
  EXPECT_EQ(all.on(user("idl0001"), day("2010-02-01")).role, "Engineer");
}

TEST_F(RosterTest, SaysWhatIsWrongWithAFolder) {
  fs::create_directories(folder_ / "empty");
  EXPECT_EQ(roster_->import(folder_ / "empty").error().code, ErrorCode::not_found);
  EXPECT_EQ(roster_->import(folder_ / "none.csv").error().code, ErrorCode::not_found);
  fs::create_directories(folder_ / "months");
  ASSERT_TRUE(write_file_atomic(folder_ / "months" / "2010-01.csv",
                                "employee_name,user_id,email\nIda,I1,i@x.example\n"));
  ASSERT_TRUE(write_file_atomic(folder_ / "months" / "readme.txt", "hello"));
  EXPECT_THAT(roster_->import(folder_ / "months").value().problems,
              ElementsAre(HasSubstr("readme.txt: not a month")));
}

TEST_F(RosterTest, AnImportThatFailsLeavesProvisionalPeopleAsTheyWere) {
  const PersonId stranger = meet(IdentityKind::user_id, "aberg");
  EXPECT_FALSE(import("person,user_ids,start\nE1,aberg,never\n"));
  EXPECT_TRUE(people().find(stranger)->provisional);
  EXPECT_EQ(user("aberg"), stranger);
}

}  // namespace
}  // namespace weir::roster
