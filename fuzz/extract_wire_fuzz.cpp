// What comes out of the pipe of weir-extract: any bytes, in any pieces.
#include <cstdint>

#include "weir/base/result.h"
#include "weir/base/text.h"
#include "weir/content/wire.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir::content;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const FrameReader::Options options{
      .frame_bytes = 1u << 16, .total_bytes = 1u << 20, .items = 100};
  Extraction whole;
  FrameReader one(options, whole);
  one.feed(bytes);
  Extraction pieces;
  FrameReader many(options, pieces);
  for (const char byte : bytes) many.feed({&byte, 1});
  // However it is cut: the same answer; and what is written again reads the same.
  WEIR_ASSERT(one.is_done() == many.is_done() && one.ok() == many.ok());
  WEIR_ASSERT(whole.parts.size() == pieces.parts.size());
  if (!one.is_done()) return 0;
  std::string frames;
  FrameWriter writer([&](std::string_view frame) { frames += frame; });
  writer.type(whole.type);
  for (const Part& part : whole.parts) {
    WEIR_ASSERT(weir::is_utf8(part.text));
    writer.part(part);
  }
  for (const Finding& finding : whole.findings) writer.finding(finding);
  for (const SealedMember& member : whole.sealed) writer.sealed(member);
  writer.done();
  Extraction again;
  FrameReader reader({}, again);
  WEIR_ASSERT(reader.feed(frames) && reader.is_done());
  WEIR_ASSERT(again.parts.size() == whole.parts.size() &&
              again.findings.size() == whole.findings.size());
  return 0;
}
