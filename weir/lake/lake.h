#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/base/result.h"
#include "weir/event/record.h"
#include "weir/lake/manifest.h"

namespace weir::lake {

/// Event history for years: a journal that acknowledges, Parquet files that last, DuckDB to read.
///
/// `append` puts records into the journal; `commit` fsyncs it: from then on they survive a crash.
/// Full journal segments are rolled into Parquet by a thread of the lake's own, one file per
/// (class, month of the claimed time) of the segment: records whose id is already there are left
/// out, the file is written under a temporary name, fsynced, renamed, and then enters the
/// manifest; after that the segment is deleted. A crash anywhere in between leaves either the
/// segment or the files, never both counted. Months that have gathered many small files are
/// compacted the same way. Formats: docs/formats/journal.md, docs/formats/lake.md.
///
/// One writer per workspace (a lock sees to it); readers open read-only beside it. A reader sees
/// what was in Parquet when it opened, without the batch of a writer that is still at work; files
/// that compaction replaces stay on the disk until nobody reads.
///
/// Not thread-safe; the manifest is used from the calling thread only.
class Lake {
 public:
  struct Options {
    std::uint64_t segment_bytes = 64u << 20;  // a journal segment is rolled at this size
    std::uint64_t file_bytes = 128u << 20;    // a Parquet file aims at this size at most
    std::size_t compact_at_files = 8;         // small files in one class and month
    std::uint64_t memory_bytes = 2u << 30;    // DuckDB's limit
    int threads = 2;
    bool read_only = false;
    /// For tests of failures: called before each step that changes the disk (also from the
    /// lake's own threads, at the same time); an error it returns stands for that step's.
    std::function<Result<void>(std::string_view step)> before_step = {};
  };

  /// Recovers: rolls what a crash left in the journal, drops what was never acknowledged.
  /// `folder` is made if need be, but not by a reader. `conflict` if another process writes.
  /// `corrupt` if the journal lost something that was acknowledged; nothing is changed then.
  static Result<Lake> open(const std::filesystem::path& folder, Manifest& manifest,
                           const Options& options);
  Lake(Lake&&) noexcept;
  Lake& operator=(Lake&&) noexcept;
  ~Lake();

  /// Into the journal's buffer. Every record of one ingest run has the same batch number.
  /// `invalid_argument` for times outside the years 1 to 9999. After any error, only what was
  /// committed before counts; open the lake again to go on, or try `commit` again.
  Result<void> append(const event::Record& record);
  /// Group commit: all records appended so far, and how far their sources were read, are on the
  /// disk when this returns. An error (full disk) leaves earlier commits untouched. It may also be
  /// one of rolling earlier commits, which then stay in the journal until the lake is opened again.
  Result<void> commit(std::span<const SourceProgress> progress);
  /// Rolls all that is committed and waits for it. Counts what was rolled since the last report,
  /// on the way too, but not what `open` recovered.
  struct RollReport {
    std::uint64_t stored = 0;      // new records
    std::uint64_t duplicates = 0;  // records that were there already
  };
  Result<RollReport> roll();
  /// Merges the small files of every class and month that has `compact_at_files` of them. Quick
  /// if none has; meant to be called after `roll`. Rolls first what is committed.
  Result<void> compact();

  /// The batch that records appended now belong to: one more than any in the manifest.
  std::uint32_t batch() const;
  /// The last batch whose rows are all there to read; 0 if there is none.
  std::uint32_t last_stored_batch() const;
  /// What the manifest listed when a reader opened, or lists now; for `run_query`. While this
  /// object lives no file of it is removed.
  std::vector<FileInfo> files() const;

  struct Window {
    Day from = Day::min();  // of the records' times, half-open
    Day to = Day::max();
    std::uint32_t after_batch = 0;  // exclusive
    std::uint32_t through_batch = 0xffffffff;
  };
  /// Rows the manifest promises for the window: an upper bound, without reading.
  std::uint64_t estimate(const Window& window) const;
  /// Every record of the window, in order of (day, person, time, id). `row` is called from this
  /// thread with a record that is reused; returning an error stops the read and is passed on.
  /// `corrupt` names a file that is missing or damaged where that shows; `verify` finds all.
  Result<void> read(const Window& window,
                    const std::function<Result<void>(const event::Record&)>& row) const;
  /// `corrupt` names a file of the manifest that is not there. Quick: nothing is read.
  Result<void> require_files() const;
  /// First and last day with records; empty if there are none.
  std::optional<std::pair<Day, Day>> span() const;

  struct VerifyReport {
    std::size_t files = 0;
    std::uint64_t rows = 0;
    std::vector<std::string> problems;  // missing, altered or unknown files, row counts that differ
  };
  /// Reads every file whole. `cancelled` soon after `stop` is true.
  Result<VerifyReport> verify(const std::atomic<bool>* stop = nullptr) const;

 private:
  struct Impl;
  explicit Lake(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace weir::lake
