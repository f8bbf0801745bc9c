#pragma once

#include <array>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/result.h"

namespace weir::vault {

/// The private half of a workspace's key (X25519): whoever has it can read every name in the vault.
struct PrivateKey {
  std::array<unsigned char, 32> bytes{};

  PrivateKey() = default;
  PrivateKey(const PrivateKey&) = default;
  PrivateKey& operator=(const PrivateKey&) = default;
  /// Overwrites the bytes.
  ~PrivateKey();
};

/// One holder's part of a private key (Shamir's scheme over GF(2⁸), libgfshare): `needed` of them
/// make the key, fewer say nothing about it.
struct Share {
  int holder = 0;  // 1 … total
  int needed = 0;
  int total = 0;
  std::string workspace = {};  // `workspace_of` the key
  std::array<unsigned char, 32> bytes{};
};

/// 16 hexadecimal digits that name the workspace a key belongs to: of its public half.
std::string workspace_of(const PrivateKey& key);

/// `invalid_argument` unless 2 <= needed <= total <= 255.
Result<std::vector<Share>> split_key(const PrivateKey& key, int needed, int total);

/// `invalid_argument` for too few shares, one holder twice or shares of different workspaces;
/// `corrupt` if the shares do not make the key they say.
Result<PrivateKey> rebuild_key(std::span<const Share> shares);

/// The text of a share file: what it is, what to do with it, the share, a check sum.
std::string to_text(const Share& share);
/// `name` is for messages. `corrupt` if the check sum does not fit: a typing error or damage.
Result<Share> parse_share(std::string_view text, std::string_view name);
Result<PrivateKey> rebuild_key_from_files(std::span<const std::filesystem::path> files);

}  // namespace weir::vault
