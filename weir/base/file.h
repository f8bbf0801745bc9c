#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "weir/base/result.h"

namespace weir {

/// An open file descriptor, closed at the end. Move-only. Errors carry the path.
class File {
 public:
  File() = default;
  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;
  ~File();

  static Result<File> open_read(const std::filesystem::path& path);
  /// New or emptied, mode 0600.
  static Result<File> create(const std::filesystem::path& path);
  /// At the end of an existing file or a new one, mode 0600.
  static Result<File> open_append(const std::filesystem::path& path);

  /// Up to `size` bytes; 0 at the end of the file.
  Result<std::size_t> read(char* buffer, std::size_t size);
  /// All of `bytes`, or an error (then an unknown part of them was written).
  Result<void> write(std::string_view bytes);
  /// Returns when the bytes are on the disk (fdatasync).
  Result<void> sync();
  Result<void> truncate(std::uint64_t size);
  Result<std::uint64_t> size() const;

  int descriptor() const { return fd_; }
  const std::filesystem::path& path() const { return path_; }

 private:
  File(int fd, std::filesystem::path path) : fd_(fd), path_(std::move(path)) {}

  int fd_ = -1;
  std::filesystem::path path_;
};

/// The whole file; `limit_exceeded` if it is larger than `max_bytes`.
Result<std::string> read_file(const std::filesystem::path& path, std::uint64_t max_bytes);

/// Replaces `path` so that, whatever happens, either the old or the new content is there:
/// temporary file beside it, fsync, rename, fsync of the folder. Mode 0600.
Result<void> write_file_atomic(const std::filesystem::path& path, std::string_view content);

/// Makes a rename or an unlink in `folder` last.
Result<void> sync_folder(const std::filesystem::path& folder);

/// Held while the object lives; the kernel drops it when the process dies.
class FileLock {
 public:
  /// `conflict` if another process holds it.
  static Result<FileLock> acquire(const std::filesystem::path& path);

 private:
  explicit FileLock(File file) : file_(std::move(file)) {}
  File file_;
};

}  // namespace weir
