#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weir/base/result.h"

namespace weir::evaluate {

/// Isolation forest (Liu, Ting and Zhou 2008): trees of random cuts through small samples; what is
/// cut off after few cuts is unlike the rest. Immutable once fitted; then thread-safe.
class IsolationForest {
 public:
  struct Options {
    std::size_t trees = 200;
    std::size_t sample = 256;  // rows a tree, without replacement; all if there are fewer
    std::uint64_t seed = 1;    // equal seeds and rows give equal forests
  };

  /// `rows` holds `width` values a row, one row after the other. `invalid_argument` for no rows, no
  /// width, values that do not fill rows, or no trees.
  static Result<IsolationForest> fit(std::span<const float> rows, std::size_t width,
                                     const Options& options);

  /// 2^(−mean depth/c(sample)): near 1 stands out, below 0.5 does not. `row` has the width fitted.
  double score(std::span<const float> row) const;
  std::size_t width() const { return width_; }

  /// c(n): mean depth of an unsuccessful search among n, 2·H(n−1) − 2(n−1)/n.
  static double mean_depth(std::size_t n);

 private:
  struct Node {
    float cut = 0;           // values below go left; in a leaf the depth it stands for
    std::int32_t left = -1;  // the right one is next to it; -1: a leaf
    std::uint32_t feature = 0;
  };
  struct Builder;

  std::size_t width_ = 0;
  double normal_depth_ = 1;
  std::vector<Node> nodes_;
  std::vector<std::size_t> roots_;
};

}  // namespace weir::evaluate
