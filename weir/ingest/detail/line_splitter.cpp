#include "weir/ingest/detail/line_splitter.h"

#include <algorithm>
#include <cstring>

#include "weir/base/text.h"

namespace weir::ingest {
namespace {

constexpr std::size_t kFirstCapacity = 256u << 10;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Most lines are plain ASCII without NUL; eight bytes at a time tell.
bool is_plain_ascii(std::string_view text) {
  constexpr std::uint64_t kOnes = 0x0101010101010101u;
  constexpr std::uint64_t kHighBits = 0x8080808080808080u;
  std::uint64_t seen = 0;
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + i, 8);
    seen |= word | ((word - kOnes) & ~word);
  }
  if ((seen & kHighBits) != 0) return false;
  for (; i < text.size(); ++i) {
    if (static_cast<signed char>(text[i]) <= 0) return false;
  }
  return true;
}

std::optional<ParseError> bad_bytes(std::string_view text) {
  if (is_plain_ascii(text)) return {};
  if (text.find('\0') != std::string_view::npos) return ParseError::nul_byte;
  if (!is_utf8(text)) return ParseError::not_utf8;
  return {};
}

/// Is a quoted field still open behind `line`? Quotes count only where RFC 4180 gives them a
/// meaning: at the start of a field and inside a quoted one.
bool quote_open_after(std::string_view line, bool quoted) {
  if (!quoted && line.find('"') == std::string_view::npos) return false;
  std::size_t at = 0;
  for (;;) {
    if (!quoted) {
      if (at >= line.size()) return false;
      if (line[at] != '"') {
        at = line.find(',', at);
        if (at == std::string_view::npos) return false;
        ++at;
        continue;
      }
      ++at;
      quoted = true;
    }
    at = line.find('"', at);
    if (at == std::string_view::npos) return true;
    ++at;
    if (at < line.size() && line[at] == '"') {
      ++at;
      continue;
    }
    quoted = false;
    // Text behind a closing quote is malformed: the line ends here and fails by itself.
    if (at < line.size() && line[at] != ',') return false;
    ++at;
  }
}

std::string_view without_carriage_return(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

LineSplitter::LineSplitter(ByteSource& source, const Limits& limits, Kind kind,
                           std::uint64_t start_offset)
    : source_(source),
      limits_(limits),
      kind_(kind),
      buffer_(std::make_unique<char[]>(kFirstCapacity + kPadding)),
      capacity_(kFirstCapacity),
      offset_(start_offset),
      safe_offset_(start_offset) {}

bool LineSplitter::fill() {
  if (at_end_) return false;
  if (begin_ > 0) {
    std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ == capacity_) {
    const std::size_t larger = capacity_ * 2;
    auto grown = std::make_unique<char[]>(larger + kPadding);
    std::memcpy(grown.get(), buffer_.get(), end_);
    buffer_ = std::move(grown);
    capacity_ = larger;
  }
  Result<std::size_t> read = source_.read(buffer_.get() + end_, capacity_ - end_);
  if (!read) {
    at_end_ = true;
    source_error_ = std::move(read).error();
    return false;
  }
  if (*read == 0) {
    at_end_ = true;
    return false;
  }
  end_ += *read;
  return true;
}

void LineSplitter::take(Line& line, std::size_t with_line_end, std::size_t lines, bool terminated) {
  std::string_view text = pending().substr(0, with_line_end);
  if (text.ends_with('\n')) text.remove_suffix(1);
  line = {.text = without_carriage_return(text),
          .number = number_,
          .offset = offset_,
          .lines = lines,
          .error = bad_bytes(text)};
  begin_ += with_line_end;
  offset_ += with_line_end;
  number_ += lines;
  if (terminated) safe_offset_ = offset_;
}

void LineSplitter::skip_long_line(Line& line) {
  long_line_ = pending().substr(0, limits_.kept_bad_bytes);
  line = {.text = long_line_,
          .number = number_,
          .offset = offset_,
          .lines = 1,
          .error = ParseError::too_long};
  ++number_;
  for (;;) {
    const std::string_view rest = pending();
    const std::size_t line_end = rest.find('\n');
    const std::size_t skipped = line_end == std::string_view::npos ? rest.size() : line_end + 1;
    begin_ += skipped;
    offset_ += skipped;
    if (line_end != std::string_view::npos) break;
    if (!fill()) return;
  }
  safe_offset_ = offset_;
}

bool LineSplitter::next_raw(Line& line) {
  // Lengths are counted from begin_, which `fill` may move.
  std::size_t line_start = 0;
  std::size_t searched = 0;    // no line end in [line_start, searched)
  std::size_t first_line = 0;  // with its line end, once it is known to stay open
  std::size_t lines = 0;
  bool quoted = false;
  for (;;) {
    const std::string_view rest = pending();
    const std::size_t line_end = rest.find('\n', searched);
    const bool complete = line_end != std::string_view::npos;
    if (!complete) {
      if (rest.size() > limits_.record_bytes) {
        if (lines > 0) break;
        skip_long_line(line);
        return true;
      }
      searched = rest.size();
      if (fill()) continue;
      if (rest.empty()) return false;
      if (lines > 0) break;
      const bool open = kind_ == Kind::csv && quote_open_after(rest, false);
      take(line, rest.size(), 1, false);
      if (open) line.error = ParseError::unbalanced_quote;
      if (source_error_) line.error = ParseError::truncated;
      return true;
    }
    if (line_end > limits_.record_bytes) {
      if (lines > 0) break;
      skip_long_line(line);
      return true;
    }
    if (kind_ == Kind::plain) {
      take(line, line_end + 1, 1, true);
      return true;
    }
    quoted = quote_open_after(
        without_carriage_return(rest.substr(line_start, line_end - line_start)), quoted);
    ++lines;
    if (!quoted) {
      take(line, line_end + 1, lines, true);
      return true;
    }
    if (lines == 1) first_line = line_end + 1;
    if (lines >= kMaxRecordLines) break;
    line_start = searched = line_end + 1;
  }
  take(line, first_line, 1, true);
  line.error = ParseError::unbalanced_quote;
  return true;
}

Result<bool> LineSplitter::next(Line& line) {
  if (offset_ == 0 && begin_ == 0) {
    while (pending().size() < kByteOrderMark.size() && fill()) {
    }
    if (pending().starts_with(kByteOrderMark)) {
      begin_ += kByteOrderMark.size();
      offset_ += kByteOrderMark.size();
      safe_offset_ = offset_;
    }
  }
  for (;;) {
    if (!next_raw(line)) {
      if (source_error_) return std::unexpected(*source_error_);
      return false;
    }
    if (!line.text.empty() || line.error) return true;
  }
}

void LineSplitter::split_again(Line& line) {
  if (line.lines <= 1) return;
  const char* const start = line.text.data();
  const auto begin = static_cast<std::size_t>(start - buffer_.get());
  const std::size_t first_line = line.text.find('\n') + 1;
  begin_ = begin + first_line;
  offset_ = line.offset + first_line;
  safe_offset_ = offset_;
  number_ = line.number + 1;
  line.text = without_carriage_return({start, first_line - 1});
  line.lines = 1;
}

}  // namespace weir::ingest
