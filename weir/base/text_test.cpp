#include "weir/base/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir {
namespace {

using testing::ElementsAre;

TEST(Text, TrimsWhiteSpaceAtBothEndsOnly) {
  EXPECT_EQ(trim(" \t a b \r\n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
  EXPECT_EQ(trim(""), "");
}

TEST(Text, FoldsAsciiLettersAndLeavesOtherBytes) {
  EXPECT_EQ(to_lower_ascii("AbC-Ä9"), "abc-Ä9");
  EXPECT_TRUE(equals_ignoring_case("Content-Type", "content-TYPE"));
  EXPECT_FALSE(equals_ignoring_case("a", "ab"));
}

TEST(Text, SplitsIntoPartsOfWhichThereIsAtLeastOne) {
  EXPECT_THAT(split("a,,b,", ','), ElementsAre("a", "", "b", ""));
  EXPECT_THAT(split("", ','), ElementsAre(""));
}

TEST(Text, ReadsWholeNumbersOrNothing) {
  EXPECT_EQ(parse_u64("18446744073709551615"), 18446744073709551615u);
  for (const char* text : {"", "-1", "+1", " 1", "1 ", "0x1", "18446744073709551616", "1.0"}) {
    EXPECT_FALSE(parse_u64(text)) << text;
  }
  EXPECT_EQ(parse_double("-2.5e3"), -2500.0);
  for (const char* text : {"", "nan", "inf", "-inf", "1x", " 1", "1e999", "0x1p3"}) {
    EXPECT_FALSE(parse_double(text)) << text;
  }
}

TEST(Text, KnowsWellFormedUtf8) {
  for (const char* text : {"", "abc", "é", "€", "😀", "\xED\x9F\xBF", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(is_utf8(text)) << text;
  }
  for (const char* text : {"\x80", "\xC3", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80",
                           "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "a\xFF", "\xE2\x82"}) {
    EXPECT_FALSE(is_utf8(text));
  }
  for (std::size_t at = 0; at < 50; ++at) {
    std::string text(50, 'a');
    text.insert(at, "é");
    EXPECT_TRUE(is_utf8(text)) << at;
    text[at + 1] = 'a';
    EXPECT_FALSE(is_utf8(text)) << at;
  }
}

TEST(Text, MakesAnythingSafeToPrint) {
  EXPECT_EQ(printable("plain é"), "plain é");
  EXPECT_EQ(printable("\x1b[31mred\x07"), "\\x1b[31mred\\x07");
  EXPECT_EQ(printable("a\xFF"), "a\\xff");
  EXPECT_EQ(printable("\xC2\x9B"), "\\xc2\\x9b") << "C1 controls steer terminals too";
  EXPECT_EQ(printable("abcdef", 3), "abc…");
  EXPECT_EQ(printable("abc", 3), "abc");
}

TEST(Text, FindsTheNearestNameIfThereIsOne) {
  const std::string_view names[] = {"addresses", "access", "unit"};
  EXPECT_EQ(nearest("adresses", names), "addresses");
  EXPECT_EQ(nearest("UNIT", names), "unit");
  EXPECT_EQ(nearest("zebra", names), "");
  EXPECT_EQ(nearest("x", {}), "");
}

TEST(Text, PutsCommasIntoNumbers) {
  EXPECT_EQ(with_commas(0), "0");
  EXPECT_EQ(with_commas(999), "999");
  EXPECT_EQ(with_commas(12480), "12,480");
  EXPECT_EQ(with_commas(1234567890), "1,234,567,890");
}

}  // namespace
TEST(Text, CountsInTheSingularAndThePlural) {
  EXPECT_EQ(counted(0, "record"), "0 records");
  EXPECT_EQ(counted(1, "record"), "1 record");
  EXPECT_EQ(counted(12480, "record"), "12,480 records");
  EXPECT_EQ(counted(1, "person", "people"), "1 person");
  EXPECT_EQ(counted(2, "person", "people"), "2 people");
}

TEST(ParseHex, TakesWholeNumbersAndWholeBytes) {
  EXPECT_EQ(parse_hex_u64("00ff"), 255u);
  EXPECT_EQ(parse_hex_u64("FFFFFFFFFFFFFFFF"), ~std::uint64_t{0});
  for (const char* wrong : {"", "0x1", " 1", "1g", "-1", "00000000000000001"}) {
    EXPECT_FALSE(parse_hex_u64(wrong)) << wrong;
  }
  std::string bytes = "x";
  EXPECT_TRUE(append_hex_bytes("00aF", bytes));
  EXPECT_EQ(bytes, std::string("x\0\xaf", 3));
  for (const char* wrong : {"", "0", "0g", "00 1"}) {
    EXPECT_FALSE(append_hex_bytes(wrong, bytes)) << wrong;
    EXPECT_EQ(bytes.size(), 3u);
  }
}

}  // namespace weir
