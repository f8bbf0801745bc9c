#include "weir/protect/openly_said.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "weir/protect/test_support.h"

namespace weir::protect {
namespace {

std::vector<std::uint64_t> hashes_of(const std::string& text) {
  std::vector<std::uint64_t> hashes;
  const Features features = features_of(text);
  for (const Feature& feature : features.found) hashes.push_back(feature.hash);
  std::ranges::sort(hashes);
  const auto repeated = std::ranges::unique(hashes);
  hashes.erase(repeated.begin(), repeated.end());
  return hashes;
}

std::vector<std::uint64_t> both(std::vector<std::uint64_t> a, const std::vector<std::uint64_t>& b) {
  a.insert(a.end(), b.begin(), b.end());
  std::ranges::sort(a);
  const auto repeated = std::ranges::unique(a);
  a.erase(repeated.begin(), repeated.end());
  return a;
}

/// Two documents of 400 words each that begin with the same letterhead of 40.
class OpenlySaid : public testing::Test {
 protected:
  static Snapshot snapshot_of(std::vector<bool> removed = {}, std::uint32_t pieces = 0,
                              const std::string& learnt = "") {
    SegmentBuilder builder(test_key());
    for (const std::uint64_t number : {1u, 2u}) {
      Features features = features_of(document(number));
      for (std::uint32_t i = 0; i < pieces; ++i) {
        const auto word = static_cast<std::uint32_t>(features.words.size());
        features.words.push_back(WordToken{i});
        features.found.push_back({.hash = (std::uint64_t{i} << 40) + 1, .word = word});
        ++features.pieces;
      }
      EXPECT_TRUE(builder.add(document_id(number), features));
    }
    auto segment = Segment::parse(std::move(builder).finish(), test_key(), {});
    EXPECT_TRUE(segment);
    auto background = std::make_shared<Background>(Background::Options{.counter_bits = 16});
    background->learn(features_of(learnt).found);
    return Snapshot({{.segment = *segment, .removed = std::move(removed)}}, std::move(background));
  }
  static std::string document(std::uint64_t number) {
    return kLetterhead + invented_text(number, 360);
  }

  static inline const std::string kLetterhead = invented_text(9, 40);
  static constexpr double kThird = 1.0 / 3;
};

TEST_F(OpenlySaid, KnowsWhatIsOfADocumentThatIsThere) {
  const Snapshot all = snapshot_of();
  const Snapshot one_removed = snapshot_of({true, false});
  std::size_t first = 0;
  for (const std::uint64_t hash : hashes_of(document(1))) {
    EXPECT_TRUE(is_protected(all, hash));
    first += is_protected(one_removed, hash) ? 1u : 0u;
  }
  EXPECT_GT(first, 0u) << "the letterhead is in the other too";
  EXPECT_LT(first, hashes_of(document(1)).size() / 3);
  for (const std::uint64_t hash : hashes_of(invented_text(77, 200))) {
    EXPECT_FALSE(is_protected(all, hash));
  }
}

TEST_F(OpenlySaid, ALetterheadIsLearnt) {
  const std::vector<std::uint64_t> letterhead = hashes_of(kLetterhead);
  const Teaching teaching = choose_openly_said(snapshot_of(), letterhead, {}, kThird);
  EXPECT_EQ(teaching.features, letterhead);
  ASSERT_EQ(teaching.losses.size(), 2u);
  for (const Loss& loss : teaching.losses) {
    EXPECT_FALSE(loss.too_much);
    EXPECT_GT(loss.lost, 0u);
    EXPECT_LT(loss.share(), 0.2);
  }
}

TEST_F(OpenlySaid, NothingIsLearntOfADocumentThatWouldLoseTooMuch) {
  const std::vector<std::uint64_t> common =
      both(hashes_of(document(1)), hashes_of(kLetterhead + invented_text(2, 40)));
  const Teaching teaching = choose_openly_said(snapshot_of(), common, {}, kThird);
  ASSERT_EQ(teaching.losses.size(), 2u);
  EXPECT_EQ(teaching.losses[0].document, document_id(1));
  EXPECT_TRUE(teaching.losses[0].too_much);
  EXPECT_FALSE(teaching.losses[1].too_much);
  const std::vector<std::uint64_t> refused = hashes_of(document(1));
  EXPECT_FALSE(teaching.features.empty());
  for (const std::uint64_t hash : teaching.features) {
    EXPECT_FALSE(std::ranges::binary_search(refused, hash)) << "the letterhead too";
  }
}

TEST_F(OpenlySaid, ADocumentIsNotLearntByAndBy) {
  const Snapshot snapshot = snapshot_of();
  std::vector<std::uint64_t> learnt;
  std::size_t refusals = 0;
  for (std::size_t words = 40; words <= 400; words += 40) {
    const std::string part = join(invented_words(1, 360), words - 40, words);
    const Teaching teaching = choose_openly_said(snapshot, hashes_of(part), learnt, kThird);
    refusals += !teaching.losses.empty() && teaching.losses[0].too_much ? 1u : 0u;
    learnt = both(learnt, teaching.features);
  }
  EXPECT_GT(refusals, 3u);
  std::size_t lost = 0;
  const std::vector<std::uint64_t> all = hashes_of(document(1));
  for (const std::uint64_t hash : all) lost += std::ranges::binary_search(learnt, hash) ? 1u : 0u;
  EXPECT_GT(lost, 0u);
  EXPECT_LE(lost * 10, all.size() * 4);
}

TEST_F(OpenlySaid, WhatWasLearntBeforeIsNoNews) {
  const std::vector<std::uint64_t> letterhead = hashes_of(kLetterhead);
  const Teaching teaching =
      choose_openly_said(snapshot_of({}, 0, kLetterhead), letterhead, letterhead, kThird);
  EXPECT_TRUE(teaching.features.empty());
  EXPECT_TRUE(teaching.losses.empty());
}

TEST_F(OpenlySaid, WhatWasWrittenDownAndNotLearntIsLearntNow) {
  const std::vector<std::uint64_t> letterhead = hashes_of(kLetterhead);
  const Teaching teaching = choose_openly_said(snapshot_of(), letterhead, letterhead, kThird);
  EXPECT_EQ(teaching.features, letterhead);
  EXPECT_LT(teaching.losses.at(0).share(), 0.2) << "counted once";
}

TEST_F(OpenlySaid, PiecesOfFilesMakeATextNoLonger) {
  const Teaching teaching =
      choose_openly_said(snapshot_of({}, 5000), hashes_of(document(1)), {}, kThird);
  ASSERT_FALSE(teaching.losses.empty());
  EXPECT_TRUE(teaching.losses[0].too_much);
}

}  // namespace
}  // namespace weir::protect
