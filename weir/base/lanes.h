#pragma once

#include <cstdint>

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

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
  return static_cast<std::uint32_t>(
      _mm_movemask_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(&bytes))));
#else
  std::uint32_t bits = 0;
  for (unsigned i = 0; i < 16; ++i) bits |= (bytes[i] < 0 ? 1u : 0u) << i;
  return bits;
#endif
}

/// The top bit of each of eight numbers, the first lowest.
[[gnu::always_inline]] inline std::uint32_t bits_of(const EightInts& ints) {
#if defined(__x86_64__)
  const auto* halves = reinterpret_cast<const float*>(&ints);
  return static_cast<std::uint32_t>(_mm_movemask_ps(_mm_loadu_ps(halves)) |
                                    (_mm_movemask_ps(_mm_loadu_ps(halves + 4)) << 4));
#else
  std::uint32_t bits = 0;
  for (unsigned i = 0; i < 8; ++i) bits |= (ints[i] < 0 ? 1u : 0u) << i;
  return bits;
#endif
}

}  // namespace weir
