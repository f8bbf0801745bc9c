#include "weir/protect/matcher.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "weir/protect/test_support.h"

namespace weir::protect {
namespace {

constexpr std::size_t kWords = 600;  // of each document

class MatcherTest : public testing::Test {
 protected:
  MatcherTest() {
    auto segment = Segment::parse(segment_of(50, kWords), test_key(), {}).value();
    parts_.push_back({.segment = std::move(segment), .removed = {}});
    take();
  }

  void take() {
    snapshot_ = std::make_unique<Snapshot>(parts_, std::make_shared<const Background>(background_));
  }
  void protect(std::uint64_t number, std::string_view text) {
    SegmentBuilder builder(test_key());
    ASSERT_TRUE(builder.add(document_id(number), features_of(text)));
    parts_.push_back(
        {.segment = Segment::parse(std::move(builder).finish(), test_key(), {}).value(),
         .removed = {}});
    take();
  }
  MatchResult match(std::string_view text) { return matcher_.match(*snapshot_, text); }

  /// An innocent mail with something in its middle.
  static std::string mail_with(std::string_view excerpt) {
    return invented_text(2001, 300) + "\n" + std::string(excerpt) + "\n" + invented_text(2002, 300);
  }

  std::vector<Snapshot::Part> parts_;
  Background background_{{.counter_bits = 16}};
  std::unique_ptr<Snapshot> snapshot_;
  Matcher matcher_{test_canonicalizer(), test_maker()};
};

TEST_F(MatcherTest, FindsNothingInInnocentText) {
  for (std::uint64_t i = 0; i < 20; ++i) {
    EXPECT_TRUE(match(invented_text(3000 + i, 600)).matches.empty()) << i;
  }
  EXPECT_TRUE(match("").matches.empty());
}

TEST_F(MatcherTest, FindsAWholeDocument) {
  const MatchResult result = match(invented_text(7, kWords));
  ASSERT_EQ(result.matches.size(), 1u);
  const Match& found = result.matches.front();
  EXPECT_EQ(found.document, document_id(7));
  EXPECT_EQ(found.kind, MatchKind::verbatim);
  EXPECT_GE(found.coverage(), 0.97);
  EXPECT_EQ(found.exposure.count(), found.exposure.block_count());
  EXPECT_EQ(found.unique_words, found.found_words);
  EXPECT_FALSE(result.incomplete);
}

TEST_F(MatcherTest, SaysWhereAnExcerptStands) {
  const std::string excerpt = join(invented_words(7, kWords), 200, 240);
  const std::string mail = mail_with(excerpt);
  const MatchResult result = match(mail);
  ASSERT_EQ(result.matches.size(), 1u);
  const Match& found = result.matches.front();
  EXPECT_EQ(found.document, document_id(7));
  ASSERT_EQ(found.passages.size(), 1u);
  const Passage& passage = found.passages.front();
  const std::size_t begin = mail.find(excerpt);
  // Chance lets a word or two of the mail continue the excerpt; none of it may be missing.
  EXPECT_LE(passage.source_begin, begin + 20);
  EXPECT_GE(passage.source_begin + 150, begin);
  EXPECT_GE(passage.source_end + 20, begin + excerpt.size());
  EXPECT_LE(passage.source_end, begin + excerpt.size() + 150);
  EXPECT_NEAR(passage.document_begin, 200, 20);
  EXPECT_NEAR(passage.document_end, 240, 20);
  EXPECT_NEAR(found.found_words, 40, 8);
}

TEST_F(MatcherTest, FindsFifteenWords) {
  const MatchResult result = match(mail_with(join(invented_words(9, kWords), 100, 115)));
  ASSERT_EQ(result.matches.size(), 1u);
  EXPECT_EQ(result.matches.front().document, document_id(9));
}

TEST_F(MatcherTest, FindsRewordedText) {
  std::vector<std::string> words = invented_words(7, kWords);
  words.resize(200);
  for (std::size_t i = 0; i < words.size(); i += 3) words[i] = "replaced";
  const MatchResult result = match(mail_with(join(words)));
  ASSERT_FALSE(result.matches.empty());
  EXPECT_EQ(result.matches.front().document, document_id(7));
  EXPECT_EQ(result.matches.front().kind, MatchKind::reworded);
}

TEST_F(MatcherTest, FindsTextInAnotherOrder) {
  std::vector<std::string> words = invented_words(7, kWords);
  words.resize(200);
  for (std::size_t i = 0; i + 4 <= words.size(); i += 4) {
    std::swap(words[i], words[i + 2]);
    std::swap(words[i + 1], words[i + 3]);
  }
  const MatchResult result = match(mail_with(join(words)));
  ASSERT_FALSE(result.matches.empty());
  EXPECT_EQ(result.matches.front().document, document_id(7));
}

TEST_F(MatcherTest, FindsTextInDisguise) {
  std::string disguised;
  for (const char c : join(invented_words(7, kWords), 0, 100)) {
    if (c == 'o') {
      disguised += "\u043e";
    } else {
      disguised.push_back(c);
    }
    if (c == 'a') disguised += "\u200b\u0301";
  }
  const MatchResult result = match(disguised);
  ASSERT_EQ(result.matches.size(), 1u);
  EXPECT_EQ(result.matches.front().document, document_id(7));
}

TEST_F(MatcherTest, FindsAnExcerptAmongThousandsOfOtherWords) {
  const std::string text = invented_text(5000, 40'000) + join(invented_words(7, kWords), 100, 150) +
                           invented_text(5001, 40'000);
  const MatchResult result = match(text);
  ASSERT_EQ(result.matches.size(), 1u);
  EXPECT_EQ(result.matches.front().document, document_id(7));
}

TEST_F(MatcherTest, DoesNotCountTheSameLineAThousandTimes) {
  const std::string line = join(invented_words(77, 12)) + "\n";
  std::string table;
  for (int i = 0; i < 1000; ++i) table += line;
  protect(500, invented_text(500, 300) + line + invented_text(501, 300));
  const MatchResult one = match(mail_with(line));
  const MatchResult many = match(table);
  ASSERT_EQ(one.matches.size(), 1u);
  ASSERT_LE(many.matches.size(), 1u);
  if (!many.matches.empty()) {
    EXPECT_LE(many.matches.front().found_words, 40u);
    EXPECT_LE(many.matches.front().bits, one.matches.front().bits * 1.5);
  }
}

TEST_F(MatcherTest, DoesNotTakeLongListsOfOneTradeForEachOther) {
  // Both name the same things in the same order and say of each what they will.
  const std::vector<std::string> things = invented_words(900, 120);
  const auto list = [&](std::uint64_t number) {
    const std::vector<std::string> words = invented_words(number, things.size() * 7);
    std::string text;
    for (std::size_t i = 0; i < things.size(); ++i) {
      text += things[i] + ": " + join(words, i * 7, i * 7 + 7) + "\n";
    }
    return text;
  };
  protect(900, list(901));
  for (std::uint64_t other = 910; other < 920; ++other) {
    EXPECT_TRUE(match(list(other)).matches.empty()) << other;
  }
  EXPECT_FALSE(match(list(901)).matches.empty());
}

TEST_F(MatcherTest, DoesNotFindWhatTheBackgroundSays) {
  const std::string passage = join(invented_words(7, kWords), 100, 160);
  ASSERT_EQ(match(mail_with(passage)).matches.size(), 1u);
  background_.learn(features_of(passage).found);
  take();
  EXPECT_TRUE(match(mail_with(passage)).matches.empty());
  const MatchResult whole = match(invented_text(7, kWords));
  ASSERT_EQ(whole.matches.size(), 1u);
  EXPECT_NEAR(whole.matches.front().unique_words, kWords - 60, 15);
}

TEST_F(MatcherTest, TellsWordsOfOneDocumentFromThoseOfTwo) {
  const std::vector<std::string> shared = invented_words(600, 100);
  protect(601, join(shared) + invented_text(601, 100));
  protect(602, join(shared) + invented_text(602, 100));
  const MatchResult result = match(join(shared) + invented_text(601, 100));
  ASSERT_FALSE(result.matches.empty());
  EXPECT_EQ(result.matches.front().document, document_id(601));
  EXPECT_NEAR(result.matches.front().found_words, 200, 5);
  EXPECT_NEAR(result.matches.front().unique_words, 100, 12);
}

TEST_F(MatcherTest, DoesNotFindRemovedDocuments) {
  parts_[0].removed.assign(50, false);
  parts_[0].removed[7] = true;
  take();
  EXPECT_TRUE(match(invented_text(7, kWords)).matches.empty());
  EXPECT_EQ(match(invented_text(8, kWords)).matches.size(), 1u);
}

TEST_F(MatcherTest, GivesTheSameAnswerAgain) {
  const std::string text =
      mail_with(join(invented_words(9, kWords), 100, 300)) + join(invented_words(3, kWords), 0, 90);
  const MatchResult first = match(text);
  ASSERT_EQ(first.matches.size(), 2u);
  (void)match(invented_text(12, kWords));
  const MatchResult again = match(text);
  ASSERT_EQ(again.matches.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(again.matches[i].document, first.matches[i].document);
    EXPECT_EQ(again.matches[i].bits, first.matches[i].bits);
    EXPECT_EQ(again.matches[i].exposure, first.matches[i].exposure);
  }
}

TEST_F(MatcherTest, SaysWhenItDidNotLookAtAll) {
  const std::string text = invented_text(7, kWords);
  Matcher few_hits(test_canonicalizer(), test_maker(), {.hits = 10});
  EXPECT_TRUE(few_hits.match(*snapshot_, text).incomplete);
  Matcher few_words(test_canonicalizer(), test_maker(), {.words = 10});
  EXPECT_TRUE(few_words.match(*snapshot_, text).incomplete);
}

}  // namespace
}  // namespace weir::protect
