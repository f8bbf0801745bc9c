// Lake recovery: any bytes as a journal segment, and as the payload of a frame that is otherwise
// right (a fuzzer does not guess checksums). What is good is the same when the rest is cut off.
#include <cstdint>
#include <string>

#include "weir/base/bytes.h"
#include "weir/base/hash.h"
#include "weir/base/result.h"
#include "weir/event/record.h"
#include "weir/lake/detail/journal.h"

namespace {

using namespace weir;

std::uint64_t count_records(const lake::journal::Segment& segment) {
  std::uint64_t count = 0;
  event::Record record;
  for (const lake::journal::Frame& frame : segment.frames) {
    for (lake::journal::FrameRecords records(frame); !records.at_end();) {
      const auto bytes = records.next();
      if (!bytes) break;
      if (event::decode(*bytes, record)) ++count;
    }
  }
  return count;
}

void recover(std::string_view bytes) {
  const auto segment = lake::journal::parse(bytes, 1, "segment");
  if (!segment) return;
  WEIR_ASSERT(segment->good_bytes <= bytes.size());
  const auto again = lake::journal::parse(bytes.substr(0, segment->good_bytes), 1, "segment");
  WEIR_ASSERT(again.has_value());
  WEIR_ASSERT(again->frames.size() == segment->frames.size());
  WEIR_ASSERT(count_records(*again) == count_records(*segment));
}

// A segment of one frame with this payload, laid out as docs/formats/journal.md says.
std::string segment_with(std::string_view payload) {
  std::string out = "WEIRJRNL";
  ByteWriter writer(out);
  writer.fixed(std::uint32_t{2});
  writer.fixed(std::uint64_t{1});
  writer.fixed(crc32(out));
  std::string checked;
  ByteWriter header(checked);
  header.fixed(std::uint64_t{1});
  header.fixed(static_cast<std::uint64_t>(out.size()));
  header.fixed(static_cast<std::uint32_t>(payload.size()));
  header.fixed(crc32(payload));
  writer.fixed(std::uint32_t{0x4d524657});
  writer.fixed(static_cast<std::uint32_t>(payload.size()));
  writer.fixed(crc32(payload));
  writer.fixed(crc32(checked));
  out += payload;
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  recover(bytes);
  recover(segment_with(bytes));
  return 0;
}
