#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "weir/roster/test_roster.h"

namespace weir::roster {
namespace {

using event::PersonId;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ProvisionalPeopleTest : public RosterTest {};

TEST_F(ProvisionalPeopleTest, MakesAProvisionalPersonForAnIdentityNobodyImported) {
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

TEST_F(ProvisionalPeopleTest, MakesNobodyForAnEmptyIdentity) {
  EXPECT_EQ(meet(IdentityKind::user_id, ""), event::kNobody);
  EXPECT_THAT(people().all(), IsEmpty());
}

TEST_F(ProvisionalPeopleTest, AnImportTakesAProvisionalPersonOver) {
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

TEST_F(ProvisionalPeopleTest, TwoProvisionalPeopleWhoAreOneKeepTheOlderIdAndAnAlias) {
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
  EXPECT_THAT(all.aliases(), ElementsAre(std::pair(younger, older)));
  EXPECT_EQ(all.survivor(younger), older);
  EXPECT_EQ(all.survivor(PersonId{12345}), PersonId{12345});
  EXPECT_EQ(mail("anna.berg@corp.example"), older);
}

TEST_F(ProvisionalPeopleTest, APersonAlreadyImportedAbsorbsAProvisionalOne) {
  import_well("person,user_ids\nE1,aberg\n");
  const PersonId anna = user("e1");
  const PersonId stranger = meet(IdentityKind::mail_address, "anna@corp.example");
  const ImportReport report =
      import_well("person,user_ids,addresses\nE1,aberg,anna@corp.example\n");
  EXPECT_EQ(report.people_changed, 1u);
  EXPECT_EQ(mail("anna@corp.example"), anna);
  EXPECT_EQ(people().find(stranger)->id, anna);
}

TEST_F(ProvisionalPeopleTest, AliasesOfAliasesLeadToTheSurvivor) {
  const PersonId first = meet(IdentityKind::user_id, "one");
  const PersonId second = meet(IdentityKind::user_id, "two");
  import_well("person,user_ids\nE1,one;two\n");
  import_well("person,user_ids\nE1,one;two;three\n");
  EXPECT_EQ(people().find(second)->id, first);
}

TEST_F(ProvisionalPeopleTest, AProvisionalIdentityWithTwoLaterHoldersStaysWithTheFirst) {
  const PersonId stranger = meet(IdentityKind::user_id, "desk");
  const ImportReport report = import_well(
      "person,user_ids,start,end\n"
      "E2,desk,2014-01-01,\n"
      "E1,desk,2010-01-01,2012-12-31\n");
  EXPECT_EQ(user("e1"), stranger);
  EXPECT_NE(user("e2"), stranger);
  EXPECT_THAT(report.problems, ElementsAre(HasSubstr("had several holders")));
}

TEST_F(ProvisionalPeopleTest, AnImportThatFailsLeavesProvisionalPeopleAsTheyWere) {
  const PersonId stranger = meet(IdentityKind::user_id, "aberg");
  EXPECT_FALSE(import("person,user_ids,start\nE1,aberg,never\n"));
  EXPECT_TRUE(people().find(stranger)->provisional);
  EXPECT_EQ(user("aberg"), stranger);
}

}  // namespace
}  // namespace weir::roster
