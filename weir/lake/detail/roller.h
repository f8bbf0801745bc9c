#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "weir/base/queue.h"
#include "weir/base/result.h"
#include "weir/lake/detail/file_steps.h"
#include "weir/lake/detail/parquet_writer.h"
#include "weir/lake/detail/segment_rows.h"
#include "weir/lake/manifest.h"

namespace weir::lake {

/// Rolls sealed journal segments into Parquet on a thread of its own, which has others write some
/// of the files: each costs three fsyncs, and what one waits for another can use. The files are the
/// same for any number of threads. It touches neither the
/// manifest nor the segments: the lake's own thread takes what is finished and enters it, so that
/// a Manifest need not be thread-safe.
class Roller {
 public:
  struct Options {
    std::filesystem::path folder;  // of the lake
    std::uint64_t memory_bytes = 1u << 30;
    std::uint32_t batch = 1;
    int threads = 1;  // that write files, the roller's own among them
  };
  struct Rolled {
    std::vector<std::uint64_t> segments;
    std::vector<FileInfo> added;
    std::vector<SourceProgress> progress;
    std::uint64_t stored = 0;
    std::uint64_t duplicates = 0;
    std::optional<Error> error;  // then nothing was rolled, and nothing after it will be
  };

  /// `files`: the manifest's. `steps` must outlive the roller.
  Roller(Options options, std::vector<FileInfo> files, const FileSteps& steps);
  /// Finishes what was pushed.
  ~Roller();

  /// Waits while too many segments wait.
  void push(std::uint64_t segment);
  /// What was finished since the last call; with `wait`, all that was pushed.
  std::vector<Rolled> take_finished(bool wait);
  /// Tells the roller of files that compaction changed. Only when nothing is pushed.
  void set_files(std::vector<FileInfo> files);

 private:
  void run();
  Result<Rolled> roll(const std::vector<std::uint64_t>& segments);
  struct Written {
    FileInfo file;
    std::uint64_t duplicates = 0;
  };
  Result<std::vector<Written>> write_all(SegmentRows& rows, const std::string& name);
  Result<Written> write_partition(std::optional<ParquetWriter>& writer, const SegmentRows::Key& key,
                                  Partition& partition, const std::string& name);
  Result<void> drop_known(const SegmentRows::Key& key, const Partition& partition,
                          Deduplicator& duplicates);

  Options options_;
  const FileSteps* steps_;
  std::vector<FileInfo> files_;                        // of the thread, but for set_files
  std::vector<std::optional<ParquetWriter>> writers_;  // one for each thread, once it has work
  std::optional<duck::Database> lookup_;               // each thread has its own connection
  BoundedQueue<std::uint64_t> queue_;
  std::mutex mutex_;
  std::condition_variable finished_one_;
  std::vector<Rolled> finished_;
  std::uint64_t unfinished_ = 0;  // segments
  std::thread thread_;
};

}  // namespace weir::lake
