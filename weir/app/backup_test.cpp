#include "weir/app/backup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>

namespace weir::app {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class BackupTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "weir-backup-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);  // fills in the XXXXXX
    folder_ = name;
    InitOptions options;
    options.kind = vault::WorkspaceKind::simulated;
    ASSERT_TRUE(Workspace::create(at("w"), options));
    auto workspace = Workspace::open(at("w"));
    ASSERT_TRUE(workspace);
    workspace_ = std::move(*workspace);
  }
  void TearDown() override {
    workspace_.reset();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  fs::path at(std::string_view name) const { return folder_ / name; }

  fs::path folder_;
  std::unique_ptr<Workspace> workspace_;
};

TEST_F(BackupTest, ASlashAtTheEndIsTheSameFolder) {
  ASSERT_TRUE(backup(*workspace_, at("b/")));
  EXPECT_TRUE(fs::exists(at("b/backup.list")));
  ASSERT_TRUE(restore(at("b/"), at("r/")));
  EXPECT_TRUE(Workspace::open(at("r")));
}

TEST_F(BackupTest, StopsOnRequestAndLeavesNothing) {
  ASSERT_TRUE(backup(*workspace_, at("b")));
  const std::atomic<bool> stop = true;
  EXPECT_EQ(backup(*workspace_, at("c"), &stop).error().code, ErrorCode::cancelled);
  EXPECT_EQ(restore(at("b"), at("r"), &stop).error().code, ErrorCode::cancelled);
  for (const char* name : {"c", "c.partial", "r", "r.partial"}) EXPECT_FALSE(fs::exists(at(name)));
}

TEST_F(BackupTest, NothingKeptAsideIsNoError) {
  fs::remove_all(workspace_->aside_folder());
  EXPECT_TRUE(backup(*workspace_, at("b")));
}

TEST_F(BackupTest, AWorkspaceWithoutItsKeyPointsToTheBackup) {
  workspace_.reset();
  for (const char* name : {"vault/host.key", "vault/vault.db", "weir.yaml"}) {
    fs::remove(at("w") / name);
    const auto opened = Workspace::open(at("w"));
    ASSERT_FALSE(opened);
    EXPECT_THAT(opened.error().message, HasSubstr(name));
    EXPECT_THAT(opened.error().message, HasSubstr("weir restore"));
  }
}

}  // namespace
}  // namespace weir::app
