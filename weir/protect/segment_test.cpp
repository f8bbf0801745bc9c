#include "weir/protect/segment.h"

#include <gtest/gtest.h>

#include <cstring>

#include "weir/base/bytes.h"
#include "weir/protect/detail/segment_layout.h"
#include "weir/protect/segment_builder.h"
#include "weir/protect/test_support.h"

namespace weir::protect {
namespace {

std::shared_ptr<const Segment> parsed(std::string bytes) {
  return Segment::parse(std::move(bytes), test_key(), {}).value();
}

bool has_block(const Segment& segment, std::uint64_t feature, std::uint32_t wanted) {
  const auto [begin, end] = segment.find(feature);
  for (std::uint32_t at = begin; at < end; ++at) {
    if (segment.block(at) == wanted) return true;
  }
  return false;
}

TEST(Segment, FindsEveryFeatureInItsBlock) {
  const auto segment = parsed(segment_of(20, 300));
  ASSERT_EQ(segment->document_count(), 20u);
  EXPECT_EQ(segment->word_count(), 20u * 300u);
  std::size_t found = 0;
  std::size_t all = 0;
  for (std::uint32_t i = 0; i < 20; ++i) {
    const Segment::Document document = segment->document(i);
    EXPECT_EQ(document.id, document_id(i));
    EXPECT_EQ(document.words, 300u);
    for (const Feature& feature : features_of(invented_text(i, 300)).found) {
      ++all;
      found += has_block(*segment, feature.hash, document.first_block + feature.word / kBlockWords)
                   ? 1u
                   : 0u;
    }
  }
  // Those missing are what a document repeats more than four times.
  EXPECT_GE(found * 100, all * 99);
}

TEST(Segment, KeepsTheWordsOfEachDocument) {
  const auto segment = parsed(segment_of(3, 100));
  const Features features = features_of(invented_text(2, 100));
  const auto words = segment->words(2);
  ASSERT_EQ(words.size(), 100u);
  for (std::size_t i = 0; i < words.size(); ++i) EXPECT_EQ(words[i], id_of(features.words[i]));
  EXPECT_EQ(segment->document_of(segment->document(1).first_block), 1u);
  EXPECT_EQ(segment->document_of(1'000'000), segment->document_count());
}

TEST(Segment, KnowsTheDocumentOfEveryBlock) {
  SegmentBuilder builder(test_key());
  // Long and short ones, so that no step of blocks fits both.
  for (std::size_t i = 0; i < 60; ++i) {
    const std::size_t words = i % 7 == 0 ? 5000 : 1 + i * 3;
    ASSERT_TRUE(builder.add(document_id(i), features_of(invented_text(i, words))));
  }
  const auto segment = parsed(std::move(builder).finish());
  for (std::uint32_t i = 0; i < segment->document_count(); ++i) {
    const Segment::Document document = segment->document(i);
    const std::uint32_t blocks = (document.words + kBlockWords - 1) / kBlockWords;
    for (std::uint32_t b = 0; b < blocks; ++b) {
      ASSERT_EQ(segment->document_of(document.first_block + b), i);
    }
  }
}

TEST(Segment, SaysOfNothingItHasThatItIsNotThere) {
  for (const std::size_t documents : {1u, 3u, 200u}) {
    const auto segment = parsed(segment_of(documents, 300));
    std::size_t visited = 0;
    segment->for_each_entry([&](std::uint64_t feature, std::uint32_t block) {
      const std::uint64_t whole = feature << (64 - Segment::kFeatureBits);
      EXPECT_TRUE(segment->may_find(whole));
      EXPECT_TRUE(has_block(*segment, whole, block));
      ++visited;
    });
    EXPECT_EQ(visited, segment->entry_count());
    std::size_t likely = 0;
    const Features others = features_of(invented_text(100'000, 5000));
    for (const Feature& feature : others.found) {
      likely += segment->may_find(feature.hash) ? 1u : 0u;
    }
    EXPECT_LE(likely * 2, others.found.size());
  }
}

TEST(Segment, DoesNotFindWhatItDoesNotHave) {
  const auto segment = parsed(segment_of(20, 300));
  std::size_t found = 0;
  for (const Feature& feature : features_of(invented_text(99, 2000)).found) {
    const auto [begin, end] = segment->find(feature.hash);
    if (feature.tier == Tier::verbatim && begin != end) ++found;
  }
  EXPECT_EQ(found, 0u);
}

TEST(Segment, HoldsPassagesOfManyDocumentsAsBoilerplate) {
  const std::string licence = invented_text(1000, 60);
  SegmentBuilder builder(test_key());
  for (std::uint32_t i = 0; i <= kBoilerplateDocuments; ++i) {
    ASSERT_TRUE(builder.add(document_id(i), features_of(licence + invented_text(i, 50))));
  }
  const auto segment = parsed(std::move(builder).finish());
  const Features features = features_of(licence);
  std::size_t boilerplate = 0;
  for (const Feature& feature : features.found) {
    const auto [begin, end] = segment->find(feature.hash);
    ASSERT_EQ(end - begin, 1u);
    boilerplate += segment->block(begin) == Segment::kNoBlock ? 1u : 0u;
  }
  EXPECT_EQ(boilerplate, features.found.size());
}

TEST(Segment, IsTheSameWhetherMadeAtOnceOrOfParts) {
  const auto first = parsed(segment_of(12, 200));
  SegmentBuilder rest(test_key());
  SegmentBuilder all(test_key());
  for (std::uint64_t i = 0; i < 12; ++i) {
    ASSERT_TRUE(all.add(document_id(i), features_of(invented_text(i, 200))));
  }
  for (std::uint64_t i = 12; i < 40; ++i) {
    ASSERT_TRUE(rest.add(document_id(i), features_of(invented_text(i, 200))));
    ASSERT_TRUE(all.add(document_id(i), features_of(invented_text(i, 200))));
  }
  const auto second = parsed(std::move(rest).finish());
  SegmentBuilder merged(test_key());
  const auto every = [](std::uint32_t) { return true; };
  ASSERT_TRUE(merged.add(*first, every));
  ASSERT_TRUE(merged.add(*second, every));
  EXPECT_EQ(std::move(merged).finish(), std::move(all).finish());
}

TEST(Segment, LeavesOutWhatIsNotKept) {
  const auto segment = parsed(segment_of(3, 100));
  SegmentBuilder builder(test_key());
  ASSERT_TRUE(builder.add(*segment, [](std::uint32_t i) { return i != 1; }));
  const auto fewer = parsed(std::move(builder).finish());
  ASSERT_EQ(fewer->document_count(), 2u);
  EXPECT_EQ(fewer->document(1).id, document_id(2));
  for (const Feature& feature : features_of(invented_text(1, 100)).found) {
    const auto [begin, end] = fewer->find(feature.hash);
    if (feature.tier == Tier::verbatim) {
      EXPECT_EQ(begin, end);
    }
  }
}

TEST(Segment, RefusesDocumentsWithoutWords) {
  SegmentBuilder builder(test_key());
  const auto added = builder.add(document_id(1), features_of("..."));
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, ErrorCode::invalid_argument);
  EXPECT_TRUE(builder.is_empty());
}

TEST(Segment, RefusesAnotherSecret) {
  const auto opened = Segment::parse(segment_of(1, 50), RegistryKey(RegistryKey::Secret{7}), {});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::permission_denied);
}

TEST(Segment, NoticesEveryDamage) {
  const std::string good = segment_of(2, 60);
  for (std::size_t size = 0; size < good.size(); size += 1 + good.size() / 97) {
    EXPECT_FALSE(Segment::parse(good.substr(0, size), test_key(), {})) << size;
  }
  for (std::size_t at = 0; at < good.size(); at += at < 80 ? 1 : good.size() / 89) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x10);
    EXPECT_FALSE(Segment::parse(bad, test_key(), {})) << at;
  }
}

TEST(Segment, StaysInBoundsWhateverItsBodySays) {
  const std::string good = segment_of(2, 60);
  Random random(3, 0, 0, 4);
  for (int round = 0; round < 20; ++round) {
    std::string bad = good;
    const std::size_t body = layout::kHeaderBytes + 2 * sizeof(layout::StoredDocument);
    for (std::size_t at = body; at < bad.size(); ++at) bad[at] = static_cast<char>(random.bits32());
    const auto segment = Segment::parse(bad, test_key(), {.verify_checksum = false});
    ASSERT_TRUE(segment);
    for (const Feature& feature : features_of(invented_text(0, 60)).found) {
      const auto [begin, end] = (*segment)->find(feature.hash);
      for (std::uint32_t at = begin; at < end; ++at) {
        EXPECT_LE((*segment)->document_of((*segment)->block(at)), 2u);
      }
    }
    SegmentBuilder builder(test_key());
    EXPECT_TRUE(builder.add(**segment, [](std::uint32_t) { return true; }));
  }
}

}  // namespace
}  // namespace weir::protect
