// The reader of HTML.
#include <cstdint>

#include "fuzz/extract_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  fuzz_extract("<html>" + std::string(bytes));
  return 0;
}
