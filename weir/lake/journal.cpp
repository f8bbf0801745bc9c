#include "weir/lake/detail/journal.h"

#include <algorithm>
#include <cstring>

#include "weir/base/bytes.h"
#include "weir/base/hash.h"
#include "weir/base/text.h"

namespace weir::lake::journal {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "WEIRJRNL";
constexpr std::uint32_t kVersion = 2;
constexpr std::size_t kHeaderBytes = 8 + 4 + 8 + 4;
constexpr std::uint32_t kFrameMagic = 0x4d524657;  // "WFRM"
constexpr std::size_t kFrameHeaderBytes = 16;
constexpr std::size_t kProgressBytes = 24;
// Batch, count of records, count of sources: of one size, so that the frame's start can be filled
// in after its records. What is told of the sources follows the records.
constexpr std::size_t kPreludeBytes = 4 + 4 + 4;
constexpr std::size_t kFrameStartBytes = kFrameHeaderBytes + kPreludeBytes;

std::string header_of(std::uint64_t number) {
  std::string out(kMagic);
  ByteWriter writer(out);
  writer.fixed(kVersion);
  writer.fixed(number);
  writer.fixed(crc32(out));
  return out;
}

// Segment and place are part of it, so that a frame copied elsewhere is not taken for one.
std::uint32_t frame_header_crc(std::uint64_t number, std::uint64_t offset, std::uint32_t length,
                               std::uint32_t payload_crc) {
  std::string bytes;
  ByteWriter writer(bytes);
  writer.fixed(number);
  writer.fixed(offset);
  writer.fixed(length);
  writer.fixed(payload_crc);
  return crc32(bytes);
}

struct FrameHeader {
  std::uint32_t length = 0;
  std::uint32_t payload_crc = 0;
};

std::optional<FrameHeader> frame_header_at(std::string_view bytes, std::uint64_t number,
                                           std::uint64_t offset) {
  ByteReader in(bytes.substr(offset, kFrameHeaderBytes));
  const auto magic = in.fixed<std::uint32_t>();
  FrameHeader header;
  header.length = in.fixed<std::uint32_t>();
  header.payload_crc = in.fixed<std::uint32_t>();
  const auto header_crc = in.fixed<std::uint32_t>();
  if (!in.ok() || magic != kFrameMagic) return {};
  if (header_crc != frame_header_crc(number, offset, header.length, header.payload_crc)) return {};
  if (header.length < kPreludeBytes || header.length > kMaxFrameBytes) return {};
  return header;
}

std::optional<Frame> frame_from(std::string_view payload) {
  ByteReader in(payload.substr(0, kPreludeBytes));
  Frame frame;
  frame.batch = in.fixed<std::uint32_t>();
  frame.record_count = in.fixed<std::uint32_t>();
  const auto sources = in.fixed<std::uint32_t>();
  if (!in.ok()) return {};
  payload.remove_prefix(kPreludeBytes);
  if (sources > payload.size() / kProgressBytes) return {};
  const std::size_t of_sources = sources * kProgressBytes;
  frame.records = payload.substr(0, payload.size() - of_sources);
  ByteReader told(payload.substr(frame.records.size()));
  for (std::uint32_t i = 0; i < sources; ++i) {
    SourceProgress& progress = frame.progress.emplace_back();
    progress.source_key = told.fixed<std::uint64_t>();
    progress.offset = told.fixed<std::uint64_t>();
    progress.tail_checksum = told.fixed<std::uint64_t>();
  }
  return frame;
}

std::optional<Frame> frame_at(std::string_view bytes, std::uint64_t number, std::uint64_t offset) {
  const auto header = frame_header_at(bytes, number, offset);
  if (!header) return {};
  const std::string_view payload = bytes.substr(offset + kFrameHeaderBytes);
  if (payload.size() < header->length) return {};
  if (crc32(payload.substr(0, header->length)) != header->payload_crc) return {};
  std::optional<Frame> frame = frame_from(payload.substr(0, header->length));
  if (frame) frame->end = offset + kFrameHeaderBytes + header->length;
  return frame;
}

// Where a frame that was acknowledged begins after `offset`, if one does.
std::optional<std::uint64_t> next_good_frame(std::string_view bytes, std::uint64_t number,
                                             std::uint64_t offset) {
  char magic[sizeof kFrameMagic];
  std::memcpy(magic, &kFrameMagic, sizeof magic);
  const std::string_view wanted(magic, sizeof magic);
  for (std::uint64_t at = bytes.find(wanted, offset + 1); at != bytes.npos;
       at = bytes.find(wanted, at + 1)) {
    if (frame_at(bytes, number, at)) return at;
  }
  return {};
}

}  // namespace

