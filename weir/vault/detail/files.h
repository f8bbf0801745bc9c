#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "weir/base/result.h"
#include "weir/ledger/database.h"
#include "weir/vault/detail/box.h"
#include "weir/vault/vault.h"

namespace weir::vault::detail {

inline constexpr const char* kDatabaseName = "vault.db";
inline constexpr const char* kHostKeyName = "host.key";

/// What lies in a vault's folder.
struct Opened {
  ledger::Database database;
  WorkspaceKind kind = WorkspaceKind::production;
  /// From host.key: all hash keys and the wrapping key of the people's keys come from it.
  Key32 root{};
  Key32 public_key{};
  /// Only in simulated and evaluation workspaces.
  std::optional<PrivateKey> private_key = {};
  std::string workspace = {};
};

Result<void> create_files(const std::filesystem::path& folder, const Vault::CreateOptions& options);
Result<Opened> open_files(const std::filesystem::path& folder);

}  // namespace weir::vault::detail
