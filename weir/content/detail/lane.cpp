#include "weir/content/detail/lane.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "weir/content/request.h"
#include "weir/content/wire.h"

namespace weir::content {
namespace {

using Steady = std::chrono::steady_clock;
constexpr std::chrono::seconds kStartTime{20};
constexpr std::chrono::seconds kAnswerTime{5};

/// Waits until there is something to read; false once it is `deadline`.
bool wait_readable(int fd, Steady::time_point deadline) {
  while (true) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Steady::now()).count();
    pollfd watched{.fd = fd, .events = POLLIN, .revents = 0};
    const int ready = poll(&watched, 1, static_cast<int>(std::max<std::int64_t>(left, 0)));
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
}

/// The next packet; empty if the other side is gone or silent.
std::string receive(int socket, Steady::time_point deadline) {
  if (!wait_readable(socket, deadline)) return {};
  std::array<char, kPacketBytes> buffer{};
  ssize_t got = 0;
  do {
    got = recv(socket, buffer.data(), buffer.size(), 0);
  } while (got < 0 && errno == EINTR);
  return got <= 0 ? std::string() : std::string(buffer.data(), static_cast<std::size_t>(got));
}

/// A memfd with `bytes` that nobody can change any more.
Result<Descriptor> sealed_copy(std::string_view bytes) {
  Descriptor memory(memfd_create("weir-document", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (memory.get() < 0) return fail_errno(errno, "memfd_create");
  while (!bytes.empty()) {
    const ssize_t put = write(memory.get(), bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return fail_errno(errno, "writing a document into memory");
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  constexpr int kSeals = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL;
  if (fcntl(memory.get(), F_ADD_SEALS, kSeals) != 0) return fail_errno(errno, "sealing a memfd");
  return memory;
}

Finding uninspected(std::string_view why, FindingKind kind = FindingKind::unreadable) {
  return {.kind = kind, .path = {}, .reason = "could not be inspected: " + std::string(why)};
}

}  // namespace

Descriptor::Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    reset();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

Descriptor::~Descriptor() { reset(); }

void Descriptor::reset() {
  if (fd_ >= 0) close(std::exchange(fd_, -1));
}

Result<std::string> Extractor::Lane::start() {
  stop();
  std::array<int, 2> pair{};
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair.data()) != 0) {
    return fail_errno(errno, "socketpair");
  }
  Descriptor ours(pair[0]);
  Descriptor theirs(pair[1]);

  const std::string program = options_.program.string();
  std::string serve = options_.ocr.empty() ? "--serve" : "--serve=" + options_.ocr;
  std::array<char*, 3> arguments = {const_cast<char*>(program.c_str()), serve.data(), nullptr};
  // Nothing of our environment is its business, but what tells sanitizers where to write. OCR would
  // start threads, which the sandbox does not allow.
  std::string sanitizer = "ASAN_OPTIONS=";
  if (const char* set = std::getenv("ASAN_OPTIONS")) sanitizer += set;
  std::array<char*, 4> environment = {const_cast<char*>("LC_ALL=C.UTF-8"),
                                      const_cast<char*>("OMP_THREAD_LIMIT=1"), sanitizer.data(),
                                      nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, theirs.get(), kRequestDescriptor);
  posix_spawn_file_actions_addclosefrom_np(&actions, kRequestDescriptor + 1);
  const int error =
      posix_spawn(&pid_, program.c_str(), &actions, nullptr, arguments.data(), environment.data());
  posix_spawn_file_actions_destroy(&actions);
  theirs.reset();  // or the end of the program would go unseen
  if (error != 0) {
    pid_ = -1;
    return fail_errno(error, "starting " + program);
  }
  socket_ = std::move(ours);
  std::string answer = receive(socket_.get(), Steady::now() + kStartTime);
  if (!answer.starts_with(kRefusal)) return answer;
  stop();
  return fail(ErrorCode::not_found, "{}", std::string_view(answer).substr(1));
}

void Extractor::Lane::stop() {
  socket_.reset();
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
}

Result<void> Extractor::Lane::send(std::string_view bytes, std::string_view name,
                                   Descriptor& frames) {
  WEIR_ASSIGN(const Descriptor document, sealed_copy(bytes));
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return fail_errno(errno, "pipe");
  frames = Descriptor(ends[0]);
  const Descriptor writing(ends[1]);

  std::string packet = encode(ExtractRequest{.name = std::string(name),
                                             .limits = options_.limits,
                                             .memory_bytes = options_.memory_bytes,
                                             .grace = options_.grace});
  iovec part{.iov_base = packet.data(), .iov_len = packet.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(2 * sizeof(int))> control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  cmsghdr* head = CMSG_FIRSTHDR(&message);
  head->cmsg_level = SOL_SOCKET;
  head->cmsg_type = SCM_RIGHTS;
  head->cmsg_len = CMSG_LEN(2 * sizeof(int));
  const std::array<int, 2> descriptors = {document.get(), writing.get()};
  std::memcpy(CMSG_DATA(head), descriptors.data(), sizeof descriptors);
  if (sendmsg(socket_.get(), &message, MSG_NOSIGNAL) < 0) {
    return fail_errno(errno, "asking weir-extract");
  }
  return {};
}

bool Extractor::Lane::collect(const Descriptor& frames, Extraction& out, bool& done) {
  FrameReader reader({}, out);
  const auto deadline = Steady::now() + options_.limits.time + options_.grace + kAnswerTime;
  std::string buffer(std::size_t{256} << 10, '\0');
  while (wait_readable(frames.get(), deadline)) {
    const ssize_t got = read(frames.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      done = reader.is_done();
      return true;
    }
    if (!reader.feed(std::string_view(buffer.data(), static_cast<std::size_t>(got)))) return false;
  }
  return false;
}

Finding Extractor::Lane::how_it_ended(bool in_time) {
  WorkerEnd end;
  if (!in_time || !decode(receive(socket_.get(), Steady::now() + kAnswerTime), end)) {
    stop();
    return uninspected("weir-extract died or made no sense");
  }
  if (end.how == WorkerEnd::How::timed_out) {
    return uninspected(fmt::format("not read within {} ms", options_.limits.time.count()),
                       FindingKind::timed_out);
  }
  if (end.how == WorkerEnd::How::killed) {
    if (end.number == SIGXCPU) {
      return uninspected("its reader ran out of processor time", FindingKind::timed_out);
    }
    return uninspected(
        fmt::format("its reader was killed by signal {} ({})", end.number,
                    sigdescr_np(end.number) == nullptr ? "?" : sigdescr_np(end.number)));
  }
  return uninspected(fmt::format("its reader gave up (status {})", end.number));
}

Extraction Extractor::Lane::extract(std::string_view bytes, std::string_view name) {
  Extraction out;
  Finding ending;
  // Whoever watches over the workers may have died since the last document, or die of something
  // else while this one has its turn: that is no fault of the document's, which gets a second
  // chance.
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (!is_running()) {
      const Result<std::string> started = start();
      if (!started || started->empty()) {
        ending = uninspected(started ? "weir-extract does not answer" : started.error().message);
        stop();
        continue;
      }
    }
    Descriptor frames;
    if (const Result<void> sent = send(bytes, name, frames); !sent) {
      ending = uninspected(sent.error().message);
      stop();
      continue;
    }
    bool done = false;
    out = {};
    const bool in_time = collect(frames, out, done);
    frames.reset();
    ending = how_it_ended(in_time);
    if (done) return out;
    if (is_running() || !in_time) break;
  }
  ending.path = name;
  out.findings.push_back(std::move(ending));
  return out;
}

}  // namespace weir::content
