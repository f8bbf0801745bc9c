#include "weir/protect/detail/candidates.h"

#include <algorithm>
#include <cstdlib>
#include <tuple>

namespace weir::protect {
namespace {

constexpr std::size_t kBucketAhead = 24;  // features between asking memory and needing it
constexpr std::size_t kEntriesAhead = 12;
// How often one feature may count in one query: a line repeated a thousand times is one line.
constexpr std::uint32_t kMostPlacesInQuery = 2;
constexpr std::uint32_t kMostWordsBetweenHits = 160;
constexpr std::int64_t kMostDrift = 320;  // words between the diagonals of neighbouring hits
constexpr std::size_t kMostOpen = 16;
// One feature of tier V is worth a closer look; of tier R it takes three that few documents have.
constexpr std::uint8_t kVerbatimWeight = 6;
constexpr std::uint8_t kRewordedWeight = 2;
constexpr std::uint8_t kSharedRewordedWeight = 1;
constexpr std::uint32_t kFewDocuments = 4;
constexpr std::uint32_t kLeastWeight = 6;

auto by_feature(const Hit& hit) {
  return std::tuple(hit.feature, hit.query_word, hit.document, hit.block);
}
auto by_document(const Hit& hit) {
  return std::tuple(hit.document, hit.query_word, hit.block, hit.feature);
}
std::int64_t diagonal_of(const Hit& hit) {
  return std::int64_t{hit.block} * kBlockWords - hit.query_word;
}
std::uint8_t weight_of(Tier tier, std::uint32_t documents) {
  if (tier == Tier::verbatim) return kVerbatimWeight;
  return documents <= kFewDocuments ? kRewordedWeight : kSharedRewordedWeight;
}

}  // namespace

void CandidateFinder::find(const Snapshot& snapshot, const Features& query, const Limits& limits) {
  hits_.clear();
  common_.clear();
  candidates_.clear();
  limited_ = false;
  look_up(snapshot, query, limits.hits);
  if (hits_.empty()) return;
  drop_common();
  rank(snapshot, limits.documents);
}

void CandidateFinder::look_up(const Snapshot& snapshot, const Features& query,
                              std::size_t most_hits) {
  std::uint32_t first_ordinal = 0;
  const std::vector<Feature>& features = query.found;
  for (const Snapshot::Part& part : snapshot.parts()) {
    const Segment& segment = *part.segment;
    for (std::size_t i = 0; i < features.size(); ++i) {
      if (i + kBucketAhead < features.size()) {
        segment.prefetch_bucket(features[i + kBucketAhead].hash);
      }
      if (i + kEntriesAhead < features.size()) {
        segment.prefetch_entries(features[i + kEntriesAhead].hash);
      }
      const auto [begin, end] = segment.find(features[i].hash);
      for (std::uint32_t at = begin; at < end; ++at) {
        if (hits_.size() >= most_hits) {
          limited_ = true;
          return;
        }
        Hit hit{.feature = features[i].hash >> (64 - Segment::kFeatureBits),
                .query_word = features[i].word,
                .document = kBoilerplateHit,
                .block = 0,
                .tier = features[i].tier,
                .weight = 0};
        const std::uint32_t block = segment.block(at);
        if (block == Segment::kNoBlock) {
          hits_.push_back(hit);
          continue;
        }
        const std::uint32_t document = segment.document_of(block);
        if (document >= segment.document_count() || part.is_removed(document)) continue;
        hit.document = first_ordinal + document;
        hit.block = block - segment.document(document).first_block;
        // The background knows the whole hash, of which a hit keeps a part.
        if (snapshot.background().knows(features[i].hash)) hit.document = kBoilerplateHit;
        hits_.push_back(hit);
      }
    }
    first_ordinal += segment.document_count();
  }
}

/// Moves hits that tell nothing to `common_`, and the same line said again out of the way.
void CandidateFinder::drop_common() {
  std::ranges::sort(hits_, {}, by_feature);
  std::size_t kept = 0;
  for (std::size_t begin = 0; begin < hits_.size();) {
    const std::uint64_t feature = hits_[begin].feature;
    std::size_t end = begin;
    bool common = false;
    while (end < hits_.size() && hits_[end].feature == feature) {
      common |= hits_[end].document == kBoilerplateHit;
      ++end;
    }
    // Documents are in order within the first place in the query, which has them all.
    std::uint32_t documents = 0;
    for (std::size_t i = begin; i < end && hits_[i].query_word == hits_[begin].query_word; ++i) {
      if (i == begin || hits_[i].document != hits_[i - 1].document) ++documents;
    }
    common |= documents > kBoilerplateDocuments;
    std::uint32_t places = 0;
    for (std::size_t i = begin; i < end; ++i) {
      const bool new_place = i == begin || hits_[i].query_word != hits_[i - 1].query_word;
      if (new_place) ++places;
      if (common) {
        if (new_place) common_.push_back(hits_[i]);
      } else if (places <= kMostPlacesInQuery) {
        hits_[kept] = hits_[i];
        hits_[kept++].weight = weight_of(hits_[i].tier, documents);
      }
    }
    begin = end;
  }
  hits_.resize(kept);
  std::ranges::sort(hits_, {}, by_document);
  std::ranges::sort(common_, {}, &Hit::query_word);
}

void CandidateFinder::rank(const Snapshot& snapshot, std::size_t most_documents) {
  const auto better = [](const Candidate& a, const Candidate& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.ordinal < b.ordinal;
  };
  std::uint32_t part = 0;
  std::uint32_t first_ordinal = 0;
  for (std::uint32_t begin = 0; begin < hits_.size();) {
    std::uint32_t end = begin;
    while (end < hits_.size() && hits_[end].document == hits_[begin].document) ++end;
    Candidate candidate{
        .ordinal = hits_[begin].document, .weight = 0, .hits_begin = begin, .hits_end = end};
    begin = end;
    for (const Cluster& cluster : clusters(candidate)) candidate.weight += cluster.weight;
    if (candidate.weight == 0) continue;
    while (candidate.ordinal - first_ordinal >= snapshot.parts()[part].segment->document_count()) {
      first_ordinal += snapshot.parts()[part].segment->document_count();
      ++part;
    }
    candidate.part = part;
    candidate.document = candidate.ordinal - first_ordinal;
    candidates_.insert(std::ranges::upper_bound(candidates_, candidate, better), candidate);
    if (candidates_.size() > most_documents) candidates_.pop_back();
  }
}

std::span<const Cluster> CandidateFinder::clusters(const Candidate& candidate) {
  clusters_.clear();
  open_.clear();
  const auto close = [&](const Open& open) {
    if (open.cluster.weight >= kLeastWeight) clusters_.push_back(open.cluster);
  };
  for (std::uint32_t i = candidate.hits_begin; i < candidate.hits_end; ++i) {
    const Hit& hit = hits_[i];
    Open* nearest = nullptr;
    std::int64_t least = kMostDrift + 1;
    for (Open& open : open_) {
      const std::int64_t drift = std::abs(open.diagonal - diagonal_of(hit));
      if (hit.query_word - open.query_word <= kMostWordsBetweenHits && drift < least) {
        nearest = &open;
        least = drift;
      }
    }
    if (nearest == nullptr) {
      if (open_.size() == kMostOpen) {
        close(open_.front());
        open_.erase(open_.begin());
      }
      open_.push_back({.cluster = {.first_hit = i, .last_hit = i, .weight = hit.weight},
                       .query_word = hit.query_word,
                       .diagonal = diagonal_of(hit),
                       .feature = hit.feature});
      continue;
    }
    // One feature at several places of the document is still one.
    const bool counted = nearest->query_word == hit.query_word && nearest->feature == hit.feature;
    nearest->cluster.weight += counted ? 0u : hit.weight;
    nearest->cluster.last_hit = i;
    nearest->query_word = hit.query_word;
    nearest->diagonal = diagonal_of(hit);
    nearest->feature = hit.feature;
  }
  for (const Open& open : open_) close(open);
  std::ranges::sort(clusters_, [](const Cluster& a, const Cluster& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.first_hit < b.first_hit;
  });
  return clusters_;
}

}  // namespace weir::protect
