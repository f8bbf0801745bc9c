#include "weir/content/detail/letter_rows.h"

#include <numbers>

namespace weir::content {
namespace {

constexpr std::size_t kShortestRow = 5;  // letters
constexpr std::size_t kByChance = 10;    // of so many shapes, one

/// Letters of the rows in one direction.
std::size_t letters_in_rows(const std::vector<Shape>& shapes, std::size_t direction) {
  std::vector<std::uint32_t> order;
  for (std::uint32_t i = 0; i < shapes.size(); ++i) {
    const float height = shapes[i].across[direction].size();
    const float width = shapes[i].along[direction].size();
    if (height >= kLowestLetter && height <= kHighestLetter && width <= 8 * height)
      order.push_back(i);
  }
  std::ranges::sort(order, {}, [&](std::uint32_t i) { return shapes[i].along[direction].low; });
  // Each shape continues the row that ends nearest before it. Rows that have ended far before are
  // no longer looked at.
  struct Row {
    std::uint32_t last;
    std::uint32_t letters;
    std::uint32_t shapes;
    std::uint32_t solid;
  };
  std::vector<Row> open;
  std::size_t letters = 0;
  const auto close = [&](const Row& row) {
    if (row.letters >= kShortestRow && row.shapes >= 2 && row.solid * 2 <= row.shapes) {
      letters += row.letters;
    }
  };
  for (const std::uint32_t i : order) {
    const Extent& across = shapes[i].across[direction];
    const Extent& along = shapes[i].along[direction];
    const float height = across.size();
    Row* best = nullptr;
    float nearest = 1e9F;
    for (std::size_t r = 0; r < open.size();) {
      const Extent& before = shapes[open[r].last].along[direction];
      const float gap = along.low - before.high;
      if (gap > 1.5F * kHighestLetter) {
        close(open[r]);
        open[r] = open.back();
        open.pop_back();
        continue;
      }
      const Extent& level = shapes[open[r].last].across[direction];
      const float tall = std::max(height, level.size());
      const bool alike = std::min(height, level.size()) * 2.2F >= tall;
      const bool in_line = std::min(std::abs(across.low - level.low),
                                    std::abs(across.high - level.high)) <= 0.2F * tall;
      if (alike && in_line && gap >= -0.3F * tall && gap <= 1.2F * tall && gap < nearest) {
        nearest = gap;
        best = &open[r];
      }
      ++r;
    }
    // Letters that touch: as many as its length and its outline have room for.
    const float room = std::min(along.size() / (0.8F * height),
                                static_cast<float>(shapes[i].edges) / (5 * height));
    const auto here = static_cast<std::uint32_t>(std::max(1L, std::lround(room)));
    const std::uint32_t solid = shapes[i].is_solid() ? 1 : 0;
    if (best == nullptr) {
      open.push_back({i, here, 1, solid});
    } else {
      *best = {i, best->letters + here, best->shapes + 1, best->solid + solid};
    }
  }
  for (const Row& row : open) close(row);
  return letters;
}

}  // namespace

std::size_t letters_in_rows(const std::vector<Shape>& shapes) {
  std::size_t most = 0;
  if (shapes.size() < 2) return 0;
  for (std::size_t d = 0; d < kDirections; ++d) most = std::max(most, letters_in_rows(shapes, d));
  // Of shapes strewn about, as in photographs, some are in line by chance.
  return most - std::min(most, shapes.size() / kByChance);
}

const std::array<Direction, kDirections>& directions() {
  static const auto kAll = [] {
    std::array<Direction, kDirections> all{};
    for (std::size_t i = 0; i < kDirections; ++i) {
      const double angle = std::numbers::pi * static_cast<double>(i) / kDirections;
      all[i] = {static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle))};
    }
    return all;
  }();
  return kAll;
}

}  // namespace weir::content
