#include "weir/content/lowest_bits.h"

#include <algorithm>
#include <array>

namespace weir::content {
namespace {

/// How unlike the values `first` and `first + 1`, `first + 2` and `first + 3` … are in number: the
/// mean square over what chance would make of equal ones, which is 1.
double unlike(const std::array<double, 257>& count, std::size_t first) {
  constexpr double kFew = 16;
  double sum = 0;
  double pairs = 0;
  for (std::size_t i = first; i + 1 < 256; i += 2) {
    const double both = count[i] + count[i + 1];
    if (both < kFew) continue;
    sum += (count[i] - count[i + 1]) * (count[i] - count[i + 1]) / both;
    ++pairs;
  }
  return pairs > 0 ? sum / pairs : 0;
}

}  // namespace

bool hides_data(const Plane& plane) {
  constexpr std::size_t kFewPoints = 500;
  if (plane.points.size() < kFewPoints) return false;
  std::array<double, 257> count{};
  for (const std::uint8_t value : plane.points) ++count[value];
  const double within = unlike(count, 0);
  // Packed text is nearly as often odd as even: within a tenth, or as near as chance comes.
  const auto values =
      static_cast<double>(std::ranges::count_if(count, [](double n) { return n > 0; }));
  const double nearly = std::max(4.0, 0.01 * static_cast<double>(plane.points.size()) * 2 / values);
  return within > 0 && within < nearly && unlike(count, 1) > 16 * within;
}

}  // namespace weir::content
