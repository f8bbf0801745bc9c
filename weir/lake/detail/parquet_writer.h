#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "weir/base/result.h"
#include "weir/lake/detail/duck.h"
#include "weir/lake/detail/file_steps.h"
#include "weir/lake/detail/row_source.h"
#include "weir/lake/manifest.h"

namespace weir::lake {

/// Writes Parquet files of the lake, one at a time. Not thread-safe.
class ParquetWriter {
 public:
  struct Options {
    std::filesystem::path folder;  // of the lake
    std::uint64_t memory_bytes = 1u << 30;
  };
  static Result<ParquetWriter> create(const Options& options, const FileSteps& steps);
  ParquetWriter(ParquetWriter&&) noexcept;
  ParquetWriter& operator=(ParquetWriter&&) noexcept;
  ~ParquetWriter();

  /// Takes up to `max_rows` rows from `source` into a new file `name` ("17-0.parquet") of the
  /// class and month, on the disk when this returns. No file, and 0 rows, if the source is at its
  /// end. The source's own error is passed on as it is.
  Result<FileInfo> write(RowSource& source, event::RecordClass record_class,
                         std::chrono::year_month month, const std::string& name,
                         std::uint64_t max_rows);

 private:
  struct Impl;
  explicit ParquetWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace weir::lake
