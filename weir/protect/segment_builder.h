#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "weir/base/result.h"
#include "weir/protect/features.h"
#include "weir/protect/registry_key.h"
#include "weir/protect/segment.h"

namespace weir::protect {

/// Collects documents, new ones and those of older segments, and lays them out as one segment.
/// Needs some 20 bytes a word while it works. Not thread-safe.
class SegmentBuilder {
 public:
  /// `key` must outlive this object.
  explicit SegmentBuilder(const RegistryKey& key);

  /// `invalid_argument` if it has no words; `limit_exceeded` past 2 billion words in all.
  Result<void> add(const DocumentId& id, const Features& features) {
    return add(id, features, Segment::own_family(id));
  }
  /// The same, of a family (`Segment::Document`).
  Result<void> add(const DocumentId& id, const Features& features, std::uint32_t family);
  /// Those documents of `segment` for which `is_kept` says so, by their index.
  Result<void> add(const Segment& segment, const std::function<bool(std::uint32_t)>& is_kept);

  bool is_empty() const { return documents_.empty(); }
  /// The bytes of the segment, which uses the builder up. Features of more than
  /// `kBoilerplateDocuments` families are kept as boilerplate, which names no document; of those
  /// that one document repeats, only the first few places are.
  std::string finish() &&;

 private:
  /// Its first block; the words follow by `add_words`.
  Result<std::uint32_t> add_document(const DocumentId& id, std::uint32_t words,
                                     std::uint32_t pieces, std::uint32_t family);
  void add_word(WordId word, bool is_piece);
  void keep_entries();

  const RegistryKey& key_;
  std::vector<Segment::Document> documents_;
  std::vector<std::uint32_t> document_of_block_;
  std::vector<WordId> words_;
  std::vector<std::uint32_t> word_counts_;
  std::uint64_t word_total_ = 0;
  std::vector<std::uint64_t> entries_;  // feature, then block, so that they sort
};

}  // namespace weir::protect
