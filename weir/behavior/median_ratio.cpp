#include "weir/behavior/median_ratio.h"

#include <algorithm>
#include <cmath>

namespace weir::behavior {

void MedianRatio::add(double observed, double expected) {
  int bin = 0;
  if (observed > 0.0 && expected > 0.0) {
    const double position = std::log2(observed / expected) * kPerOctave;
    const double limit = kOctaves * kPerOctave;
    bin = static_cast<int>(std::lround(std::clamp(position, -limit, limit) + limit));
  }
  ++bins_[static_cast<std::size_t>(bin)];
}

void MedianRatio::merge(const MedianRatio& other) {
  for (std::size_t i = 0; i < kBins; ++i) bins_[i] += other.bins_[i];
}

double MedianRatio::median() const {
  std::uint64_t total = 0;
  for (const std::uint32_t count : bins_) total += count;
  if (total < kEnough) return 1.0;
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < kBins; ++i) {
    below += bins_[i];
    if (2 * below >= total) {
      return std::exp2((static_cast<double>(i) - kOctaves * kPerOctave) / kPerOctave);
    }
  }
  return 1.0;
}

}  // namespace weir::behavior
