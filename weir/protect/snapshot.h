#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "weir/protect/background.h"
#include "weir/protect/segment.h"

namespace weir::protect {

/// All that is protected at one moment: what queries run against. Immutable.
///
/// Shared, because a reader keeps the moment it began with while the index goes on.
class Snapshot {
 public:
  struct Part {
    std::shared_ptr<const Segment> segment;
    std::vector<bool> removed;  // by document; empty: none
    bool is_removed(std::uint32_t document) const {
      return document < removed.size() && removed[document];
    }
  };

  Snapshot(std::vector<Part> parts, std::shared_ptr<const Background> background);

  const std::vector<Part>& parts() const { return parts_; }
  const Background& background() const { return *background_; }
  /// How much it says that a word occurs: −log2 of its share of all protected words, in 1/16 bit.
  std::uint16_t information(WordId word) const { return information_[word]; }
  std::uint64_t document_count() const { return documents_; }
  /// The documents that are not removed.
  std::vector<Segment::Document> documents() const;
  /// Of a text's verbatim features, the share that can still name a document: those neither in the
  /// background nor in documents of more than `kBoilerplateDocuments` families. 1 for a text
  /// without any.
  double telling_share(const Features& text) const;

 private:
  std::vector<Part> parts_;
  std::shared_ptr<const Background> background_;
  std::uint64_t documents_ = 0;
  std::array<std::uint16_t, 65536> information_;
};

}  // namespace weir::protect
