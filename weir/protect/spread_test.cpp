#include "weir/protect/spread.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "weir/base/random.h"

namespace weir::protect {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

void say(Spread& spread, std::uint64_t person, std::vector<std::uint64_t> passages) {
  spread.add(person, passages);
}

TEST(Spread, CountsEachPersonOnce) {
  Spread spread({.people = 3});
  for (int i = 0; i < 10; ++i) say(spread, 1, {7, 7, 8});
  say(spread, 2, {7, 8});
  EXPECT_THAT(spread.common(), IsEmpty());
  say(spread, 3, {8});
  EXPECT_THAT(spread.common(), ElementsAre(8));
  say(spread, 4, {7, 8});
  EXPECT_THAT(spread.common(), ElementsAre(7, 8));
}

TEST(Spread, SaysWhatCountingInASetSays) {
  Random random(1, 2, 3, 4);
  Spread spread({.people = 5});
  std::map<std::uint64_t, std::set<std::uint64_t>> people;
  for (int i = 0; i < 60'000; ++i) {
    const std::uint64_t passage = random.below(5000);
    const std::uint64_t person = random.below(40);
    say(spread, person, {passage});
    people[passage].insert(person);
  }
  std::vector<std::uint64_t> wanted;
  for (const auto& [passage, said_by] : people) {
    if (said_by.size() >= 5) wanted.push_back(passage);
  }
  EXPECT_EQ(spread.common(), wanted);
  EXPECT_FALSE(spread.is_full());
}

TEST(Spread, TakesNothingForCommonThatIsNotWhenItIsFull) {
  Spread spread({.people = 3, .pairs = 100});
  for (std::uint64_t passage = 1000; passage < 3000; ++passage) say(spread, 1, {passage});
  EXPECT_TRUE(spread.is_full());
  for (const std::uint64_t person : {1u, 2u, 3u}) say(spread, person, {5});
  EXPECT_THAT(spread.common(), IsEmpty());
}

}  // namespace
}  // namespace weir::protect
