#include "weir/protect/snapshot.h"

#include <algorithm>
#include <utility>

#include "weir/protect/detail/families.h"
#include "weir/protect/detail/logarithm.h"

namespace weir::protect {
namespace {

constexpr std::uint32_t kMostInformation = 12 * 16;
// Keeps the words of a registry of one short document from seeming rarer than they are.
constexpr std::uint64_t kLeastWords = 256;

}  // namespace

Snapshot::Snapshot(std::vector<Part> parts, std::shared_ptr<const Background> background)
    : parts_(std::move(parts)), background_(std::move(background)) {
  WEIR_ASSERT(background_ != nullptr);
  std::uint64_t total = kLeastWords;
  std::vector<std::uint64_t> counts(information_.size());
  for (const Part& part : parts_) {
    total += part.segment->word_count();
    const auto in_part = part.segment->word_counts();
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += in_part[i];
    for (std::uint32_t i = 0; i < part.segment->document_count(); ++i) {
      documents_ += part.is_removed(i) ? 0u : 1u;
    }
  }
  const std::uint32_t whole = log2_sixteenths(total);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const std::uint32_t share = log2_sixteenths(std::max<std::uint64_t>(counts[i], 1));
    information_[i] =
        static_cast<std::uint16_t>(std::min(whole > share ? whole - share : 0, kMostInformation));
  }
}

std::vector<Segment::Document> Snapshot::documents() const {
  std::vector<Segment::Document> documents;
  for (const Part& part : parts_) {
    for (std::uint32_t i = 0; i < part.segment->document_count(); ++i) {
      if (!part.is_removed(i)) documents.push_back(part.segment->document(i));
    }
  }
  return documents;
}

double Snapshot::telling_share(const Features& text) const {
  FamilyTally tally;
  const auto is_common = [&](const Feature& feature) {
    tally.clear();
    for (const Part& part : parts_) {
      const Segment::Postings places = part.segment->find(feature.hash);
      std::uint32_t last = Segment::kNoBlock;
      for (std::uint32_t at = places.begin; at < places.end; ++at) {
        const std::uint32_t block = part.segment->block(at);
        if (block == Segment::kNoBlock) return true;
        const std::uint32_t document = part.segment->document_of(block);
        if (document != last && document < part.segment->document_count() &&
            !part.is_removed(document)) {
          tally.add(part.segment->document(document).family);
        }
        last = document;
      }
    }
    return tally.families() > kBoilerplateDocuments;
  };
  std::size_t all = 0;
  std::size_t telling = 0;
  for (const Feature& feature : text.found) {
    if (feature.tier != Tier::verbatim) continue;
    ++all;
    if (!background_->knows(feature.hash) && !is_common(feature)) ++telling;
  }
  return all == 0 ? 1.0 : static_cast<double>(telling) / static_cast<double>(all);
}

}  // namespace weir::protect
