#include "weir/base/entropy.h"

#include <sodium.h>

namespace weir {

void fill_unpredictable(std::span<std::byte> bytes) { randombytes_buf(bytes.data(), bytes.size()); }

std::uint64_t unpredictable64() {
  std::uint64_t value = 0;
  randombytes_buf(&value, sizeof value);
  return value;
}

}  // namespace weir
