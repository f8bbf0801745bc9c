#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/file.h"
#include "weir/base/result.h"
#include "weir/event/record.h"
#include "weir/lake/detail/file_steps.h"
#include "weir/lake/manifest.h"

/// The journal: numbered segment files of checksummed frames (docs/formats/journal.md).
namespace weir::lake::journal {

/// No commit may be larger; keeps a hostile length from becoming an allocation.
inline constexpr std::uint64_t kMaxFrameBytes = 512u << 20;

/// Records and progress of one commit; views into the segment's bytes.
struct Frame {
  std::uint32_t batch = 0;
  std::vector<SourceProgress> progress;  // of the sources that were read for it
  std::uint32_t record_count = 0;
  std::string_view records;  // `record_count` times: length (u32), event::encode
  std::uint64_t end = 0;     // offset behind the frame
};

enum class Tail {
  clean,       // ends with a whole frame
  incomplete,  // ends inside a frame: a commit that was never acknowledged
  damaged,     // the last frame is all there and wrong: torn by a power cut, or altered later
};

struct Segment {
  std::vector<Frame> frames;
  std::uint64_t good_bytes = 0;  // up to the end of the last good frame
  Tail tail = Tail::clean;
};

/// Takes a segment's bytes apart. `corrupt`, with `name` and offset, if the header is wrong or a
/// good frame follows a damaged one: then what is damaged was acknowledged once. A file shorter
/// than a header is a segment without frames.
Result<Segment> parse(std::string_view bytes, std::uint64_t number, std::string_view name);

/// The records of a frame, one by one.
class FrameRecords {
 public:
  explicit FrameRecords(const Frame& frame) : rest_(frame.records), left_(frame.record_count) {}
  bool at_end() const { return left_ == 0; }
  /// The next record's encoding; `corrupt` if the frame ends before its count does.
  Result<std::string_view> next();

 private:
  std::string_view rest_;
  std::uint32_t left_;
};

/// "000007.journal"
std::string segment_name(std::uint64_t number);
/// Numbers of the segments in `folder`, ascending.
Result<std::vector<std::uint64_t>> list_segments(const std::filesystem::path& folder);

/// Writes segments. Not thread-safe.
class Writer {
 public:
  Writer(std::filesystem::path folder, std::uint64_t first_number, std::uint32_t batch,
         const FileSteps& steps)
      : folder_(std::move(folder)), number_(first_number), batch_(batch), steps_(&steps) {}

  /// Into memory. `limit_exceeded` when a single commit would pass kMaxFrameBytes.
  Result<void> append(const event::Record& record);
  /// One frame, on the disk when this returns. If writing fails the segment is cut back to the
  /// last good frame and the records stay in memory, so that commit can be tried again. If the
  /// cutting or the syncing fails, nobody knows what is on the disk: all later calls fail.
  Result<void> commit(std::span<const SourceProgress> progress);
  bool has_pending() const { return pending_count_ > 0; }

  /// Bytes in the current segment; 0 if it was not begun.
  std::uint64_t segment_bytes() const { return size_; }
  /// Ends the current segment and gives its number; the next commit begins another.
  std::uint64_t seal();

 private:
  Result<void> begin_segment();
  Result<void> write_frame(std::span<const SourceProgress> progress);

  std::filesystem::path folder_;
  std::uint64_t number_;
  std::uint32_t batch_;
  const FileSteps* steps_;
  std::optional<File> file_;
  std::uint64_t size_ = 0;
  bool broken_ = false;
  std::string pending_;  // room for the frame's start, then the records, when written the progress
  std::uint32_t pending_count_ = 0;
};

}  // namespace weir::lake::journal
