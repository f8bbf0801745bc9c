#include "weir/protect/detail/minimisers.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "weir/base/lanes.h"

namespace weir::protect {
namespace {

constexpr std::int32_t kLeast = std::numeric_limits<std::int32_t>::min();

}  // namespace

Minimisers::Minimisers(const Table& entering, const Table& leaving, Shape shape,
                       std::string_view letters)
    : entering_(entering.data()),
      leaving_(leaving.data()),
      shape_(shape),
      bytes_(reinterpret_cast<const unsigned char*>(letters.data())),
      choose_(has_wide_lanes() ? choose_wide : choose_plain) {
  if (letters.size() < shape.length + shape.window - 1) return;
  runs_ = letters.size() - shape.length + 1;
  for (std::size_t i = 0; i < shape.length; ++i) {
    hash_ = std::rotl(hash_, 1) ^ entering_[bytes_[i]];
  }
}

Minimisers::Table Minimisers::leaving_table(const Table& entering, std::size_t length) {
  // What leaves a run was turned once for each letter that came after it.
  Table leaving;
  for (std::size_t i = 0; i < leaving.size(); ++i) {
    leaving[i] = std::rotl(entering[i], static_cast<int>(length));
  }
  return leaving;
}

bool Minimisers::next(std::span<const Minimiser>& chosen) {
  if (next_ == runs_) return false;
  const std::size_t size = std::min(runs_ - next_, shape_.window - 1 + kChunk - filled_);
  const std::size_t first = next_ - filled_;  // the run of hashes[0]
  std::uint64_t* const to = work_.hashes.data() + filled_;
  const unsigned char* const out = bytes_ + next_;
  const unsigned char* const in = out + shape_.length;
  std::uint64_t hash = hash_;
  for (std::size_t i = 0; i < size; ++i) {
    to[i] = hash;
    // The last step of all reads one letter that is behind the text.
    hash = std::rotl(hash, 1) ^ (entering_[in[i]] ^ leaving_[out[i]]);
  }
  hash_ = hash;
  next_ += size;
  filled_ += size;

  const std::size_t count = choose_(work_, filled_, shape_.window, first == 0);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t at = work_.places.data()[i];
    chosen_.data()[i] = {.hash = work_.hashes.data()[at],
                         .place = static_cast<std::uint32_t>(first) + at};
  }
  chosen = {chosen_.data(), count};

  const std::size_t windows = filled_ + 1 - shape_.window;
  work_.smallest[kBefore - 1] = work_.smallest[kBefore + windows - 1];
  filled_ = shape_.window - 1;
  std::copy_n(work_.hashes.data() + windows, filled_, work_.hashes.data());
  return true;
}

std::size_t Minimisers::choose(Work& work, std::size_t filled, std::size_t window, bool first) {
  std::int32_t* const tops = work.tops.data() + kBefore;
  std::int32_t* const smallest = work.smallest.data() + kBefore;
  const std::size_t windows = filled + 1 - window;

  // Signed numbers are what processors compare.
  for (std::size_t i = 0; i < filled; i += 8) {
    const EightInts low = reinterpret_cast<const EightInts&>(work.hashes.data()[i]);
    const EightInts high = reinterpret_cast<const EightInts&>(work.hashes.data()[i + 4]);
    reinterpret_cast<EightInts&>(tops[i]) =
        __builtin_shufflevector(low, high, 1, 3, 5, 7, 9, 11, 13, 15) ^ kLeast;
  }

  // Of windows of two, four, eight … and in the end of as many as it takes.
  const std::int32_t* from = tops;
  std::size_t covered = 1;
  if (window == 1) std::copy_n(tops, windows, smallest);
  while (covered < window) {
    const std::size_t step = std::min(covered, window - covered);
    // What the next steps will ask for as well, up to the end of the last window.
    const std::size_t end = windows + window - covered - step;
    for (std::size_t i = 0; i < end; i += 8) {
      const EightInts a = reinterpret_cast<const EightInts&>(from[i]);
      const EightInts b = reinterpret_cast<const EightInts&>(from[i + step]);
      reinterpret_cast<EightInts&>(smallest[i]) = a < b ? a : b;
    }
    from = smallest;
    covered += step;
  }
  if (first) smallest[-1] = ~smallest[0];

  // News are the windows whose smallest is another than that of the window before, or the same that
  // has come once more with the window's last place.
  std::size_t count = 0;
  for (std::size_t begin = 0; begin < windows; begin += 64) {
    std::uint64_t news = 0;
    for (std::size_t i = 0; i < 64; i += 8) {
      const std::size_t at = begin + i;
      const EightInts now = reinterpret_cast<const EightInts&>(smallest[at]);
      const EightInts before = reinterpret_cast<const EightInts&>((smallest + at)[-1]);
      const EightInts come = reinterpret_cast<const EightInts&>(tops[at + window - 1]);
      const EightInts is_new = (now != before) | (now == come);
      news |= std::uint64_t{bits_of(is_new)} << i;
    }
    if (windows - begin < 64) news &= (std::uint64_t{1} << (windows - begin)) - 1;
    for (; news != 0; news &= news - 1) {
      const std::size_t at = begin + static_cast<std::size_t>(std::countr_zero(news));
      // The latest of equal ones is in the window, so it does not matter what is before that.
      std::size_t end = at + window;
      std::uint32_t equal = 0;
      for (;; end -= 32) {
        const std::int32_t value = smallest[at];
        const EightInts wanted = {value, value, value, value, value, value, value, value};
        for (std::size_t i = 0; i < 32; i += 8) {
          const EightInts compared = reinterpret_cast<const EightInts&>((tops + end + i)[-32]);
          equal |= bits_of(compared == wanted) << i;
        }
        if (equal != 0) break;
      }
      work.places.data()[count++] =
          static_cast<std::uint32_t>(end - 1 - static_cast<std::size_t>(std::countl_zero(equal)));
    }
  }
  return count;
}

std::size_t Minimisers::choose_plain(Work& work, std::size_t filled, std::size_t window,
                                     bool first) {
  return choose(work, filled, window, first);
}

WEIR_WIDE_LANES std::size_t Minimisers::choose_wide(Work& work, std::size_t filled,
                                                    std::size_t window, bool first) {
  return choose(work, filled, window, first);
}

}  // namespace weir::protect
