#include "weir/protect/registry_key.h"

#include <cstddef>
#include <string_view>

namespace weir::protect {

RegistryKey::RegistryKey(const Secret& secret) : words_(derive_key(secret, "protect/words")) {
  const HashKey rolling = derive_key(secret, "protect/rolling");
  for (std::size_t i = 0; i < rolling_.size(); ++i) {
    const char byte = static_cast<char>(i);
    rolling_[i] = keyed_hash64(rolling, std::string_view(&byte, 1));
  }
  const HashKey mix = derive_key(secret, "protect/mix");
  mix_a_ = keyed_hash64(mix, "a");
  mix_b_ = keyed_hash64(mix, "b");
  check_ = keyed_hash64(derive_key(secret, "protect/check"), "index");
}

}  // namespace weir::protect
