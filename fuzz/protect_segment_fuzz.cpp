// The index of protected documents: any bytes as a segment, with the checksums believed (a fuzzer
// does not guess them). Whatever it says, a query stays in bounds, and what is written together of
// it can be read again.
#include <cstdint>
#include <string>

#include "weir/base/result.h"
#include "weir/protect/matcher.h"
#include "weir/protect/segment_builder.h"

namespace {

using namespace weir;
using namespace weir::protect;

constexpr std::string_view kText =
    "The turbine is shut down when the pressure in the second stage falls below the limit that "
    "the operating manual gives, and is not started again before the valve was inspected twice.";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const RegistryKey key(RegistryKey::Secret{1});
  static const Canonicalizer canonicalizer;
  static const FeatureMaker maker(key);
  static Matcher matcher(canonicalizer, maker);

  std::string bytes(reinterpret_cast<const char*>(data), size);
  // The key's check stands at a fixed place; a fuzzer cannot know it.
  if (bytes.size() >= 24) {
    const std::uint64_t check = key.check();
    bytes.replace(16, 8, reinterpret_cast<const char*>(&check), 8);
  }
  const auto segment = Segment::parse(bytes, key, {.verify_checksum = false});
  if (!segment) return 0;
  if ((*segment)->document_count() > 10'000) return 0;
  const Snapshot snapshot(
      {{.segment = *segment, .removed = {}}},
      std::make_shared<const Background>(Background::Options{.counter_bits = 10}));
  for (const Match& match : matcher.match(snapshot, kText).matches) {
    WEIR_ASSERT(match.found_words <= match.document_words);
    for (const Passage& passage : match.passages) {
      WEIR_ASSERT(passage.source_end <= kText.size());
      WEIR_ASSERT(passage.document_end <= match.document_words);
    }
  }
  SegmentBuilder builder(key);
  if (!builder.add(**segment, [](std::uint32_t) { return true; })) return 0;
  WEIR_ASSERT(Segment::parse(std::move(builder).finish(), key, {}).has_value());
  return 0;
}
