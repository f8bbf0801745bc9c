#include "weir/lake/detail/roller.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <limits>
#include <utility>

#include "weir/lake/detail/files.h"

namespace weir::lake {
namespace {

// Segments that wait are rolled together: the more months a segment touches, the slower it rolls,
// the more wait, and the fewer files come of them. This many also bound the memory of a roll.
constexpr std::size_t kSegmentsAtOnce = 4;

}  // namespace

Roller::Roller(Options options, std::vector<FileInfo> files, const FileSteps& steps)
    : options_(std::move(options)),
      steps_(&steps),
      files_(std::move(files)),
      writers_(static_cast<std::size_t>(std::max(1, options_.threads))),
      queue_(kSegmentsAtOnce) {
  thread_ = std::thread([this] { run(); });
}

Roller::~Roller() {
  queue_.close();
  thread_.join();
}

void Roller::push(std::uint64_t segment) {
  {
    const std::lock_guard lock(mutex_);
    ++unfinished_;
  }
  queue_.push(segment);
}

std::vector<Roller::Rolled> Roller::take_finished(bool wait) {
  std::unique_lock lock(mutex_);
  if (wait) finished_one_.wait(lock, [&] { return unfinished_ == 0; });
  return std::exchange(finished_, {});
}

void Roller::set_files(std::vector<FileInfo> files) {
  const std::lock_guard lock(mutex_);
  files_ = std::move(files);
}

void Roller::run() {
  bool failed = false;
  while (const auto first = queue_.pop()) {
    std::vector<std::uint64_t> segments = {*first};
    while (segments.size() < kSegmentsAtOnce) {
      const auto more = queue_.try_pop();
      if (!more) break;
      segments.push_back(*more);
    }
    std::optional<Rolled> outcome;
    if (!failed) {
      Result<Rolled> rolled = roll(segments);
      failed = !rolled;
      if (rolled) {
        outcome = std::move(*rolled);
      } else {
        outcome.emplace().error = std::move(rolled).error();
      }
    }
    const std::lock_guard lock(mutex_);
    if (outcome) {
      std::ranges::copy(outcome->added, std::back_inserter(files_));
      finished_.push_back(std::move(*outcome));
    }
    unfinished_ -= segments.size();
    finished_one_.notify_all();
  }
}

Result<Roller::Rolled> Roller::roll(const std::vector<std::uint64_t>& segments) {
  if (!lookup_) {
    WEIR_ASSIGN(lookup_, duck::Database::open({.memory_bytes = options_.memory_bytes}));
  }
  WEIR_ASSIGN(SegmentRows rows, SegmentRows::load(options_.folder / kJournalFolder, segments));
  Rolled rolled;
  rolled.segments = segments;
  rolled.progress = rows.progress();
  const std::string name = fmt::format("{:06}.parquet", segments.back());
  WEIR_ASSIGN(std::vector<Written> all, write_all(rows, name));
  for (Written& written : all) {
    rolled.stored += written.file.rows;
    rolled.duplicates += written.duplicates;
    if (written.file.rows > 0) rolled.added.push_back(std::move(written.file));
  }
  return rolled;
}

Result<std::vector<Roller::Written>> Roller::write_all(SegmentRows& rows, const std::string& name) {
  std::vector<std::pair<const SegmentRows::Key, Partition>*> partitions;
  for (auto& partition : rows.partitions()) partitions.push_back(&partition);
  std::vector<Result<Written>> all(partitions.size());
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> failed = false;
  const auto write = [&](std::optional<ParquetWriter>& writer) {
    for (std::size_t i = next++; i < partitions.size() && !failed; i = next++) {
      auto& [key, partition] = *partitions[i];
      // A thread's exceptions would end the program.
      try {
        all[i] = write_partition(writer, key, partition, name);
      } catch (const std::exception& exception) {
        all[i] = fail(ErrorCode::internal, "writing Parquet: {}", exception.what());
      }
      if (!all[i]) failed = true;
    }
  };
  {
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < std::min(writers_.size(), partitions.size()); ++i) {
      others.emplace_back([&, i] { write(writers_[i]); });
    }
    write(writers_.front());
  }
  std::vector<Written> written;
  for (Result<Written>& one : all) {
    if (!one) return std::unexpected(std::move(one).error());
    written.push_back(std::move(*one));
  }
  return written;
}

Result<Roller::Written> Roller::write_partition(std::optional<ParquetWriter>& writer,
                                                const SegmentRows::Key& key, Partition& partition,
                                                const std::string& name) {
  if (!writer) {
    WEIR_ASSIGN(writer,
                ParquetWriter::create({.folder = options_.folder,
                                       .memory_bytes = options_.memory_bytes / writers_.size()},
                                      *steps_));
  }
  Written written;
  Deduplicator duplicates(partition.rows);
  WEIR_TRY(drop_known(key, partition, duplicates));
  written.duplicates = duplicates.finish();
  PartitionSource source(partition.rows, options_.batch);
  WEIR_ASSIGN(written.file, writer->write(source, key.first, key.second, name,
                                          std::numeric_limits<std::uint64_t>::max()));
  // Segments can hold many partitions; what is written need not stay.
  partition.rows = {};
  return written;
}

Result<void> Roller::drop_known(const SegmentRows::Key& key, const Partition& partition,
                                Deduplicator& duplicates) {
  std::vector<FileInfo> files;
  std::ranges::copy_if(files_, std::back_inserter(files), [&](const FileInfo& file) {
    return file.record_class == key.first && file.month == key.second;
  });
  if (files.empty()) return {};
  WEIR_ASSIGN(duck::Connection connection, lookup_->connect());
  // The same record claims the same time, so only the stretch that the segment covers is read.
  WEIR_ASSIGN(
      duck::Stream known,
      connection.stream(fmt::format(
          "SELECT uid FROM read_parquet({}, hive_partitioning = false) WHERE claimed_time "
          "BETWEEN make_timestamp_ms({}) AND make_timestamp_ms({})",
          sql_file_list(options_.folder, files), partition.first_claimed.time_since_epoch().count(),
          partition.last_claimed.time_since_epoch().count())));
  for (;;) {
    WEIR_ASSIGN(duckdb_data_chunk chunk, known.next());
    if (chunk == nullptr) return {};
    const IdColumn ids(chunk);
    for (idx_t row = 0; row < ids.size(); ++row) duplicates.drop(ids[row]);
  }
}

}  // namespace weir::lake
