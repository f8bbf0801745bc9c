#pragma once

#include <bit>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/hash.h"

namespace weir::ingest {

/// Remembers, for texts that come again and again, what was worked out from them. A text that
/// falls on another's place takes it: memory is fixed, a miss only costs the work again. Very long
/// texts, which nobody honest writes twice, are not kept: they would make the memory theirs.
/// Not thread-safe.
template <class Value>
class DirectMappedCache {
 public:
  /// `slots` is rounded up to a power of two.
  explicit DirectMappedCache(std::size_t slots) : slots_(std::bit_ceil(slots)) {}

  /// The value of `key`, made by `make(key)` unless it is still here. Valid until the next call.
  template <class Make>
  Value& get(std::string_view key, Make make) {
    if (key.size() > kLongestKey) return passing_ = make(key);
    Slot& slot = slots_[checksum64(key) & (slots_.size() - 1)];
    if (!slot.is_used || slot.key != key) {
      slot.value = make(key);
      slot.key.assign(key);
      slot.is_used = true;
    }
    return slot.value;
  }

 private:
  struct Slot {
    std::string key;
    Value value{};
    bool is_used = false;
  };
  static constexpr std::size_t kLongestKey = 512;

  std::vector<Slot> slots_;
  Value passing_{};
};

}  // namespace weir::ingest
