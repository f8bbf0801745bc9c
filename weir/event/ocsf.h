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
  /// "Send"; where `activity_id` is 99 (Other), the name Weir gives what OCSF does not name.
  std::string_view activity_name;
};
OcsfClass ocsf_class(Activity activity);

/// The version of OCSF that `write_ocsf` writes.
inline constexpr std::string_view kOcsfVersion = "1.5.0";

/// OCSF's confidentiality_id of a sensitivity: unknown 0, none 1 (Not Confidential), internal 5
/// (Private), confidential 2, secret 3.
std::uint32_t ocsf_confidentiality_id(Sensitivity sensitivity);

/// Appends the record as one OCSF JSON object and a newline; the reader `ocsf` reads it back to
/// the same record but for the order of parties, which come back by role (docs/formats/ocsf.md has
/// the mapping). Invalid UTF-8 and NUL are replaced by U+FFFD. Thread-safe.
///
/// `raw` is not written. A record of `Activity::unknown` becomes a Base Event, which readers skip.
void write_ocsf(const SourceRecord& record, std::string& out);

}  // namespace weir::event
