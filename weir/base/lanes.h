#pragma once

#include <cstdint>
#include <cstring>

namespace weir {

/// Vectors that may be read and written at any address that suits one of their lanes. Where the
/// processor has no registers as wide, the compiler uses several.
using EightInts [[gnu::vector_size(32), gnu::aligned(4), gnu::may_alias]] = std::int32_t;
using FourLongs [[gnu::vector_size(32), gnu::aligned(8), gnu::may_alias]] = std::uint64_t;
using SixteenBytes [[gnu::vector_size(16), gnu::aligned(1), gnu::may_alias]] = std::int8_t;

/// A function to be called only if `has_wide_lanes()`: compiled for registers of 32 bytes.
#if defined(__x86_64__)
#define WEIR_WIDE_LANES [[gnu::target("avx2,bmi,bmi2,lzcnt,popcnt")]]
#else
#define WEIR_WIDE_LANES
#endif

inline bool has_wide_lanes() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("bmi2") != 0;
#else
  return false;
#endif
}

/// What follows is in line by force, so that it is compiled for the processor its caller is for.

/// The top bit of each byte, the first lowest.
[[gnu::always_inline]] inline std::uint32_t bits_of(const SixteenBytes& bytes) {
#if defined(__x86_64__)
  using Bytes [[gnu::vector_size(16)]] = char;
  Bytes aligned;
  std::memcpy(&aligned, &bytes, sizeof(aligned));
  return static_cast<std::uint32_t>(__builtin_ia32_pmovmskb128(aligned));
#else
  std::uint32_t bits = 0;
  for (unsigned i = 0; i < 16; ++i) bits |= (bytes[i] < 0 ? 1u : 0u) << i;
  return bits;
#endif
}

/// Signed numbers are what processors compare, so a range of bytes is told by moving its end to the
/// top: what was above it goes over to the bottom.
[[gnu::always_inline]] inline SixteenBytes from_to(const SixteenBytes& bytes, char first,
                                                   char last) {
  using Unsigned [[gnu::vector_size(16)]] = std::uint8_t;
  Unsigned moved;
  std::memcpy(&moved, &bytes, sizeof(moved));
  moved += static_cast<std::uint8_t>(127 - last);
  SixteenBytes top;
  std::memcpy(&top, &moved, sizeof(top));
  return top > static_cast<std::int8_t>(127 - (last - first) - 1);
}
[[gnu::always_inline]] inline SixteenBytes ascii_letters(const SixteenBytes& bytes) {
  return from_to(bytes | 0x20, 'a', 'z');
}
[[gnu::always_inline]] inline SixteenBytes ascii_digits(const SixteenBytes& bytes) {
  return from_to(bytes, '0', '9');
}

/// The top bit of each of eight numbers, the first lowest.
[[gnu::always_inline]] inline std::uint32_t bits_of(const EightInts& ints) {
#if defined(__x86_64__)
  using Floats [[gnu::vector_size(16)]] = float;
  Floats halves[2];
  std::memcpy(halves, &ints, sizeof(halves));
  return static_cast<std::uint32_t>(__builtin_ia32_movmskps(halves[0]) |
                                    (__builtin_ia32_movmskps(halves[1]) << 4));
#else
  std::uint32_t bits = 0;
  for (unsigned i = 0; i < 8; ++i) bits |= (ints[i] < 0 ? 1u : 0u) << i;
  return bits;
#endif
}

}  // namespace weir
