#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/lake/detail/columns.h"
#include "weir/lake/detail/file_steps.h"
#include "weir/lake/detail/row_source.h"
#include "weir/lake/manifest.h"

namespace weir::lake {

/// Where one record of the journal lies, and what orders it.
struct RowRef {
  RowKey key;
  const char* data = nullptr;
  std::uint32_t length = 0;
  std::string_view bytes() const { return {data, length}; }
};

/// The records of one class and month of claimed time.
struct Partition {
  std::vector<RowRef> rows;
  Instant first_claimed = Instant::max();
  Instant last_claimed = Instant::min();
};

/// Some journal segments, sorted into partitions. The records stay in the mapped segments and
/// are decoded again when they are written: an index of them is a fifth of their size as structs.
class SegmentRows {
 public:
  using Key = std::pair<event::RecordClass, std::chrono::year_month>;

  /// `corrupt` if a segment is not whole: these were synced, so nothing may be missing.
  static Result<SegmentRows> load(const std::filesystem::path& journal,
                                  std::span<const std::uint64_t> segments);

  std::map<Key, Partition>& partitions() { return partitions_; }
  /// The last of each source.
  std::vector<SourceProgress> progress() const;
  std::uint64_t records() const { return records_; }

 private:
  std::vector<MappedFile> files_;
  std::map<Key, Partition> partitions_;
  std::map<std::uint64_t, SourceProgress> progress_;
  std::uint64_t records_ = 0;
};

/// Leaves out all but the first of records with the same id, and those whose ids `known` gives.
/// `known` calls its argument with each id that may be stored already. The rest is sorted.
class Deduplicator {
 public:
  explicit Deduplicator(std::vector<RowRef>& rows);
  /// True while the partition has rows that are not known to be stored.
  void drop(const event::RecordId& id);
  /// Sorts what is left; gives the number of rows left out.
  std::uint64_t finish();

 private:
  std::size_t slot_of(const event::RecordId& id) const;

  std::vector<RowRef>& rows_;
  std::size_t before_;
  std::vector<std::uint32_t> slots_;  // index of a row, or kEmpty
};

/// The rows of a partition as a source for the Parquet writer.
class PartitionSource : public RowSource {
 public:
  PartitionSource(std::span<const RowRef> rows, std::uint32_t batch) : rows_(rows), batch_(batch) {}
  Result<bool> next(event::Record& record, std::uint32_t& batch) override;

 private:
  std::span<const RowRef> rows_;
  std::uint32_t batch_;
};

/// Times that months and Parquet can say: the years 1 to 9999.
bool is_storable(const event::Record& record);

}  // namespace weir::lake
