#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weir/protect/snapshot.h"

namespace weir::protect {

/// Is it a passage of a document that is not removed, and not boilerplate?
bool is_protected(const Snapshot& snapshot, std::uint64_t feature);

/// What one document would lose: places of passages that an index knows of its text.
struct Loss {
  DocumentId document;
  std::uint64_t places = 0;
  std::uint64_t lost = 0;  // once all is learnt, what was learnt before included
  bool too_much = false;   // nothing of it is learnt
  double share() const { return static_cast<double>(lost) / static_cast<double>(places); }
};

/// What is taken for background of passages that many people say openly.
struct Teaching {
  std::vector<std::uint64_t> features;  // to be learnt; ascending
  std::vector<Loss> losses;             // of documents that have a passage not learnt before
};

/// Of `common`, what may be learnt so that no document loses more than `most_share` of its places
/// by that and by what was learnt in this way `before`. Of a document that would, nothing more is
/// learnt, though others say it too: what everybody sends whole is no letterhead but a document
/// that is protected for no reason, or one that somebody wants to launder.
/// Both ascending. Reads the whole index: a second for some hundred million words.
Teaching choose_openly_said(const Snapshot& snapshot, std::span<const std::uint64_t> common,
                            std::span<const std::uint64_t> before, double most_share);

}  // namespace weir::protect
