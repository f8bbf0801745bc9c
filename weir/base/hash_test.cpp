#include "weir/base/hash.h"

#include <gtest/gtest.h>

#include <numeric>

#include "weir/base/bytes.h"

namespace weir {
namespace {

HashKey counting_key() {
  HashKey key;
  std::iota(key.begin(), key.end(), static_cast<unsigned char>(0));
  return key;
}

TEST(Hash, AgreesWithThePublishedSipHashVector) {
  // Aumasson and Bernstein's appendix A: key and message 00 01 02 …, 15 bytes.
  std::string message(15, '\0');
  std::iota(message.begin(), message.end(), static_cast<char>(0));
  EXPECT_EQ(keyed_hash64(counting_key(), message), 0xa129ca6149be45e5u);
}

TEST(Hash, AgreesWithThePublishedBlake2bVector) {
  const auto hash = blake2b("");
  EXPECT_EQ(to_hex(std::as_bytes(std::span(hash))),
            "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
}

TEST(Hash, AgreesWithThePublishedCrcVector) { EXPECT_EQ(crc32("123456789"), 0xcbf43926u); }

TEST(Hash, DependsOnKeyAndText) {
  HashKey other = counting_key();
  other[15] ^= 1;
  EXPECT_NE(keyed_hash128(counting_key(), "a"), keyed_hash128(other, "a"));
  EXPECT_NE(keyed_hash128(counting_key(), "a"), keyed_hash128(counting_key(), "b"));
  EXPECT_EQ(keyed_hash128(counting_key(), "a"), keyed_hash128(counting_key(), "a"));
  EXPECT_NE(checksum64("a"), checksum64("b"));
}

TEST(Hash, DerivesADifferentKeyForEachPurpose) {
  const std::array<unsigned char, 32> root{1, 2, 3};
  EXPECT_EQ(derive_key(root, "address"), derive_key(root, "address"));
  EXPECT_NE(derive_key(root, "address"), derive_key(root, "host"));
  EXPECT_NE(derive_key(root, "address"), derive_key({9}, "address"));
}

TEST(Hash, NoneIsFalseAndHexHas32Digits) {
  EXPECT_FALSE(Hash128{});
  EXPECT_TRUE((Hash128{0, 1}));
  EXPECT_EQ(to_hex(Hash128{0xab, 1}), "00000000000000ab0000000000000001");
}

}  // namespace
}  // namespace weir
