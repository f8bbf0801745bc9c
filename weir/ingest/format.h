#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/result.h"
#include "weir/event/source_record.h"

namespace weir::ingest {

/// Why one record could not be read. Ordinary: counted, sampled and kept aside.
enum class ParseError : std::uint8_t {
  too_long,  // passed Limits::record_bytes
  not_utf8,
  nul_byte,
  unbalanced_quote,
  wrong_field_count,
  bad_number,
  bad_time,
  time_out_of_range,  // before 1970 or after 2100
  unknown_activity,
  unknown_class,
  missing_field,
  not_json,
  bad_structure,
  truncated,
};
std::string_view to_string(ParseError error);

/// A stream of bytes, already decompressed. `read` gives 0 at the end.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual Result<std::size_t> read(char* buffer, std::size_t size) = 0;
};

/// Takes what a reader finds. `offset` counts decompressed bytes from the start of the source.
class RecordSink {
 public:
  virtual ~RecordSink() = default;
  /// The record's views are valid during the call only. An error stops the reader.
  virtual Result<void> record(const event::SourceRecord& record, std::uint64_t offset) = 0;
  /// `raw` is the record as far as it was read (at most Limits::kept_bad_bytes of it).
  virtual Result<void> bad(ParseError error, std::uint64_t line, std::uint64_t offset,
                           std::string_view raw) = 0;
  /// All before `offset` has been handed over: a place to resume from.
  virtual Result<void> progress(std::uint64_t offset) = 0;
};

struct Limits {
  std::uint64_t record_bytes = 16u << 20;    // a line; mail has its own
  std::uint64_t message_bytes = 256u << 20;  // a mail
  std::uint64_t kept_bad_bytes = 4096;
  std::size_t parties = 10'000;
  std::size_t objects = 10'000;
};

/// Looks for protected documents in a whole message and writes what it finds into `said`
/// (documents, flags). Called on the thread that reads; an error stops the reader.
using Inspect = std::function<Result<void>(std::string_view message, event::SourceRecord& said)>;

struct ReaderOptions {
  Limits limits;
  /// Where the source starts when a run resumes (0: at its beginning). A reader that needs the
  /// header reads it from `head`.
  std::uint64_t start_offset = 0;
  std::string head;  // the first 64 KiB of the source
  /// For mail: domains that are the organisation's own decide between sent and received.
  std::vector<std::string> internal_domains;
  /// For mail that leaves the organisation; may be empty.
  Inspect inspect;
};

/// Reads one source of one format to its end.
class Reader {
 public:
  virtual ~Reader() = default;
  virtual Result<void> read(ByteSource& source, RecordSink& sink) = 0;
};

/// How sure a format is that bytes are its own.
enum class Match { no, maybe, yes };

/// An input format. `parsers/all.cpp` lists them; golden tests, fuzz drivers, `weir formats` and
/// the docs page walk that list.
struct Format {
  std::string_view name;     // "cert"
  std::string_view summary;  // one line for `weir formats`
  std::string_view details;  // a paragraph: layouts, what becomes which activity, what is ignored
  Match (*match)(std::string_view head, std::string_view file_name);
  Result<std::unique_ptr<Reader>> (*open)(const ReaderOptions& options);
  /// True: the source can be resumed at an offset given to `RecordSink::progress`.
  bool resumable = false;
};

}  // namespace weir::ingest
