#include "weir/sim/detail/documents.h"

#include <gtest/gtest.h>

#include "weir/sim/detail/purpose.h"

namespace weir::sim {
namespace {

constexpr Day kFrom{std::chrono::year{2012} / 1 / 1};

TEST(Documents, AreMarkedWithTheStatedRecallAndFalseMarks) {
  double sensitive = 0;
  double marked = 0;
  double harmless = 0;
  double falsely = 0;
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    const DocumentFacts f = facts(5, {i % 8, i});
    const bool says = f.mark >= event::Sensitivity::confidential;
    if (is_sensitive(f)) {
      ++sensitive;
      marked += says ? 1 : 0;
    } else {
      ++harmless;
      falsely += says ? 1 : 0;
    }
  }
  EXPECT_NEAR(sensitive / 20'000, 0.13, 0.01);
  EXPECT_NEAR(marked / sensitive, usual(Knob::mark_recall), 0.03);
  EXPECT_NEAR(falsely / harmless, usual(Knob::false_mark), 0.005);
}

TEST(Documents, StayTheSameForEver) {
  const DocumentFacts once = facts(5, {2, 77});
  const DocumentFacts again = facts(5, {2, 77});
  EXPECT_EQ(once.digest[0], again.digest[0]);
  EXPECT_EQ(once.mark, again.mark);
  EXPECT_NE(once.digest[0], facts(6, {2, 77}).digest[0]);
  EXPECT_NE(once.digest[0], facts(5, {3, 77}).digest[0]);
}

TEST(Documents, PrivateFilesAndThoseFromOutsideHaveNoMark) {
  EXPECT_EQ(facts(5, {Document::kPrivate, 1}).mark, event::Sensitivity::unknown);
  EXPECT_EQ(facts(5, {Document::kOutside, 1}).mark, event::Sensitivity::unknown);
}

TEST(Documents, CanBeChosenBySensitivityAndOwner) {
  const Organisation o = make_organisation(100, kFrom, kFrom + std::chrono::days{365}, 5);
  const Documents documents(o);
  Random random = draw(5, 0, 0, Purpose::files);
  const Person& person = o.people[17];
  for (int i = 0; i < 500; ++i) {
    const std::uint32_t foreign = documents.foreign_group(random, person, kFrom);
    EXPECT_NE(foreign / parameters::kGroupsPerDepartment, person.position(kFrom).department);
    EXPECT_TRUE(is_sensitive(facts(5, documents.with(random, foreign, kFrom, true))));
    EXPECT_FALSE(is_sensitive(facts(5, documents.with(random, foreign, kFrom, false))));
  }
}

}  // namespace
}  // namespace weir::sim
