#include "weir/protect/detail/minimisers.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "weir/protect/test_support.h"

namespace weir::protect {
namespace {

std::vector<Minimiser> all_of(Minimisers minimisers) {
  std::vector<Minimiser> all;
  for (std::span<const Minimiser> some; minimisers.next(some);) {
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

// What they are, `features_test.cpp` compares with the obvious way to find them.
TEST(Minimisers, AreTheSameOnEveryProcessor) {
  Random random(3, 1, 0, 5);
  for (int round = 0; round < 300; ++round) {
    const std::uint32_t letters = 1 + random.below(round % 2 == 0 ? 3 : 256);
    std::string text;
    for (std::uint32_t left = random.below(round % 8 == 0 ? 3000 : 200); left > 0; --left) {
      text.push_back(static_cast<char>(random.below(letters)));
    }
    const Minimisers::Shape shape{.length = 1 + random.below(60),
                                  .window = 1 + random.below(Minimisers::kMostWindow)};
    const auto& table = test_key().rolling();
    const auto leaving = Minimisers::leaving_table(table, shape.length);
    Minimisers plain(table, leaving, shape, text);
    plain.be_plain();
    const auto expected = all_of(plain);
    const auto found = all_of(Minimisers(table, leaving, shape, text));
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      ASSERT_EQ(found[i].hash, expected[i].hash);
      ASSERT_EQ(found[i].place, expected[i].place);
    }
  }
}

}  // namespace
}  // namespace weir::protect
