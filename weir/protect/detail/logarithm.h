#pragma once

#include <bit>
#include <cstdint>

namespace weir::protect {

/// 16·log2 of a number of at least 1, without floating point: the same on every machine.
constexpr std::uint32_t log2_sixteenths(std::uint64_t value) {
  const int whole = static_cast<int>(std::bit_width(value)) - 1;
  // 32 bits behind the leading one, squared four times: each carry is a binary digit of the log.
  std::uint64_t mantissa = whole >= 31 ? value >> (whole - 31) : value << (31 - whole);
  auto result = static_cast<std::uint32_t>(whole);
  for (int i = 0; i < 4; ++i) {
    mantissa = (mantissa * mantissa) >> 31;
    result <<= 1;
    if (mantissa >= (std::uint64_t{1} << 32)) {
      mantissa >>= 1;
      result |= 1;
    }
  }
  return result;
}

}  // namespace weir::protect
