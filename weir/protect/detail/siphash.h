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
std::uint64_t siphash(const HashKey& key, std::string_view bytes) {
  std::uint64_t k0 = 0;
  std::uint64_t k1 = 0;
  std::memcpy(&k0, key.data(), 8);
  std::memcpy(&k1, key.data() + 8, 8);
  std::uint64_t v0 = k0 ^ 0x736f6d6570736575u;
  std::uint64_t v1 = k1 ^ 0x646f72616e646f6du;
  std::uint64_t v2 = k0 ^ 0x6c7967656e657261u;
  std::uint64_t v3 = k1 ^ 0x7465646279746573u;
  const auto rounds = [&](int count) {
    for (int i = 0; i < count; ++i) {
      v0 += v1;
      v1 = std::rotl(v1, 13) ^ v0;
      v0 = std::rotl(v0, 32);
      v2 += v3;
      v3 = std::rotl(v3, 16) ^ v2;
      v0 += v3;
      v3 = std::rotl(v3, 21) ^ v0;
      v2 += v1;
      v1 = std::rotl(v1, 17) ^ v2;
      v2 = std::rotl(v2, 32);
    }
  };
  const auto absorb = [&](std::uint64_t block) {
    v3 ^= block;
    rounds(kCompression);
    v0 ^= block;
  };
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; left -= 8, at += 8) {
    std::uint64_t block = 0;
    std::memcpy(&block, at, 8);
    absorb(block);
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
  absorb(last);
  v2 ^= 0xff;
  rounds(kFinal);
  return v0 ^ v1 ^ v2 ^ v3;
}

}  // namespace weir::protect
