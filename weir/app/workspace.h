#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "weir/app/config.h"
#include "weir/app/manifest.h"
#include "weir/base/file.h"
#include "weir/base/result.h"
#include "weir/lake/lake.h"
#include "weir/ledger/audit.h"
#include "weir/ledger/database.h"
#include "weir/roster/roster.h"
#include "weir/vault/vault.h"

namespace weir::app {

struct InitOptions {
  vault::WorkspaceKind kind = vault::WorkspaceKind::production;
  std::string organisation;
  std::vector<std::string> domains;  // the organisation's own; may be empty
  std::vector<std::string> partners;
  std::string timezone = "UTC";
  std::string config_text;  // a whole weir.yaml instead of the above
  int shares_needed = 2;
  int shares_total = 3;
};

/// One directory, one tenant: weir.yaml, ledger.db, vault/, lake/, state/, aside/, protect/,
/// key-shares/.
/// Pinned: its parts refer to each other. One thread, but for what the parts allow.
class Workspace {
 public:
  /// Makes the folder and everything in it, or nothing. `already_exists` if it is a workspace or
  /// holds other files.
  static Result<void> create(const std::filesystem::path& folder, const InitOptions& options);
  /// `not_found` with the way out if `folder` is not a workspace.
  static Result<std::unique_ptr<Workspace>> open(const std::filesystem::path& folder);

  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  ledger::Database& ledger() { return *ledger_; }
  vault::Vault& vault() { return *vault_; }
  roster::Roster& roster() { return *roster_; }
  ledger::AuditLog& audit() { return *audit_; }
  LedgerManifest& manifest() { return *manifest_; }

  /// The lake for reading or, with the writer's lock, for writing.
  Result<lake::Lake> open_lake(bool read_only);
  /// One audit entry; the actor is the operating-system user. Joins an open transaction: call
  /// `audit().anchor()` after its commit.
  Result<void> note(std::string_view action, std::string_view subject, std::string_view details);
  /// The same, anchored at once.
  Result<void> note_now(std::string_view action, std::string_view subject,
                        std::string_view details);

  std::filesystem::path lake_folder() const { return folder / "lake"; }
  std::filesystem::path state_folder() const { return folder / "state"; }
  std::filesystem::path aside_folder() const { return folder / "aside"; }
  std::filesystem::path protect_folder() const { return folder / "protect"; }

  const std::filesystem::path folder;
  const Config config;

 private:
  Workspace(std::filesystem::path where, Config settings);
  Result<void> build();

  // In order of construction; optional because each can fail to open.
  std::optional<ledger::Database> ledger_;
  std::optional<vault::Vault> vault_;
  std::optional<roster::Roster> roster_;
  std::optional<ledger::AuditLog> audit_;
  std::optional<LedgerManifest> manifest_;
};

/// Name of the operating-system user, for the audit log.
std::string operating_user();

}  // namespace weir::app
