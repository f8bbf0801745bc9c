#include "weir/ingest/detail/line_splitter.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "weir/base/random.h"
#include "weir/ingest/detail/test_source.h"

namespace weir::ingest {
namespace {

struct Found {
  std::string text;
  std::uint64_t number = 0;
  std::uint64_t offset = 0;
  std::optional<ParseError> error;

  friend bool operator==(const Found&, const Found&) = default;
};

std::vector<Found> split_all(std::string_view text, LineSplitter::Kind kind,
                             std::size_t step = SIZE_MAX, const Limits& limits = {}) {
  TextSource source(text, step);
  LineSplitter splitter(source, limits, kind, 0);
  LineSplitter::Line line;
  std::vector<Found> found;
  for (;;) {
    const Result<bool> more = splitter.next(line);
    EXPECT_TRUE(more);
    if (!more || !*more) return found;
    found.push_back({std::string(line.text), line.number, line.offset, line.error});
  }
}

std::vector<std::string> texts(const std::vector<Found>& found) {
  std::vector<std::string> out;
  for (const Found& f : found) out.push_back(f.text);
  return out;
}

constexpr auto kPlain = LineSplitter::Kind::plain;
constexpr auto kCsv = LineSplitter::Kind::csv;

TEST(LineSplitter, EndsLinesAtLfAndCrLfAndAtTheEnd) {
  const std::vector<Found> found = split_all("a\nb\r\n\nc", kPlain);
  EXPECT_EQ(texts(found), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(found[2].number, 4u);
  EXPECT_EQ(found[2].offset, 6u);
}

TEST(LineSplitter, PassesOverAByteOrderMarkAtTheStartOnly) {
  EXPECT_EQ(texts(split_all("\xEF\xBB\xBF"
                            "a\n\xEF\xBB\xBF"
                            "b\n",
                            kPlain, 1)),
            (std::vector<std::string>{"a",
                                      "\xEF\xBB\xBF"
                                      "b"}));
}

TEST(LineSplitter, GivesTheSameLinesHoweverTheBytesArrive) {
  const std::string text = "a,\"b\nc\"\r\n\"open\nd\n\xff\ne\"e,\"f\"\ng,\"h\"\"\ni\",j\nlast";
  for (const auto kind : {kPlain, kCsv}) {
    const std::vector<Found> whole = split_all(text, kind);
    for (std::size_t step = 1; step < 20; ++step) EXPECT_EQ(split_all(text, kind, step), whole);
  }
}

TEST(LineSplitter, ReportsNulBytesAndInvalidUtf8AndGoesOn) {
  const std::string text = std::string(
      "one\0two\nthr\xC3\x28"
      "ee\nfour\n",
      18 + 2);
  const std::vector<Found> found = split_all(text, kPlain);
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].error, ParseError::nul_byte);
  EXPECT_EQ(found[1].error, ParseError::not_utf8);
  EXPECT_EQ(found[2].error, std::nullopt);
}

/// 1 GiB of "x", then a line end and one good line.
class Endless final : public ByteSource {
 public:
  Result<std::size_t> read(char* buffer, std::size_t size) override {
    const std::uint64_t left = kSize - given_;
    if (left == 0) {
      if (tail_given_) return std::size_t{0};
      tail_given_ = true;
      return std::string_view("\ngood\n").copy(buffer, size);
    }
    largest_ = std::max<std::uint64_t>(largest_, size);
    const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(left, size));
    std::fill_n(buffer, n, 'x');
    given_ += n;
    return n;
  }
  std::uint64_t largest() const { return largest_; }
  static constexpr std::uint64_t kSize = 1u << 30;

 private:
  std::uint64_t given_ = 0;
  std::uint64_t largest_ = 0;
  bool tail_given_ = false;
};

TEST(LineSplitter, SkipsALineOfAGigabyteInBoundedMemory) {
  Endless source;
  Limits limits;
  limits.record_bytes = 1u << 20;
  LineSplitter splitter(source, limits, kCsv, 0);
  LineSplitter::Line line;
  ASSERT_TRUE(splitter.next(line).value());
  EXPECT_EQ(line.error, ParseError::too_long);
  EXPECT_EQ(line.text.size(), limits.kept_bad_bytes);
  ASSERT_TRUE(splitter.next(line).value());
  EXPECT_EQ(line.text, "good");
  EXPECT_EQ(line.number, 2u);
  EXPECT_EQ(line.offset, Endless::kSize + 1);
  EXPECT_FALSE(splitter.next(line).value());
  EXPECT_LE(source.largest(), 4 * limits.record_bytes);
}

TEST(LineSplitter, KeepsLineBreaksInsideQuotedFields) {
  const std::vector<Found> found = split_all("a,\"b\nc\"\nd\n", kCsv);
  EXPECT_EQ(texts(found), (std::vector<std::string>{"a,\"b\nc\"", "d"}));
  EXPECT_EQ(found[1].number, 3u);
}

