// Text of strangers: any bytes are canonicalised, protected, and found again in themselves.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "weir/base/result.h"
#include "weir/base/text.h"
#include "weir/protect/exposure.h"
#include "weir/protect/matcher.h"
#include "weir/protect/segment_builder.h"

namespace {

using namespace weir;
using namespace weir::protect;

void check_text(std::string_view source, const CanonicalText& text) {
  WEIR_ASSERT(is_utf8(text.letters()));
  std::uint32_t begin = 0;
  for (const Word& word : text.words()) {
    WEIR_ASSERT(word.source_begin >= begin && word.source_begin < word.source_end);
    WEIR_ASSERT(word.source_end <= source.size());
    WEIR_ASSERT(word.letters_size > 0);
    WEIR_ASSERT(std::size_t{word.letters_begin} + word.letters_size <= text.letters().size());
    begin = word.source_begin;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const RegistryKey key(RegistryKey::Secret{1});
  static const Canonicalizer canonicalizer;
  static const Canonicalizer by_letter({.in_blocks = false});
  static const FeatureMaker maker(key);
  static Matcher matcher(canonicalizer, maker);

  const std::string_view source(reinterpret_cast<const char*>(data), size);
  CanonicalText text;
  canonicalizer.run(source, text);
  check_text(source, text);
  CanonicalText again;
  by_letter.run(source, again);
  WEIR_ASSERT(again.letters() == text.letters());
  WEIR_ASSERT(std::ranges::equal(again.words(), text.words()));
  // What is canonical stays as it is.
  canonicalizer.run(text.letters(), again);
  WEIR_ASSERT(again.letters() == text.letters());

  Features features;
  maker.make(text, features);
  Features cached;
  static WordCache cache;
  maker.make(text, cached, cache);
  WEIR_ASSERT(cached.words == features.words);
  for (const Feature& feature : features.found) WEIR_ASSERT(feature.word < text.words().size());
  SegmentBuilder builder(key);
  if (!builder.add({.high = 1, .low = 1}, features)) return 0;
  const auto segment = Segment::parse(std::move(builder).finish(), key, {});
  WEIR_ASSERT(segment.has_value());
  const Snapshot snapshot(
      {{.segment = *segment, .removed = {}}},
      std::make_shared<const Background>(Background::Options{.counter_bits = 10}));
  for (const Match& match : matcher.match(snapshot, source).matches) {
    WEIR_ASSERT(match.found_words <= match.document_words);
    WEIR_ASSERT(match.unique_words <= match.found_words);
    WEIR_ASSERT(!match.passages.empty());
    for (const Passage& passage : match.passages) {
      WEIR_ASSERT(passage.source_begin < passage.source_end && passage.source_end <= size);
      WEIR_ASSERT(passage.document_begin < passage.document_end);
      WEIR_ASSERT(passage.document_end <= match.document_words);
    }
    const auto decoded = Exposure::decode(match.exposure.encode());
    WEIR_ASSERT(decoded.has_value() && *decoded == match.exposure);
  }
  (void)Exposure::decode(source);
  return 0;
}
