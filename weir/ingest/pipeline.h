#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "weir/base/result.h"
#include "weir/base/time.h"
#include "weir/ingest/format.h"
#include "weir/ingest/resolver.h"

namespace weir::ingest {

/// How far a source was read.
struct ReadUpTo {
  std::string path;
  std::uint64_t offset = 0;
  std::uint64_t tail_checksum = 0;  // checksum64 of up to 4 KiB before `offset`
};

/// Where records go: the lake, in `app`.
class RecordStore {
 public:
  virtual ~RecordStore() = default;
  virtual Result<void> append(const event::Record& record) = 0;
  /// Makes what was appended last, together with how far its sources were read: all or nothing.
  virtual Result<void> commit(std::span<const ReadUpTo> sources) = 0;
  /// Offset to resume `source_path` from; 0 if unknown or not the same file any more.
  virtual Result<std::uint64_t> resume_offset(const std::filesystem::path& source_path) = 0;
  /// A ledger row for this source, which lasts from the next commit on; the same path and format
  /// give the same id.
  virtual Result<event::SourceId> source_id(std::string_view format, std::string_view path) = 0;
};

struct IngestOptions {
  std::vector<std::filesystem::path> inputs;  // files, folders, "-" for standard input
  std::string format;                         // empty: recognised by content
  Limits limits;
  std::vector<std::string> internal_domains;
  Inspect inspect;                         // ReaderOptions::inspect
  std::filesystem::path aside_folder;      // bad records are kept here; empty: nowhere
  std::uint64_t aside_bytes = 256u << 20;  // at most so much in that folder
  /// What is committed at once, unless the run ends earlier: so many bytes of input, or the ends of
  /// so many files.
  std::uint64_t commit_every_bytes = 32u << 20;
  std::size_t commit_every_files = 2000;
  bool from_start = false;  // read again what was read before
  Clock clock;
  /// Called now and then with bytes done and in all (0: unknown); may be empty.
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;
  /// Set by ctrl-C: the run stops at the next record, commits, and says `cancelled`.
  const std::atomic<bool>* stop = nullptr;
};

struct BadSample {
  std::string file;
  std::uint64_t line = 0;
  std::uint64_t offset = 0;
  ParseError reason{};
  std::string excerpt;  // printable(), short
};

struct IngestReport {
  std::uint64_t files = 0;
  std::uint64_t skipped_files = 0;          // already read to their end
  std::vector<std::string> left_out_files;  // Weir's own, which lay in a folder: no records
  std::uint64_t bytes = 0;
  std::uint64_t records = 0;  // readable ones: kept, out of scope or excluded
  std::uint64_t bad = 0;
  std::uint64_t bad_not_kept = 0;  // bad ones that did not fit into the aside folder
  std::map<ParseError, std::uint64_t> bad_by_reason;
  std::vector<BadSample> samples;  // at most 10 a file and reason, 1000 in all
  std::map<std::string, std::uint64_t> by_activity;
  std::uint64_t out_of_scope = 0;
  std::uint64_t excluded = 0;
  std::uint64_t nothing_new = 0;  // ResolverOptions::recognised
  std::uint64_t future_dated = 0;
  std::uint64_t inspected = 0;            // for protected documents
  std::uint64_t not_all_read = 0;         // of these: some content could not be read
  std::uint64_t with_documents = 0;       // records in which a protected document was recognised
  std::vector<std::string> failed_files;  // file and reason: unreadable, truncated gz, no format
};

/// Reads every input through its reader and the resolver into the store. A file that cannot be
/// read is named in the report and the others go on; only a failing store or ctrl-C stops the run.
/// Sources are known to the store by their absolute path; standard input has none ("") and is never
/// resumed. Compressed files and formats that cannot be resumed are read from their beginning until
/// they were once read to their end. docs/ingest.md.
Result<IngestReport> run_ingest(const IngestOptions& options, Resolver& resolver,
                                RecordStore& store);

/// Opens a file or standard input ("-"); .gz and .zst are told by their magic bytes.
/// A truncated or damaged stream is an error at the place
/// where it shows, after the bytes before it.
Result<std::unique_ptr<ByteSource>> open_source(const std::filesystem::path& path);

}  // namespace weir::ingest
