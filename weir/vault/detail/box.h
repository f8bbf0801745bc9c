#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::vault::detail {

using Key32 = std::array<unsigned char, 32>;
using Nonce24 = std::array<unsigned char, 24>;

Key32 random_key();
/// A 32-byte sub-key of `root` for one purpose.
Key32 derive_key32(const Key32& root, std::string_view purpose);

/// XChaCha20-Poly1305: `text` encrypted, and bound to `context`, which is not kept.
std::string encrypt(const Key32& key, const Nonce24& nonce, std::string_view context,
                    std::string_view text);
std::optional<std::string> decrypt(const Key32& key, const Nonce24& nonce, std::string_view context,
                                   std::string_view encrypted);

/// The same under a random nonce, which goes in front.
std::string seal_box(const Key32& key, std::string_view context, std::string_view text);
std::optional<std::string> open_box(const Key32& key, std::string_view context,
                                    std::string_view box);

/// To a public key (X25519): only the private half opens it.
std::string seal_to(const Key32& public_key, std::string_view text);
std::optional<std::string> open_sealed_to(const Key32& private_key, std::string_view sealed);
Key32 public_half(const Key32& private_key);

}  // namespace weir::vault::detail
