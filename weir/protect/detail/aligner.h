#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "weir/protect/detail/candidates.h"
#include "weir/protect/features.h"
#include "weir/protect/snapshot.h"

namespace weir::protect {

/// A word of the query and the word of the document it is.
struct WordPair {
  std::uint32_t query = 0;
  std::uint32_t document = 0;
};

/// How much shorter the query could be told by someone who has the document: in 1/16 bit.
struct Alignment {
  std::int64_t sixteenths = 0;
  std::vector<WordPair> pairs;  // in order of the query; each word of the document once
};

/// Verifies a cluster of hits word by word.
///
/// A word of the query costs −log2 of its share of all words, unless the document is pointed at:
/// then the next word costs half a bit, one up to eight words off costs 4.5 bits, and one anywhere
/// else costs as much as it tells. So what adds up is order, exact or nearly; a shared topic, which
/// gives the same words in other company, does not. A word that is not the document's costs ¾ bit.
/// The best chain is found by dynamic programming over equal content words near the diagonal of the
/// hits; common words count where they stand exactly in place. The same two words in a row count
/// once, and so does each word of the document: a table's thousand rows are not a thousand finds.
///
/// Time is linear in the cluster. Keeps its memory: one object a thread.
class Aligner {
 public:
  Aligner();

  /// `common` tells, by word of the query, what background and boilerplate say: no find at all.
  /// `hits` are those of the document. The result is valid until the next call.
  const Alignment& align(const Snapshot& snapshot, std::span<const WordToken> query,
                         const std::vector<bool>& common, std::span<const WordId> document,
                         std::span<const Hit> hits);

 private:
  struct Node {
    std::uint32_t query = 0;
    std::uint32_t document = 0;
    std::int32_t gain = 0;
    std::int32_t score = 0;
    std::int32_t previous = -1;
  };
  struct Task;

  void make_nodes(const Task& task, std::span<const Hit> hits);
  void link_nodes(const Task& task);
  void trace(const Task& task, std::int32_t last);
  void rate(const Task& task);
  std::pair<std::size_t, std::size_t> without_stragglers() const;

  std::vector<std::uint32_t> first_place_;  // by word id: 1 + place in the region, 0: none
  std::vector<std::uint32_t> next_place_;   // by place in the region, likewise
  std::vector<Node> nodes_;
  std::vector<std::uint64_t> seen_;
  std::vector<bool> worthless_;
  std::vector<std::int32_t> links_;  // what each pair of the chain adds
  Alignment result_;
};

}  // namespace weir::protect
