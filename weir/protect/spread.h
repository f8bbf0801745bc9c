#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_set>
#include <vector>

namespace weir::protect {

/// Tells which passages were said by at least so many different people, however often each of them
/// said it. Passages and people are numbers that stand for them.
///
/// Keeps at most `pairs` pairs of a passage and a person (16 bytes each) beside the passages that
/// enough people have said. Past that it takes no more in: then fewer passages are common than
/// were, never more.
///
/// Not thread-safe.
class Spread {
 public:
  struct Options {
    std::size_t people = 10;       // positive
    std::size_t pairs = 1u << 24;  // positive
  };
  explicit Spread(const Options& options);

  void add(std::uint64_t person, std::span<const std::uint64_t> passages);
  /// Was something left out for want of room?
  bool is_full() const { return full_; }
  /// Ascending.
  std::vector<std::uint64_t> common();

 private:
  struct Pair {
    std::uint64_t passage = 0;
    std::uint64_t person = 0;
    friend auto operator<=>(const Pair&, const Pair&) = default;
  };
  /// Each pair once, and none of a passage that is common.
  void tidy();

  Options options_;
  std::vector<Pair> pairs_;
  std::size_t tidy_at_ = 0;  // so many pairs
  std::unordered_set<std::uint64_t> common_;
  bool full_ = false;
};

}  // namespace weir::protect
