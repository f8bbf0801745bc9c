#include "weir/content/detail/pieces.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstddef>
#include <unordered_set>

#include "weir/base/hash.h"

namespace weir::content {
namespace {

constexpr std::size_t kLeast = 1024;
constexpr std::size_t kUsual = 4096;
constexpr std::size_t kMost = 16384;
// Fewer cuts than one of 4,096 before the usual size, more behind it: sizes stay near it.
constexpr std::uint64_t kMaskBefore = 0xfffcu << 16;
constexpr std::uint64_t kMaskBehind = 0xffc0u << 16;
constexpr std::size_t kLeastDifferent = 16;  // bytes

/// A random number for each byte: SplitMix64 from 1.
constexpr std::array<std::uint64_t, 256> kGear = [] {
  std::array<std::uint64_t, 256> gear{};
  std::uint64_t state = 1;
  for (std::uint64_t& number : gear) {
    state += 0x9e3779b97f4a7c15u;
    std::uint64_t z = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    number = z ^ (z >> 31);
  }
  return gear;
}();

std::size_t piece_size(std::string_view bytes) {
  if (bytes.size() <= kLeast) return bytes.size();
  const std::size_t most = std::min(bytes.size(), kMost);
  std::uint64_t hash = 0;
  for (std::size_t i = kLeast; i < most; ++i) {
    hash = (hash << 1) + kGear[static_cast<unsigned char>(bytes[i])];
    if ((hash & (i < kUsual ? kMaskBefore : kMaskBehind)) == 0) return i + 1;
  }
  return most;
}

bool is_padding(std::string_view piece) {
  std::bitset<256> seen;
  for (const char byte : piece) seen.set(static_cast<unsigned char>(byte));
  return seen.count() < kLeastDifferent;
}

}  // namespace

std::vector<std::uint64_t> pieces_of(std::string_view bytes) {
  std::vector<std::uint64_t> pieces;
  std::unordered_set<std::uint64_t> seen;
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, piece_size(bytes));
    bytes.remove_prefix(piece.size());
    if (is_padding(piece)) continue;
    const std::uint64_t hash = checksum64(piece);
    if (seen.insert(hash).second) pieces.push_back(hash);
  }
  return pieces;
}

}  // namespace weir::content
