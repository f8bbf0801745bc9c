#include "weir/protect/spread.h"

#include <algorithm>

#include "weir/base/result.h"

namespace weir::protect {
namespace {

constexpr std::size_t kLeastPairs = 4096;

}  // namespace

Spread::Spread(const Options& options) : options_(options) {
  WEIR_ASSERT(options.people > 0 && options.pairs > 0);
  tidy_at_ = std::min(kLeastPairs, options.pairs);
}

void Spread::add(std::uint64_t person, std::span<const std::uint64_t> passages) {
  for (const std::uint64_t passage : passages) {
    if (pairs_.size() >= tidy_at_) {
      tidy();
      // Tidying more than once for each doubling would be slow.
      tidy_at_ = std::min(std::max(2 * pairs_.size(), kLeastPairs), options_.pairs);
      full_ = full_ || 2 * pairs_.size() > options_.pairs;
    }
    if (full_) return;
    if (!common_.contains(passage)) pairs_.push_back({.passage = passage, .person = person});
  }
}

void Spread::tidy() {
  std::ranges::sort(pairs_);
  const auto repeated = std::ranges::unique(pairs_);
  pairs_.erase(repeated.begin(), repeated.end());
  std::size_t kept = 0;
  for (std::size_t begin = 0; begin < pairs_.size();) {
    std::size_t end = begin;
    while (end < pairs_.size() && pairs_[end].passage == pairs_[begin].passage) ++end;
    if (end - begin >= options_.people) {
      common_.insert(pairs_[begin].passage);
    } else {
      for (std::size_t i = begin; i < end; ++i) pairs_[kept++] = pairs_[i];
    }
    begin = end;
  }
  pairs_.resize(kept);
}

std::vector<std::uint64_t> Spread::common() {
  tidy();
  std::vector<std::uint64_t> passages(common_.begin(), common_.end());
  std::ranges::sort(passages);
  return passages;
}

}  // namespace weir::protect
