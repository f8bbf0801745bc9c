#include "weir/ingest/detail/mbox_splitter.h"

#include <algorithm>

#include "weir/base/text.h"
#include "weir/content/mail_date.h"

namespace weir::ingest {
namespace {

constexpr std::size_t kReadSize = 256u << 10;
constexpr std::size_t kMaxPiece = 64u << 10;
constexpr std::string_view kFrom = "From ";

bool is_escaped_from(std::string_view line) {
  const std::size_t quotes = line.find_first_not_of('>');
  return quotes != std::string_view::npos && quotes > 0 && line.substr(quotes).starts_with(kFrom);
}

std::size_t empty_line_at_end(std::string_view text) {
  if (text.ends_with("\n\r\n")) return 2;
  return text.ends_with("\n\n") ? 1 : 0;
}

}  // namespace

bool is_mbox_from_line(std::string_view line) {
  constexpr std::size_t kMaxLine = 512;
  constexpr int kMostWordsOfSender = 6;
  if (!line.starts_with(kFrom) || line.size() > kMaxLine) return false;
  std::string_view rest = trim(line.substr(kFrom.size()));
  for (int i = 0; i < kMostWordsOfSender; ++i) {
    const std::size_t blank = rest.find(' ');
    if (blank == std::string_view::npos) return false;
    rest = trim(rest.substr(blank));
    if (content::parse_mail_date(rest)) return true;
  }
  return false;
}

Result<bool> MboxSplitter::peek(std::string_view& piece) {
  for (;;) {
    const std::string_view pending = std::string_view(buffer_).substr(begin_);
    const std::size_t end = pending.find('\n');
    if (end != std::string_view::npos || pending.size() >= kMaxPiece || at_end_) {
      piece = pending.substr(0, end == std::string_view::npos ? pending.size() : end + 1);
      piece = piece.substr(0, kMaxPiece);
      return !piece.empty();
    }
    buffer_.erase(0, begin_);
    begin_ = 0;
    const std::size_t size = buffer_.size();
    buffer_.resize(size + kReadSize);
    const Result<std::size_t> read = source_.read(buffer_.data() + size, kReadSize);
    buffer_.resize(size + (read ? *read : 0));
    if (!read) return std::unexpected(read.error());
    at_end_ = *read == 0;
  }
}

void MboxSplitter::consume(std::string_view piece) {
  after_empty_line_ = at_line_start_ && (piece == "\n" || piece == "\r\n");
  at_line_start_ = piece.ends_with('\n');
  begin_ += piece.size();
  offset_ += piece.size();
  if (at_line_start_) ++line_;
}

void MboxSplitter::append(std::string_view piece, Message& message) {
  if (message.is_too_long) return;
  if (is_mbox_ && at_line_start_ && is_escaped_from(piece)) piece.remove_prefix(1);
  message_ += piece;
  if (message_.size() > limits_.message_bytes) {
    message.is_too_long = true;
    message_.resize(std::min<std::uint64_t>(message_.size(), limits_.kept_bad_bytes));
    message_.shrink_to_fit();
  }
}

Result<bool> MboxSplitter::next(Message& message) {
  message = {};
  message.is_headless = is_mbox_;
  message.offset = offset_;
  message.line = line_;
  message_.clear();
  bool has_begun = false;
  for (;;) {
    std::string_view piece;
    WEIR_ASSIGN(const bool more, peek(piece));
    if (!more) break;
    const bool is_from_line =
        is_mbox_ && at_line_start_ && after_empty_line_ && is_mbox_from_line(piece);
    if (is_from_line && has_begun) break;
    has_begun = true;
    if (!is_from_line) {
      append(piece, message);
      consume(piece);
      continue;
    }
    consume(piece);
    after_empty_line_ = false;
    message.is_headless = false;
    message.offset = offset_;
    message.line = line_;
  }
  if (!has_begun) return false;
  if (is_mbox_ && !message.is_too_long) {
    message_.resize(message_.size() - empty_line_at_end(message_));
  }
  message.bytes = message_;
  return true;
}

}  // namespace weir::ingest
