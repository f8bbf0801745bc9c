#include "weir/content/wire.h"

#include <utility>

#include "weir/base/bytes.h"
#include "weir/base/text.h"

namespace weir::content {
namespace {

constexpr std::size_t kHeadBytes = 5;

/// An enum from its byte; false if it has no such value.
template <class Enum>
bool read_enum(ByteReader& reader, Enum& out) {
  const auto raw = reader.fixed<std::uint8_t>();
  if (!reader.ok() || raw > static_cast<std::uint8_t>(Enum::last)) return false;
  out = static_cast<Enum>(raw);
  return true;
}

bool read_text(ByteReader& reader, std::string& out) {
  const std::string_view text = reader.text();
  if (!reader.ok() || !is_utf8(text)) return false;
  out = text;
  return true;
}

}  // namespace

FrameWriter::FrameWriter(std::function<void(std::string_view frame)> write)
    : write_(std::move(write)) {}

void FrameWriter::send(char kind) {
  frame_.clear();
  frame_ += kind;
  ByteWriter(frame_).fixed(static_cast<std::uint32_t>(body_.size()));
  frame_ += body_;
  body_.clear();
  write_(frame_);
}

void FrameWriter::type(FileType type) {
  ByteWriter(body_).fixed(type);
  send('T');
}

void FrameWriter::part(Part part) {
  ByteWriter writer(body_);
  writer.text(part.path);
  writer.fixed(part.type);
  writer.fixed(part.kind);
  writer.fixed(static_cast<std::uint8_t>(part.hidden));
  writer.varint(part.bytes);
  writer.text(part.text);
  send('P');
}

void FrameWriter::finding(Finding finding) {
  ByteWriter writer(body_);
  writer.fixed(finding.kind);
  writer.text(finding.path);
  writer.text(finding.reason);
  send('F');
}

void FrameWriter::sealed(SealedMember member) {
  ByteWriter writer(body_);
  writer.text(member.path);
  writer.varint(member.bytes);
  writer.fixed(member.crc32);
  send('S');
}

void FrameWriter::file(FileDigest file) {
  ByteWriter writer(body_);
  writer.text(file.path);
  for (const unsigned char byte : file.digest) writer.fixed(byte);
  for (const std::uint64_t piece : file.pieces) writer.fixed(piece);
  send('D');
}

void FrameWriter::done() { send('E'); }

bool FrameReader::feed(std::string_view bytes) {
  total_ += bytes.size();
  if (!ok_ || total_ > options_.total_bytes) return ok_ = false;
  pending_ += bytes;
  std::string_view rest = pending_;
  while (rest.size() >= kHeadBytes) {
    const auto size = ByteReader(rest.substr(1)).fixed<std::uint32_t>();
    if (size > options_.frame_bytes || done_) return ok_ = false;
    if (rest.size() - kHeadBytes < size) break;
    if (!frame(rest.front(), rest.substr(kHeadBytes, size))) return ok_ = false;
    rest.remove_prefix(kHeadBytes + size);
  }
  if (done_ && !rest.empty()) return ok_ = false;
  pending_.erase(0, pending_.size() - rest.size());
  return true;
}

bool FrameReader::frame(char kind, std::string_view body) {
  if (++items_ > options_.items) return false;
  ByteReader reader(body);
  switch (kind) {
    case 'T':
      return read_enum(reader, out_.type) && reader.at_end();
    case 'P': {
      Part part;
      if (!read_text(reader, part.path) || !read_enum(reader, part.type) ||
          !read_enum(reader, part.kind)) {
        return false;
      }
      part.hidden = reader.fixed<std::uint8_t>() != 0;
      part.bytes = reader.varint();
      if (!read_text(reader, part.text) || !reader.at_end()) return false;
      out_.parts.push_back(std::move(part));
      return true;
    }
    case 'F': {
      Finding finding;
      if (!read_enum(reader, finding.kind) || !read_text(reader, finding.path) ||
          !read_text(reader, finding.reason) || !reader.at_end()) {
        return false;
      }
      out_.findings.push_back(std::move(finding));
      return true;
    }
    case 'S': {
      SealedMember member;
      if (!read_text(reader, member.path)) return false;
      member.bytes = reader.varint();
      member.crc32 = reader.fixed<std::uint32_t>();
      if (!reader.ok() || !reader.at_end()) return false;
      out_.sealed.push_back(std::move(member));
      return true;
    }
    case 'D': {
      FileDigest file;
      if (!read_text(reader, file.path)) return false;
      for (unsigned char& byte : file.digest) byte = reader.fixed<unsigned char>();
      if (!reader.ok() || reader.remaining() % sizeof(std::uint64_t) != 0) return false;
      file.pieces.resize(reader.remaining() / sizeof(std::uint64_t));
      for (std::uint64_t& piece : file.pieces) piece = reader.fixed<std::uint64_t>();
      out_.files.push_back(std::move(file));
      return true;
    }
    case 'E':
      done_ = true;
      return body.empty();
    default:
      return false;
  }
}

}  // namespace weir::content
