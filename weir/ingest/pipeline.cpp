#include "weir/ingest/pipeline.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "weir/base/file.h"
#include "weir/base/hash.h"
#include "weir/base/text.h"
#include "weir/ingest/detail/aside_file.h"
#include "weir/ingest/detail/read_ahead.h"
#include "weir/ingest/detail/source.h"
#include "weir/ingest/detail/walk.h"
#include "weir/ingest/parsers/all.h"

namespace weir::ingest {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kHeadBytes = 64u << 10;
constexpr std::uint64_t kTailBytes = 4096;
/// Starting a thread costs more than it saves for files smaller than this.
constexpr std::uint64_t kReadAheadFrom = 1u << 20;

/// The first bytes, already read to tell the format, and then the rest.
class HeadedSource final : public ByteSource {
 public:
  HeadedSource(std::string_view head, ByteSource& rest) : head_(head), rest_(rest) {}
  Result<std::size_t> read(char* buffer, std::size_t size) override {
    if (head_.empty()) return rest_.read(buffer, size);
    const std::size_t n = head_.copy(buffer, size);
    head_.remove_prefix(n);
    return n;
  }

 private:
  std::string_view head_;
  ByteSource& rest_;
};

/// Up to 64 KiB. An error behind the first bytes shows again when the rest is read.
Result<std::string> read_head(ByteSource& source) {
  std::string head(kHeadBytes, '\0');
  std::size_t size = 0;
  while (size < head.size()) {
    const Result<std::size_t> n = source.read(head.data() + size, head.size() - size);
    if (!n && size == 0) return std::unexpected(n.error());
    if (!n || *n == 0) break;
    size += *n;
  }
  head.resize(size);
  return head;
}

Result<std::uint64_t> tail_checksum(const fs::path& path, std::uint64_t offset) {
  WEIR_ASSIGN(const File file, File::open_read(path));
  std::string tail(std::min(offset, kTailBytes), '\0');
  const ssize_t n = ::pread(file.descriptor(), tail.data(), tail.size(),
                            static_cast<off_t>(offset - tail.size()));
  if (n != static_cast<ssize_t>(tail.size())) {
    return fail(ErrorCode::io, "{}: got shorter while it was read", path.string());
  }
  return checksum64(tail);
}

/// One run: everything that the files share.
class Run {
 public:
  Run(const IngestOptions& options, Resolver& resolver, RecordStore& store)
      : options_(options),
        resolver_(resolver),
        store_(store),
        aside_(options.aside_folder, options.aside_bytes, options.clock()) {}

  Result<IngestReport> ingest_all();

 private:
  friend class FileSink;

  /// An error is one of this file only, unless `fatal_` is set.
  Result<void> ingest_file(const InputFile& input);
  /// `path` was read up to `offset`, which counts from the next commit on.
  void read_up_to(const std::string& path, std::uint64_t offset);
  /// An error sets `fatal_`.
  Result<void> commit();
  bool is_commit_due(std::uint64_t more_bytes) const {
    return uncommitted_bytes_ + more_bytes >= options_.commit_every_bytes ||
           uncommitted_sources_.size() >= options_.commit_every_files;
  }
  Result<const Format*> format_of(std::string_view head, const fs::path& path) const;
  void tell_progress(std::uint64_t done_of_file) const {
    if (options_.progress) options_.progress(done_bytes_ + done_of_file, total_bytes_);
  }

  const IngestOptions& options_;
  Resolver& resolver_;
  RecordStore& store_;
  AsideFile aside_;
  IngestReport report_;
  std::array<std::uint64_t, event::kActivityCount> by_activity_{};
  std::uint64_t done_bytes_ = 0;
  std::uint64_t total_bytes_ = 0;
  // Since the last commit.
  std::vector<ReadUpTo> uncommitted_sources_;
  std::uint64_t uncommitted_bytes_ = 0;  // of files that were read to their end
  bool has_uncommitted_records_ = false;
  /// Ends the whole run: the store failed, or ctrl-C.
  std::optional<Error> fatal_;
};

/// Takes one file's records into the store.
class FileSink final : public RecordSink {
 public:
  struct File {
    std::string name;  // as the operator knows it
    std::string key;   // absolute path, or empty: no offset can be kept
    std::string_view format;
    event::SourceId source{};
    bool is_resumable = false;
    const std::uint64_t* raw_bytes = nullptr;
  };

  FileSink(Run& run, File file, std::uint64_t start)
      : run_(run), file_(std::move(file)), safe_(start), committed_(start) {}

