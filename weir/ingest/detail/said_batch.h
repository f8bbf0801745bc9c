#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "weir/event/source_record.h"
#include "weir/ingest/format.h"

namespace weir::ingest {

/// What a reader said, kept so that another thread can hear it: records, bad ones and progress, in
/// their order, with the text they point to. Raw records are not kept, but the ids made of them.
/// Meant to be used again and again: `clear` keeps the memory. One thread at a time.
class SaidBatch {
 public:
  void add_record(const event::SourceRecord& said, const event::RecordId& id, std::uint64_t offset);
  void add_bad(ParseError error, std::uint64_t line, std::uint64_t offset, std::string_view raw);
  /// `raw_bytes`: of the file, read so far.
  void add_progress(std::uint64_t offset, std::uint64_t raw_bytes);

  /// Says it all again, and sets `raw_bytes` before each progress. Ends with the sink's error.
  Result<void> tell(RecordSink& sink, std::uint64_t& raw_bytes) const;

  void clear();
  std::size_t entries() const { return entries_.size(); }
  /// About what it takes in memory.
  std::size_t bytes() const { return bytes_; }

 private:
  enum class Kind : std::uint8_t { record, bad, progress };
  struct Entry {
    Kind kind{};
    ParseError error{};
    std::uint64_t offset = 0;
    std::uint64_t number = 0;  // the record's index, the bad one's line, or raw bytes
    std::string_view raw = {};
  };

  std::string_view keep(std::string_view text);

  std::vector<Entry> entries_;
  std::vector<event::SourceRecord> records_;  // those past `record_count_` wait to be used again
  std::size_t record_count_ = 0;
  std::deque<std::string> texts_;  // each filled up to its capacity only: views stay
  std::size_t text_ = 0;           // the one being filled
  std::size_t bytes_ = 0;
};

}  // namespace weir::ingest
