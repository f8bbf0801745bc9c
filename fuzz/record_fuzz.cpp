// The journal's record encoding: any bytes in; what decodes encodes to something that decodes
// alike.
#include <cstdint>

#include "weir/base/bytes.h"
#include "weir/base/result.h"
#include "weir/event/record.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  weir::event::Record record;
  if (!decode({reinterpret_cast<const char*>(data), size}, record)) return 0;
  std::string again;
  encode(record, again);
  weir::event::Record second;
  WEIR_ASSERT(decode(again, second));
  WEIR_ASSERT(record == second);
  return 0;
}
