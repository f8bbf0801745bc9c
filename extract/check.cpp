#include "extract/check.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>

#include "extract/sandbox.h"

namespace weir::extract {
namespace {

struct Attempt {
  const char* what;
  bool (*succeeds)();
  bool needs_landlock = false;
};

constexpr std::array kAttempts = {
    Attempt{"open a socket", [] { return socket(AF_INET, SOCK_STREAM, 0) >= 0; }},
    Attempt{"open a Unix socket", [] { return socket(AF_UNIX, SOCK_STREAM, 0) >= 0; }},
    Attempt{"run a program", [] { return execl("/bin/true", "true", nullptr) == 0; }},
    Attempt{"fork", [] { return fork() >= 0; }},
    Attempt{"write a file",
            [] { return open("/tmp/weir-extract-check", O_WRONLY | O_CREAT, 0600) >= 0; }},
    Attempt{"read a file of the system", [] { return open("/etc/passwd", O_RDONLY) >= 0; }, true},
    Attempt{"signal its parent", [] { return kill(getppid(), 0) == 0; }},
    Attempt{"trace a process", [] { return ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0; }},
};

/// True if the attempt failed or was the end of who made it.
bool held(const Attempt& attempt) {
  const pid_t child = fork();
  if (child == 0) {
    if (!limit_resources(std::chrono::seconds{10}, 0) || !restrict_calls()) _exit(2);
    _exit(attempt.succeeds() ? 1 : 0);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return (WIFEXITED(status) && WEXITSTATUS(status) == 0) ||
         (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
}

}  // namespace

int check() {
  const int landlock = restrict_files();
  std::printf("%s\n", describe_protection(landlock).c_str());
  int failures = 0;
  for (const Attempt& attempt : kAttempts) {
    const bool expected = landlock > 0 || !attempt.needs_landlock;
    const bool ok = held(attempt);
    if (expected && !ok) ++failures;
    std::printf("%-30s %s\n", attempt.what,
                ok         ? "refused"
                : expected ? "POSSIBLE"
                           : "possible, without Landlock");
  }
  return failures == 0 ? 0 : 1;
}

}  // namespace weir::extract
