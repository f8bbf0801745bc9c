#include "weir/lake/lake.h"

#include <algorithm>
#include <map>

#include "weir/base/file.h"
#include "weir/base/hash.h"
#include "weir/lake/detail/active_batch.h"
#include "weir/lake/detail/files.h"
#include "weir/lake/detail/journal.h"
#include "weir/lake/detail/merge_reader.h"
#include "weir/lake/detail/recovery.h"
#include "weir/lake/detail/roller.h"

namespace weir::lake {
namespace {

namespace fs = std::filesystem;

// A commit or a merge takes a moment; who never finds one quiet is told so.
constexpr int kReadAttempts = 100;

std::uint32_t highest_batch(const std::vector<FileInfo>& files) {
  std::uint32_t highest = 0;
  for (const FileInfo& file : files) highest = std::max(highest, file.max_batch);
  return highest;
}

RowFilter filter_of(const Lake::Window& window, std::uint32_t complete_batch) {
  RowFilter filter;
  // Day::min() in milliseconds would not fit.
  if (window.from > day_of(Instant::min())) filter.from = window.from;
  if (window.to < day_of(Instant::max())) filter.to = window.to;
  filter.after_batch = window.after_batch;
  filter.through_batch = std::min(window.through_batch, complete_batch);
  return filter;
}

}  // namespace

struct Lake::Impl {
  // What only a writer has. The roller ends before what it uses.
  struct Writing {
    Writing(FileLock writer_lock, ActiveBatch batch)
        : lock(std::move(writer_lock)), active(std::move(batch)) {}
    FileLock lock;
    ActiveBatch active;
    std::optional<journal::Writer> journal;
    std::optional<Roller> roller;
    RollReport unreported;
    std::optional<Error> roll_error;
  };

  Impl(fs::path lake, Manifest& listed, const Options& given)
      : folder(std::move(lake)), manifest(&listed), options(given), steps(given.before_step) {}

  fs::path folder;
  Manifest* manifest;
  Options options;
  FileSteps steps;
  std::vector<FileInfo> files;
  std::uint64_t rolled_through = 0;
  std::uint32_t batch = 1;                         // of the writer, or that one would have
  std::uint32_t complete_batch = 0xffffffff;       // rows of later ones are not shown
  std::optional<SharedLock> readers;               // of a reader
  mutable std::optional<duck::Database> database;  // for reading; started when it is needed
  std::optional<Writing> writing;

