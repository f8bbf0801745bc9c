#include "weir/lake/query.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <optional>

#include "weir/lake/detail/files.h"
#include "weir/lake/detail/query_worker.h"

namespace weir::lake {
namespace {

namespace fs = std::filesystem;
using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kMaxOutcomeBytes = 256u << 20;
constexpr std::size_t kReadBytes = 256 * 1024;
constexpr std::chrono::milliseconds kStopLatency{100};

/// A worker that does not outlive this object.
class Worker {
 public:
  Worker(pid_t pid, int descriptor) : pid_(pid), descriptor_(descriptor) {}
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker() {
    ::kill(pid_, SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
    ::close(descriptor_);
  }

  /// All it writes until it ends.
  Result<std::string> output(std::chrono::seconds time_limit, const std::atomic<bool>* stop) {
    const SteadyClock::time_point end = SteadyClock::now() + time_limit;
    std::string bytes;
    for (;;) {
      if (stop != nullptr && *stop) return fail(ErrorCode::cancelled, "stopped on request");
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - SteadyClock::now());
      // In slices: the request to stop may come between looking for it and waiting.
      const auto slice = std::min(left, kStopLatency);
      pollfd ready{descriptor_, POLLIN, 0};
      const int count = left.count() > 0 ? ::poll(&ready, 1, static_cast<int>(slice.count())) : 0;
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return fail_errno(errno, "waiting for the query worker");
      if (count == 0 && SteadyClock::now() < end) continue;
      if (count == 0) {
        return fail(ErrorCode::limit_exceeded,
                    "the query was stopped after {} s; ask for less at a time, for example one "
                    "year",
                    time_limit.count());
      }
      const std::size_t before = bytes.size();
      bytes.resize(before + kReadBytes);
      const ssize_t n = ::read(descriptor_, bytes.data() + before, kReadBytes);
      if (n < 0 && errno != EINTR) return fail_errno(errno, "reading from the query worker");
      bytes.resize(before + static_cast<std::size_t>(n < 0 ? 0 : n));
      if (n == 0) return bytes;
      if (bytes.size() > kMaxOutcomeBytes) {
        return fail(ErrorCode::limit_exceeded,
                    "the query's answer is larger than {} MB; ask for less at a time",
                    kMaxOutcomeBytes >> 20);
      }
    }
  }

 private:
  pid_t pid_;
  int descriptor_;
};

}  // namespace

Result<QueryResult> run_query(std::string_view sql, const QueryOptions& options) {
  WEIR_TRY(require_on_disk(options.lake_folder, options.files));
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return fail_errno(errno, "making a pipe for the query worker");
  const pid_t pid = ::fork();
  if (pid < 0) {
    const int error_number = errno;
    ::close(ends[0]);
    ::close(ends[1]);
    return fail_errno(error_number, "starting the query worker");
  }
  if (pid == 0) {
    ::close(ends[0]);
    query_worker(sql, options, ends[1]);
  }
  ::close(ends[1]);
  Worker worker(pid, ends[0]);
  WEIR_ASSIGN(const std::string bytes, worker.output(options.time_limit, options.stop));
  return parse_outcome(bytes);
}

}  // namespace weir::lake
