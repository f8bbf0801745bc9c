#include "weir/protect/detail/candidates.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <tuple>
#include <utility>

namespace weir::protect {
namespace {

constexpr std::size_t kBatch = 32;  // features that are asked of memory before the first is needed
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
// Versions of one document, of which the same feature is looked at; and which are verified.
constexpr std::uint32_t kMostVersionsOfHit = 4;
constexpr std::size_t kMostVersionsOfCandidate = 2;

std::uint64_t stored(std::uint64_t hash) { return hash >> (64 - Segment::kFeatureBits); }
// Not a function, so that sorting has it in line.
constexpr auto kByDocument = [](const Hit& hit) {
  return std::tuple((std::uint64_t{hit.document} << 32) | hit.query_word, hit.block, hit.feature);
};
std::int64_t diagonal_of(const Hit& hit) {
  return std::int64_t{hit.block} * kBlockWords - hit.query_word;
}
std::uint8_t weight_of(Tier tier, std::uint32_t families) {
  if (tier == Tier::verbatim) return kVerbatimWeight;
  return families <= kFewDocuments ? kRewordedWeight : kSharedRewordedWeight;
}

}  // namespace

void CandidateFinder::find(const Snapshot& snapshot, const Features& query, const Limits& limits) {
  hits_.clear();
  common_.clear();
  candidates_.clear();
  limited_ = false;
  look_up(snapshot, query);
  if (found_.empty()) return;
  read_places(snapshot, limits.hits);
  drop_light(snapshot);
  rank(snapshot, limits.documents);
}

void CandidateFinder::look_up(const Snapshot& snapshot, const Features& query) {
  found_.clear();
  const std::span<const Feature> features = query.found;
  likely_.resize(features.size());
  std::uint32_t part = 0;
  for (const Snapshot::Part& one : snapshot.parts()) {
    const Segment& segment = *one.segment;
    std::size_t count = 0;
    for (std::size_t i = 0; i < features.size(); ++i) {
      if (i + kBatch < features.size()) segment.prefetch_filter(features[i + kBatch].hash);
      // Written down in any case: which are likely is chance, a branch would be foretold wrong.
      likely_.data()[count] = static_cast<std::uint32_t>(i);
      count += segment.may_find(features[i].hash) ? 1u : 0u;
    }
    look_up(segment, part, features, std::span(likely_).first(count), snapshot.background());
    ++part;
  }
  // What an index knows of a hash, then place in the query, then part.
  std::ranges::sort(found_, {}, [](const Found& found) {
    return std::tuple(stored(found.hash), (std::uint64_t{found.query_word} << 32) | found.part);
  });
}

void CandidateFinder::look_up(const Segment& segment, std::uint32_t part,
                              std::span<const Feature> features,
                              std::span<const std::uint32_t> likely, const Background& background) {
  // Memory is asked for the buckets of one batch while the entries of the batch before it are on
  // their way, and those of the batch before that one are read.
  std::array<Segment::Postings, 2 * kBatch> buckets;
  const auto each_of = [&](std::size_t batch, auto&& visit) {
    const std::size_t end = std::min((batch + 1) * kBatch, likely.size());
    for (std::size_t i = batch * kBatch; i < end; ++i) {
      visit(features[likely[i]], buckets[i % buckets.size()]);
    }
  };
  const std::size_t batches = (likely.size() + kBatch - 1) / kBatch;
  for (std::size_t step = 0; step < batches + 2; ++step) {
    each_of(step, [&](const Feature& feature, auto&) { segment.prefetch_bucket(feature.hash); });
    if (step < 1) continue;
    each_of(step - 1, [&](const Feature& feature, Segment::Postings& bucket) {
      bucket = segment.bucket(feature.hash);
      segment.prefetch_entries(bucket);
    });
    if (step < 2) continue;
    each_of(step - 2, [&](const Feature& feature, const Segment::Postings& bucket) {
      const Segment::Postings places = segment.find(feature.hash, bucket);
      if (places.begin == places.end) return;
      background.prefetch(feature.hash);
      found_.push_back({.hash = feature.hash,
                        .query_word = feature.word,
                        .part = part,
                        .places = places,
                        .tier = feature.tier});
    });
  }
}

/// Writes out which documents have what was found; what tells nothing goes to `common_`, and the
/// same line said again out of the way.
void CandidateFinder::read_places(const Snapshot& snapshot, std::size_t most_hits) {
  first_ordinals_.clear();
  std::uint32_t ordinals = 0;
  for (const Snapshot::Part& part : snapshot.parts()) {
    first_ordinals_.push_back(ordinals);
    ordinals += part.segment->document_count();
  }
  std::size_t looked_at = 0;
  for (std::size_t begin = 0; begin < found_.size() && !limited_;) {
    const std::uint64_t feature = stored(found_[begin].hash);
    const std::size_t hits_before = hits_.size();
    std::uint32_t families = 0;
    std::uint32_t places = 0;
    bool common = false;
    std::size_t end = begin;
    for (; end < found_.size() && stored(found_[end].hash) == feature; ++end) {
      const Found& found = found_[end];
      const bool new_place = end == begin || found.query_word != found_[end - 1].query_word;
      if (new_place) {
        ++places;
        tally_.clear();
      }
      // The background knows the whole hash, of which the index keeps a part.
      common |= snapshot.background().knows(found.hash);
      if (common || places > kMostPlacesInQuery) continue;
      const Snapshot::Part& part = snapshot.parts()[found.part];
      Hit hit{.feature = feature,
              .query_word = found.query_word,
              .document = 0,
              .block = 0,
              .tier = found.tier,
              .weight = 0};
      std::uint32_t last = Segment::kNoBlock;
      bool is_wanted = false;
      for (std::uint32_t at = found.places.begin; at < found.places.end; ++at) {
        const std::uint32_t block = part.segment->block(at);
        common |= block == Segment::kNoBlock;
        const std::uint32_t document = part.segment->document_of(block);
        if (document >= part.segment->document_count() || part.is_removed(document)) continue;
        const Segment::Document facts = part.segment->document(document);
        if (std::exchange(last, document) != document) {
          is_wanted = tally_.add(facts.family) <= kMostVersionsOfHit;
        }
        if (!is_wanted) continue;
        if (++looked_at > most_hits) {
          limited_ = true;
          break;
        }
        hit.document = first_ordinals_[found.part] + document;
        hit.block = block - facts.first_block;
        hits_.push_back(hit);
      }
      families = std::max(families, tally_.families());
    }
    common |= families > kBoilerplateDocuments;
    if (common || limited_) {
      hits_.resize(hits_before);
      for (std::size_t i = begin; common && i < end; ++i) {
        if (i > begin && found_[i].query_word == found_[i - 1].query_word) continue;
        common_.push_back({.feature = feature,
                           .query_word = found_[i].query_word,
                           .document = kBoilerplateHit,
                           .block = 0,
                           .tier = found_[i].tier,
                           .weight = 0});
      }
    }
    for (std::size_t i = hits_before; i < hits_.size(); ++i) {
      hits_[i].weight = weight_of(hits_[i].tier, families);
    }
    begin = end;
  }
  std::ranges::sort(common_, {}, &Hit::query_word);
}

/// Leaves the hits of documents that could reach the least weight: most documents have one word in
/// common with a text, and sorting their hits would be most of the work.
void CandidateFinder::drop_light(const Snapshot& snapshot) {
  std::size_t documents = 0;
  for (const Snapshot::Part& part : snapshot.parts()) documents += part.segment->document_count();
  if (weights_.size() < documents) weights_.resize(documents);
  for (const Hit& hit : hits_) weights_[hit.document] += hit.weight;
  const auto light = std::ranges::partition(
      hits_, [&](const Hit& hit) { return weights_[hit.document] >= kLeastWeight; });
  for (const Hit& hit : hits_) weights_[hit.document] = 0;
  hits_.erase(light.begin(), light.end());
  std::ranges::sort(hits_, {}, kByDocument);
}

std::uint32_t CandidateFinder::family_of(const Snapshot& snapshot, std::uint32_t document) const {
  const auto next = std::ranges::upper_bound(first_ordinals_, document);
  const auto part = static_cast<std::size_t>(next - first_ordinals_.begin()) - 1;
  return snapshot.parts()[part].segment->document(document - first_ordinals_[part]).family;
}

void CandidateFinder::keep(const Candidate& candidate, std::size_t most_documents) {
  const auto better = [](const Candidate& a, const Candidate& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.ordinal < b.ordinal;
  };
  candidates_.insert(std::ranges::upper_bound(candidates_, candidate, better), candidate);
  std::size_t versions = 0;
  std::erase_if(candidates_, [&](const Candidate& one) {
    return one.family == candidate.family && ++versions > kMostVersionsOfCandidate;
  });
  if (candidates_.size() > most_documents) candidates_.pop_back();
}

void CandidateFinder::rank(const Snapshot& snapshot, std::size_t most_documents) {
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
    candidate.family = snapshot.parts()[part].segment->document(candidate.document).family;
    keep(candidate, most_documents);
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
