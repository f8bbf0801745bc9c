#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "weir/roster/test_roster.h"

namespace weir::roster {
namespace {

namespace fs = std::filesystem;
using event::PersonId;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class RosterImportTest : public RosterTest {};

TEST_F(RosterImportTest, ASecondImportChangesNothing) {
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

TEST_F(RosterImportTest, ALaterFileAddsFactsFromItsDayAndKeepsWhatWasBefore) {
  import_well("person,unit,start\nE1,Networks,2010-01-01\n");
  const ImportReport report = import_well("person,unit,from\nE1,Security,2016-01-01\n");
  EXPECT_EQ(report.people_changed, 1u);
  const People all = people();
  EXPECT_EQ(all.on(user("e1"), day("2015-12-31")).unit, "Networks");
  EXPECT_EQ(all.on(user("e1"), day("2016-01-01")).unit, "Security");
  EXPECT_FALSE(all.on(user("e1"), day("2009-12-31")).employed) << "the start stays";
}

TEST_F(RosterImportTest, ALaterFileWithoutADayReplacesWhatWasKnown) {
  import_well("person,unit\nE1,Networks\n");
  import_well("person,unit\nE1,Security\n");
  EXPECT_EQ(people().on(user("e1"), day("1990-01-01")).unit, "Security");
  EXPECT_EQ(people().find(user("e1"))->facts.size(), 1u);
}

TEST_F(RosterImportTest, PeopleTheFileDoesNotNameStay) {
  import_well("person,unit\nE1,A\nE2,B\n");
  const ImportReport report = import_well("person,unit\nE2,C\n");
  EXPECT_EQ(report.people_changed, 1u);
  EXPECT_EQ(people().on(user("e1"), day("2015-01-01")).unit, "A");
}

TEST_F(RosterImportTest, SeesThatOnlyTheNameChanged) {
  import_well("person,name\nE1,Anna Berg\n");
  EXPECT_EQ(import_well("person,name\nE1,Anna Fjord\n").people_changed, 1u);
  EXPECT_THAT(vault_->reveal_person(user("e1")).value(), HasSubstr("Anna Fjord"));
}

TEST_F(RosterImportTest, RefusesTwoPeopleWithOneIdentityAtTheSameTime) {
  const std::string message = refusal(
      "person,addresses,start,end\n"
      "E1,x@corp.example,2010-01-01,2012-12-31\n"
      "E2,x@corp.example,2012-12-31,\n");
  EXPECT_THAT(message, HasSubstr("roster.csv:3: claims a mail address that "));
  EXPECT_THAT(message, HasSubstr("roster.csv:2 has at the same time"));
  EXPECT_THAT(people().all(), IsEmpty()) << "all or nothing";
}

TEST_F(RosterImportTest, RefusesAnIdentityThatAnEarlierImportGaveToSomebodyElse) {
  import_well("person,user_ids\nE1,shared\n");
  const std::string pseudonym = people().all().front().pseudonym;
  EXPECT_THAT(refusal("person,user_ids\nE2,shared\n"), HasSubstr(pseudonym));
  EXPECT_EQ(people().all().size(), 1u);
}

TEST_F(RosterImportTest, RefusesAnAddressThatTwoDeclareOrThatIsAWorkAddress) {
  EXPECT_THAT(refusal("person,declared_addresses\nE1,a@mail.example\nE2,a@mail.example\n"),
              HasSubstr("declares an address"));
  EXPECT_THAT(
      refusal("person,addresses,declared_addresses\nE1,a@corp.example,\nE2,,a@corp.example\n"),
      HasSubstr("work address of "));
}

TEST_F(RosterImportTest, RefusesManagersInACircleOnAnyDay) {
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

TEST_F(RosterImportTest, RefusesACircleThatIsClosedByAnEarlierImport) {
  import_well("person,manager\nE1,E2\nE2,\n");
  EXPECT_THAT(refusal("person,manager\nE2,E1\n"), HasSubstr("is their own manager"));
}

TEST_F(RosterImportTest, LeavesOutAManagerNobodyKnowsAndSaysSo) {
  const ImportReport report = import_well("person,manager\nE1,E9\n");
  EXPECT_THAT(report.problems, ElementsAre(HasSubstr("roster.csv:2: the manager is nobody's")));
  EXPECT_EQ(people().on(user("e1"), day("2015-01-01")).manager, event::kNobody);
}

TEST_F(RosterImportTest, RefusesRowsThatContradictEachOtherAndLeavesOutRepetitions) {
  EXPECT_THAT(refusal("person,unit\nE1,A\nE1,B\n"),
              HasSubstr("roster.csv:3: says something else of the same person"));
  const ImportReport report = import_well("person,unit\nE1,A\nE1,A\n");
  EXPECT_THAT(report.problems, ElementsAre(HasSubstr("roster.csv:3: says the same as ")));
  EXPECT_EQ(report.people_added, 1u);
}

TEST_F(RosterImportTest, RefusesAnEndBeforeTheStartEvenAcrossRows) {
  EXPECT_THAT(refusal("person,start,end\nE1,2012-01-01,2011-12-31\n"),
              HasSubstr("roster.csv:2: 'end' is before 'start'"));
  EXPECT_THAT(
      refusal("person,start,end,from\nE1,2012-01-01,,2010-01-01\nE1,,2011-06-01,2011-01-01\n"),
      HasSubstr("'end' is before 'start'"));
}

TEST_F(RosterImportTest, NamesEveryBadRowAndImportsNone) {
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

TEST_F(RosterImportTest, RefusesProtectedAttributesByNameAndSaysWhy) {
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

TEST_F(RosterImportTest, OrdinaryColumnsThatSoundAlikeAreOnlyUnknown) {
  // "usage", "message" and "page" end like "age" and are nobody's age.
  EXPECT_THAT(refusal("person,usage\nE1,x\n"), HasSubstr("unknown column 'usage'"));
}

TEST_F(RosterImportTest, SuggestsTheColumnThatWasMeant) {
  EXPECT_THAT(refusal("person,adresses\nE1,\n"),
              HasSubstr("unknown column 'adresses' (did you mean 'addresses'?)"));
}

}  // namespace
}  // namespace weir::roster
