#include "weir/base/hash.h"

#include <fmt/format.h>
#include <sodium.h>
#include <xxhash.h>
#include <zlib.h>

#include <cstring>

#include "weir/base/bytes.h"
#include "weir/base/result.h"

namespace weir {
namespace {

const unsigned char* data_of(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

/// Until it is started, libsodium hashes by its plainest code, a tenth slower.
void start_libsodium() {
  static const int status = sodium_init();
  WEIR_ASSERT(status >= 0);
}

}  // namespace

std::string to_hex(ByteSpan bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::byte b : bytes)
    fmt::format_to(std::back_inserter(text), "{:02x}", static_cast<unsigned>(b));
  return text;
}

std::string to_hex(const Hash128& hash) {
  return fmt::format("{:016x}{:016x}", hash.high, hash.low);
}

std::uint64_t keyed_hash64(const HashKey& key, std::string_view bytes) {
  std::uint64_t out = 0;
  crypto_shorthash(reinterpret_cast<unsigned char*>(&out), data_of(bytes), bytes.size(),
                   key.data());
  return out;
}

Hash128 keyed_hash128(const HashKey& key, std::string_view bytes) {
  unsigned char out[16];
  crypto_shorthash_siphashx24(out, data_of(bytes), bytes.size(), key.data());
  Hash128 hash;
  std::memcpy(&hash.high, out, 8);
  std::memcpy(&hash.low, out + 8, 8);
  return hash;
}

HashKey derive_key(const std::array<unsigned char, 32>& root, std::string_view purpose) {
  HashKey key;
  const int rc = crypto_generichash(key.data(), key.size(), data_of(purpose), purpose.size(),
                                    root.data(), root.size());
  WEIR_ASSERT(rc == 0);
  return key;
}

std::array<unsigned char, 32> blake2b(std::string_view bytes) {
  start_libsodium();
  std::array<unsigned char, 32> out;
  const int rc =
      crypto_generichash(out.data(), out.size(), data_of(bytes), bytes.size(), nullptr, 0);
  WEIR_ASSERT(rc == 0);
  return out;
}

std::array<unsigned char, 32> sha256(std::string_view bytes) {
  std::array<unsigned char, 32> out;
  crypto_hash_sha256(out.data(), data_of(bytes), bytes.size());
  return out;
}

namespace {

static_assert(sizeof(crypto_generichash_state) <= 384 && alignof(crypto_generichash_state) <= 64);

crypto_generichash_state* state_in(std::array<unsigned char, 384>& bytes) {
  return reinterpret_cast<crypto_generichash_state*>(bytes.data());
}

}  // namespace

Blake2bStream::Blake2bStream() {
  start_libsodium();
  crypto_generichash_init(state_in(state_), nullptr, 0, 32);
}

void Blake2bStream::update(std::string_view bytes) {
  crypto_generichash_update(state_in(state_), data_of(bytes), bytes.size());
}

std::array<unsigned char, 32> Blake2bStream::finish() {
  std::array<unsigned char, 32> out;
  crypto_generichash_final(state_in(state_), out.data(), out.size());
  return out;
}

std::uint32_t crc32(std::string_view bytes) {
  return static_cast<std::uint32_t>(::crc32_z(0, data_of(bytes), bytes.size()));
}

std::uint64_t checksum64(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

}  // namespace weir
