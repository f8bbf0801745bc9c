#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "weir/base/file.h"
#include "weir/base/time.h"
#include "weir/ledger/database.h"
#include "weir/roster/roster.h"
#include "weir/vault/vault.h"

namespace weir::roster {

inline Day day(std::string_view text) { return parse_day(text).value(); }
inline Instant noon(std::string_view text) { return day(text) + std::chrono::hours{12}; }

/// A simulated workspace, so that names can be looked at.
class RosterTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) /
              fmt::format("weir-roster-{}-{}", ::getpid(),
                          testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(folder_);
    ASSERT_TRUE(vault::Vault::create(folder_ / "vault", {.kind = vault::WorkspaceKind::simulated}));
    reopen();
  }
  void TearDown() override {
    roster_.reset();
    std::filesystem::remove_all(folder_);
  }

  void reopen() {
    roster_.reset();
    vault_.reset();
    vault_ = std::make_unique<vault::Vault>(vault::Vault::open(folder_ / "vault").value());
    database_ = ledger::Database::open(folder_ / "ledger.db").value();
    roster_ = std::make_unique<Roster>(Roster::open(database_, *vault_).value());
  }

  /// Imports CSV text; the file is called roster.csv.
  Result<ImportReport> import(const std::string& csv) {
    EXPECT_TRUE(write_file_atomic(folder_ / "roster.csv", csv));
    return roster_->import(folder_ / "roster.csv");
  }
  ImportReport import_well(const std::string& csv) {
    const Result<ImportReport> report = import(csv);
    EXPECT_TRUE(report) << report.error().message;
    return report.value_or(ImportReport{});
  }
  std::string refusal(const std::string& csv) {
    const Result<ImportReport> report = import(csv);
    EXPECT_FALSE(report) << csv;
    if (report) return "";
    EXPECT_EQ(report.error().code, ErrorCode::invalid_argument) << report.error().message;
    return report.error().message;
  }
  event::PersonId user(std::string_view id, std::string_view when = "2015-01-01") const {
    return roster_->resolve(IdentityKind::user_id, id, noon(when));
  }
  event::PersonId mail(std::string_view address, std::string_view when = "2015-01-01") const {
    return roster_->resolve(IdentityKind::mail_address, address, noon(when));
  }
  event::PersonId meet(IdentityKind kind, std::string_view identity,
                       std::string_view when = "2015-01-01") {
    return roster_->resolve_or_make(kind, identity, noon(when), "mail").value();
  }
  People people() { return roster_->people().value(); }

  std::filesystem::path folder_;
  std::unique_ptr<vault::Vault> vault_;
  ledger::Database database_;
  std::unique_ptr<Roster> roster_;
};

}  // namespace weir::roster
