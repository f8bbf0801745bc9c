#include "weir/content/detail/readers.h"
#include "weir/content/file_traits.h"

namespace weir::content {

void read_ole2(Reading& reading, const Place& place, std::string_view bytes) {
  if (inspect_file("", bytes).is_encrypted) {
    return reading.finding(place, FindingKind::encrypted, "an Office document with a password");
  }
  reading.part(place, FileType::ole2, PartKind::salvaged,
               printable_runs(bytes, std::size_t{4} << 20), bytes.size());
  reading.finding(place, FindingKind::unsupported,
                  "legacy Office (OLE2): only printable runs were read");
}

}  // namespace weir::content
