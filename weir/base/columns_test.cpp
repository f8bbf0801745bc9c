#include "weir/base/columns.h"

#include <gmock/gmock.h>

namespace weir {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Columns, AreCodePointsNotBytes) {
  EXPECT_EQ(columns("abc"), 3u);
  EXPECT_EQ(columns("größer …"), 8u);
  EXPECT_EQ(columns(""), 0u);
}

TEST(Columns, CountSomethingForBytesThatAreNoText) { EXPECT_EQ(columns("a\xff\xfe"), 3u); }

TEST(Fit, CutsAtACodePointAndSaysSo) {
  EXPECT_EQ(fit("größer", 6), "größer");
  EXPECT_EQ(fit("größer", 4), "grö…");
  EXPECT_EQ(fit("größer", 0), "");
}

TEST(Fit, FillsToExactlyTheWidth) {
  EXPECT_EQ(fit_left("ö", 3), "ö  ");
  EXPECT_EQ(fit_right("ö", 3), "  ö");
  EXPECT_EQ(columns(fit_right("a long name", 5)), 5u);
}

TEST(Wrap, BreaksAtSpacesAndOnlyWhereItMustInsideAWord) {
  EXPECT_THAT(wrap("one two  three", 7), ElementsAre("one two", "three"));
  EXPECT_THAT(wrap("abcdefgh ij", 3), ElementsAre("abc", "def", "gh", "ij"));
  EXPECT_THAT(wrap("äöü äöü", 3), ElementsAre("äöü", "äöü"));
}

TEST(Wrap, GivesNoLineForNothing) {
  EXPECT_THAT(wrap("", 10), IsEmpty());
  EXPECT_THAT(wrap(" \n ", 10), IsEmpty());
}

TEST(Wrap, KeepsEveryLineWithinAnyWidth) {
  const std::string text = "Twelve sends to one private mailbox since 2019, none answered – größer";
  for (std::size_t width = 0; width < 40; ++width) {
    for (const std::string& line : wrap(text, width)) {
      EXPECT_LE(columns(line), std::max<std::size_t>(width, 1));
    }
  }
}

TEST(Paragraph, PutsTheFirstLineAfterAMarkAndIndentsTheRest) {
  EXPECT_EQ(paragraph("- ", "  ", "one two three", 9), "- one two\n  three\n");
  EXPECT_EQ(paragraph("- ", "  ", "", 9), "- \n");
}

}  // namespace
}  // namespace weir
