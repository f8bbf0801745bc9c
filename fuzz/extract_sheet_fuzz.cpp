// The readers of spreadsheets: the same bytes as strings, workbook and sheet.
#include <cstdint>

#include "fuzz/extract_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  fuzz_extract(stored_zip({{"xl/sharedStrings.xml", bytes},
                           {"xl/workbook.xml", bytes},
                           {"xl/worksheets/sheet1.xml", bytes}}));
  return 0;
}
