#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string_view>

#include "weir/base/test_folder.h"
#include "weir/ledger/database.h"
#include "weir/roster/roster.h"
#include "weir/vault/vault.h"

namespace weir::ingest {

/// For tests: a ledger, a vault that can reveal, and a roster.
class TestWorkspace {
 public:
  /// `roster_csv` may be empty.
  explicit TestWorkspace(std::string_view roster_csv) {
    vault::Vault::CreateOptions options;
    options.kind = vault::WorkspaceKind::evaluation;
    options.share_folder = folder_.path() / "shares";
    const Result<void> made = vault::Vault::create(folder_.path() / "vault", options);
    EXPECT_TRUE(made) << made.error().message;
    vault_.emplace(vault::Vault::open(folder_.path() / "vault").value());
    ledger_.emplace(ledger::Database::open(folder_.path() / "ledger.db").value());
    roster_.emplace(roster::Roster::open(*ledger_, *vault_).value());
    if (roster_csv.empty()) return;
    const auto imported = roster_->import(folder_.write("roster.csv", roster_csv));
    EXPECT_TRUE(imported) << imported.error().message;
  }

  const TestFolder& folder() const { return folder_; }
  vault::Vault& vault() { return *vault_; }
  roster::Roster& roster() { return *roster_; }

 private:
  TestFolder folder_;
  std::optional<vault::Vault> vault_;
  std::optional<ledger::Database> ledger_;
  std::optional<roster::Roster> roster_;
};

}  // namespace weir::ingest
