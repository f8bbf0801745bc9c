#include "weir/evaluate/isolation_forest.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "weir/base/random.h"

namespace weir::evaluate {

struct IsolationForest::Builder {
  std::span<const float> rows;
  std::size_t width;
  std::size_t limit;  // of depth
  Random& random;
  std::vector<Node>& nodes;
  std::vector<std::uint32_t> usable{};  // features, for `split`

  float at(std::size_t row, std::size_t feature) const { return rows[row * width + feature]; }

  /// Fills node `self` with the tree of `sample`. The depth is limited, and so is the recursion.
  void grow(std::size_t self, std::span<std::size_t> sample, std::size_t depth) {
    if (sample.size() < 2 || depth >= limit || !split(self, sample)) {
      nodes[self].left = -1;
      nodes[self].cut = static_cast<float>(static_cast<double>(depth) + mean_depth(sample.size()));
      return;
    }
    const Node node = nodes[self];
    const auto middle = std::partition(sample.begin(), sample.end(), [&](std::size_t row) {
      return at(row, node.feature) < node.cut;
    });
    const auto size = static_cast<std::size_t>(middle - sample.begin());
    const std::size_t left = nodes.size();
    nodes.resize(left + 2);
    nodes[self].left = static_cast<std::int32_t>(left);
    grow(left, sample.first(size), depth + 1);
    grow(left + 1, sample.subspan(size), depth + 1);
  }

  /// A feature that is not the same everywhere, and a place between its smallest and largest
  /// value. False if all rows are alike.
  bool split(std::size_t self, std::span<const std::size_t> sample) {
    usable.resize(width);
    std::iota(usable.begin(), usable.end(), 0u);
    for (std::size_t left = width; left > 0; --left) {
      const std::uint32_t pick = random.below(static_cast<std::uint32_t>(left));
      const std::uint32_t feature = usable[pick];
      float low = at(sample[0], feature);
      float high = low;
      for (const std::size_t row : sample) {
        low = std::min(low, at(row, feature));
        high = std::max(high, at(row, feature));
      }
      if (low < high) {
        const double share = random.uniform();
        auto cut = static_cast<float>(double{low} + share * (double{high} - double{low}));
        if (!(cut > low)) cut = high;  // both sides get something
        nodes[self].feature = feature;
        nodes[self].cut = std::min(cut, high);
        return true;
      }
      usable[pick] = usable[left - 1];
    }
    return false;
  }
};

double IsolationForest::mean_depth(std::size_t n) {
  if (n <= 1) return 0;
  if (n == 2) return 1;
  const auto m = static_cast<double>(n);
  return 2 * (std::log(m - 1) + std::numbers::egamma) - 2 * (m - 1) / m;
}

Result<IsolationForest> IsolationForest::fit(std::span<const float> rows, std::size_t width,
                                             const Options& options) {
  if (width == 0 || rows.empty() || rows.size() % width != 0 || options.trees == 0 ||
      options.sample == 0) {
    return fail(ErrorCode::invalid_argument,
                "an isolation forest needs whole rows, trees and a sample; there are {} values of "
                "width {}, {} trees and a sample of {}",
                rows.size(), width, options.trees, options.sample);
  }
  const std::size_t count = rows.size() / width;
  const std::size_t sample = std::min(options.sample, count);
  IsolationForest forest;
  forest.width_ = width;
  forest.normal_depth_ = std::max(mean_depth(sample), 1.0);
  const auto limit = static_cast<std::size_t>(
      std::ceil(std::log2(static_cast<double>(std::max<std::size_t>(sample, 2)))));
  std::vector<std::size_t> chosen(count);
  std::iota(chosen.begin(), chosen.end(), std::size_t{0});
  for (std::size_t tree = 0; tree < options.trees; ++tree) {
    Random random(options.seed, 0, static_cast<std::uint32_t>(tree), 0x1f04e57);
    for (std::size_t i = 0; i < sample; ++i) {  // Fisher and Yates, as far as need be
      const auto pick = i + random.below(static_cast<std::uint32_t>(count - i));
      std::swap(chosen[i], chosen[pick]);
    }
    Builder builder{
        .rows = rows, .width = width, .limit = limit, .random = random, .nodes = forest.nodes_};
    const std::size_t root = forest.nodes_.size();
    forest.nodes_.emplace_back();
    forest.roots_.push_back(root);
    std::vector<std::size_t> own(chosen.begin(),
                                 chosen.begin() + static_cast<std::ptrdiff_t>(sample));
    builder.grow(root, own, 0);
  }
  return forest;
}

double IsolationForest::score(std::span<const float> row) const {
  WEIR_ASSERT(row.size() == width_);
  double depth = 0;
  for (const std::size_t root : roots_) {
    const Node* node = &nodes_[root];
    while (node->left >= 0) {
      const std::size_t side = row[node->feature] < node->cut ? 0 : 1;
      node = &nodes_[static_cast<std::size_t>(node->left) + side];
    }
    depth += double{node->cut};
  }
  return std::exp2(-depth / (static_cast<double>(roots_.size()) * normal_depth_));
}

}  // namespace weir::evaluate
