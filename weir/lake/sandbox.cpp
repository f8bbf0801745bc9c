#include "weir/lake/detail/sandbox.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "weir/base/bytes.h"
#include "weir/base/file.h"
#include "weir/base/text.h"

namespace weir::lake {
namespace {

// The kernel's headers on the build machine may be older than the kernel.
struct Ruleset {
  std::uint64_t file_system = 0;
  std::uint64_t network = 0;  // since ABI 4
  std::uint64_t scoped = 0;   // since ABI 6
};
constexpr std::uint64_t kAccessAbi1 = (1u << 13) - 1;
constexpr std::uint64_t kAccessRefer = 1u << 13;     // ABI 2
constexpr std::uint64_t kAccessTruncate = 1u << 14;  // ABI 3
constexpr std::uint64_t kAccessIoctl = 1u << 15;     // ABI 5
constexpr std::uint64_t kTcpBindAndConnect = 3;
constexpr std::uint64_t kAbstractSocketsAndSignals = 3;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kShadowMemory = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool kShadowMemory = true;
#else
constexpr bool kShadowMemory = false;
#endif
#else
constexpr bool kShadowMemory = false;
#endif

Result<void> limit(__rlimit_resource resource, std::uint64_t value) {
  rlimit current{};
  ::getrlimit(resource, &current);
  const rlim_t wanted = std::min<rlim_t>(value, current.rlim_max);
  const rlimit now{wanted, wanted};
  if (::setrlimit(resource, &now) != 0) return fail_errno(errno, "limiting the query worker");
  return {};
}

Result<std::uint64_t> mapped_bytes() {
  WEIR_ASSIGN(const std::string pages, read_file("/proc/self/statm", 4096));
  const auto total = parse_u64(split(pages, ' ').front());
  if (!total) return fail(ErrorCode::internal, "/proc/self/statm has an unknown form");
  return *total * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

Result<void> allow(int ruleset, const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_PATH | O_CLOEXEC);
  if (descriptor < 0) return fail_errno(errno, file.string());
  landlock_path_beneath_attr rule{};
  rule.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE;
  rule.parent_fd = descriptor;
  const long rc = ::syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0u);
  const int error_number = errno;
  ::close(descriptor);
  if (rc != 0) return fail_errno(error_number, file.string());
  return {};
}

}  // namespace

Result<void> limit_resources(const Confinement& limits) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return fail_errno(errno, "giving up privileges in the query worker");
  }
  WEIR_TRY(limit(RLIMIT_CORE, 0));
  WEIR_TRY(limit(RLIMIT_FSIZE, 0));
  WEIR_TRY(limit(RLIMIT_CPU, limits.cpu_seconds));
  // A sanitizer's shadow memory is terabytes of address space.
  if (!kShadowMemory) {
    WEIR_ASSIGN(const std::uint64_t mapped, mapped_bytes());
    WEIR_TRY(limit(RLIMIT_AS, mapped + limits.memory_bytes));
  }
  return {};
}

Result<bool> allow_reading_only(std::span<const std::filesystem::path> files) {
  const long abi = ::syscall(SYS_landlock_create_ruleset, nullptr, std::size_t{0},
                             LANDLOCK_CREATE_RULESET_VERSION);
  if (abi < 1) return false;
  Ruleset wanted;
  wanted.file_system = kAccessAbi1 | (abi >= 2 ? kAccessRefer : 0) |
                       (abi >= 3 ? kAccessTruncate : 0) | (abi >= 5 ? kAccessIoctl : 0);
  wanted.network = abi >= 4 ? kTcpBindAndConnect : 0;
  wanted.scoped = abi >= 6 ? kAbstractSocketsAndSignals : 0;
  const std::size_t size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
  const long created = ::syscall(SYS_landlock_create_ruleset, &wanted, size, 0u);
  if (created < 0) return fail_errno(errno, "confining the query worker");
  const int ruleset = static_cast<int>(created);
  for (const std::filesystem::path& file : files) {
    if (Result<void> allowed = allow(ruleset, file); !allowed) {
      ::close(ruleset);
      return std::unexpected(std::move(allowed).error());
    }
  }
  const long rc = ::syscall(SYS_landlock_restrict_self, ruleset, 0u);
  const int error_number = errno;
  ::close(ruleset);
  if (rc != 0) return fail_errno(error_number, "confining the query worker");
  return true;
}

}  // namespace weir::lake
