#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace weir::vault::detail {

/// A set of keyed hashes, none of them 0: open addressing, 8 bytes a slot, at most two thirds full.
/// The tokens are pseudo-random already, so their low bits serve as the hash.
class TokenSet {
 public:
  bool contains(std::uint64_t token) const { return slots_[slot_of(token)] == token; }

  /// False if it was there.
  bool insert(std::uint64_t token) {
    std::size_t slot = slot_of(token);
    if (slots_[slot] == token) return false;
    if ((size_ + 1) * 3 > slots_.size() * 2) {
      grow();
      slot = slot_of(token);
    }
    slots_[slot] = token;
    ++size_;
    return true;
  }

  std::size_t size() const { return size_; }

 private:
  /// Where the token is, or the empty slot where it would go.
  std::size_t slot_of(std::uint64_t token) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = token & mask;
    while (slots_[slot] != 0 && slots_[slot] != token) slot = (slot + 1) & mask;
    return slot;
  }

  void grow() {
    std::vector<std::uint64_t> old(slots_.size() * 2, 0);
    std::swap(old, slots_);
    for (const std::uint64_t token : old) {
      if (token != 0) slots_[slot_of(token)] = token;
    }
  }

  std::vector<std::uint64_t> slots_ = std::vector<std::uint64_t>(1024, 0);
  std::size_t size_ = 0;
};

}  // namespace weir::vault::detail
