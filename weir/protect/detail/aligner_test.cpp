#include "weir/protect/detail/aligner.h"

#include <gtest/gtest.h>

#include <cmath>

namespace weir::protect {
namespace {

double share(std::int32_t sixteenths) { return std::exp2(-sixteenths / 16.0); }

/// Of all that can come next; a word near its place is one of sixteen.
double shares(const StepCode& state) {
  StepCode next = state;
  StepCode stranger = state;
  StepCode near = state;
  StepCode jump = state;
  return share(next.next()) + share(stranger.stranger()) + 16 * share(near.near()) +
         share(jump.jump());
}

TEST(StepCode, PromisesNoMoreThanACodeCan) {
  StepCode in_place;
  StepCode edited;
  edited.stranger();
  StepCode reordered;
  reordered.near();
  for (const StepCode& state : {in_place, edited, reordered}) {
    EXPECT_LE(shares(state), 1.02);  // sixteenths are rounded
    EXPECT_GE(shares(state), 0.95);
  }
}

TEST(StepCode, CountsStrangersAsOneWouldOneByOne) {
  StepCode together;
  StepCode alone;
  std::int32_t sum = 0;
  for (int i = 0; i < 5; ++i) sum += alone.stranger();
  EXPECT_EQ(together.strangers(5), sum);
  EXPECT_EQ(together.next(), alone.next());
  EXPECT_EQ(together.strangers(0), 0);
}

TEST(StepCode, TakesTheLeastItSaysForWordsAside) {
  StepCode reordered;
  reordered.near();
  StepCode in_place;
  EXPECT_EQ(reordered.near(), StepCode::kLeastNear);
  EXPECT_GE(in_place.near(), StepCode::kLeastNear);
  EXPECT_EQ(in_place.jump(), StepCode::kJump);
}

}  // namespace
}  // namespace weir::protect
