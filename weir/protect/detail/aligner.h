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

/// What it costs to say of a word of the query how it follows from the one before, in 1/16 bit. It
/// is a code: in each state the shares of all that can come add up to one at most. So words drawn
/// by chance are told in T bits less, from one place to begin at, with a probability of 2^-T at
/// most, however long the text is. Cheaper costs would let long lists of one trade add up to a
/// find.
class StepCode {
 public:
  /// The next word of the document.
  std::int32_t next() {
    const std::int32_t cost = state_ == State::in_place ? 5    // 0.8
                              : state_ == State::edited ? 24   // 0.35
                                                        : 56;  // 0.09
    state_ = State::in_place;
    return cost;
  }
  /// A word that is not the document's.
  std::int32_t stranger() {
    if (state_ != State::in_place) return 14;  // 0.55
    state_ = State::edited;
    return 45;  // 0.14
  }
  std::int32_t strangers(std::uint32_t count) {
    if (count == 0) return 0;
    const std::int32_t first = stranger();
    return first + static_cast<std::int32_t>(count - 1) * stranger();
  }
  /// A word up to `kNear` words off its place: one of sixteen.
  std::int32_t near() {
    const std::int32_t cost = state_ == State::in_place ? 133          // 0.05 / 16
                              : state_ == State::edited ? 120          // 0.09 / 16
                                                        : kLeastNear;  // 0.35 / 16
    state_ = State::reordered;
    return cost;
  }
  /// A word anywhere, beyond all that it tells.
  std::int32_t jump() {
    state_ = State::in_place;
    return kJump;  // 0.01
  }
  static constexpr std::int32_t kLeastNear = 88;
  static constexpr std::int32_t kJump = 106;

 private:
  enum class State : std::uint8_t { in_place, edited, reordered };
  State state_ = State::in_place;
};

/// Verifies a cluster of hits word by word.
///
/// A word of the query costs −log2 of its share of all words, or of the words around this place of
/// the document if it is larger there, unless the document is pointed at: then it costs what
/// `StepCode` says. So what adds up is order, exact or nearly; a shared topic, which gives the same
/// words in other company, does not.
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
  /// Words next to a node that are in their place.
  struct Run {
    std::uint32_t size = 0;
    std::int32_t gain = 0;
    std::int32_t first_gain = 0;  // of the one farthest from the node
  };
  struct Node {
    std::uint32_t query = 0;
    std::uint32_t document = 0;
    std::int32_t score = 0;
    std::int32_t previous = -1;
    StepCode code;
    Run before;  // words in a row that are the document's as well
    Run after;
  };
  struct Places {
    std::uint32_t first = 0;  // 1 + place in the document, 0: none
    std::uint32_t count = 0;
  };
  struct Task;

  void note_places(const Task& task);
  void make_gains(const Task& task);
  void make_nodes(const Task& task, std::span<const Hit> hits);
  Run run_from(const Task& task, const Node& node, int direction) const;
  static std::pair<std::uint32_t, std::uint32_t> runs_between(const Node& from, const Node& to);
  void link_nodes(const Task& task);
  void trace(const Task& task, std::int32_t last);
  void rate(const Task& task);
  std::pair<std::size_t, std::size_t> without_stragglers() const;

  std::vector<Places> places_;             // of the region, by word id
  std::vector<std::uint32_t> next_place_;  // by place in the region: of the same word, likewise
  std::vector<std::int32_t> gains_;        // by place in the part of the query
  std::vector<Node> nodes_;
  std::vector<std::uint64_t> seen_;
  std::vector<bool> worthless_;
  std::vector<std::int32_t> links_;  // what each pair of the chain adds
  Alignment result_;
};

}  // namespace weir::protect
