#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "weir/base/result.h"

namespace weir::lake {

/// Asked before each step that changes the disk; an error stands for the step's own failure.
using BeforeStep = std::function<Result<void>(std::string_view step)>;

/// The steps a write goes through, each announced to `before` first, so that tests can fail it or
/// end the process at it. Thread-safe if `before` is.
class FileSteps {
 public:
  explicit FileSteps(BeforeStep before) : before_(std::move(before)) {}

  Result<void> reached(std::string_view step) const;
  /// Makes the folder and its parents below `root`, and makes their entries last.
  Result<void> make_folder(const std::filesystem::path& root,
                           const std::filesystem::path& relative) const;
  /// Syncs `from`, renames it to `to`, makes that last.
  Result<void> publish(const std::filesystem::path& from, const std::filesystem::path& to) const;
  /// Not there is fine.
  Result<void> remove(const std::filesystem::path& path) const;

 private:
  BeforeStep before_;
};

/// A file's bytes, mapped; empty files give an empty view. Move-only.
class MappedFile {
 public:
  static Result<MappedFile> open(const std::filesystem::path& path);
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();
  std::string_view bytes() const { return {data_, size_}; }

 private:
  MappedFile(const char* data, std::size_t size) : data_(data), size_(size) {}
  const char* data_ = nullptr;
  std::size_t size_ = 0;
};

/// An advisory lock on a file that several may share. Dropped at the end of the object or process.
class SharedLock {
 public:
  enum class Mode { shared, exclusive };
  /// Makes the file if it can. `conflict` if `wait` is false and somebody holds it otherwise.
  static Result<SharedLock> acquire(const std::filesystem::path& path, Mode mode, bool wait);
  SharedLock(SharedLock&& other) noexcept;
  SharedLock& operator=(SharedLock&& other) noexcept;
  ~SharedLock();

 private:
  explicit SharedLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

}  // namespace weir::lake
