#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "weir/protect/canonical.h"

namespace weir::protect {

/// A word of at most 15 letters, in two numbers: eight letters in `low`, seven and, on top, how
/// many there are in `high`; what is behind them is 0. A longer one is no word: its `high` has a
/// top bit that no other has.
struct ShortWord {
  static constexpr std::size_t kMostLetters = 15;

  std::uint64_t low = 0;
  std::uint64_t high = 0;

  /// Reads 16 bytes from where it begins in `letters`.
  ShortWord(const char* letters, const Word& word) {
    std::memcpy(&low, letters + word.letters_begin, 8);
    std::memcpy(&high, letters + word.letters_begin + 8, 8);
    cut(word.letters_size);
  }

  std::size_t size() const { return high >> 56; }

  /// As `light_stem`, without a branch. `tail` are its last four letters, the last on top; of a
  /// shorter word they tell nothing.
  ShortWord stem(std::uint32_t tail) const {
    const std::size_t size = this->size();
    const std::uint32_t two = tail >> 16;
    const std::uint32_t last = two >> 8;
    const std::uint32_t before = two & 0xff;
    constexpr std::uint32_t kEs = 'e' + 256u * 's';
    constexpr std::uint32_t kEd = 'e' + 256u * 'd';
    constexpr std::uint32_t kIng = 'i' + 256u * 'n' + 65536u * 'g';
    const bool pair_goes = ((two == kEs) | (two == kEd)) & (size >= 6);
    const bool ing = (tail >> 8 == kIng) & (size >= 7);
    const bool plural = (last == 's') & (before != 's') & (before != 'u') & (before != 'i');
    const bool one_goes = (plural & (size >= 4)) | ((last == 'e') & (size >= 5));
    ShortWord stem = *this;
    stem.cut(size - (ing ? 3u : pair_goes ? 2u : one_goes ? 1u : 0u));
    return stem;
  }

  /// Where it belongs in a table of 2^`bits`.
  template <int kBits>
  std::size_t slot() const {
    return ((low ^ std::rotl(high, 29)) * 0x9e3779b97f4a7c15u) >> (64 - kBits);
  }

 private:
  /// Leaves so many of the letters.
  void cut(std::size_t size) {
    struct Own {
      std::uint64_t low = 0;
      std::uint64_t high = 0;
    };
    // By size: which bytes are the word's own.
    static constexpr auto kOwn = [] {
      std::array<Own, kMostLetters + 2> own{};
      for (std::size_t i = 0; i <= kMostLetters; ++i) {
        const auto first = [](std::size_t bytes) { return (std::uint64_t{1} << (8 * bytes)) - 1; };
        own[i] = i < 8 ? Own{first(i), 0} : Own{~std::uint64_t{0}, first(i - 8)};
      }
      return own;
    }();
    const std::size_t at = size < kMostLetters + 1 ? size : kMostLetters + 1;
    low &= kOwn.data()[at].low;
    high = (high & kOwn.data()[at].high) | (std::uint64_t{at} << 56);
  }
};

}  // namespace weir::protect
