#include "weir/base/file.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace weir {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class FileTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              fmt::format("weir-file-{}-{}", ::getpid(),
                          testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  static mode_t mode_of(const fs::path& path) {
    struct stat status{};
    EXPECT_EQ(::stat(path.c_str(), &status), 0);
    return status.st_mode & 0777u;
  }

  fs::path folder_;
};

TEST_F(FileTest, WritesAppendsAndReads) {
  const fs::path path = folder_ / "a";
  {
    File file = File::create(path).value();
    ASSERT_TRUE(file.write("hello"));
    ASSERT_TRUE(file.sync());
    EXPECT_EQ(file.size().value(), 5u);
  }
  ASSERT_TRUE(File::open_append(path).value().write(", world"));
  EXPECT_EQ(read_file(path, 100).value(), "hello, world");
  EXPECT_EQ(mode_of(path), 0600u);
  File reader = File::open_read(path).value();
  char buffer[100];
  EXPECT_EQ(reader.read(buffer, sizeof buffer).value(), 12u);
  EXPECT_EQ(reader.read(buffer, sizeof buffer).value(), 0u);
}

TEST_F(FileTest, MovesItsDescriptorOnlyOnce) {
  File first = File::create(folder_ / "a").value();
  const int descriptor = first.descriptor();
  File second = std::move(first);
  EXPECT_EQ(second.descriptor(), descriptor);
  ASSERT_TRUE(second.write("still open"));
  ASSERT_TRUE(second.truncate(5));
  EXPECT_EQ(read_file(folder_ / "a", 100).value(), "still");
}

TEST_F(FileTest, NamesTheFileThatIsNotThere) {
  const auto opened = File::open_read(folder_ / "none");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::not_found);
  EXPECT_THAT(opened.error().message, HasSubstr((folder_ / "none").string()));
}

TEST_F(FileTest, ReadsNoMoreThanTheLimit) {
  ASSERT_TRUE(write_file_atomic(folder_ / "a", std::string(100, 'x')));
  EXPECT_EQ(read_file(folder_ / "a", 100).value().size(), 100u);
  EXPECT_EQ(read_file(folder_ / "a", 99).error().code, ErrorCode::limit_exceeded);
}

TEST_F(FileTest, SaysThatTheDiskIsFull) {
  // Every write to this device fails with "no space left".
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  File full = File::open_append("/dev/full").value();
  const Result<void> written = full.write("x");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::no_space);
}

TEST_F(FileTest, ReplacesAFileAsAWholeOrNotAtAll) {
  const fs::path path = folder_ / "a";
  ASSERT_TRUE(write_file_atomic(path, "old"));
  ASSERT_TRUE(write_file_atomic(path, "new"));
  EXPECT_EQ(read_file(path, 100).value(), "new");
  EXPECT_EQ(mode_of(path), 0600u);
  fs::create_directories(folder_ / "taken" / "x");
  EXPECT_FALSE(write_file_atomic(folder_ / "taken", "a folder is in the way"));
  EXPECT_FALSE(fs::exists(folder_ / "taken.tmp")) << "what failed is cleaned up";
}

TEST_F(FileTest, ALockIsHeldByOneUntilItIsDropped) {
  const fs::path path = folder_ / "lock";
  {
    const FileLock held = FileLock::acquire(path).value();
    const auto refused = FileLock::acquire(path);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::conflict);
    EXPECT_THAT(refused.error().message, HasSubstr(path.string()));
  }
  EXPECT_TRUE(FileLock::acquire(path));
}

TEST_F(FileTest, SyncsAFolderAndReportsOneThatIsNone) {
  EXPECT_TRUE(sync_folder(folder_));
  EXPECT_TRUE(sync_folder({}));
  EXPECT_FALSE(sync_folder(folder_ / "none"));
}

}  // namespace
}  // namespace weir
