#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "weir/base/result.h"
#include "weir/lake/detail/file_steps.h"

namespace weir::lake {

/// Tells readers which batch is still being written, so that they leave it out: a file, locked
/// while the writer lives, that holds the number. After a crash the lock is gone, and what the
/// batch has in Parquet is final, because the next writer stores the rest under its own number.
class ActiveBatch {
 public:
  static Result<ActiveBatch> announce(const std::filesystem::path& lake, std::uint32_t batch);

  /// What a reader sees. Equal before and after reading the manifest: what was read is of one time.
  struct Seen {
    std::optional<std::uint32_t> batch;  // none: nobody writes
    std::filesystem::file_time_type changed{};
    friend bool operator==(const Seen&, const Seen&) = default;
  };
  static Result<Seen> look(const std::filesystem::path& lake);

 private:
  explicit ActiveBatch(SharedLock lock) : lock_(std::move(lock)) {}
  SharedLock lock_;
};

}  // namespace weir::lake
