#include "weir/roster/roster_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir::roster {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

RosterFile read(std::string_view csv) { return parse_roster_csv(csv, "r.csv").value(); }

std::string refusal(std::string_view csv) {
  const auto file = parse_roster_csv(csv, "r.csv");
  return file ? "not refused" : file.error().message;
}

TEST(RosterCsv, ReadsColumnsInAnyOrderAndCase) {
  const RosterFile file = read("Name,PERSON\r\n\"Berg, Anna\", E1 \r\n");
  ASSERT_THAT(file.rows, SizeIs(1));
  EXPECT_EQ(file.rows[0].person, "e1");
  EXPECT_EQ(file.rows[0].name, "Berg, Anna");
  EXPECT_EQ(file.rows[0].where, "r.csv:2");
}

TEST(RosterCsv, ReadsListsWithoutRepetitionsInCanonicalForm) {
  const RosterFile file = read("person,addresses\nE1,<B@X.example>;; a@x.example ;b@x.example\n");
  EXPECT_THAT(file.rows[0].addresses, ElementsAre("a@x.example", "b@x.example"));
}

TEST(RosterCsv, SkipsABomAndBlankLinesAndCountsLinesInsideQuotes) {
  const RosterFile file = read("\xEF\xBB\xBFperson,name\n\nE1,\"two\nlines\"\n  \nE2,x\n");
  ASSERT_THAT(file.rows, SizeIs(1)) << "a line break in a name is a control character";
  EXPECT_THAT(file.errors, ElementsAre(HasSubstr("r.csv:3: 'name' has a control character")));
  EXPECT_EQ(file.rows[0].where, "r.csv:6");
}

TEST(RosterCsv, SaysWhatKindOfFileItWasGiven) {
  EXPECT_THAT(refusal(""), HasSubstr("r.csv: the file is empty"));
  EXPECT_THAT(refusal(" \n\n"), HasSubstr("the file is empty"));
  EXPECT_THAT(refusal("person\n"), HasSubstr("a header and no rows"));
  EXPECT_THAT(refusal("person;name\nE1;Anna\n"), HasSubstr("separated by commas"));
  EXPECT_THAT(refusal("\xFF\xFEp"), HasSubstr("UTF-16"));
  EXPECT_THAT(refusal(std::string_view("PK\x03\x04\0\0", 6)), HasSubstr("binary"));
  EXPECT_THAT(refusal("name\nAnna\n"), HasSubstr("column 'person' is missing"));
  EXPECT_THAT(refusal("person,name,Person\nE1,x,y\n"), HasSubstr("comes twice"));
}

TEST(RosterCsv, AnOpenQuoteSpoilsItsLineOnly) {
  const RosterFile file = read("person,name\nE1,\"open\nE2,x\n");
  EXPECT_THAT(file.errors, ElementsAre(HasSubstr("r.csv:2: a quote is opened and never closed")));
  ASSERT_THAT(file.rows, SizeIs(1));
  EXPECT_EQ(file.rows[0].where, "r.csv:3");
}

TEST(RosterCsv, ReportsRowsThatDoNotFit) {
  const RosterFile file = read(
      "person,start,timezone\n"
      "E1,2012-01-01\n"
      "E2,0200-01-01,\n"
      "E3,,Europe Berlin\n"
      "E4\xFF,,\n");
  EXPECT_THAT(file.rows, IsEmpty());
  EXPECT_THAT(file.errors,
              ElementsAre(HasSubstr("r.csv:2: 2 columns where the header has 3"),
                          HasSubstr("r.csv:3: 'start' is no day between 1900 and 2200"),
                          HasSubstr("r.csv:4: 'timezone'"), HasSubstr("r.csv:5: not UTF-8")));
}

TEST(RosterCsv, KeepsOnlyTheFirstErrorsOfAHopelessFile) {
  std::string csv = "person,start\n";
  for (int i = 0; i < 1000; ++i) csv += "E1,never\n";
  const RosterFile file = read(csv);
  EXPECT_THAT(file.errors, SizeIs(RosterFile::kMaxErrors));
  EXPECT_EQ(file.rows_read, 1000u);
}

TEST(CertLdap, ReadsProjectsAndLeavesOutSupervisorsItCannotTell) {
  const MonthFile month{
      "2010-01.csv", std::chrono::year{2010} / 1,
      "employee_name,user_id,email,role,projects,business_unit,functional_unit,department,team,"
      "supervisor\n"
      "Ida Lund,I1,i@x.example,Engineer,Beta;Alpha,1,,Lab,,Ida Lund\n"
      "Pia Stone,P1,,,,,,,,Pia Stone\n"
      "Pia Stone,P2,,,,,,,,Nobody Here\n"
      "Ned Moss,N1,,,,,,,,Pia Stone\n"};
  const RosterFile file = parse_roster_file(month).value();
  ASSERT_THAT(file.rows, SizeIs(4));
  EXPECT_THAT(file.rows[0].access, ElementsAre("project Alpha", "project Beta"));
  EXPECT_EQ(file.rows[0].unit, "Lab");
  EXPECT_EQ(file.rows[0].manager, "") << "nobody is their own supervisor";
  EXPECT_THAT(file.problems,
              ElementsAre(HasSubstr("2010-01.csv:3: the supervisor is a name of two people"),
                          HasSubstr("2010-01.csv:4: the supervisor is not in this file"),
                          HasSubstr("2010-01.csv:5: the supervisor is a name of two people")));
}

}  // namespace
}  // namespace weir::roster