Result<Segment> parse(std::string_view bytes, std::uint64_t number, std::string_view name) {
  Segment segment;
  if (bytes.size() <= kHeaderBytes) {
    // The header is synced before the first frame is: a file this short never held a commit.
    segment.tail = bytes.size() == kHeaderBytes ? Tail::clean : Tail::incomplete;
    segment.good_bytes = bytes.size() == kHeaderBytes ? kHeaderBytes : 0;
    return segment;
  }
  if (bytes.substr(0, kHeaderBytes) != header_of(number)) {
    ByteReader in(bytes.substr(kMagic.size(), sizeof kVersion));
    const std::uint32_t version = bytes.starts_with(kMagic) ? in.fixed<std::uint32_t>() : kVersion;
    if (version > kVersion) {
      return fail(ErrorCode::unsupported, "{}: written by a newer Weir; use that one", name);
    }
    if (version < kVersion) {
      return fail(ErrorCode::unsupported,
                  "{}: has version {} of the journal, which was never released; open the workspace "
                  "once with the Weir that wrote it (`weir ingest` of nothing new), or move the "
                  "file away and ingest again what it held",
                  name, version);
    }
    return fail(ErrorCode::corrupt,
                "{}: is not journal segment {} (damaged at offset 0); restore it from a backup, or "
                "move it away and ingest again what it held",
                name, number);
  }
  std::uint64_t offset = kHeaderBytes;
  while (offset < bytes.size()) {
    std::optional<Frame> frame = frame_at(bytes, number, offset);
    if (!frame) {
      if (const auto good = next_good_frame(bytes, number, offset)) {
        return fail(ErrorCode::corrupt,
                    "{}: damaged at offset {}, with commits after it from offset {}; restore it "
                    "from a backup, or move it away and ingest again what it held",
                    name, offset, *good);
      }
      const auto header = frame_header_at(bytes, number, offset);
      const std::uint64_t there = bytes.size() - offset;
      const bool cut_short =
          there < kFrameHeaderBytes || (header && there - kFrameHeaderBytes < header->length);
      segment.tail = cut_short ? Tail::incomplete : Tail::damaged;
      break;
    }
    offset = frame->end;
    segment.frames.push_back(std::move(*frame));
  }
  segment.good_bytes = offset;
  return segment;
}

Result<std::string_view> FrameRecords::next() {
  ByteReader in(rest_);
  const auto length = in.fixed<std::uint32_t>();
  if (!in.ok() || length > in.remaining()) {
    return fail(ErrorCode::corrupt, "a frame ends before its last record");
  }
  const std::string_view record = rest_.substr(sizeof length, length);
  rest_.remove_prefix(sizeof length + length);
  --left_;
  return record;
}

std::string segment_name(std::uint64_t number) { return fmt::format("{:06}.journal", number); }

Result<std::vector<std::uint64_t>> list_segments(const fs::path& folder) {
  std::vector<std::uint64_t> numbers;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const fs::path& path = entry->path();
    if (path.extension() != ".journal") continue;
    if (const auto number = parse_u64(path.stem().string())) numbers.push_back(*number);
  }
  if (error) return fail_errno(error.value(), folder.string());
  std::ranges::sort(numbers);
  return numbers;
}

