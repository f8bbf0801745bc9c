#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "weir/base/file.h"
#include "weir/roster/test_roster.h"

namespace weir::roster {
namespace {

namespace fs = std::filesystem;
using event::PersonId;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class CertLdapTest : public RosterTest {};

TEST_F(CertLdapTest, ReadsAFolderOfLdapMonths) {
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

TEST_F(CertLdapTest, ReadsOneLdapMonthAsASnapshot) {
  const fs::path folder = fs::path(WEIR_TESTDATA) / "roster" / "ldap";
  ASSERT_TRUE(roster_->import(folder / "2010-01.csv"));
  EXPECT_EQ(people().on(user("idl0001"), day("2005-01-01")).role, "Technician");
  EXPECT_EQ(roster_->import(folder / "2010-01.csv").value().people_unchanged, 3u);
  EXPECT_EQ(roster_->import(folder / "2010-02.csv").value().people_changed, 1u);
  const People all = people();
  EXPECT_EQ(all.on(user("idl0001"), day("2010-01-31")).role, "Technician");
  EXPECT_EQ(all.on(user("idl0001"), day("2010-02-01")).role, "Engineer");
}

TEST_F(CertLdapTest, SaysWhatIsWrongWithAFolder) {
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

}  // namespace
}  // namespace weir::roster
