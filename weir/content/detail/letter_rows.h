#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace weir::content {

/// Height of a letter, in points of the picture as it is looked at.
inline constexpr float kLowestLetter = 4;
inline constexpr float kHighestLetter = 32;
/// Of a row, over half a turn.
inline constexpr std::size_t kDirections = 12;

struct Extent {
  float low = 1e9F;
  float high = -1e9F;
  void add(float value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  float size() const { return high - low + 1; }
};

/// Ink that hangs together: its extent along and across each direction.
struct Shape {
  std::array<Extent, kDirections> along;
  std::array<Extent, kDirections> across;
  std::uint64_t value = 0;  // of its points together
  std::uint32_t points = 0;
  std::uint32_t edges = 0;    // places on its outline …
  std::uint64_t outside = 0;  // … values just outside them together
  std::uint64_t outside_squares = 0;

  /// A filled box: bars, cells and keys stand in rows too.
  bool is_solid() const {
    constexpr float kSolid = 0.85F;
    return static_cast<float>(points) > kSolid * along[0].size() * across[0].size();
  }

  /// Apart from what is around it on all sides alike, as ink is; a piece of the edge of something
  /// larger is on one.
  bool stands_out(int least) const {
    if (edges == 0) return false;
    const double mean = static_cast<double>(outside) / edges;
    const double variance = static_cast<double>(outside_squares) / edges - mean * mean;
    const double apart = mean - static_cast<double>(value) / points;
    return std::abs(apart) >= least && variance < 0.36 * apart * apart;
  }
};

struct Direction {
  float cosine;
  float sine;
};
const std::array<Direction, kDirections>& directions();

/// Letters of the rows that run in the one direction that has most: shapes of about one height, one
/// behind the other, with a common upper or lower line.
std::size_t letters_in_rows(const std::vector<Shape>& shapes);

}  // namespace weir::content