Result<void> Writer::append(const event::Record& record) {
  if (broken_) return fail(ErrorCode::io, "the journal failed earlier; open the workspace again");
  if (pending_.empty()) pending_.resize(kFrameStartBytes);
  const std::size_t before = pending_.size();
  pending_.append(sizeof(std::uint32_t), '\0');
  encode(record, pending_);
  const std::size_t length = pending_.size() - before - sizeof(std::uint32_t);
  if (pending_.size() - kFrameHeaderBytes > kMaxFrameBytes) {
    pending_.resize(before);
    return fail(ErrorCode::limit_exceeded, "more than {} bytes in one commit; commit earlier",
                kMaxFrameBytes);
  }
  const auto stored = static_cast<std::uint32_t>(length);
  std::memcpy(pending_.data() + before, &stored, sizeof stored);
  ++pending_count_;
  return {};
}

Result<void> Writer::commit(std::span<const SourceProgress> progress) {
  if (broken_) return fail(ErrorCode::io, "the journal failed earlier; open the workspace again");
  if (pending_count_ == 0 && progress.empty()) return {};
  if (!file_) WEIR_TRY(begin_segment());
  if (pending_.empty()) pending_.resize(kFrameStartBytes);
  const std::size_t records_end = pending_.size();
  if (Result<void> written = write_frame(progress); !written) {
    pending_.resize(records_end);
    const Result<void> cut = broken_ ? Result<void>{} : file_->truncate(size_);
    if (!cut) broken_ = true;
    return written;
  }
  size_ += pending_.size();
  pending_.clear();
  pending_count_ = 0;
  return {};
}

Result<void> Writer::begin_segment() {
  WEIR_TRY(steps_->reached("journal_create"));
  const fs::path path = folder_ / segment_name(number_);
  // Made whole before it is taken up: a failure leaves a file that the next attempt empties.
  WEIR_ASSIGN(File fresh, File::create(path));
  WEIR_TRY(fresh.write(header_of(number_)));
  WEIR_TRY(fresh.sync());
  WEIR_TRY(steps_->reached("journal_folder_sync"));
  WEIR_TRY(sync_folder(folder_));
  WEIR_ASSIGN(File file, File::open_append(path));
  file_ = std::move(file);
  size_ = kHeaderBytes;
  return {};
}

Result<void> Writer::write_frame(std::span<const SourceProgress> progress) {
  if (progress.size() > (kMaxFrameBytes + kFrameHeaderBytes - pending_.size()) / kProgressBytes) {
    return fail(ErrorCode::limit_exceeded, "more than {} bytes in one commit; commit earlier",
                kMaxFrameBytes);
  }
  ByteWriter sources(pending_);
  for (const SourceProgress& one : progress) {
    sources.fixed(one.source_key);
    sources.fixed(one.offset);
    sources.fixed(one.tail_checksum);
  }
  std::string start;
  ByteWriter writer(start);
  writer.fixed(batch_);
  writer.fixed(pending_count_);
  writer.fixed(static_cast<std::uint32_t>(progress.size()));
  std::ranges::copy(start, pending_.data() + kFrameHeaderBytes);

  const std::string_view payload = std::string_view(pending_).substr(kFrameHeaderBytes);
  const auto length = static_cast<std::uint32_t>(payload.size());
  const std::uint32_t payload_crc = crc32(payload);
  start.clear();
  writer.fixed(kFrameMagic);
  writer.fixed(length);
  writer.fixed(payload_crc);
  writer.fixed(frame_header_crc(number_, size_, length, payload_crc));
  std::ranges::copy(start, pending_.data());

  WEIR_TRY(steps_->reached("journal_write"));
  WEIR_TRY(file_->write(pending_));
  // After a failed sync the kernel may have dropped the pages and say yes the next time.
  Result<void> synced = steps_->reached("journal_sync");
  if (synced) synced = file_->sync();
  if (!synced) broken_ = true;
  return synced;
}

std::uint64_t Writer::seal() {
  file_.reset();
  size_ = 0;
  return number_++;
}

}  // namespace weir::lake::journal
