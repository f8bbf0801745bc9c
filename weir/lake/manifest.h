#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "weir/base/result.h"
#include "weir/base/time.h"
#include "weir/event/activity.h"

namespace weir::lake {

/// Of the Parquet files that are written now (docs/formats/lake.md); earlier ones are read.
inline constexpr int kLakeFormat = 2;

/// One immutable Parquet file of the lake.
struct FileInfo {
  std::string path;  // relative to the lake's folder: "class=email/month=2012-03/17-0.parquet"
  event::RecordClass record_class{};
  std::chrono::year_month month;  // of the records' claimed times
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  std::uint64_t checksum = 0;  // checksum64 of the file
  Instant min_time, max_time;  // of the records' times, inclusive
  std::uint32_t min_batch = 0, max_batch = 0;
  int format = kLakeFormat;
};

/// How far a source file was read when a journal frame was acknowledged.
struct SourceProgress {
  std::uint64_t source_key = 0;     // keyed hash of the path
  std::uint64_t offset = 0;         // bytes consumed
  std::uint64_t tail_checksum = 0;  // of up to 4 KiB before `offset`: is it still the same file?

  friend bool operator==(const SourceProgress&, const SourceProgress&) = default;
};

/// Which files make up the lake. `weir::app` implements it on the ledger; one change is one
/// durable transaction. Not thread-safe: a Lake uses it from the thread that calls the Lake.
class Manifest {
 public:
  virtual ~Manifest() = default;

  virtual Result<std::vector<FileInfo>> files() = 0;
  /// Number of the last journal segment whose records are in Parquet; 0 at first.
  virtual Result<std::uint64_t> rolled_through() = 0;
  /// All or nothing: takes `removed` (paths) out, puts `added` in, sets `rolled_through`, and
  /// records the progress of sources.
  virtual Result<void> replace(std::span<const std::string> removed,
                               std::span<const FileInfo> added, std::uint64_t rolled_through,
                               std::span<const SourceProgress> progress) = 0;
  virtual Result<std::vector<SourceProgress>> progress() = 0;
};

}  // namespace weir::lake
