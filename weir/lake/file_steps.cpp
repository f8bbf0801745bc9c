#include "weir/lake/detail/file_steps.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include "weir/base/file.h"

namespace weir::lake {
namespace fs = std::filesystem;

Result<void> FileSteps::reached(std::string_view step) const {
  if (!before_) return {};
  return before_(step);
}

Result<void> FileSteps::make_folder(const fs::path& root, const fs::path& relative) const {
  fs::path folder = root;
  for (const fs::path& part : relative) {
    const fs::path parent = folder;
    folder /= part;
    std::error_code error;
    if (fs::is_directory(folder, error)) continue;
    WEIR_TRY(reached("make_folder"));
    fs::create_directory(folder, error);
    if (error) return fail_errno(error.value(), folder.string());
    fs::permissions(folder, fs::perms::owner_all, error);
    WEIR_TRY(sync_folder(parent));
  }
  return {};
}

Result<void> FileSteps::publish(const fs::path& from, const fs::path& to) const {
  WEIR_TRY(reached("file_sync"));
  WEIR_ASSIGN(File file, File::open_read(from));
  WEIR_TRY(file.sync());
  WEIR_TRY(reached("file_rename"));
  if (::rename(from.c_str(), to.c_str()) != 0) return fail_errno(errno, to.string());
  WEIR_TRY(reached("folder_sync"));
  return sync_folder(to.parent_path());
}

Result<void> FileSteps::remove(const fs::path& path) const {
  WEIR_TRY(reached("remove"));
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return fail_errno(errno, path.string());
  return {};
}

Result<MappedFile> MappedFile::open(const fs::path& path) {
  WEIR_ASSIGN(const File file, File::open_read(path));
  WEIR_ASSIGN(const std::uint64_t size, file.size());
  if (size == 0) return MappedFile(nullptr, 0);
  void* data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.descriptor(), 0);
  if (data == MAP_FAILED) return fail_errno(errno, path.string());
  return MappedFile(static_cast<const char*>(data), size);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<char*>(data_), size_);
}

Result<SharedLock> SharedLock::acquire(const fs::path& path, Mode mode, bool wait) {
  int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  // Who may only read the workspace can still say that they are reading.
  if (descriptor < 0) descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return fail_errno(errno, path.string());
  SharedLock lock(descriptor);
  const int operation = (mode == Mode::shared ? LOCK_SH : LOCK_EX) | (wait ? 0 : LOCK_NB);
  while (::flock(descriptor, operation) != 0) {
    if (errno == EINTR) continue;
    if (errno == EWOULDBLOCK) return fail(ErrorCode::conflict, "{}: is in use", path.string());
    return fail_errno(errno, path.string());
  }
  return lock;
}

SharedLock::SharedLock(SharedLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

SharedLock& SharedLock::operator=(SharedLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

SharedLock::~SharedLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace weir::lake