  Result<void> record(const event::SourceRecord& said, std::uint64_t offset) override {
    WEIR_TRY(check_stop());
    const Result<Dropped> dropped = run_.resolver_.resolve(said, file_.format, file_.source, offset,
                                                           run_.options_.clock(), record_);
    if (!dropped) return give_up(dropped.error());
    IngestReport& report = run_.report_;
    ++report.records;
    if (*dropped != Dropped::no) {
      ++(*dropped == Dropped::nothing_new    ? report.nothing_new
         : *dropped == Dropped::out_of_scope ? report.out_of_scope
                                             : report.excluded);
      return {};
    }
    if (Result<void> appended = run_.store_.append(record_); !appended) {
      return give_up(std::move(appended).error());
    }
    run_.has_uncommitted_records_ = true;
    ++run_.by_activity_[static_cast<std::size_t>(record_.activity)];
    if ((record_.flags & event::kFlagFutureDated) != 0) ++report.future_dated;
    if ((record_.flags & event::kFlagInspected) != 0) ++report.inspected;
    if ((record_.flags & event::kFlagNotAllRead) != 0) ++report.not_all_read;
    if (!record_.documents.empty()) ++report.with_documents;
    return {};
  }

  Result<void> bad(ParseError reason, std::uint64_t line, std::uint64_t offset,
                   std::string_view raw) override {
    WEIR_TRY(check_stop());
    IngestReport& report = run_.report_;
    ++report.bad;
    ++report.bad_by_reason[reason];
    if (++samples_[reason] <= kSamplesPerReason && report.samples.size() < kSamples) {
      report.samples.push_back({file_.name, line, offset, reason, printable(raw)});
    }
    Result<bool> kept = run_.aside_.add(file_.name, file_.format, reason, line, offset, raw);
    if (!kept) return give_up(std::move(kept).error());
    if (!*kept) ++report.bad_not_kept;
    return {};
  }

  Result<void> progress(std::uint64_t offset) override {
    WEIR_TRY(check_stop());
    safe_ = offset;
    run_.tell_progress(*file_.raw_bytes);
    if (!run_.is_commit_due(safe_ - committed_)) return {};
    if (file_.is_resumable) run_.read_up_to(file_.key, safe_);
    committed_ = safe_;
    return run_.commit();
  }

  /// Ends the file. It was read up to `offset`; 0: there is no place to resume from.
  Result<void> finish(std::uint64_t offset) {
    if (offset > 0) run_.read_up_to(file_.key, offset);
    run_.uncommitted_bytes_ += safe_ - committed_;
    return run_.is_commit_due(0) ? run_.commit() : Result<void>{};
  }

  std::uint64_t safe_offset() const { return safe_; }

 private:
  static constexpr std::uint64_t kSamplesPerReason = 10;
  static constexpr std::size_t kSamples = 1000;

  Result<void> check_stop() {
    if (run_.options_.stop == nullptr || !run_.options_.stop->load(std::memory_order_relaxed)) {
      return {};
    }
    return give_up({ErrorCode::cancelled, "stopped; what was read so far is stored"});
  }

  Result<void> give_up(Error error) {
    run_.fatal_ = error;
    return std::unexpected(std::move(error));
  }

