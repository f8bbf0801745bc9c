#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "weir/base/result.h"
#include "weir/ingest/format.h"

namespace weir::ingest {

/// Cuts a stream into lines, or into CSV records whose quoted fields may hold line breaks, in
/// bounded memory whatever the bytes:
/// - a line past `Limits::record_bytes` is skipped to its end; its first `kept_bad_bytes` are given
///   with `too_long`;
/// - NUL bytes and invalid UTF-8 make a bad line, and the next line is tried afresh;
/// - a quote that stays open for more than `kMaxRecordLines` lines or `record_bytes` bytes makes
///   its first line a bad one (`unbalanced_quote`); reading goes on with the second.
/// LF and CRLF end a line, which is given without them; a byte order mark at offset 0 and empty
/// lines are passed over; the last line needs no line end.
class LineSplitter {
 public:
  enum class Kind { plain, csv };
  static constexpr std::size_t kMaxRecordLines = 64;
  /// That many bytes behind every `Line::text` may be read (their content means nothing): what a
  /// parser with vector instructions wants.
  static constexpr std::size_t kPadding = 64;

  struct Line {
    std::string_view text;  // valid until the next call
    std::uint64_t number = 0;
    std::uint64_t offset = 0;
    std::size_t lines = 1;  // more than one only where quoted fields hold line breaks
    std::optional<ParseError> error;
  };

  /// `start_offset` is where the source stands; lines are counted from there.
  LineSplitter(ByteSource& source, const Limits& limits, Kind kind, std::uint64_t start_offset);

  /// False at the end. An error of the source comes after all complete lines before it.
  Result<bool> next(Line& line);

  /// Of the record given last, keeps only the first line: the others are given again. `line`
  /// becomes that first line. For a record of several lines that turned out to make no sense: one
  /// stray quote must not take its neighbours with it.
  void split_again(Line& line);

  /// All lines before this have been given; a last line without line end is not counted, because
  /// whoever writes the file may not have finished it.
  std::uint64_t safe_offset() const { return safe_offset_; }

 private:
  bool fill();
  std::string_view pending() const { return {buffer_.get() + begin_, end_ - begin_}; }
  bool next_raw(Line& line);
  void skip_long_line(Line& line);
  void take(Line& line, std::size_t with_line_end, std::size_t lines, bool terminated);

  ByteSource& source_;
  Limits limits_;
  Kind kind_;
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool at_end_ = false;
  std::optional<Error> source_error_;
  std::uint64_t offset_ = 0;  // of buffer_[begin_]
  std::uint64_t safe_offset_ = 0;
  std::uint64_t number_ = 1;  // of the line at begin_
  std::string long_line_;     // the kept part of one that was too long
};

/// Reads all lines of a stream: `parse(line, splitter)` hands a line on and returns `Result<void>`;
/// bad lines go to the sink by themselves, and progress is told now and then.
template <class Parse>
Result<void> for_each_line(ByteSource& source, const Limits& limits, LineSplitter::Kind kind,
                           std::uint64_t start_offset, RecordSink& sink, Parse parse) {
  constexpr std::uint64_t kTellEvery = 64u << 10;
  LineSplitter splitter(source, limits, kind, start_offset);
  LineSplitter::Line line;
  std::uint64_t told = start_offset;
  for (;;) {
    WEIR_ASSIGN(const bool more, splitter.next(line));
    if (!more) break;
    if (line.error) {
      WEIR_TRY(sink.bad(*line.error, line.number, line.offset,
                        line.text.substr(0, limits.kept_bad_bytes)));
    } else {
      WEIR_TRY(parse(line, splitter));
    }
    if (splitter.safe_offset() - told >= kTellEvery) {
      told = splitter.safe_offset();
      WEIR_TRY(sink.progress(told));
    }
  }
  return sink.progress(splitter.safe_offset());
}

}  // namespace weir::ingest
