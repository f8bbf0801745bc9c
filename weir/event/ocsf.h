#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "weir/event/source_record.h"

namespace weir::event {

/// OCSF 1.x class of an activity: 4009 Email Activity, 4002 HTTP Activity, 6001 Web Resources
/// Activity, 1001 File System Activity, 6006 File Hosting Activity, 3002 Authentication,
/// 1010 Peripheral Activity, 6005 Datastore Activity. https://schema.ocsf.io
struct OcsfClass {
  std::uint32_t class_uid = 0;
  std::string_view class_name;
  std::uint32_t category_uid = 0;
  std::uint32_t activity_id = 0;
};
OcsfClass ocsf_class(Activity activity);

/// Appends the record as one OCSF JSON object and a newline; the reader `ocsf` reads it back to
/// the same record (docs/formats/ocsf.md has the mapping). Invalid UTF-8 is replaced. Thread-safe.
void write_ocsf(const SourceRecord& record, std::string& out);

}  // namespace weir::event
