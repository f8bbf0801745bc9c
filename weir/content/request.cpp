#include "weir/content/request.h"

#include "weir/base/bytes.h"

namespace weir::content {
namespace {

std::chrono::milliseconds milliseconds(std::uint64_t count) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(count & 0x7fffffff));
}

}  // namespace

std::string encode(const ExtractRequest& request) {
  std::string out;
  ByteWriter writer(out);
  const ExtractLimits& limits = request.limits;
  for (const std::uint64_t value :
       {limits.ratio, limits.ratio_from, limits.total_bytes, limits.text_bytes,
        std::uint64_t{limits.depth}, std::uint64_t{limits.members}, std::uint64_t{limits.findings},
        static_cast<std::uint64_t>(limits.time.count()), limits.picture_points,
        std::uint64_t{limits.ocr_pictures}, limits.painted_points, request.memory_bytes,
        static_cast<std::uint64_t>(request.grace.count())}) {
    writer.varint(value);
  }
  writer.text(std::string_view(request.name).substr(0, kPacketBytes / 2));
  return out;
}

bool decode(std::string_view packet, ExtractRequest& out) {
  ByteReader reader(packet);
  ExtractLimits& limits = out.limits;
  limits.ratio = reader.varint();
  limits.ratio_from = reader.varint();
  limits.total_bytes = reader.varint();
  limits.text_bytes = reader.varint();
  limits.depth = static_cast<unsigned>(reader.varint());
  limits.members = reader.varint();
  limits.findings = reader.varint();
  limits.time = milliseconds(reader.varint());
  limits.picture_points = reader.varint();
  limits.ocr_pictures = reader.varint();
  limits.painted_points = reader.varint();
  out.memory_bytes = reader.varint();
  out.grace = milliseconds(reader.varint());
  out.name = reader.text();
  return reader.ok() && reader.at_end();
}

std::string encode(const WorkerEnd& end) {
  std::string out;
  ByteWriter(out).fixed(end.how);
  ByteWriter(out).fixed(end.number);
  return out;
}

bool decode(std::string_view packet, WorkerEnd& out) {
  ByteReader reader(packet);
  out.how = reader.fixed<WorkerEnd::How>();
  out.number = reader.fixed<std::int32_t>();
  return reader.ok() && reader.at_end() && out.how <= WorkerEnd::How::last;
}

}  // namespace weir::content
