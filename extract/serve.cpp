#include "extract/serve.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "extract/ocr.h"
#include "extract/pdf.h"
#include "extract/picture.h"
#include "extract/sandbox.h"
#include "weir/content/request.h"
#include "weir/content/wire.h"

namespace weir::extract {
namespace {

constexpr int kCouldNotStart = 3;
constexpr int kOutOfMemory = 4;

bool send_packet(int socket, std::string_view packet) {
  return send(socket, packet.data(), packet.size(), MSG_NOSIGNAL) ==
         static_cast<ssize_t>(packet.size());
}

void write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) _exit(kCouldNotStart);  // nobody listens any more
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
}

struct Job {
  content::ExtractRequest request;
  int document = -1;
  int frames = -1;
};

/// The next request; false once the other side has gone.
bool receive(int socket, Job& job) {
  std::array<char, content::kPacketBytes> packet{};
  iovec part{.iov_base = packet.data(), .iov_len = packet.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(2 * sizeof(int))> control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  ssize_t got = 0;
  do {
    got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  } while (got < 0 && errno == EINTR);
  const cmsghdr* head = got > 0 ? CMSG_FIRSTHDR(&message) : nullptr;
  if (head == nullptr || head->cmsg_type != SCM_RIGHTS ||
      head->cmsg_len != CMSG_LEN(2 * sizeof(int))) {
    return false;
  }
  std::array<int, 2> descriptors{};
  std::memcpy(descriptors.data(), CMSG_DATA(head), sizeof descriptors);
  job.document = descriptors[0];
  job.frames = descriptors[1];
  return content::decode({packet.data(), static_cast<std::size_t>(got)}, job.request);
}

/// Never returns. From the seccomp filter on, this process is the document's.
[[noreturn]] void work(const Job& job, Ocr* ocr, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(kCouldNotStart);
  struct stat about{};
  if (fstat(job.document, &about) != 0) _exit(kCouldNotStart);
  const auto size = static_cast<std::size_t>(about.st_size);
  std::string_view bytes;
  if (size > 0) {
    const void* memory = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, job.document, 0);
    if (memory == MAP_FAILED) _exit(kCouldNotStart);
    bytes = {static_cast<const char*>(memory), size};
  }
  if (!limit_resources(job.request.limits.time, job.request.memory_bytes) || !restrict_calls()) {
    _exit(kCouldNotStart);
  }
  content::FrameWriter frames([&](std::string_view frame) { write_all(job.frames, frame); });
  try {
    Pictures pictures(ocr, job.request.limits);
    const auto pdf = [&](std::string_view file, const auto& keep_going) {
      return read_pdf(file, pictures, keep_going);
    };
    const auto picture = [&](std::string_view file, const auto& keep_going) {
      return pictures.read(file, keep_going);
    };
    content::extract(
        bytes,
        {.limits = job.request.limits, .name = job.request.name, .pdf = pdf, .picture = picture},
        frames);
    frames.done();
  } catch (...) {
    _exit(kOutOfMemory);
  }
  _exit(0);
}

/// Waits for the worker; kills it once it is late, or nobody waits for it any more.
content::WorkerEnd wait_for(pid_t worker, int socket, std::chrono::milliseconds time) {
  content::WorkerEnd end;
  const auto handle = static_cast<int>(syscall(SYS_pidfd_open, worker, 0));
  const auto deadline = std::chrono::steady_clock::now() + time;
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    std::array<pollfd, 2> watched = {pollfd{.fd = handle, .events = POLLIN, .revents = 0},
                                     pollfd{.fd = socket, .events = 0, .revents = 0}};
    const int ready =
        poll(watched.data(), 2, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
    if (ready < 0 && errno == EINTR) continue;
    if (ready > 0 && watched[0].revents != 0) break;
    end.how = content::WorkerEnd::How::timed_out;
    kill(worker, SIGKILL);
    break;
  }
  if (handle >= 0) close(handle);
  int status = 0;
  while (waitpid(worker, &status, 0) < 0 && errno == EINTR) {
  }
  if (end.how == content::WorkerEnd::How::timed_out) return end;
  if (WIFSIGNALED(status)) return {content::WorkerEnd::How::killed, WTERMSIG(status)};
  return {content::WorkerEnd::How::exited, WEXITSTATUS(status)};
}

}  // namespace

int serve(int socket, std::string_view languages) {
  prctl(PR_SET_DUMPABLE, 0);
  fcntl(socket, F_SETFD, FD_CLOEXEC);
  content::warm_up_extraction();
  forget_fonts();
  std::unique_ptr<Ocr> ocr;
  if (!languages.empty()) {
    auto made = Ocr::create(languages);
    if (!made) {
      send_packet(socket, content::kRefusal + made.error().message);
      return 1;
    }
    ocr = *std::move(made);
  }
  const int landlock = restrict_files();
  if (landlock == 0) std::fprintf(stderr, "weir-extract: %s\n", describe_protection(0).c_str());
  if (!send_packet(socket, describe_protection(landlock))) return 1;
  Job job;
  while (receive(socket, job)) {
    const pid_t parent = getpid();
    const pid_t worker = fork();
    if (worker == 0) {
      close(socket);
      work(job, ocr.get(), parent);
    }
    close(job.document);
    close(job.frames);
    const content::WorkerEnd end =
        worker < 0 ? content::WorkerEnd{content::WorkerEnd::How::exited, kCouldNotStart}
                   : wait_for(worker, socket, job.request.limits.time + job.request.grace);
    if (!send_packet(socket, content::encode(end))) return 1;
  }
  return 0;
}

}  // namespace weir::extract
