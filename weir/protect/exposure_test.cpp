#include "weir/protect/exposure.h"

#include <gtest/gtest.h>

namespace weir::protect {
namespace {

Exposure exposure(std::uint32_t blocks, std::initializer_list<std::uint32_t> set) {
  Exposure made(blocks);
  for (const std::uint32_t block : set) made.set(block);
  return made;
}

TEST(Exposure, CountsBlocksOnce) {
  Exposure seen = exposure(100, {3, 3, 64, 99, 100, 1000});
  EXPECT_EQ(seen.count(), 3u);
  EXPECT_TRUE(seen.has(64));
  EXPECT_FALSE(seen.has(4));
  EXPECT_FALSE(seen.has(1000));
}

TEST(Exposure, AddsUpOverTime) {
  Exposure seen = exposure(70, {0, 1});
  ASSERT_TRUE(seen.merge(exposure(70, {1, 69})));
  EXPECT_EQ(seen, exposure(70, {0, 1, 69}));
  EXPECT_FALSE(seen.merge(exposure(71, {})));
}

TEST(Exposure, ComesBackFromStorage) {
  for (const Exposure& seen :
       {exposure(0, {}), exposure(1, {}), exposure(1, {0}), exposure(70, {0, 1, 69}),
        exposure(200, {63, 64, 65, 190}), exposure(3, {0, 1, 2})}) {
    const auto again = Exposure::decode(seen.encode());
    ASSERT_TRUE(again);
    EXPECT_EQ(*again, seen);
  }
  EXPECT_LE(exposure(1u << 20, {500'000}).encode().size(), 10u);
}

TEST(Exposure, RefusesBytesItDidNotWrite) {
  using namespace std::string_view_literals;
  for (const std::string_view bad : {""sv, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"sv,
                                     "\x05\x05"sv, "\x05\x01\x00"sv, "\x05\x80"sv}) {
    EXPECT_FALSE(Exposure::decode(bad));
  }
}

}  // namespace
}  // namespace weir::protect
