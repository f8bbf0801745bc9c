#include "weir/lake/detail/sandbox.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <vector>

#include "weir/lake/test_support.h"

namespace weir::lake {
namespace {

namespace fs = std::filesystem;

/// Runs `body` in a child that first confines itself to `allowed`; true if it returned true, or if
/// the kernel cannot confine.
template <class Body>
bool holds_when_confined(const std::vector<fs::path>& allowed, Body body) {
  const pid_t pid = ::fork();
  WEIR_ASSERT(pid >= 0);
  if (pid == 0) {
    const bool limited = limit_resources({.memory_bytes = 1u << 30, .cpu_seconds = 10}).has_value();
    const Result<bool> confined = allow_reading_only(allowed);
    ::_exit(limited && confined && (!*confined || body()) ? 0 : 1);
  }
  int status = 0;
  WEIR_ASSERT(::waitpid(pid, &status, 0) == pid);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool is_denied(const fs::path& path, int flags) {
  return ::open(path.c_str(), flags, 0600) < 0 && (errno == EACCES || errno == EPERM);
}

class SandboxTest : public testing::Test {
 protected:
  SandboxTest() {
    std::ofstream(allowed_) << "allowed";
    std::ofstream(other_) << "other";
  }
  TestFolder folder_;
  fs::path allowed_ = folder_.path() / "allowed";
  fs::path other_ = folder_.path() / "other";
};

TEST_F(SandboxTest, ReadsTheListedFileAndNoOther) {
  EXPECT_TRUE(holds_when_confined({allowed_}, [&] {
    return ::open(allowed_.c_str(), O_RDONLY) >= 0 && is_denied(other_, O_RDONLY) &&
           is_denied("/etc/passwd", O_RDONLY) &&
           is_denied(folder_.path(), O_RDONLY | O_DIRECTORY) &&
           is_denied("/proc/self/environ", O_RDONLY);
  }));
}

TEST_F(SandboxTest, WritesNothing) {
  EXPECT_TRUE(holds_when_confined({allowed_}, [&] {
    return is_denied(allowed_, O_WRONLY) && is_denied(folder_.path() / "new", O_WRONLY | O_CREAT) &&
           ::unlink(other_.c_str()) < 0 && ::rename(other_.c_str(), allowed_.c_str()) < 0 &&
           ::mkdir((folder_.path() / "folder").c_str(), 0700) < 0;
  }));
  EXPECT_TRUE(fs::exists(other_));
}

TEST_F(SandboxTest, StartsNoProgram) {
  EXPECT_TRUE(holds_when_confined({allowed_}, [] {
    ::execl("/bin/true", "true", nullptr);
    return errno == EACCES;
  }));
}

TEST_F(SandboxTest, NamesAListedFileThatIsNotThere) {
  EXPECT_FALSE(holds_when_confined({folder_.path() / "missing"}, [] { return true; }));
}

}  // namespace
}  // namespace weir::lake
