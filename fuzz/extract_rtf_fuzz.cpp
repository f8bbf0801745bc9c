// The reader of RTF.
#include <cstdint>

#include "fuzz/extract_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  fuzz_extract("{\\rtf1" + std::string(bytes));
  return 0;
}
