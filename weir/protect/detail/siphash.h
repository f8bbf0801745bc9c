#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "weir/base/hash.h"

namespace weir::protect {

/// SipHash-c-d (Aumasson, Bernstein 2012) in line, because words are short and many: a call into a
/// library costs more than the hash. With (2, 4) it is `weir::keyed_hash64`, which a test compares.
template <int kCompression, int kFinal>
class SipState {
 public:
  explicit SipState(const HashKey& key) {
    std::uint64_t k0 = 0;
    std::uint64_t k1 = 0;
    std::memcpy(&k0, key.data(), 8);
    std::memcpy(&k1, key.data() + 8, 8);
    v0_ = k0 ^ 0x736f6d6570736575u;
    v1_ = k1 ^ 0x646f72616e646f6du;
    v2_ = k0 ^ 0x6c7967656e657261u;
    v3_ = k1 ^ 0x7465646279746573u;
  }
  void absorb(std::uint64_t block) {
    v3_ ^= block;
    rounds(kCompression);
    v0_ ^= block;
  }
  std::uint64_t finish() {
    v2_ ^= 0xff;
    rounds(kFinal);
    return v0_ ^ v1_ ^ v2_ ^ v3_;
  }
  /// Takes the other's place, without a branch.
  void assign_if(bool condition, const SipState& other) {
    v0_ = condition ? other.v0_ : v0_;
    v1_ = condition ? other.v1_ : v1_;
    v2_ = condition ? other.v2_ : v2_;
    v3_ = condition ? other.v3_ : v3_;
  }

 private:
  void rounds(int count) {
    for (int i = 0; i < count; ++i) {
      v0_ += v1_;
      v1_ = std::rotl(v1_, 13) ^ v0_;
      v0_ = std::rotl(v0_, 32);
      v2_ += v3_;
      v3_ = std::rotl(v3_, 16) ^ v2_;
      v0_ += v3_;
      v3_ = std::rotl(v3_, 21) ^ v0_;
      v2_ += v1_;
      v1_ = std::rotl(v1_, 17) ^ v2_;
      v2_ = std::rotl(v2_, 32);
    }
  }
  std::uint64_t v0_ = 0;
  std::uint64_t v1_ = 0;
  std::uint64_t v2_ = 0;
  std::uint64_t v3_ = 0;
};

/// Of at most 15 bytes: eight in `low`, seven and, on top, their number in `high`; what is behind
/// them is 0.
template <int kCompression, int kFinal>
std::uint64_t siphash_short(const HashKey& key, std::uint64_t low, std::uint64_t high) {
  const bool is_one_block = high >> 56 < 8;
  SipState<kCompression, kFinal> state(key);
  SipState<kCompression, kFinal> longer = state;
  longer.absorb(low);
  state.assign_if(!is_one_block, longer);
  state.absorb(is_one_block ? low | high : high);
  return state.finish();
}

template <int kCompression, int kFinal>
std::uint64_t siphash(const HashKey& key, std::string_view bytes) {
  SipState<kCompression, kFinal> state(key);
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; left -= 8, at += 8) {
    std::uint64_t block = 0;
    std::memcpy(&block, at, 8);
    state.absorb(block);
  }
  std::uint64_t last = static_cast<std::uint64_t>(bytes.size()) << 56;
  // Loads that overlap put equal bits in the same places: no loop over what is left.
  if (left >= 4) {
    std::uint32_t low = 0;
    std::uint32_t high = 0;
    std::memcpy(&low, at, 4);
    std::memcpy(&high, at + left - 4, 4);
    last |= low | (std::uint64_t{high} << (8 * (left - 4)));
  } else if (left > 0) {
    const auto byte = [&](std::size_t i) {
      return std::uint64_t{static_cast<unsigned char>(at[i])} << (8 * i);
    };
    last |= byte(0) | byte(left / 2) | byte(left - 1);
  }
  state.absorb(last);
  return state.finish();
}

}  // namespace weir::protect
