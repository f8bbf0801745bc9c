#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "weir/base/time.h"
#include "weir/lake/detail/columns.h"
#include "weir/lake/detail/duck.h"
#include "weir/lake/detail/row_source.h"
#include "weir/lake/manifest.h"

namespace weir::lake {

/// Which rows: times and batches, half-open and (after, through].
struct RowFilter {
  Instant from = Instant::min();
  Instant to = Instant::max();
  std::uint32_t after_batch = 0;
  std::uint32_t through_batch = 0xffffffff;

  bool may_match(const FileInfo& file) const;
  bool matches_all(const FileInfo& file) const;
};

/// Merges files, each sorted, into one sorted stream. A file is opened when the merge reaches its
/// first day, so that memory depends on how many files overlap, not on how many there are.
class MergeReader : public RowSource {
 public:
  MergeReader(const duck::Database& database, std::filesystem::path lake,
              std::vector<FileInfo> files, const RowFilter& filter);
  ~MergeReader() override;

  /// `corrupt` names the file that is missing or cannot be read.
  Result<bool> next(event::Record& record, std::uint32_t& batch) override;

 private:
  struct Cursor;
  Result<void> open_due_files();
  Result<void> open(const FileInfo& file);
  void sift_down();

  const duck::Database* database_;
  std::filesystem::path lake_;
  std::vector<FileInfo> pending_;  // latest first
  RowFilter filter_;
  std::vector<std::unique_ptr<Cursor>> heap_;  // least key first
};

}  // namespace weir::lake
