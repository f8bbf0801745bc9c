#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weir/protect/canonical.h"
#include "weir/protect/detail/families.h"
#include "weir/protect/features.h"
#include "weir/protect/snapshot.h"

namespace weir::protect {

/// One feature of the query found at one place of one document.
struct Hit {
  std::uint64_t feature = 0;
  std::uint32_t query_word = 0;
  std::uint32_t document = 0;  // counted through the parts of the snapshot; `kBoilerplateHit`: none
  std::uint32_t block = 0;     // of the document
  Tier tier = Tier::verbatim;
  std::uint8_t weight = 0;  // less for what several documents have
};
inline constexpr std::uint32_t kBoilerplateHit = 0xffffffffu;

/// Hits that lie along one diagonal: a passage of the query and the part of the document it may be.
struct Cluster {
  std::uint32_t first_hit = 0;  // of the document's hits, which are sorted by place in the query
  std::uint32_t last_hit = 0;
  std::uint32_t weight = 0;
};

struct Candidate {
  std::uint32_t part = 0;      // of the snapshot
  std::uint32_t document = 0;  // of the part
  std::uint32_t ordinal = 0;   // of the document through all parts
  std::uint32_t family = 0;
  std::uint64_t weight = 0;
  std::uint32_t hits_begin = 0;  // of `hits()`
  std::uint32_t hits_end = 0;
};

/// Looks the features of one query up and names the documents worth a closer look. Keeps its
/// memory: one object a thread, no allocation for a query that finds nothing.
class CandidateFinder {
 public:
  struct Limits {
    std::size_t hits = 1u << 17;
    std::size_t documents = 4;
  };

  void find(const Snapshot& snapshot, const Features& query, const Limits& limits);

  /// Best first; at most `Limits::documents`, and two versions of one document: forty must not
  /// leave another document out.
  std::span<const Candidate> candidates() const { return candidates_; }
  /// By document, then place in the query, then place in the document.
  std::span<const Hit> hits() const { return hits_; }
  /// The clusters of one candidate that weigh enough, heaviest first. Valid until the next call.
  std::span<const Cluster> clusters(const Candidate& candidate);
  /// Hits of what the background or too many documents say; by place in the query.
  std::span<const Hit> common_hits() const { return common_; }
  /// The family of a document that has hits, by its `Hit::document`.
  std::uint32_t family_of(const Snapshot& snapshot, std::uint32_t document) const;
  /// True if there were more hits than may be looked at.
  bool is_limited() const { return limited_; }

 private:
  void look_up(const Snapshot& snapshot, const Features& query);
  void look_up(const Segment& segment, std::uint32_t part, std::span<const Feature> features,
               std::span<const std::uint32_t> likely, const Background& background);
  void read_places(const Snapshot& snapshot, std::size_t most_hits);
  void drop_light(const Snapshot& snapshot);
  void keep(const Candidate& candidate, std::size_t most_documents);
  void rank(const Snapshot& snapshot, std::size_t most_documents);

  struct Open {
    Cluster cluster;
    std::uint32_t query_word = 0;
    std::int64_t diagonal = 0;
    std::uint64_t feature = 0;
  };

  /// One feature of the query that a part of the snapshot has.
  struct Found {
    std::uint64_t hash = 0;
    std::uint32_t query_word = 0;
    std::uint32_t part = 0;
    Segment::Postings places;
    Tier tier = Tier::verbatim;
  };

  std::vector<std::uint32_t> likely_;  // features of the query that a part may have
  std::vector<Found> found_;
  FamilyTally tally_;
  std::vector<std::uint32_t> first_ordinals_;  // of the documents of each part
  std::vector<std::uint32_t> weights_;  // by document through all parts; zero between queries
  std::vector<Hit> hits_;
  std::vector<Hit> common_;
  std::vector<Candidate> candidates_;
  std::vector<Open> open_;
  std::vector<Cluster> clusters_;
  bool limited_ = false;
};

}  // namespace weir::protect
