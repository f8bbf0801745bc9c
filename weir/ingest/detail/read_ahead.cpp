#include "weir/ingest/detail/read_ahead.h"

#include <condition_variable>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "weir/ingest/detail/said_batch.h"

namespace weir::ingest {
namespace {

// A commit keeps the taker busy for tens of milliseconds; the reader goes on meanwhile.
constexpr std::size_t kAheadBytes = 8u << 20;
constexpr std::size_t kBatchBytes = 128u << 10;
constexpr std::size_t kBatchEntries = 1024;

using Batch = std::unique_ptr<SaidBatch>;

/// Batches on their way from the reading thread, and empty ones on their way back.
class Handover {
 public:
  /// An empty batch to fill.
  Batch fresh() {
    const std::lock_guard lock(mutex_);
    if (used_.empty()) return std::make_unique<SaidBatch>();
    Batch batch = std::move(used_.back());
    used_.pop_back();
    return batch;
  }

  /// Waits while too much waits to be taken. False if nobody will take it.
  bool give(Batch batch) {
    std::unique_lock lock(mutex_);
    taken_.wait(lock, [&] { return stopped_ || waiting_bytes_ < kAheadBytes; });
    if (stopped_) return false;
    waiting_bytes_ += batch->bytes();
    waiting_.push_back(std::move(batch));
    given_.notify_one();
    return true;
  }

  /// Waits for one; null when the reader has ended and all was taken.
  Batch take() {
    std::unique_lock lock(mutex_);
    given_.wait(lock, [&] { return ended_ || !waiting_.empty(); });
    if (waiting_.empty()) return nullptr;
    Batch batch = std::move(waiting_.front());
    waiting_.pop_front();
    waiting_bytes_ -= batch->bytes();
    taken_.notify_one();
    return batch;
  }

  void give_back(Batch batch) {
    batch->clear();
    const std::lock_guard lock(mutex_);
    used_.push_back(std::move(batch));
  }

  /// The reader says no more.
  void end() {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    given_.notify_one();
  }
  /// Nobody takes any more.
  void stop() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    taken_.notify_one();
  }

 private:
  std::mutex mutex_;
  std::condition_variable given_;
  std::condition_variable taken_;
  std::deque<Batch> waiting_;
  std::vector<Batch> used_;
  std::size_t waiting_bytes_ = 0;
  bool ended_ = false;
  bool stopped_ = false;
};

/// The reader's end of it.
class BatchingSink final : public RecordSink {
 public:
  BatchingSink(Handover& handover, const MakeId& make_id, const std::uint64_t& raw_bytes)
      : handover_(handover), make_id_(make_id), raw_bytes_(raw_bytes), batch_(handover.fresh()) {}

  Result<void> record(const event::SourceRecord& said, std::uint64_t offset) override {
    batch_->add_record(said, make_id_(said.raw), offset);
    return give_if_full();
  }
  Result<void> bad(ParseError error, std::uint64_t line, std::uint64_t offset,
                   std::string_view raw) override {
    batch_->add_bad(error, line, offset, raw);
    return give_if_full();
  }
  Result<void> progress(std::uint64_t offset) override {
    batch_->add_progress(offset, raw_bytes_);
    return give_if_full();
  }

  void give_rest() { handover_.give(std::move(batch_)); }

 private:
  Result<void> give_if_full() {
    if (batch_->bytes() < kBatchBytes && batch_->entries() < kBatchEntries) return {};
    if (!handover_.give(std::move(batch_))) {
      batch_ = handover_.fresh();
      return fail(ErrorCode::cancelled, "nobody takes the records any more");
    }
    batch_ = handover_.fresh();
    return {};
  }

  Handover& handover_;
  const MakeId& make_id_;
  const std::uint64_t& raw_bytes_;
  Batch batch_;
};

Result<void> read_all(Reader& reader, ByteSource& source, BatchingSink& sink) {
  // A thread's exceptions would end the program.
  try {
    return reader.read(source, sink);
  } catch (const std::exception& exception) {
    return fail(ErrorCode::internal, "the reader failed: {}", exception.what());
  }
}

}  // namespace

Result<void> read_ahead(Reader& reader, ByteSource& source, const std::uint64_t& source_raw_bytes,
                        const MakeId& make_id, RecordSink& sink, std::uint64_t& raw_bytes) {
  Handover handover;
  Result<void> read;
  Result<void> told;
  {
    const std::jthread thread([&] {
      BatchingSink batches(handover, make_id, source_raw_bytes);
      read = read_all(reader, source, batches);
      batches.give_rest();
      handover.end();
    });
    while (Batch batch = handover.take()) {
      told = batch->tell(sink, raw_bytes);
      if (!told) break;
      handover.give_back(std::move(batch));
    }
    handover.stop();
  }
  if (!told) return told;
  raw_bytes = source_raw_bytes;
  return read;
}

}  // namespace weir::ingest
