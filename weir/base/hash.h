#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace weir {

/// 128 bits, as ids and content hashes are. All zero means "none".
struct Hash128 {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  explicit operator bool() const { return (high | low) != 0; }
  friend auto operator<=>(const Hash128&, const Hash128&) = default;
};

/// 32 lower-case hexadecimal digits.
std::string to_hex(const Hash128& hash);

/// A secret for keyed hashing.
using HashKey = std::array<unsigned char, 16>;

/// SipHash-2-4 with 64 and with 128 bits of output (Aumasson, Bernstein 2012; libsodium).
/// A pseudo-random function: who does not hold the key can neither invert it by dictionary
/// nor make collisions. Thread-safe.
std::uint64_t keyed_hash64(const HashKey& key, std::string_view bytes);
Hash128 keyed_hash128(const HashKey& key, std::string_view bytes);

/// A sub-key for one purpose ("record-id", "address"), so that equal texts in different roles
/// do not hash alike. BLAKE2b keyed with `root`.
HashKey derive_key(const std::array<unsigned char, 32>& root, std::string_view purpose);

/// BLAKE2b-256: for chains and content whose integrity must not be forgeable.
std::array<unsigned char, 32> blake2b(std::string_view bytes);

/// SHA-256 (FIPS 180-4): to compare with what other programs' logs say.
std::array<unsigned char, 32> sha256(std::string_view bytes);

/// The same as `blake2b` over bytes that come in pieces. Not thread-safe.
class Blake2bStream {
 public:
  Blake2bStream();
  void update(std::string_view bytes);
  /// Once, at the end.
  std::array<unsigned char, 32> finish();

 private:
  alignas(64) std::array<unsigned char, 384> state_{};  // crypto_generichash_state
};

/// Not secret and not keyed: finds torn writes and flipped bits, no attacker.
std::uint32_t crc32(std::string_view bytes);
std::uint64_t checksum64(std::string_view bytes);

}  // namespace weir

template <>
struct std::hash<weir::Hash128> {
  std::size_t operator()(const weir::Hash128& h) const noexcept {
    return static_cast<std::size_t>(h.low ^ (h.high * 0x9e3779b97f4a7c15u));
  }
};
