#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/event/source_record.h"

namespace weir::ingest {

/// The clear text inside `Record::sealed`: the subject or title, and the name of each object in the
/// order of `Record::objects`.
struct SealedNames {
  std::string title;
  std::vector<std::string> objects;

  friend bool operator==(const SealedNames&, const SealedNames&) = default;
};

/// Appends the encoding (docs/ingest.md) of what `record` names; nothing if it names nothing.
void encode_names(const event::SourceRecord& record, std::string& out);

/// Empty for bytes that `encode_names` cannot have written.
std::optional<SealedNames> decode_names(std::string_view bytes);

}  // namespace weir::ingest
