#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace weir::behavior {

/// The median over people of observed ÷ expected, kept as a histogram of whole numbers, so that
/// shards can be added in any order. Eighths of an octave from 1/256 to 256.
class MedianRatio {
 public:
  static constexpr int kOctaves = 8;
  static constexpr int kPerOctave = 8;
  static constexpr std::size_t kBins = 2 * kOctaves * kPerOctave + 1;
  /// Below this many people a median says more about them than about the day.
  static constexpr std::uint64_t kEnough = 20;

  void add(double observed, double expected);
  void merge(const MedianRatio& other);
  void clear() { bins_.fill(0); }
  /// 1 unless at least `kEnough` people were counted.
  double median() const;

 private:
  std::array<std::uint32_t, kBins> bins_{};
};

}  // namespace weir::behavior
