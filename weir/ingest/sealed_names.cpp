#include "weir/ingest/sealed_names.h"

#include <algorithm>

#include "weir/base/bytes.h"

namespace weir::ingest {
namespace {

constexpr std::uint8_t kVersion = 1;

}  // namespace

void encode_names(const event::SourceRecord& record, std::string& out) {
  const bool names_nothing =
      record.title.empty() && std::ranges::all_of(record.objects, &std::string_view::empty,
                                                  &event::SourceRecord::Object::name);
  if (names_nothing) return;
  ByteWriter writer(out);
  writer.fixed(kVersion);
  writer.text(record.title);
  writer.varint(record.objects.size());
  for (const auto& object : record.objects) writer.text(object.name);
}

std::optional<SealedNames> decode_names(std::string_view bytes) {
  ByteReader reader(bytes);
  if (reader.fixed<std::uint8_t>() != kVersion) return {};
  SealedNames names;
  names.title = reader.text();
  const std::uint64_t count = reader.varint();
  if (count > reader.remaining()) return {};  // each name takes a byte at least
  for (std::uint64_t i = 0; i < count; ++i) names.objects.emplace_back(reader.text());
  if (!reader.ok() || !reader.at_end()) return {};
  return names;
}

}  // namespace weir::ingest
