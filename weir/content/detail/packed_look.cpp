#include "weir/content/detail/packed_look.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace weir::content {
namespace {

constexpr std::size_t kWindow = 256;
/// Bits a byte. Of 2,000 windows of noise the least had 6.98; of 33 fonts, those parts that are no
/// outlines had 6.36 at most.
constexpr double kPacked = 6.7;

double entropy(std::string_view window, std::size_t apart) {
  std::array<std::uint16_t, 256> counts{};
  for (std::size_t i = apart; i < window.size(); ++i) {
    const int value = apart == 0 ? window[i] : window[i] - window[i - apart];
    ++counts[static_cast<unsigned char>(value)];
  }
  const auto all = static_cast<double>(window.size() - apart);
  double bits = 0;
  for (const std::uint16_t count : counts) {
    if (count > 0) bits -= count / all * std::log2(count / all);
  }
  return bits;
}

}  // namespace

std::size_t packed_windows(std::string_view bytes) {
  constexpr std::array<std::size_t, 4> kApart = {0, 1, 2, 4};
  std::size_t windows = 0;
  for (std::size_t at = 0; at + kWindow <= bytes.size(); at += kWindow / 2) {
    const std::string_view window = bytes.substr(at, kWindow);
    const auto looks_packed = [&](std::size_t apart) { return entropy(window, apart) > kPacked; };
    windows += std::ranges::all_of(kApart, looks_packed) ? 1u : 0u;
  }
  return windows;
}

}  // namespace weir::content
