#include "extract/sandbox.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>

namespace weir::extract {
namespace {

/// Whatever the headers of the build machine know: rights of Landlock 1 to 5.
constexpr std::uint64_t rights_of(int version) {
  constexpr std::uint64_t kFirst = (std::uint64_t{1} << 13) - 1;
  std::uint64_t rights = kFirst;
  if (version >= 2) rights |= std::uint64_t{1} << 13;  // link and rename across folders
  if (version >= 3) rights |= std::uint64_t{1} << 14;  // truncate
  if (version >= 5) rights |= std::uint64_t{1} << 15;  // ioctl on devices
  return rights;
}

/// As Landlock 6 has it; older headers end earlier, older kernels take the front of it.
struct Ruleset {
  std::uint64_t files = 0;
  std::uint64_t network = 0;
  std::uint64_t scoped = 0;
};

struct Release {
  void operator()(void* filter) const { seccomp_release(filter); }
};

}  // namespace

int restrict_files() {
  const auto version = static_cast<int>(
      syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION));
  if (version < 1) return 0;
  Ruleset wanted{.files = rights_of(version)};
  std::size_t size = 8;
  if (version >= 4) {
    wanted.network = 3;  // bind and connect, TCP
    size = 16;
  }
  if (version >= 6) {
    wanted.scoped = 3;  // abstract sockets and signals stay inside
    size = 24;
  }
  const auto ruleset = static_cast<int>(syscall(SYS_landlock_create_ruleset, &wanted, size, 0));
  if (ruleset < 0) return 0;
  constexpr std::array kReadable = {"/usr/lib/x86_64-linux-gnu/gconv",
                                    "/usr/lib/aarch64-linux-gnu/gconv", "/usr/lib64/gconv",
                                    "/usr/lib/gconv", "/usr/share/poppler"};
  for (const char* folder : kReadable) {
    const int fd = open(folder, O_PATH | O_CLOEXEC | O_DIRECTORY);
    if (fd < 0) continue;
    landlock_path_beneath_attr rule{};
    rule.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
    rule.parent_fd = fd;
    syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    close(fd);
  }
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  const bool done = syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
  close(ruleset);
  return done ? version : 0;
}

Result<void> limit_resources(std::chrono::milliseconds time, std::uint64_t memory_bytes) {
  const auto set = [](__rlimit_resource_t what, rlim_t value) {
    const rlimit limit{.rlim_cur = value, .rlim_max = value};
    return setrlimit(what, &limit) == 0;
  };
  const auto seconds = static_cast<rlim_t>(time.count() / 1000 + 2);
  if (!set(RLIMIT_CPU, seconds) || !set(RLIMIT_CORE, 0) || !set(RLIMIT_NOFILE, 64) ||
      !set(RLIMIT_FSIZE, 0)) {
    return fail_errno(errno, "setrlimit");
  }
#ifndef WEIR_SANITIZED  // sanitizers reserve terabytes
  if (memory_bytes > 0 && !set(RLIMIT_AS, memory_bytes)) return fail_errno(errno, "setrlimit");
#else
  static_cast<void>(memory_bytes);
#endif
  return {};
}