TEST(LineSplitter, GivesUpAQuoteThatStaysOpenAndLosesOnlyItsFirstLine) {
  std::string text = "a,\"open\n";
  for (int i = 0; i < 200; ++i) text += "line\n";
  const std::vector<Found> found = split_all(text, kCsv);
  ASSERT_EQ(found.size(), 201u);
  EXPECT_EQ(found[0].error, ParseError::unbalanced_quote);
  EXPECT_EQ(found[0].text, "a,\"open");
  EXPECT_EQ(found[1].text, "line");
  EXPECT_EQ(found[1].number, 2u);
}

TEST(LineSplitter, GivesUpAQuoteThatPassesTheByteLimit) {
  Limits limits;
  limits.record_bytes = 64;
  const std::vector<Found> found =
      split_all("\"open\n" + std::string(50, 'a') + "\n" + std::string(50, 'b') + "\nc\n", kCsv,
                SIZE_MAX, limits);
  ASSERT_EQ(found.size(), 4u);
  EXPECT_EQ(found[0].error, ParseError::unbalanced_quote);
  EXPECT_EQ(found[1].text, std::string(50, 'a'));
}

TEST(LineSplitter, TakesAQuoteInsideAnUnquotedFieldForAnyCharacter) {
  EXPECT_EQ(texts(split_all("a 5\" disk,b\nc\n", kCsv)),
            (std::vector<std::string>{"a 5\" disk,b", "c"}));
}

TEST(LineSplitter, GivesTheFurtherLinesOfARecordAgainWhenAsked) {
  TextSource source("\"a\r\nb\nc\" x\nd\n");
  LineSplitter splitter(source, {}, kCsv, 100);
  LineSplitter::Line line;
  ASSERT_TRUE(splitter.next(line).value());
  ASSERT_EQ(line.lines, 3u);
  splitter.split_again(line);
  EXPECT_EQ(line.text, "\"a");
  EXPECT_EQ(splitter.safe_offset(), 104u);
  ASSERT_TRUE(splitter.next(line).value());
  EXPECT_EQ(line.text, "b");
  EXPECT_EQ(line.number, 2u);
  EXPECT_EQ(line.offset, 104u);
}

TEST(LineSplitter, DoesNotCountALastLineWithoutEndAsSafe) {
  TextSource source("whole\npart");
  LineSplitter splitter(source, {}, kPlain, 0);
  LineSplitter::Line line;
  ASSERT_TRUE(splitter.next(line).value());
  ASSERT_TRUE(splitter.next(line).value());
  EXPECT_EQ(line.text, "part");
  EXPECT_EQ(line.error, std::nullopt);
  EXPECT_EQ(splitter.safe_offset(), 6u);
}

TEST(LineSplitter, GivesAllLinesBeforeAnErrorOfTheSource) {
  TextSource source("one\ntwo\nthr", SIZE_MAX, Error{ErrorCode::corrupt, "cut off"});
  LineSplitter splitter(source, {}, kPlain, 0);
  LineSplitter::Line line;
  ASSERT_TRUE(splitter.next(line).value());
  ASSERT_TRUE(splitter.next(line).value());
  EXPECT_EQ(line.text, "two");
  ASSERT_TRUE(splitter.next(line).value());
  EXPECT_EQ(line.error, ParseError::truncated);
  const Result<bool> end = splitter.next(line);
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().code, ErrorCode::corrupt);
}

TEST(LineSplitter, AccountsForEveryByteOfRandomText) {
  constexpr std::string_view kAlphabet = "ab,\"\"\n\n\r\xff";
  for (std::uint32_t run = 0; run < 2000; ++run) {
    Random random(7, run, 0, 0);
    std::string text;
    const std::uint32_t length = random.below(60);
    for (std::uint32_t i = 0; i < length; ++i) {
      text += kAlphabet[random.below(static_cast<std::uint32_t>(kAlphabet.size()))];
    }
    Limits limits;
    limits.record_bytes = 20;
    std::uint64_t next_offset = 0;
    for (const Found& found : split_all(text, kCsv, 1 + random.below(9), limits)) {
      // Only line ends may lie between one record and the next.
      const std::string between = text.substr(next_offset, found.offset - next_offset);
      EXPECT_EQ(between.find_first_not_of("\r\n"), std::string::npos) << text;
      EXPECT_EQ(text.substr(found.offset, found.text.size()), found.text);
      next_offset = found.offset + found.text.size();
      if (found.error == ParseError::too_long) next_offset = text.find('\n', found.offset);
      next_offset = std::min<std::uint64_t>(next_offset, text.size());
    }
    EXPECT_EQ(text.find_first_not_of("\r\n", next_offset), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace weir::ingest
