#include "weir/content/header_block.h"

#include <gtest/gtest.h>

#include <string>

namespace weir::content {
namespace {

TEST(HeaderBlock, SplitsFieldsAndBody) {
  const HeaderBlock header = split_header("A: 1\r\nB : two\r\n\tlines\r\n\r\nbody\r\n", {});
  ASSERT_EQ(header.fields.size(), 2u);
  EXPECT_EQ(unfold(header.find("a")), "1");
  EXPECT_EQ(unfold(header.find("b")), "two lines");
  EXPECT_EQ(header.find("c"), "");
  EXPECT_EQ(header.body, "body\r\n");
}

TEST(HeaderBlock, PassesOverMailboxLines) {
  const HeaderBlock header =
      split_header("From a@x Mon May 14 16:39:00 2001\nA: 1\n>From b\nB: 2\n\nx", {});
  EXPECT_EQ(header.fields.size(), 2u);
  EXPECT_EQ(header.body, "x");
}

TEST(HeaderBlock, ALineThatIsNoFieldBeginsTheBody) {
  const HeaderBlock header = split_header("A: 1\nhello there: x\nB: 2\n", {});
  EXPECT_EQ(header.fields.size(), 1u);
  EXPECT_EQ(header.body, "hello there: x\nB: 2\n");
}

TEST(HeaderBlock, HasNoBodyWithoutAnEmptyLine) {
  EXPECT_EQ(split_header("A: 1\nB: 2", {}).fields.size(), 2u);
  EXPECT_EQ(split_header("A: 1\nB: 2", {}).body, "");
  EXPECT_TRUE(split_header("", {}).fields.empty());
  EXPECT_EQ(split_header("\nbody", {}).body, "body");
}

TEST(HeaderBlock, PassesOverWhatIsBeyondItsLimits) {
  std::string text;
  for (int i = 0; i < 10; ++i) text += "A: 1\n";
  text += "\nbody";
  const HeaderBlock few = split_header(text, {.fields = 3, .bytes = 1000});
  EXPECT_EQ(few.fields.size(), 3u);
  EXPECT_FALSE(few.complete);
  EXPECT_EQ(few.body, "body");
  EXPECT_EQ(split_header(text, {.fields = 100, .bytes = 20}).fields.size(), 4u);
  EXPECT_TRUE(split_header(text, {}).complete);
}

}  // namespace
}  // namespace weir::content
