#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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
/// A feature of more documents than this, versions of one counted as one, is boilerplate and names
/// none of them.
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
    std::uint32_t pieces = 0;  // of files without text; so many of `words`, at the end
    std::uint32_t family = 0;  // the same for copies and versions of one document
  };
  /// The family of a document that is like no other; never 0.
  static std::uint32_t own_family(const DocumentId& id) {
    const auto family = static_cast<std::uint32_t>(id.low);
    return family != 0 ? family : ~family;
  }
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
  /// How often each word id occurs in the texts of all documents.
  std::span<const std::uint32_t> word_counts() const { return word_counts_; }
  std::uint64_t word_count() const { return word_total_; }
  /// Documents removed count until the segment is written anew.
  std::uint64_t byte_count() const { return bytes_.size(); }
  std::uint64_t entry_count() const { return entries_.size(); }

  /// False only if `find` would find nothing: told for most features by what fits into a cache.
  bool may_find(std::uint64_t feature) const {
    const auto upper = static_cast<std::uint32_t>(feature >> (64 - kFeatureBits));
    return (filter_.data()[bucket_of(feature)] & filter_bit(upper << position_bits_)) != 0;
  }
  /// Where the entries of a feature are among others: `entries` of the index.
  Postings bucket(std::uint64_t feature) const {
    const std::uint32_t bucket = bucket_of(feature);
    return {.begin = begin_of(bucket), .end = end_of(bucket)};
  }
  /// Starts to fetch what `may_find`, `bucket` and `find` will read: memory is slower than hashing.
  /// In line by force: GCC 12 takes a call of a function that does nothing else for one without
  /// effect and leaves it out.
  [[gnu::always_inline]] void prefetch_filter(std::uint64_t feature) const {
    __builtin_prefetch(filter_.data() + bucket_of(feature));
  }
  [[gnu::always_inline]] void prefetch_bucket(std::uint64_t feature) const {
    const std::uint32_t bucket = bucket_of(feature);
    __builtin_prefetch(&relative_[bucket]);
    __builtin_prefetch(&bases_[bucket >> kGroupBits]);
  }
  [[gnu::always_inline]] void prefetch_entries(Postings bucket) const {
    const std::size_t last = std::size_t{bucket.begin} + kStep - 1;
    __builtin_prefetch(entries_.data() + bucket.begin);
    __builtin_prefetch(entries_.data() + std::min(last, entries_.size()));
  }
  /// Where a feature is; begin == end if nowhere.
  Postings find(std::uint64_t feature) const { return find(feature, bucket(feature)); }
  /// The same, given its bucket. Most features are nowhere, which is told without a branch that
  /// depends on what is in the bucket.
  Postings find(std::uint64_t feature, Postings bucket) const {
    const std::uint32_t wanted = static_cast<std::uint32_t>(feature >> (64 - kFeatureBits))
                                 << position_bits_;
    return may_hold(bucket, wanted) ? find_in(bucket, wanted) : Postings{};
  }
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
  void make_hints();
  void make_filter();
  static std::uint32_t filter_bit(std::uint32_t entry) { return 1u << (entry >> 27); }

  /// False only if no entry from the bucket's begin to its end has these upper bits. Reads in steps
  /// of sixteen entries, also of the buckets behind.
  bool may_hold(Postings bucket, std::uint32_t wanted) const {
    if (bucket.end + std::uint64_t{kStep} > entries_.size()) return true;
    using Four [[gnu::vector_size(16), gnu::aligned(4), gnu::may_alias]] = std::uint32_t;
    const std::uint32_t mask = ~position_mask_;
    const Four masks = {mask, mask, mask, mask};
    const Four sought = {wanted, wanted, wanted, wanted};
    Four found = {};
    std::uint32_t at = bucket.begin;
    do {
      for (std::uint32_t i = 0; i < kStep; i += 4) {
        const Four& entries = reinterpret_cast<const Four&>(entries_.data()[at + i]);
        found |= static_cast<Four>((entries & masks) == sought);
      }
      at += kStep;
    } while (at < bucket.end);
    return (found[0] | found[1] | found[2] | found[3]) != 0;
  }
  Postings find_in(Postings bucket, std::uint32_t wanted) const;

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

  static constexpr std::uint32_t kStep = 16;

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
  // By bucket: the upper five bits that the features in it have beyond those of the bucket, one bit
  // each. A quarter of the 32 are set on average.
  std::vector<std::uint32_t> filter_;
  // By block >> hint_shift_: the document of the first of these blocks, one more at the end.
  std::vector<std::uint32_t> hints_;
  int hint_shift_ = 0;
};

}  // namespace weir::protect
