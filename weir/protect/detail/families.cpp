#include "weir/protect/detail/families.h"

#include <algorithm>
#include <utility>

#include "weir/protect/segment.h"

namespace weir::protect {
namespace {

constexpr std::size_t kPassage = 4;  // words

// The finalizer of SplitMix64 (Steele, Lea, Flood 2014). Word ids are keyed already.
std::uint32_t mixed(std::uint64_t value) {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
  return static_cast<std::uint32_t>((value ^ (value >> 31)) >> 32);
}

}  // namespace

Families::Sketch Families::sketch_of(std::span<const WordId> words) {
  Sketch sketch;
  sketch.reserve(kSketch + 1);
  std::uint64_t passage = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    passage = (passage << 16) | words[i];
    if (i + 1 < std::min(kPassage, words.size())) continue;
    const std::uint32_t hash = mixed(passage + 1);
    if (sketch.size() == kSketch && hash >= sketch.back()) continue;
    const auto place = std::ranges::lower_bound(sketch, hash);
    if (place != sketch.end() && *place == hash) continue;
    sketch.insert(place, hash);
    if (sketch.size() > kSketch) sketch.pop_back();
  }
  return sketch;
}

/// The share of the smallest hashes of both together that both have.
double Families::resemblance(const Sketch& a, const Sketch& b) {
  std::size_t taken = 0;
  std::size_t shared = 0;
  for (auto i = a.begin(), j = b.begin(); taken < kSketch && (i != a.end() || j != b.end());
       ++taken) {
    if (j == b.end() || (i != a.end() && *i < *j)) {
      ++i;
    } else if (i == a.end() || *j < *i) {
      ++j;
    } else {
      ++shared;
      ++i;
      ++j;
    }
  }
  return taken == 0 ? 0.0 : static_cast<double>(shared) / static_cast<double>(taken);
}

void Families::remember(Sketch sketch, std::uint32_t family) {
  const auto member = static_cast<std::uint32_t>(members_.size());
  for (std::size_t i = 0; i < std::min(kLookedUp, sketch.size()); ++i) latest_[sketch[i]] = member;
  members_.push_back({.sketch = std::move(sketch), .family = family});
}

void Families::note(std::span<const WordId> words, std::uint32_t family) {
  remember(sketch_of(words), family);
}

std::uint32_t Families::join(std::span<const WordId> words, std::uint32_t own) {
  Sketch sketch = sketch_of(words);
  std::uint32_t family = own;
  double best = kLeastResemblance;
  for (std::size_t i = 0; i < std::min(kLookedUp, sketch.size()); ++i) {
    const auto found = latest_.find(sketch[i]);
    if (found == latest_.end()) continue;
    const Member& member = members_[found->second];
    const double alike = resemblance(sketch, member.sketch);
    if (alike < best) continue;
    best = alike;
    family = member.family;
  }
  remember(std::move(sketch), family);
  return family;
}

std::uint32_t FamilyTally::add(std::uint32_t family) {
  for (Count& count : counts_) {
    if (count.family == family) return ++count.documents;
  }
  if (counts_.size() <= kBoilerplateDocuments)
    counts_.push_back({.family = family, .documents = 1});
  return 1;
}

}  // namespace weir::protect
