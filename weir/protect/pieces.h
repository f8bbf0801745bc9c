#pragma once

#include <cstdint>
#include <span>

#include "weir/protect/features.h"
#include "weir/protect/registry_key.h"

namespace weir::protect {

/// Puts pieces of files behind the words of a text, so that a document has both in one row of
/// places. `pieces` are hashes of their bytes; under the key they become a feature and a word id
/// each.
void add_pieces(const RegistryKey& key, std::span<const std::uint64_t> pieces, Features& out);

}  // namespace weir::protect
