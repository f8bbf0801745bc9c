#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "weir/base/lanes.h"
#include "weir/protect/features.h"

namespace weir::protect {

/// Three words, joined into one number.
struct Triple {
  std::uint64_t joined = 0;
  std::uint32_t word = 0;  // the first of them
};

/// Every content word with two of the four before it, if they are near: of these triples those
/// whose number, the same in whatever order their words come, falls in a share of all.
///
/// A chunk of words at a time, side by side, with no branch that depends on what is found.
class NearTriples {
 public:
  struct Shape {
    std::uint32_t near = 10;  // the last of three is fewer words behind the first
    std::uint32_t share = 0;  // the upper half of a triple's number is less
  };
  NearTriples(std::span<const WordToken> words, Shape shape);

  /// The next ones, in order of their last words. False at the end; a chunk can have none.
  bool next(std::span<const Triple>& taken);

  /// What a processor without vectors wider than 16 bytes does, on every processor: for tests.
  void be_plain() { test_ = test_plain; }

 private:
  static constexpr std::size_t kBefore = 4;  // content words that one is joined with
  static constexpr std::size_t kPairs = kBefore * (kBefore - 1) / 2;
  static constexpr std::size_t kChunk = 256;
  static constexpr std::size_t kRoom = kBefore + kChunk + 8;
  /// Content words, those of the last chunk that can be near first.
  struct Work {
    std::array<std::uint64_t, kRoom> scaled;
    std::array<std::uint64_t, kRoom> turned;
    std::array<std::uint32_t, kRoom> at;
    // By word from `kBefore` on: a bit for each pair before it that makes a triple to be taken.
    alignas(8) std::array<std::uint8_t, kRoom> taken;
  };
  [[gnu::always_inline]] static inline void join(const Work& work, std::size_t word, std::size_t a,
                                                 std::size_t b, FourLongs& joined);
  [[gnu::always_inline]] static inline void test(Work& work, std::size_t end, Shape shape);
  static void test_plain(Work& work, std::size_t end, Shape shape);
  static void test_wide(Work& work, std::size_t end, Shape shape);

  std::span<const WordToken> words_;
  Shape shape_;
  std::uint32_t next_ = 0;
  decltype(&test_plain) test_;
  Work work_{};
  std::array<Triple, kChunk * kPairs> taken_;
};

}  // namespace weir::protect
