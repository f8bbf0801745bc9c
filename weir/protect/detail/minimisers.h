#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace weir::protect {

/// A run of letters that is the smallest among its neighbours.
struct Minimiser {
  std::uint64_t hash = 0;   // of the rolling kind
  std::uint32_t place = 0;  // of its first letter
};

/// Of every `window` runs of `length` letters in a row, the one with the smallest rolling hash, by
/// its upper half; the latest of equal ones.
///
/// A chunk of windows at a time, side by side, with no branch that depends on the text.
class Minimisers {
 public:
  using Table = std::array<std::uint64_t, 256>;  // a random number for each byte
  struct Shape {
    std::size_t length = 30;  // 1 to 60
    std::size_t window = 20;  // 1 to `kMostWindow`
  };
  static constexpr std::size_t kMostWindow = 63;
  static constexpr std::size_t kMostRuns = 640;  // from the first to the last that `next` gives

  /// One byte behind `letters` may be read as well. All must outlive this object; `leaving` is
  /// `leaving_table(entering, shape.length)`.
  Minimisers(const Table& entering, const Table& leaving, Shape shape, std::string_view letters);

  static Table leaving_table(const Table& entering, std::size_t length);

  /// The next ones, in order of the text. False at its end; a chunk can have none.
  bool next(std::span<const Minimiser>& chosen);

  /// What a processor without vectors wider than 16 bytes does, on every processor: for tests.
  void be_plain() { choose_ = choose_plain; }

 private:
  static constexpr std::size_t kChunk = 512;
  static constexpr std::size_t kBefore = 64;  // what is looked back at in one go
  static_assert(kChunk + kMostWindow <= kMostRuns);
  static constexpr std::size_t kRoom = kBefore + kMostWindow + kChunk + 72;
  struct Work {
    std::array<std::uint64_t, kRoom> hashes;
    // From `kBefore` on: the upper halves of hashes, and the smallest of the window that begins
    // there.
    std::array<std::int32_t, kRoom> tops;
    std::array<std::int32_t, kRoom> smallest;
    std::array<std::uint32_t, kChunk> places;
  };
  /// Fills `places` with those, among `filled` runs, that a window chooses and the one before it
  /// did not; tells how many. `first`: there is none before the first.
  [[gnu::always_inline]] static inline std::size_t choose(Work& work, std::size_t filled,
                                                          std::size_t window, bool first);
  static std::size_t choose_plain(Work& work, std::size_t filled, std::size_t window, bool first);
  static std::size_t choose_wide(Work& work, std::size_t filled, std::size_t window, bool first);

  const std::uint64_t* entering_;
  const std::uint64_t* leaving_;
  Shape shape_;
  const unsigned char* bytes_;
  std::size_t runs_ = 0;  // in all
  std::size_t next_ = 0;  // the run whose hash is `hash_`
  std::uint64_t hash_ = 0;
  std::size_t filled_ = 0;
  decltype(&choose_plain) choose_;
  Work work_{};
  std::array<Minimiser, kChunk> chosen_;
};

}  // namespace weir::protect
