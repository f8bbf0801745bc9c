#include "weir/base/file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace weir {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kPrivate = 0600;

Result<int> open_descriptor(const fs::path& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC, kPrivate);
  if (fd < 0) return fail_errno(errno, path.string());
  return fd;
}

}  // namespace

File::File(File&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), path_(std::move(other.path_)) {}

File& File::operator=(File&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(path_, other.path_);
  return *this;
}

File::~File() {
  if (fd_ >= 0) ::close(fd_);
}

Result<File> File::open_read(const fs::path& path) {
  WEIR_ASSIGN(const int fd, open_descriptor(path, O_RDONLY));
  return File(fd, path);
}

Result<File> File::create(const fs::path& path) {
  WEIR_ASSIGN(const int fd, open_descriptor(path, O_RDWR | O_CREAT | O_TRUNC));
  return File(fd, path);
}

Result<File> File::open_append(const fs::path& path) {
  WEIR_ASSIGN(const int fd, open_descriptor(path, O_RDWR | O_CREAT | O_APPEND));
  return File(fd, path);
}

Result<std::size_t> File::read(char* buffer, std::size_t size) {
  for (;;) {
    const ssize_t n = ::read(fd_, buffer, size);
    if (n >= 0) return static_cast<std::size_t>(n);
    if (errno != EINTR) return fail_errno(errno, path_.string());
  }
}

Result<void> File::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
    if (n < 0) {
      if (errno == EINTR) continue;
      return fail_errno(errno, path_.string());
    }
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

Result<void> File::sync() {
  if (::fdatasync(fd_) != 0) return fail_errno(errno, path_.string());
  return {};
}

Result<void> File::truncate(std::uint64_t size) {
  if (::ftruncate(fd_, static_cast<off_t>(size)) != 0) return fail_errno(errno, path_.string());
  return {};
}

Result<std::uint64_t> File::size() const {
  struct stat status{};
  if (::fstat(fd_, &status) != 0) return fail_errno(errno, path_.string());
  return static_cast<std::uint64_t>(status.st_size);
}

Result<std::string> read_file(const fs::path& path, std::uint64_t max_bytes) {
  WEIR_ASSIGN(File file, File::open_read(path));
  std::string content;
  char buffer[64 * 1024];
  for (;;) {
    WEIR_ASSIGN(const std::size_t n, file.read(buffer, sizeof buffer));
    if (n == 0) return content;
    if (content.size() + n > max_bytes) {
      return fail(ErrorCode::limit_exceeded, "{}: larger than {} bytes", path.string(), max_bytes);
    }
    content.append(buffer, n);
  }
}

Result<void> sync_folder(const fs::path& folder) {
  WEIR_ASSIGN(const int fd, open_descriptor(folder.empty() ? "." : folder, O_RDONLY | O_DIRECTORY));
  const int rc = ::fsync(fd);
  const int error_number = errno;
  ::close(fd);
  if (rc != 0) return fail_errno(error_number, folder.string());
  return {};
}

Result<void> write_file_atomic(const fs::path& path, std::string_view content) {
  const fs::path temporary = path.string() + ".tmp";
  const auto write = [&]() -> Result<void> {
    WEIR_ASSIGN(File file, File::create(temporary));
    WEIR_TRY(file.write(content));
    return file.sync();
  };
  Result<void> written = write();
  if (written && ::rename(temporary.c_str(), path.c_str()) != 0) {
    written = fail_errno(errno, path.string());
  }
  if (!written) {
    ::unlink(temporary.c_str());
    return written;
  }
  return sync_folder(path.parent_path());
}

Result<FileLock> FileLock::acquire(const fs::path& path) {
  WEIR_ASSIGN(File file, File::open_append(path));
  if (::flock(file.descriptor(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) {
      return fail(ErrorCode::conflict,
                  "{}: another weir is writing to this workspace; wait for it to end",
                  path.string());
    }
    return fail_errno(errno, path.string());
  }
  return FileLock(std::move(file));
}

}  // namespace weir
