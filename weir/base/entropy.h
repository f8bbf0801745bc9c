#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace weir {

/// Unpredictable bytes from the operating system (libsodium): for keys, nonces and ids that must
/// mean nothing. What must come out the same again takes a `Random` instead. Thread-safe.
void fill_unpredictable(std::span<std::byte> bytes);
std::uint64_t unpredictable64();

}  // namespace weir
