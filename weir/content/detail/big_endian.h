#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir::content {

/// The number in `Bytes` bytes from `at` on, the largest first; what is beyond the end counts as 0.
template <std::size_t Bytes>
constexpr std::uint32_t big_endian(std::string_view bytes, std::size_t at) {
  static_assert(Bytes >= 1 && Bytes <= 4);
  std::uint32_t value = 0;
  for (std::size_t i = at; i < at + Bytes; ++i) {
    value = value << 8 | (i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0u);
  }
  return value;
}

}  // namespace weir::content
