#include "weir/protect/detail/families.h"

#include <gtest/gtest.h>

#include "weir/protect/segment.h"
#include "weir/protect/test_support.h"

namespace weir::protect {
namespace {

std::vector<WordId> ids_of(const std::vector<std::string>& words) {
  std::vector<WordId> ids;
  for (const WordToken token : features_of(join(words)).words) ids.push_back(id_of(token));
  return ids;
}

TEST(Families, JoinVersionsAndKeepOthersApart) {
  Families families;
  std::vector<std::string> plan = invented_words(1, 800);
  EXPECT_EQ(families.join(ids_of(plan), 100), 100u);
  EXPECT_EQ(families.join(ids_of(invented_words(2, 800)), 200), 200u);
  // Each version replaces another twentieth: the last has nothing of the first and is still known.
  for (std::uint32_t version = 0; version < 20; ++version) {
    const std::vector<std::string> fresh = invented_words(50 + version, 40);
    std::ranges::copy(fresh, plan.begin() + std::ptrdiff_t{version} * 40);
    EXPECT_EQ(families.join(ids_of(plan), 101 + version), 100u) << version;
  }
  EXPECT_EQ(families.join(ids_of(invented_words(1, 800)), 300), 100u);
}

TEST(Families, AreNotMadeByASharedPart) {
  Families families;
  const std::vector<std::string> licence = invented_words(9, 200);
  for (std::uint32_t i = 0; i < 20; ++i) {
    std::vector<std::string> words = invented_words(10 + i, 400);
    words.insert(words.end(), licence.begin(), licence.end());
    EXPECT_EQ(families.join(ids_of(words), 1000 + i), 1000 + i);
  }
}

TEST(Families, TakeAnyLength) {
  Families families;
  EXPECT_EQ(families.join({}, 1), 1u);
  EXPECT_EQ(families.join({}, 2), 2u);
  const std::vector<WordId> one = {7};
  EXPECT_EQ(families.join(one, 3), 3u);
  EXPECT_EQ(families.join(one, 4), 3u);
}

TEST(FamilyTally, CountsDocumentsByFamilyAndStopsPastBoilerplate) {
  FamilyTally tally;
  EXPECT_EQ(tally.add(1), 1u);
  EXPECT_EQ(tally.add(1), 2u);
  EXPECT_EQ(tally.add(2), 1u);
  EXPECT_EQ(tally.families(), 2u);
  for (std::uint32_t i = 3; i < 1000; ++i) tally.add(i);
  EXPECT_EQ(tally.families(), kBoilerplateDocuments + 1);
  tally.clear();
  EXPECT_EQ(tally.families(), 0u);
}

}  // namespace
}  // namespace weir::protect
