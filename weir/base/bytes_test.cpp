#include "weir/base/bytes.h"

#include <gtest/gtest.h>

#include <limits>

#include "weir/base/random.h"

namespace weir {
namespace {

TEST(Bytes, ReadsBackWhatWasWritten) {
  std::string bytes;
  ByteWriter writer(bytes);
  writer.fixed(std::uint16_t{0xbeef});
  writer.fixed(-2.5);
  writer.varint(0);
  writer.varint(300);
  writer.varint(std::numeric_limits<std::uint64_t>::max());
  writer.text("");
  writer.text(std::string_view("a\0b", 3));

  ByteReader reader(bytes);
  EXPECT_EQ(reader.fixed<std::uint16_t>(), 0xbeef);
  EXPECT_EQ(reader.fixed<double>(), -2.5);
  EXPECT_EQ(reader.varint(), 0u);
  EXPECT_EQ(reader.varint(), 300u);
  EXPECT_EQ(reader.varint(), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(reader.text(), "");
  EXPECT_EQ(reader.text(), std::string_view("a\0b", 3));
  EXPECT_TRUE(reader.ok());
  EXPECT_TRUE(reader.at_end());
}

TEST(Bytes, SmallNumbersTakeOneByte) {
  std::string bytes;
  ByteWriter(bytes).varint(127);
  EXPECT_EQ(bytes.size(), 1u);
  ByteWriter(bytes).varint(128);
  EXPECT_EQ(bytes.size(), 3u);
}

TEST(Bytes, AfterTheFirstBadReadEverythingIsZero) {
  ByteReader reader("\x01\x02\x03");
  EXPECT_EQ(reader.fixed<std::uint32_t>(), 0u);
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.fixed<std::uint8_t>(), 0u);
  EXPECT_EQ(reader.varint(), 0u);
  EXPECT_EQ(reader.text(), "");
  EXPECT_FALSE(reader.ok());
}

TEST(Bytes, RefusesTextLongerThanWhatIsLeft) {
  ByteReader reader("\x05hell");
  EXPECT_EQ(reader.text(), "");
  EXPECT_FALSE(reader.ok());
}

TEST(Bytes, RefusesNumbersThatNeverEndOrDoNotFit) {
  const std::string endless(20, '\xff');
  ByteReader first(endless);
  EXPECT_EQ(first.varint(), 0u);
  EXPECT_FALSE(first.ok());
  const std::string too_large = std::string(9, '\xff') + '\x02';
  ByteReader second(too_large);
  EXPECT_EQ(second.varint(), 0u);
  EXPECT_FALSE(second.ok());
}

TEST(Bytes, WritesHexadecimal) {
  EXPECT_EQ(to_hex(as_bytes(std::string_view("\x00\xff\x1a", 3))), "00ff1a");
  EXPECT_EQ(as_text(as_bytes("abc")), "abc");
}

TEST(Bytes, NoBytesMakeTheReaderFall) {
  Random random(5, 0, 0, 0);
  for (int i = 0; i < 2000; ++i) {
    std::string bytes(random.below(24), '\0');
    for (char& c : bytes) c = static_cast<char>(random.bits32());
    ByteReader reader(bytes);
    while (reader.ok() && !reader.at_end()) {
      if (random.chance(0.5)) {
        reader.text();
      } else {
        reader.varint();
      }
    }
    EXPECT_LE(reader.remaining(), bytes.size());
  }
}

}  // namespace
}  // namespace weir
