#include "weir/ingest/detail/walk.h"

#include <gtest/gtest.h>

#include "weir/base/test_folder.h"

namespace weir::ingest {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> names(const TestFolder& folder) {
  std::vector<std::string> found;
  const Inputs inputs = list_inputs({folder.path()});
  for (const InputFile& file : inputs.files) {
    found.push_back(file.path.lexically_relative(folder.path()).string());
  }
  EXPECT_TRUE(inputs.problems.empty());
  return found;
}

TEST(Walk, ListsFilesBelowAFolderInOrderOfTheirNames) {
  TestFolder folder;
  folder.write("b/2.csv", "x");
  folder.write("b/1.csv", "x");
  folder.write("a.csv", "xyz");
  EXPECT_EQ(names(folder), (std::vector<std::string>{"a.csv", "b/1.csv", "b/2.csv"}));
}

TEST(Walk, LeavesOutWhatIsHiddenButNotTheFoldersOfAMailbox) {
  TestFolder folder;
  folder.write(".hidden", "x");
  folder.write(".git/config", "x");
  folder.write("box/cur/1", "x");
  folder.write("box/.Sent/cur/2", "x");
  fs::create_directories(folder.path() / "box/.Sent/new");
  EXPECT_EQ(names(folder), (std::vector<std::string>{"box/.Sent/cur/2", "box/cur/1"}));
}

TEST(Walk, FollowsLinksToFilesButNotInCircles) {
  TestFolder folder;
  const fs::path file = folder.write("a.csv", "x");
  fs::create_symlink(folder.path(), folder.path() / "loop");
  fs::create_symlink(file, folder.path() / "link.csv");
  fs::create_symlink(folder.path() / "nowhere", folder.path() / "broken");
  EXPECT_EQ(names(folder), (std::vector<std::string>{"a.csv", "link.csv"}));
}

TEST(Walk, TakesWhatIsNamedAsItIs) {
  TestFolder folder;
  const fs::path hidden = folder.write(".hidden", "four");
  const fs::path roster = folder.write("roster.csv", "x");
  const std::vector<InputFile> files =
      list_inputs({hidden, "-", folder.path() / "missing", roster}).files;
  ASSERT_EQ(files.size(), 4u);
  EXPECT_EQ(files[0].bytes, 4u);
  EXPECT_EQ(files[1].path, "-");
  EXPECT_EQ(files[2].bytes, 0u);
}

}  // namespace
}  // namespace weir::ingest