  Result<void> open_for_reading();
  Result<void> open_for_writing();
  Result<void> enter_finished(bool wait);
  Result<void> enter(Roller::Rolled& rolled);
  Result<void> seal();
  Result<void> require_writer() const;
  Result<void> compact_month(std::span<const FileInfo> small);
  Result<void> remove_replaced(std::span<const std::string> paths) const;
  Result<const duck::Database*> reading() const;
};

Lake::Lake(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Lake::Lake(Lake&&) noexcept = default;
Lake& Lake::operator=(Lake&&) noexcept = default;

Lake::~Lake() {
  if (impl_ == nullptr || !impl_->writing) return;
  // What is sealed is rolled to the end; what is not stays in the journal for the next opening,
  // as does everything if this fails.
  static_cast<void>(impl_->enter_finished(/*wait=*/true));
}

Result<Lake> Lake::open(const fs::path& folder, Manifest& manifest, const Options& options) {
  auto impl = std::make_unique<Impl>(folder, manifest, options);
  WEIR_TRY(options.read_only ? impl->open_for_reading() : impl->open_for_writing());
  return Lake(std::move(impl));
}

Result<void> Lake::Impl::open_for_reading() {
  std::error_code error;
  if (!fs::exists(folder, error)) {
    if (error) return fail_errno(error.value(), folder.string());
    // Nobody ever wrote, or somebody removed it: only the manifest knows which.
    WEIR_ASSIGN(files, manifest->files());
    batch = highest_batch(files) + 1;
    return {};
  }
  // Before the manifest is read, so that no file of it can go away afterwards.
  WEIR_ASSIGN(readers, SharedLock::acquire(folder / kReadersLock, SharedLock::Mode::shared,
                                           /*wait=*/true));
  for (int attempt = 0; attempt < kReadAttempts; ++attempt) {
    WEIR_ASSIGN(const ActiveBatch::Seen before, ActiveBatch::look(folder));
    WEIR_ASSIGN(files, manifest->files());
    WEIR_ASSIGN(const ActiveBatch::Seen after, ActiveBatch::look(folder));
    if (before != after) continue;
    if (before.batch) complete_batch = *before.batch - 1;
    batch = highest_batch(files) + 1;
    return {};
  }
  return fail(ErrorCode::conflict, "{}: writers come and go; try again", folder.string());
}

Result<void> Lake::Impl::open_for_writing() {
  std::error_code error;
  fs::create_directories(folder / kJournalFolder, error);
  if (error) return fail_errno(error.value(), folder.string());
  fs::permissions(folder, fs::perms::owner_all, error);
  WEIR_TRY(sync_folder(folder));
  WEIR_ASSIGN(FileLock lock, FileLock::acquire(folder / kWriterLock));
  WEIR_ASSIGN(files, manifest->files());
  WEIR_ASSIGN(rolled_through, manifest->rolled_through());
  batch = highest_batch(files) + 1;
  WEIR_ASSIGN(ActiveBatch active, ActiveBatch::announce(folder, batch));
  writing.emplace(std::move(lock), std::move(active));

  WEIR_TRY(remove_left_over_files(folder, files, rolled_through, steps));
  WEIR_ASSIGN(const std::vector<std::uint64_t> segments,
              recover_journal(folder / kJournalFolder, rolled_through, steps));
  const std::uint64_t last = segments.empty() ? rolled_through : segments.back();
  writing->journal.emplace(folder / kJournalFolder, last + 1, batch, steps);
  writing->roller.emplace(Roller::Options{.folder = folder,
                                          .memory_bytes = options.memory_bytes,
                                          .batch = batch,
                                          .threads = options.threads},
                          files, steps);
  for (const std::uint64_t segment : segments) writing->roller->push(segment);
  WEIR_TRY(enter_finished(/*wait=*/true));
  writing->unreported = {};
  return {};
}

Result<void> Lake::Impl::require_writer() const {
  if (!writing) return fail(ErrorCode::invalid_argument, "the lake was opened to read only");
  if (writing->roll_error) return std::unexpected(*writing->roll_error);
  return {};
}

Result<void> Lake::Impl::enter_finished(bool wait) {
  for (Roller::Rolled& rolled : writing->roller->take_finished(wait)) {
    Result<void> entered;
    if (writing->roll_error) {
      entered = std::unexpected(*writing->roll_error);
    } else if (rolled.error) {
      // Rolling compares with what is stored: say so plainly when that is gone.
      entered = require_on_disk(folder, files);
      if (!entered) {
        writing->roll_error = entered.error();
        continue;
      }
      entered =
          std::unexpected(std::move(*rolled.error).while_doing("rolling the journal into Parquet"));
    } else {
      entered = enter(rolled);
    }
    // Later segments must not be entered without this one.
    if (!entered) writing->roll_error = entered.error();
  }
  if (writing->roll_error) return std::unexpected(*writing->roll_error);
  return {};
}

Result<void> Lake::Impl::enter(Roller::Rolled& rolled) {
  const std::uint64_t through = rolled.segments.back();
  WEIR_TRY(steps.reached("manifest_replace"));
  WEIR_TRY(manifest->replace({}, rolled.added, through, rolled.progress));
  rolled_through = through;
  std::ranges::move(rolled.added, std::back_inserter(files));
  writing->unreported.stored += rolled.stored;
  writing->unreported.duplicates += rolled.duplicates;
  for (const std::uint64_t segment : rolled.segments) {
    WEIR_TRY(steps.remove(folder / kJournalFolder / journal::segment_name(segment)));
  }
  return {};
}

Result<void> Lake::append(const event::Record& record) {
  WEIR_TRY(impl_->require_writer());
  if (!is_storable(record)) {
    return fail(ErrorCode::invalid_argument, "a record's time is outside the years 1 to 9999");
  }
  return impl_->writing->journal->append(record);
}

Result<void> Lake::commit(std::span<const SourceProgress> progress) {
  WEIR_TRY(impl_->require_writer());
  Impl::Writing& writing = *impl_->writing;
  WEIR_TRY(impl_->enter_finished(/*wait=*/false));
  WEIR_TRY(writing.journal->commit(progress));
  if (writing.journal->segment_bytes() >= impl_->options.segment_bytes) {
    writing.roller->push(writing.journal->seal());
  }
  return {};
}

Result<Lake::RollReport> Lake::roll() {
  WEIR_TRY(impl_->require_writer());
  Impl::Writing& writing = *impl_->writing;
  if (writing.journal->segment_bytes() > 0) writing.roller->push(writing.journal->seal());
  WEIR_TRY(impl_->enter_finished(/*wait=*/true));
  return std::exchange(writing.unreported, {});
}

Result<void> Lake::compact() {
  WEIR_TRY(impl_->require_writer());
  Impl::Writing& writing = *impl_->writing;
  if (writing.journal->segment_bytes() > 0) writing.roller->push(writing.journal->seal());
  WEIR_TRY(impl_->enter_finished(/*wait=*/true));

  std::map<SegmentRows::Key, std::vector<FileInfo>> small;
  for (const FileInfo& file : impl_->files) {
    if (file.bytes < impl_->options.file_bytes / 2) {
      small[{file.record_class, file.month}].push_back(file);
    }
  }
  for (const auto& [key, files] : small) {
    if (files.size() < std::max<std::size_t>(2, impl_->options.compact_at_files)) continue;
    WEIR_TRY(impl_->compact_month(files));
  }
  writing.roller->set_files(impl_->files);
  return {};
}

Result<void> Lake::Impl::compact_month(std::span<const FileInfo> small) {
  const event::RecordClass record_class = small.front().record_class;
  const std::chrono::year_month month = small.front().month;
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  std::vector<std::string> removed;
  for (const FileInfo& file : small) {
    rows += file.rows;
    bytes += file.bytes;
    removed.push_back(file.path);
  }
  const auto parts = bytes / options.file_bytes + 1;
  const std::uint64_t rows_per_part = rows / parts + 1;

  WEIR_ASSIGN(const duck::Database source_database,
              duck::Database::open({.memory_bytes = options.memory_bytes}));
  WEIR_ASSIGN(
      ParquetWriter writer,
      ParquetWriter::create({.folder = folder, .memory_bytes = options.memory_bytes}, steps));
  MergeReader source(source_database, folder, {small.begin(), small.end()}, RowFilter{});
  WEIR_ASSIGN(const std::uint64_t number,
              next_merge_number(folder / month_folder(record_class, month)));
  std::vector<FileInfo> added;
  std::uint64_t written = 0;
  for (std::uint64_t part = 0;; ++part) {
    WEIR_ASSIGN(FileInfo file, writer.write(source, record_class, month, merged_name(number, part),
                                            rows_per_part));
    if (file.rows == 0) break;
    written += file.rows;
    added.push_back(std::move(file));
  }
  if (written != rows) {
    return fail(ErrorCode::corrupt,
                "{}: merging its files gave {} rows and the manifest says {}; nothing was "
                "changed; `weir lake verify` says which file is damaged",
                month_folder(record_class, month).string(), written, rows);
  }
  WEIR_TRY(steps.reached("manifest_replace"));
  WEIR_TRY(manifest->replace(removed, added, rolled_through, {}));
  std::erase_if(files, [&](const FileInfo& file) {
    return std::ranges::find(removed, file.path) != removed.end();
  });
  std::ranges::move(added, std::back_inserter(files));
  return remove_replaced(removed);
}

Result<void> Lake::Impl::remove_replaced(std::span<const std::string> paths) const {
  const auto nobody_reads = SharedLock::acquire(folder / kReadersLock, SharedLock::Mode::exclusive,
                                                /*wait=*/false);
  // Somebody does: the next writer removes them.
  if (!nobody_reads) return {};
  for (const std::string& path : paths) WEIR_TRY(steps.remove(folder / path));
  return {};
}

std::uint32_t Lake::batch() const { return impl_->batch; }

std::uint32_t Lake::last_stored_batch() const {
  return std::min(highest_batch(impl_->files), impl_->complete_batch);
}

std::vector<FileInfo> Lake::files() const { return impl_->files; }

std::uint64_t Lake::estimate(const Window& window) const {
  const RowFilter filter = filter_of(window, impl_->complete_batch);
  std::uint64_t rows = 0;
  for (const FileInfo& file : impl_->files) {
    if (filter.may_match(file)) rows += file.rows;
  }
  return rows;
}

Result<const duck::Database*> Lake::Impl::reading() const {
  if (!database) {
    WEIR_ASSIGN(database, duck::Database::open(
                              {.memory_bytes = options.memory_bytes, .threads = options.threads}));
  }
  return &*database;
}

Result<void> Lake::read(const Window& window,
                        const std::function<Result<void>(const event::Record&)>& row) const {
  WEIR_ASSIGN(const duck::Database* database, impl_->reading());
  MergeReader reader(*database, impl_->folder, impl_->files,
                     filter_of(window, impl_->complete_batch));
  event::Record record;
  std::uint32_t batch = 0;
  for (;;) {
    WEIR_ASSIGN(const bool more, reader.next(record, batch));
    if (!more) return {};
    WEIR_TRY(row(record));
  }
}

Result<void> Lake::require_files() const { return require_on_disk(impl_->folder, impl_->files); }

std::optional<std::pair<Day, Day>> Lake::span() const {
  std::optional<std::pair<Day, Day>> out;
  const RowFilter filter = filter_of({}, impl_->complete_batch);
  for (const FileInfo& file : impl_->files) {
    if (!filter.may_match(file)) continue;
    const Day first = day_of(file.min_time);
    const Day last = day_of(file.max_time);
    if (!out) out.emplace(first, last);
    out->first = std::min(out->first, first);
    out->second = std::max(out->second, last);
  }
  return out;
}

Result<Lake::VerifyReport> Lake::verify(const std::atomic<bool>* stop) const {
  VerifyReport report;
  WEIR_ASSIGN(const duck::Database* database, impl_->reading());
  WEIR_ASSIGN(duck::Connection connection, database->connect());
  for (const FileInfo& file : impl_->files) {
    if (stop != nullptr && *stop) return fail(ErrorCode::cancelled, "stopped on request");
    ++report.files;
    report.rows += file.rows;
    const fs::path path = impl_->folder / file.path;
    const Result<MappedFile> bytes = MappedFile::open(path);
    if (!bytes) {
      report.problems.push_back(fmt::format("{}: {}", file.path, bytes.error().message));
      continue;
    }
    if (bytes->bytes().size() != file.bytes || checksum64(bytes->bytes()) != file.checksum) {
      report.problems.push_back(
          fmt::format("{}: was altered after it was written ({} bytes, the manifest says {})",
                      file.path, bytes->bytes().size(), file.bytes));
      continue;
    }
    const Result<std::uint64_t> rows = connection.number(
        fmt::format("SELECT count(*) FROM read_parquet({})", duck::quoted(path.string())));
    if (!rows) {
      report.problems.push_back(fmt::format("{}: {}", file.path, rows.error().message));
    } else if (*rows != file.rows) {
      report.problems.push_back(
          fmt::format("{}: has {} rows, the manifest says {}", file.path, *rows, file.rows));
    }
  }
  // A writer makes files and removes them; beside one, what is unknown proves nothing.
  WEIR_ASSIGN(const ActiveBatch::Seen seen, ActiveBatch::look(impl_->folder));
  if (impl_->writing || !seen.batch) {
    WEIR_ASSIGN(const std::vector<std::string> unknown, unknown_files(impl_->folder, impl_->files));
    for (const std::string& path : unknown) {
      report.problems.push_back(path +
                                ": is not in the manifest; if the next ingest does not remove it, "
                                "its rows are nowhere else");
    }
  }
  WEIR_ASSIGN(const std::vector<std::string> aside,
              files_kept_aside(impl_->folder / kJournalFolder));
  for (const std::string& name : aside) {
    report.problems.push_back(
        fmt::format("{}/{}: a last commit that was damaged, kept aside; ingest its sources again, "
                    "then remove it",
                    kJournalFolder, name));
  }
  return report;
}

}  // namespace weir::lake