  Run& run_;
  File file_;
  event::Record record_;
  std::map<ParseError, std::uint64_t> samples_;
  std::uint64_t safe_;
  std::uint64_t committed_;
};

Result<const Format*> Run::format_of(std::string_view head, const fs::path& path) const {
  if (!options_.format.empty()) return find_format(options_.format);
  const Format* format = recognise(head, path.filename().string());
  if (format == nullptr) {
    return fail(ErrorCode::parse,
                "no format knows these bytes; name one with --format, or leave the file out "
                "(`weir formats` lists them)");
  }
  return format;
}

Result<void> Run::ingest_file(const InputFile& input) {
  const bool is_stdin = input.path == "-";
  std::string key;
  if (!is_stdin) {
    std::error_code error;
    key = fs::canonical(input.path, error).string();
    if (error) key.clear();
  }
  std::uint64_t start = 0;
  if (!key.empty() && !options_.from_start) {
    Result<std::uint64_t> known = store_.resume_offset(key);
    if (!known) {
      fatal_ = known.error();
      return std::unexpected(std::move(known).error());
    }
    start = *known;
    if (start > 0 && start == input.bytes) {
      ++report_.skipped_files;
      return {};
    }
  }
  WEIR_ASSIGN(Source source, open_source_at(input.path, 0));
  ReaderOptions reader_options;
  reader_options.limits = options_.limits;
  reader_options.internal_domains = options_.internal_domains;
  reader_options.inspect = options_.inspect;
  WEIR_ASSIGN(reader_options.head, read_head(*source.bytes));
  if (reader_options.head.empty()) return fail(ErrorCode::parse, "empty: there is nothing to read");
  WEIR_ASSIGN(const Format* format, format_of(reader_options.head, input.path));

  const bool is_resumable = format->resumable && !source.is_compressed && !key.empty();
  if (start > 0 && is_resumable) {
    WEIR_ASSIGN(source, open_source_at(input.path, start));
    reader_options.start_offset = start;
  } else {
    start = 0;
  }
  WEIR_ASSIGN(const std::unique_ptr<Reader> reader, format->open(reader_options));
  Result<event::SourceId> source_id = store_.source_id(format->name, is_stdin ? "-" : key);
  if (!source_id) {
    fatal_ = source_id.error();
    return std::unexpected(std::move(source_id).error());
  }
  const bool is_small = !is_stdin && input.bytes < start + kReadAheadFrom;
  std::uint64_t raw_bytes = start;  // as far as they have come through to the sink
  FileSink sink(*this,
                {.name = is_stdin ? "standard input" : input.path.string(),
                 .key = key,
                 .format = format->name,
                 .source = *source_id,
                 .is_resumable = is_resumable,
                 .raw_bytes = is_small ? source.raw_bytes : &raw_bytes},
                start);
  HeadedSource whole(reader_options.head, *source.bytes);
  ByteSource& bytes = start > 0 ? *source.bytes : whole;
  const Result<void> read =
      is_small ? reader->read(bytes, sink)
               : read_ahead(
                     *reader, bytes, *source.raw_bytes,
                     [&](std::string_view raw) { return resolver_.record_id(format->name, raw); },
                     sink, raw_bytes);
  report_.bytes += *source.raw_bytes - start;
  const bool store_failed = fatal_ && fatal_->code != ErrorCode::cancelled;
  if (!store_failed) {
    ++report_.files;
    // What cannot be resumed has only one place worth keeping: its end.
    const std::uint64_t end = is_resumable ? sink.safe_offset() : read ? *source.raw_bytes : 0;
    WEIR_TRY(sink.finish(end));
  }
  return read;
}

void Run::read_up_to(const std::string& path, std::uint64_t offset) {
  if (path.empty()) return;
  const Result<std::uint64_t> tail = tail_checksum(path, offset);
  // A file that vanished meanwhile has no place to resume from; its records are good.
  if (tail) uncommitted_sources_.push_back({path, offset, *tail});
}

Result<void> Run::commit() {
  Result<void> done = aside_.flush();
  if (done && (has_uncommitted_records_ || !uncommitted_sources_.empty())) {
    done = store_.commit(uncommitted_sources_);
  }
  if (!done) {
    fatal_ = done.error();
    return done;
  }
  uncommitted_sources_.clear();
  uncommitted_bytes_ = 0;
  has_uncommitted_records_ = false;
  return {};
}

Result<IngestReport> Run::ingest_all() {
  Inputs inputs = list_inputs(options_.inputs);
  report_.failed_files = std::move(inputs.problems);
  report_.left_out_files = std::move(inputs.left_out);
  const std::vector<InputFile>& files = inputs.files;
  for (const InputFile& file : files) total_bytes_ += file.bytes;
  if (std::ranges::find(files, "-", &InputFile::path) != files.end()) total_bytes_ = 0;

  for (const InputFile& file : files) {
    const Result<void> done = ingest_file(file);
    if (fatal_) break;
    if (!done) {
      const std::string name = file.path == "-" ? "standard input" : file.path.string();
      const std::string_view reason = done.error().message;
      report_.failed_files.push_back(
          reason.starts_with(name) ? std::string(reason) : fmt::format("{}: {}", name, reason));
    }
    done_bytes_ += file.bytes;
    tell_progress(0);
  }
  // Ctrl-C keeps what was read.
  if (!fatal_ || fatal_->code == ErrorCode::cancelled) WEIR_TRY(commit());
  if (fatal_) return std::unexpected(std::move(*fatal_));
  for (std::size_t i = 0; i < by_activity_.size(); ++i) {
    if (by_activity_[i] == 0) continue;
    report_.by_activity[std::string(to_string(static_cast<event::Activity>(i)))] = by_activity_[i];
  }
  return std::move(report_);
}

}  // namespace

Result<IngestReport> run_ingest(const IngestOptions& options, Resolver& resolver,
                                RecordStore& store) {
  if (!options.format.empty() && find_format(options.format) == nullptr) {
    std::vector<std::string_view> names;
    for (const Format& format : formats()) names.push_back(format.name);
    const std::string_view near = nearest(options.format, names);
    return fail(ErrorCode::invalid_argument, "no format \"{}\"{}; `weir formats` lists them",
                printable(options.format),
                near.empty() ? "" : fmt::format(" (did you mean {}?)", near));
  }
  return Run(options, resolver, store).ingest_all();
}

}  // namespace weir::ingest
