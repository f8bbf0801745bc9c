#include "weir/base/entropy.h"

#include <gtest/gtest.h>

#include <array>
#include <set>

namespace weir {
namespace {

TEST(Entropy, DoesNotRepeatItself) {
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(unpredictable64());
  EXPECT_EQ(seen.size(), 1000u);
}

TEST(Entropy, FillsEveryByte) {
  std::array<std::byte, 16> ever_set{};
  for (int i = 0; i < 64; ++i) {
    std::array<std::byte, 16> bytes{};
    fill_unpredictable(bytes);
    for (std::size_t at = 0; at < bytes.size(); ++at) ever_set[at] |= bytes[at];
  }
  for (const std::byte byte : ever_set) EXPECT_NE(byte, std::byte{0});
}

}  // namespace
}  // namespace weir
