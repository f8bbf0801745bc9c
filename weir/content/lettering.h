#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace weir::content {

/// One channel of a picture: a byte a point, row by row, without gaps.
struct Plane {
  std::size_t width = 0;
  std::size_t height = 0;
  std::vector<std::uint8_t> points;  // width × height
};

/// Letters that a picture needs to hold a passage worth finding: some ten words.
inline constexpr std::size_t kPassageLetters = 50;
/// … and pictures together, each of which has fewer: there are logos and labels in most documents.
inline constexpr std::size_t kScatteredLetters = 75;

/// About how many letters standing in rows `plane` holds; counting stops at `enough`. Says whether
/// a picture may hold text, not what: shapes of one size, side by side on a common line, in
/// whatever direction, darker or lighter than what is around them, however little, and from five
/// points high to as high as the picture. Photographs have few, diagrams as many as their labels.
/// Deterministic; linear in the points.
std::size_t count_letters(const Plane& plane, std::size_t enough = kPassageLetters);

/// Half as wide and high, each point the mean of four: larger letters come into reach.
Plane halved(const Plane& plane);

/// All points are about alike.
bool is_plain(const Plane& plane);

}  // namespace weir::content
