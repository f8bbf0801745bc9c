// weir.yaml: any bytes in; what is read can be explained, and the hash does not change on the way.
#include <cstdint>

#include "weir/app/config.h"
#include "weir/base/result.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto config = weir::app::parse_config(text, "weir.yaml");
  if (!config) {
    WEIR_ASSERT(!config.error().message.empty());
    return 0;
  }
  WEIR_ASSERT(!config->explain().empty());
  WEIR_ASSERT(config->settings().size() >= config->scope.size());
  for (const std::string& notice : config->notices()) WEIR_ASSERT(!notice.empty());
  const auto again = weir::app::parse_config(text, "other.yaml");
  WEIR_ASSERT(again.has_value() && again->hash() == config->hash());
  return 0;
}
