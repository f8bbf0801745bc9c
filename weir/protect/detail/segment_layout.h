#pragma once

#include <cstdint>
#include <string_view>

#include "weir/protect/segment.h"

/// What the writer and the reader of segments agree on; docs/formats/protect-index.md.
namespace weir::protect::layout {

inline constexpr std::string_view kMagic = "WEIRPIDX";
inline constexpr std::uint32_t kVersion = 1;
inline constexpr std::size_t kHeaderBytes = 72;
inline constexpr std::size_t kHeaderChecked = 64;  // its checksum covers the bytes before
inline constexpr std::uint32_t kWordIds = 65536;
inline constexpr int kLeastPositionBits = 6;  // so that there is a whole group of buckets
inline constexpr int kMostPositionBits = 26;  // 2 billion words
inline constexpr std::uint64_t kMostEntries = 0xfffffff0u;

struct StoredDocument {
  std::uint64_t id_high;
  std::uint64_t id_low;
  std::uint32_t first_block;
  std::uint32_t words;
  std::uint32_t family;  // 0: its own
  std::uint32_t pieces;
};
static_assert(sizeof(StoredDocument) == 32);

/// Where the sections are, which follows from how much there is of everything.
struct Sections {
  std::uint64_t documents = 0;
  std::uint64_t word_counts = 0;
  std::uint64_t bases = 0;
  std::uint64_t relative = 0;
  std::uint64_t entries = 0;
  std::uint64_t words = 0;
  std::uint64_t end = 0;
  std::uint32_t buckets = 0;

  Sections(std::uint32_t document_count, std::uint32_t block_count, std::uint64_t entry_count,
           int position_bits) {
    buckets = 1u << (Segment::kFeatureBits - 32 + position_bits);
    std::uint64_t at = kHeaderBytes;
    const auto take = [&](std::uint64_t bytes) {
      const std::uint64_t begin = at;
      at += (bytes + 7) / 8 * 8;
      return begin;
    };
    documents = take(std::uint64_t{document_count} * sizeof(StoredDocument));
    word_counts = take(std::uint64_t{kWordIds} * 4);
    bases = take((std::uint64_t{buckets >> Segment::kGroupBits} + 1) * 4);
    relative = take(std::uint64_t{buckets} * 2);
    entries = take(entry_count * 4);
    words = take(std::uint64_t{block_count} * kBlockWords * sizeof(WordId));
    end = at;
  }
};

inline std::uint32_t blocks_of(std::uint32_t words) {
  return words / kBlockWords + (words % kBlockWords != 0 ? 1 : 0);
}

}  // namespace weir::protect::layout
