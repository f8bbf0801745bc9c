#include "weir/app/backup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "weir/app/test_workspace.h"

namespace weir::app {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class BackupTest : public WorkspaceTest {};

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