Result<void> restrict_calls() {
  const std::unique_ptr<void, Release> filter(seccomp_init(SCMP_ACT_KILL_PROCESS));
  if (filter == nullptr) return fail(ErrorCode::io, "seccomp_init failed");
  int bad = 0;
  const auto allow = [&](int call) {
    bad += seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 0) != 0 ? 1 : 0;
  };
  for (const int call : {SCMP_SYS(read),
                         SCMP_SYS(readv),
                         SCMP_SYS(pread64),
                         SCMP_SYS(write),
                         SCMP_SYS(writev),
                         SCMP_SYS(close),
                         SCMP_SYS(fstat),
                         SCMP_SYS(newfstatat),
                         SCMP_SYS(statx),
                         SCMP_SYS(fstatfs),
                         SCMP_SYS(lseek),
                         SCMP_SYS(mmap),
                         SCMP_SYS(munmap),
                         SCMP_SYS(mprotect),
                         SCMP_SYS(mremap),
                         SCMP_SYS(brk),
                         SCMP_SYS(madvise),
                         SCMP_SYS(futex),
                         SCMP_SYS(rt_sigaction),
                         SCMP_SYS(rt_sigprocmask),
                         SCMP_SYS(rt_sigreturn),
                         SCMP_SYS(sigaltstack),
                         SCMP_SYS(exit),
                         SCMP_SYS(exit_group),
                         SCMP_SYS(getpid),
                         SCMP_SYS(gettid),
                         SCMP_SYS(clock_gettime),
                         SCMP_SYS(clock_getres),
                         SCMP_SYS(gettimeofday),
                         SCMP_SYS(time),
                         SCMP_SYS(getrandom),
                         SCMP_SYS(sched_yield),
                         SCMP_SYS(sched_getaffinity),
                         SCMP_SYS(getrlimit),
                         SCMP_SYS(getrusage),
                         SCMP_SYS(sysinfo),
                         SCMP_SYS(uname),
                         SCMP_SYS(getuid),
                         SCMP_SYS(geteuid),
                         SCMP_SYS(getgid),
                         SCMP_SYS(getegid),
                         SCMP_SYS(getcwd),
                         SCMP_SYS(restart_syscall),
                         SCMP_SYS(rseq),
                         SCMP_SYS(set_robust_list),
                         SCMP_SYS(fadvise64)}) {
    allow(call);
  }
#ifdef WEIR_SANITIZED  // UBSan asks a pipe whether memory may be read
  allow(SCMP_SYS(pipe2));
#endif
  const auto add = [&](std::uint32_t action, int call, const scmp_arg_cmp& test) {
    bad += seccomp_rule_add_array(filter.get(), action, call, 1, &test) != 0 ? 1 : 0;
  };
  // The header's macros for this are C's alone.
  const auto masked = [](unsigned argument, scmp_datum_t mask, scmp_datum_t value) {
    return scmp_arg_cmp{
        .arg = argument, .op = SCMP_CMP_MASKED_EQ, .datum_a = mask, .datum_b = value};
  };
  const auto equal = [](unsigned argument, scmp_datum_t value) {
    return scmp_arg_cmp{.arg = argument, .op = SCMP_CMP_EQ, .datum_a = value, .datum_b = 0};
  };
  // Files for reading alone, and of those what Landlock leaves.
  constexpr std::uint64_t kWriting = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND;
  add(SCMP_ACT_ALLOW, SCMP_SYS(openat), masked(2, kWriting, 0));
  add(SCMP_ACT_ALLOW, SCMP_SYS(open), masked(1, kWriting, 0));
  // What libraries would like to write (fontconfig, a cache) they can do without.
  for (const int flag : {O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_APPEND}) {
    const auto bit = static_cast<scmp_datum_t>(flag);
    add(SCMP_ACT_ERRNO(EACCES), SCMP_SYS(openat), masked(2, bit, bit));
    add(SCMP_ACT_ERRNO(EACCES), SCMP_SYS(open), masked(1, bit, bit));
  }
  // abort() signals itself.
  add(SCMP_ACT_ALLOW, SCMP_SYS(tgkill), equal(0, static_cast<scmp_datum_t>(getpid())));
  // Limits may be asked for, not set.
  add(SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), equal(2, 0));
  for (const int command : {F_GETFD, F_SETFD, F_GETFL}) {
    add(SCMP_ACT_ALLOW, SCMP_SYS(fcntl), equal(1, static_cast<scmp_datum_t>(command)));
  }
  // What libraries try and can do without is refused; the process lives.
  for (const int call :
       {SCMP_SYS(socket), SCMP_SYS(connect), SCMP_SYS(ioctl), SCMP_SYS(access), SCMP_SYS(faccessat),
        SCMP_SYS(faccessat2), SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(readlink),
        SCMP_SYS(readlinkat), SCMP_SYS(getdents64), SCMP_SYS(unlink), SCMP_SYS(mkdir)}) {
    bad += seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(EACCES), call, 0) != 0 ? 1 : 0;
  }
  if (bad != 0 || seccomp_load(filter.get()) != 0) {
    return fail(ErrorCode::io, "the seccomp filter could not be set");
  }
  return {};
}

std::string describe_protection(int landlock) {
  if (landlock > 0) return fmt::format("seccomp, Landlock {}", landlock);
  return "seccomp; no Landlock in this kernel: workers could open any file that this user may read";
}

}  // namespace weir::extract
