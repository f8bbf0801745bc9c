#include "weir/roster/roster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "weir/base/file.h"
#include "weir/roster/test_roster.h"

namespace weir::roster {
namespace {

namespace fs = std::filesystem;
using event::PersonId;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

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

}  // namespace
}  // namespace weir::roster
