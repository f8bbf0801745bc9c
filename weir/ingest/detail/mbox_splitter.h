#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "weir/base/result.h"
#include "weir/ingest/format.h"

namespace weir::ingest {

/// Is this line the "From " line that stands in front of a message in an mbox? It must hold a date,
/// else any sentence that begins so would cut a message in two.
bool is_mbox_from_line(std::string_view line);

/// Cuts an mbox into its messages, or takes a stream that is no mbox as one message, in memory
/// bounded by `Limits::message_bytes`.
///
/// A message begins behind a "From " line at the start or after an empty line; lines escaped with
/// ">" (mboxrd) are given back as they were, the empty line in front of the next "From " is taken
/// off. So a message has the same bytes here and in a file of its own.
class MboxSplitter {
 public:
  struct Message {
    std::string_view bytes;  // valid until the next call
    std::uint64_t line = 1;
    std::uint64_t offset = 0;
    /// Longer than the limit: `bytes` is what is kept of a bad record.
    bool is_too_long = false;
    /// Stood in front of the first "From " line of an mbox: the rest of a message whose beginning
    /// is not here.
    bool is_headless = false;
  };

  /// `is_mbox` decides whether to look for "From " lines at all.
  MboxSplitter(ByteSource& source, const Limits& limits, bool is_mbox, std::uint64_t start_offset)
      : source_(source), limits_(limits), is_mbox_(is_mbox), offset_(start_offset) {}

  /// False at the end.
  Result<bool> next(Message& message);

  /// All before this has been given.
  std::uint64_t offset() const { return offset_; }

 private:
  /// A line, or a part of one that is very long.
  Result<bool> peek(std::string_view& piece);
  void consume(std::string_view piece);
  void append(std::string_view piece, Message& message);

  ByteSource& source_;
  Limits limits_;
  bool is_mbox_;
  std::string buffer_;
  std::size_t begin_ = 0;
  bool at_end_ = false;
  bool at_line_start_ = true;
  bool after_empty_line_ = true;  // or at the start
  std::uint64_t offset_ = 0;      // of buffer_[begin_]
  std::uint64_t line_ = 1;
  std::string message_;
};

}  // namespace weir::ingest
