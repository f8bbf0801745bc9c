#include "weir/protect/segment_builder.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "weir/base/bytes.h"
#include "weir/protect/detail/code_points.h"
#include "weir/protect/detail/families.h"
#include "weir/protect/detail/segment_layout.h"

namespace weir::protect {
namespace {

constexpr int kBlockBits = layout::kMostPositionBits;
constexpr std::uint64_t kBlockMask = (std::uint64_t{1} << kBlockBits) - 1;
constexpr std::uint64_t kBoilerplate = kBlockMask;  // sorts behind all blocks
constexpr std::uint32_t kMostBlocks = (1u << kBlockBits) - 1;
constexpr std::uint32_t kMostPlacesInDocument = 4;

std::uint64_t entry_of(std::uint64_t kept_bits, std::uint64_t block) {
  return (kept_bits << kBlockBits) | block;
}

}  // namespace

SegmentBuilder::SegmentBuilder(const RegistryKey& key)
    : key_(key), word_counts_(layout::kWordIds) {}

Result<std::uint32_t> SegmentBuilder::add_document(const DocumentId& id, std::uint32_t words,
                                                   std::uint32_t pieces, std::uint32_t family) {
  const auto first = static_cast<std::uint32_t>(document_of_block_.size());
  const std::uint32_t blocks = layout::blocks_of(words);
  if (blocks == 0) return fail(ErrorCode::invalid_argument, "a document without words");
  if (blocks > kMostBlocks - first) {
    return fail(ErrorCode::limit_exceeded, "a segment holds at most {} blocks of {} words",
                kMostBlocks, kBlockWords);
  }
  const auto index = static_cast<std::uint32_t>(documents_.size());
  documents_.push_back(
      {.id = id, .first_block = first, .words = words, .pieces = pieces, .family = family});
  document_of_block_.resize(document_of_block_.size() + blocks, index);
  return first;
}

/// Pieces tell nothing of how common words are.
void SegmentBuilder::add_word(WordId word, bool is_piece) {
  words_.push_back(word);
  if (is_piece) return;
  ++word_counts_[word];
  ++word_total_;
}

Result<void> SegmentBuilder::add(const DocumentId& id, const Features& features,
                                 std::uint32_t family) {
  if (features.words.size() > std::uint64_t{kMostBlocks} * kBlockWords) {
    return fail(ErrorCode::limit_exceeded, "a document of {} words", features.words.size());
  }
  WEIR_ASSIGN(
      const std::uint32_t first,
      add_document(id, static_cast<std::uint32_t>(features.words.size()), features.pieces, family));
  const std::size_t text = features.words.size() - features.pieces;
  for (std::size_t i = 0; i < features.words.size(); ++i) {
    add_word(id_of(features.words[i]), i >= text);
  }
  words_.resize(document_of_block_.size() * kBlockWords);
  for (const Feature& feature : features.found) {
    entries_.push_back(
        entry_of(feature.hash >> (64 - Segment::kFeatureBits), first + feature.word / kBlockWords));
  }
  return {};
}

Result<void> SegmentBuilder::add(const Segment& segment,
                                 const std::function<bool(std::uint32_t)>& is_kept) {
  std::vector<std::uint32_t> new_block;  // of the segment's blocks; kNoBlock: left out
  for (std::uint32_t i = 0; i < segment.document_count(); ++i) {
    const Segment::Document document = segment.document(i);
    const std::uint32_t blocks = layout::blocks_of(document.words);
    if (!is_kept(i)) {
      new_block.resize(new_block.size() + blocks, Segment::kNoBlock);
      continue;
    }
    WEIR_ASSIGN(const std::uint32_t first,
                add_document(document.id, document.words, document.pieces, document.family));
    for (std::uint32_t b = 0; b < blocks; ++b) new_block.push_back(first + b);
    const std::span<const WordId> words = segment.words(i);
    for (std::size_t w = 0; w < words.size(); ++w) {
      add_word(words[w], w >= document.words - document.pieces);
    }
    words_.resize(document_of_block_.size() * kBlockWords);
  }
  segment.for_each_entry([&](std::uint64_t feature, std::uint32_t block) {
    if (block == Segment::kNoBlock) {
      entries_.push_back(entry_of(feature, kBoilerplate));
    } else if (block < new_block.size() && new_block[block] != Segment::kNoBlock) {
      entries_.push_back(entry_of(feature, new_block[block]));
    }
  });
  return {};
}

/// Sorts the entries and leaves those worth keeping.
void SegmentBuilder::keep_entries() {
  std::ranges::sort(entries_);
  std::size_t kept = 0;
  FamilyTally tally;
  for (std::size_t begin = 0; begin < entries_.size();) {
    const std::uint64_t feature = entries_[begin] >> kBlockBits;
    const std::size_t kept_before = kept;
    tally.clear();
    std::uint32_t places = 0;
    std::uint32_t last_document = Segment::kNoBlock;
    bool boilerplate = false;
    std::size_t end = begin;
    for (; end < entries_.size() && entries_[end] >> kBlockBits == feature; ++end) {
      const std::uint64_t block = entries_[end] & kBlockMask;
      if (block == kBoilerplate) {
        boilerplate = true;
        continue;
      }
      if (end > begin && entries_[end] == entries_[end - 1]) continue;
      const std::uint32_t document = document_of_block_[block];
      if (document != last_document) {
        last_document = document;
        places = 0;
        tally.add(documents_[document].family);
      }
      if (++places <= kMostPlacesInDocument) entries_[kept++] = entries_[end];
    }
    if (boilerplate || tally.families() > kBoilerplateDocuments) {
      kept = kept_before;
      entries_[kept++] = entry_of(feature, kBoilerplate);
    }
    begin = end;
  }
  entries_.resize(kept);
}

std::string SegmentBuilder::finish() && {
  using namespace layout;
  keep_entries();
  const auto blocks = static_cast<std::uint32_t>(document_of_block_.size());
  const int position_bits = std::max(static_cast<int>(std::bit_width(blocks)), kLeastPositionBits);
  const int low_bits = 32 - position_bits;
  const std::uint32_t mask = (1u << position_bits) - 1;
  const auto bucket_of = [&](std::uint64_t entry) {
    return static_cast<std::uint32_t>(entry >> (kBlockBits + low_bits));
  };
  const Sections counted(static_cast<std::uint32_t>(documents_.size()), blocks, 0, position_bits);

  std::vector<std::uint32_t> bases((counted.buckets >> Segment::kGroupBits) + 1);
  std::vector<std::uint16_t> relative(counted.buckets);
  std::vector<std::uint32_t> packed;
  packed.reserve(entries_.size());
  std::size_t at = 0;
  for (std::uint32_t bucket = 0; bucket < counted.buckets; ++bucket) {
    const auto here = static_cast<std::uint32_t>(packed.size());
    std::uint32_t& base = bases[bucket >> Segment::kGroupBits];
    if ((bucket & ((1u << Segment::kGroupBits) - 1)) == 0) base = here;
    relative[bucket] = static_cast<std::uint16_t>(here - base);
    for (; at < entries_.size() && bucket_of(entries_[at]) == bucket; ++at) {
      // Sixty-four buckets hold some 800; only chosen collisions could pass what 16 bits count.
      if (packed.size() - base >= 0xffff || packed.size() >= kMostEntries) continue;
      const std::uint64_t block = entries_[at] & kBlockMask;
      const auto low = static_cast<std::uint32_t>(entries_[at] >> kBlockBits) << position_bits;
      packed.push_back(low | (block == kBoilerplate ? mask : static_cast<std::uint32_t>(block)));
    }
  }
  bases.back() = static_cast<std::uint32_t>(packed.size());

  const Sections sections(static_cast<std::uint32_t>(documents_.size()), blocks, packed.size(),
                          position_bits);
  std::string out(sections.end, '\0');
  const auto put = [&](std::uint64_t offset, const auto& values) {
    if (!values.empty()) {
      std::memcpy(out.data() + offset, values.data(), values.size() * sizeof(values[0]));
    }
  };
  std::vector<StoredDocument> stored;
  stored.reserve(documents_.size());
  for (const Segment::Document& document : documents_) {
    stored.push_back({.id_high = document.id.high,
                      .id_low = document.id.low,
                      .first_block = document.first_block,
                      .words = document.words,
                      .family = document.family,
                      .pieces = document.pieces});
  }
  put(sections.documents, stored);
  put(sections.word_counts, word_counts_);
  put(sections.bases, bases);
  put(sections.relative, relative);
  put(sections.entries, packed);
  put(sections.words, words_);

  std::string header(kMagic);
  ByteWriter writer(header);
  writer.fixed(kVersion);
  writer.fixed(unicode_version());
  writer.fixed(key_.check());
  writer.fixed(static_cast<std::uint32_t>(documents_.size()));
  writer.fixed(blocks);
  writer.fixed(static_cast<std::uint64_t>(packed.size()));
  writer.fixed(word_total_);
  writer.fixed(static_cast<std::uint32_t>(position_bits));
  writer.fixed(std::uint32_t{0});
  writer.fixed(checksum64(std::string_view(out).substr(kHeaderBytes)));
  writer.fixed(checksum64(header));
  WEIR_ASSERT(header.size() == kHeaderBytes);
  std::ranges::copy(header, out.begin());
  return out;
}

}  // namespace weir::protect
