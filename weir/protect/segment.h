#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "weir/base/hash.h"
#include "weir/base/result.h"
#include "weir/protect/features.h"
#include "weir/protect/registry_key.h"

namespace weir::protect {

namespace layout {
struct StoredDocument;
}

/// A protected document under an id that the registry gave it.
using DocumentId = Hash128;

/// Words of a document are counted in blocks: an index says in which block a feature is, and
/// exposure is kept by block.
inline constexpr std::uint32_t kBlockWords = 32;
/// A feature of more documents than this is boilerplate and names none of them.
inline constexpr std::uint32_t kBoilerplateDocuments = 32;

/// Protected documents, in the form a text is looked up in: immutable, in one file that is mapped
/// into memory or in one string (docs/formats/protect-index.md).
///
/// The bytes are taken for untrusted. `open` and `parse` check all that has to hold as a whole;
/// every later access is bounded by itself, so that even a file that is changed under the mapping
/// gives wrong answers at worst. (A file that is cut short under the mapping kills the process with
/// SIGBUS: nobody but Weir may write to the folder.)
///
/// Immutable; any number of threads may read.
class Segment {
 public:
  struct Options {
    /// Off only for bytes that were made a moment ago, and for fuzzing.
    bool verify_checksum = true;
  };
  struct Document {
    DocumentId id;
    std::uint32_t first_block = 0;
    std::uint32_t words = 0;
  };
  /// Places of one feature: `entries` of the index, to be read by `block`.
  struct Postings {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
  };
  static constexpr std::uint32_t kNoBlock = std::numeric_limits<std::uint32_t>::max();

  /// `corrupt` if the bytes are not what was written, `unsupported` for another version,
  /// `permission_denied` if it was made under another secret.
  static Result<std::shared_ptr<const Segment>> open(const std::filesystem::path& path,
                                                     const RegistryKey& key);
  static Result<std::shared_ptr<const Segment>> parse(std::string bytes, const RegistryKey& key,
                                                      const Options& options);

  Segment(const Segment&) = delete;
  Segment& operator=(const Segment&) = delete;
  ~Segment();

  std::uint32_t document_count() const { return document_count_; }
  Document document(std::uint32_t index) const;
  /// The document a block is of; `document_count()` if there is none.
  std::uint32_t document_of(std::uint32_t block) const;
  /// The words of a document, at most as many as are stored.
  std::span<const WordId> words(std::uint32_t index) const;
  /// How often each word id occurs in all documents.
  std::span<const std::uint32_t> word_counts() const { return word_counts_; }
  std::uint64_t word_count() const { return word_total_; }
  /// Documents removed count until the segment is written anew.
  std::uint64_t byte_count() const { return bytes_.size(); }
  std::uint64_t entry_count() const { return entries_.size(); }

  /// Starts to fetch what `find` will read first, then second: memory is slower than hashing.
  void prefetch_bucket(std::uint64_t feature) const {
    const std::uint32_t bucket = bucket_of(feature);
    __builtin_prefetch(&relative_[bucket]);
    __builtin_prefetch(&bases_[bucket >> kGroupBits]);
  }
  void prefetch_entries(std::uint64_t feature) const {
    const std::uint32_t begin = begin_of(bucket_of(feature));
    if (begin < entries_.size()) __builtin_prefetch(&entries_[begin]);
  }
  /// Where a feature is; begin == end if nowhere.
  Postings find(std::uint64_t feature) const;
  /// The block of an entry; `kNoBlock` marks a feature that is boilerplate.
  std::uint32_t block(std::uint32_t entry) const {
    const std::uint32_t block = entries_[entry] & position_mask_;
    return block < block_count_ ? block : kNoBlock;
  }

  /// All entries, bucket by bucket, as `kFeatureBits` of a feature and its block.
  template <class Visit>
  void for_each_entry(Visit visit) const {
    for (std::uint32_t bucket = 0; bucket < bucket_count_; ++bucket) {
      for (std::uint32_t at = begin_of(bucket), end = end_of(bucket); at < end; ++at) {
        const std::uint64_t low = entries_[at] >> position_bits_;
        visit((std::uint64_t{bucket} << (32 - position_bits_)) | low, block(at));
      }
    }
  }

  /// Bits of a feature that are kept, from the top.
  static constexpr int kFeatureBits = 33;
  static constexpr int kGroupBits = 6;  // 64 buckets share a base

 private:
  Segment() = default;
  Result<void> read(const RegistryKey& key, const Options& options);

  std::uint32_t bucket_of(std::uint64_t feature) const {
    return static_cast<std::uint32_t>(feature >> bucket_shift_);
  }
  std::uint32_t begin_of(std::uint32_t bucket) const {
    const std::uint64_t begin = std::uint64_t{bases_[bucket >> kGroupBits]} + relative_[bucket];
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(begin, entries_.size()));
  }
  std::uint32_t end_of(std::uint32_t bucket) const {
    const std::uint32_t next = bucket + 1;
    const std::uint64_t base = bases_[next >> kGroupBits];
    const bool same_group = (next & ((1u << kGroupBits) - 1)) != 0;
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(
        base + (same_group ? relative_[next] : std::uint16_t{0}), entries_.size()));
  }

  std::string owned_;
  void* mapped_ = nullptr;
  std::string_view bytes_;
  int position_bits_ = 0;
  int bucket_shift_ = 0;
  std::uint32_t position_mask_ = 0;
  std::uint32_t bucket_count_ = 0;
  std::uint32_t block_count_ = 0;
  std::uint32_t document_count_ = 0;
  std::uint64_t word_total_ = 0;
  const layout::StoredDocument* documents_ = nullptr;  // `document_count_` of them
  std::span<const std::uint32_t> word_counts_;
  std::span<const std::uint32_t> bases_;
  std::span<const std::uint16_t> relative_;
  std::span<const std::uint32_t> entries_;
  std::span<const WordId> words_;
};

}  // namespace weir::protect
