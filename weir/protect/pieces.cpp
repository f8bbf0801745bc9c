#include "weir/protect/pieces.h"

namespace weir::protect {

void add_pieces(const RegistryKey& key, std::span<const std::uint64_t> pieces, Features& out) {
  for (const std::uint64_t piece : pieces) {
    const std::uint64_t hash = key.mix(piece);
    // A feature is the upper half of the hash, so the lower half checks it.
    out.found.push_back({.hash = hash,
                         .word = static_cast<std::uint32_t>(out.words.size()),
                         .tier = Tier::verbatim});
    out.words.push_back(static_cast<WordToken>(hash & 0xffff));
  }
  out.pieces += static_cast<std::uint32_t>(pieces.size());
}

}  // namespace weir::protect
