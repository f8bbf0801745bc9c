#include "weir/protect/openly_said.h"

#include <algorithm>

namespace weir::protect {
namespace {

std::uint64_t kept_bits(std::uint64_t feature) { return feature >> (64 - Segment::kFeatureBits); }

/// Ascending features, looked up in the order of an index, which is ascending too unless somebody
/// changed it.
class Cursor {
 public:
  explicit Cursor(std::span<const std::uint64_t> features)
      : features_(features), at_(features.begin()) {}

  bool has(std::uint64_t kept) {
    if (kept < last_) at_ = features_.begin();
    last_ = kept;
    while (at_ != features_.end() && kept_bits(*at_) < kept) ++at_;
    return at_ != features_.end() && kept_bits(*at_) == kept;
  }

 private:
  std::span<const std::uint64_t> features_;
  std::span<const std::uint64_t>::iterator at_;
  std::uint64_t last_ = 0;
};

struct Tally {
  std::uint64_t places = 0;
  std::uint64_t lost = 0;
  bool has_new = false;
};

/// Visits the places of texts, of documents that are not removed: feature, document.
void for_each_place(const Snapshot::Part& part, const auto& visit) {
  const Segment& segment = *part.segment;
  std::vector<std::uint32_t> end_of_text(segment.document_count());  // blocks
  for (std::uint32_t i = 0; i < segment.document_count(); ++i) {
    const Segment::Document document = segment.document(i);
    const std::uint32_t words = document.words - std::min(document.pieces, document.words);
    end_of_text[i] = document.first_block + (words + kBlockWords - 1) / kBlockWords;
  }
  segment.for_each_entry([&](std::uint64_t feature, std::uint32_t block) {
    if (block == Segment::kNoBlock) return;
    const std::uint32_t document = segment.document_of(block);
    if (document >= segment.document_count() || part.is_removed(document)) return;
    if (block < end_of_text[document]) visit(feature, document);
  });
}

std::vector<Tally> tallies_of(const Snapshot::Part& part, std::span<const std::uint64_t> fresh,
                              std::span<const std::uint64_t> before) {
  std::vector<Tally> tallies(part.segment->document_count());
  Cursor new_ones(fresh);
  Cursor old_ones(before);
  for_each_place(part, [&](std::uint64_t feature, std::uint32_t document) {
    Tally& tally = tallies[document];
    const bool is_new = new_ones.has(feature);
    ++tally.places;
    if (is_new || old_ones.has(feature)) ++tally.lost;
    tally.has_new = tally.has_new || is_new;
  });
  return tallies;
}

}  // namespace

bool is_protected(const Snapshot& snapshot, std::uint64_t feature) {
  for (const Snapshot::Part& part : snapshot.parts()) {
    if (!part.segment->may_find(feature)) continue;
    const Segment::Postings places = part.segment->find(feature);
    for (std::uint32_t at = places.begin; at < places.end; ++at) {
      const std::uint32_t block = part.segment->block(at);
      if (block == Segment::kNoBlock) continue;
      const std::uint32_t document = part.segment->document_of(block);
      if (document < part.segment->document_count() && !part.is_removed(document)) return true;
    }
  }
  return false;
}

Teaching choose_openly_said(const Snapshot& snapshot, std::span<const std::uint64_t> common,
                            std::span<const std::uint64_t> before, double most_share) {
  std::vector<std::uint64_t> fresh;
  // What a run that was cut off wrote down, but did not learn, is news.
  std::ranges::copy_if(common, std::back_inserter(fresh), [&](std::uint64_t feature) {
    return !std::ranges::binary_search(before, feature) || !snapshot.background().knows(feature);
  });
  Teaching teaching;
  std::vector<std::uint64_t> refused;  // as many bits as are kept of a feature
  for (const Snapshot::Part& part : snapshot.parts()) {
    const std::vector<Tally> tallies = tallies_of(part, fresh, before);
    std::vector<bool> too_much(tallies.size());
    for (std::uint32_t i = 0; i < tallies.size(); ++i) {
      const Tally& tally = tallies[i];
      if (!tally.has_new) continue;
      too_much[i] =
          static_cast<double>(tally.lost) > most_share * static_cast<double>(tally.places);
      teaching.losses.push_back({.document = part.segment->document(i).id,
                                 .places = tally.places,
                                 .lost = tally.lost,
                                 .too_much = too_much[i]});
    }
    if (std::ranges::find(too_much, true) == too_much.end()) continue;
    Cursor new_ones(fresh);
    for_each_place(part, [&](std::uint64_t feature, std::uint32_t document) {
      if (too_much[document] && new_ones.has(feature)) refused.push_back(feature);
    });
  }
  std::ranges::sort(refused);
  const auto repeated = std::ranges::unique(refused);
  refused.erase(repeated.begin(), repeated.end());
  std::ranges::copy_if(fresh, std::back_inserter(teaching.features), [&](std::uint64_t feature) {
    return !std::ranges::binary_search(refused, kept_bits(feature));
  });
  return teaching;
}

}  // namespace weir::protect
