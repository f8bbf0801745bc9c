#pragma once

#include <cstdint>
#include <string_view>

#include "weir/event/record.h"

namespace weir::event {

/// The `activity_id` of what OCSF has no name for.
inline constexpr std::uint32_t kOcsfOther = 99;

/// OCSF 1.x class of an activity: 4009 Email Activity, 4002 HTTP Activity, 6001 Web Resources
/// Activity, 1001 File System Activity, 6006 File Hosting Activity, 3002 Authentication,
/// 1010 Peripheral Activity, 6005 Datastore Activity. https://schema.ocsf.io
struct OcsfClass {
  std::uint32_t class_uid = 0;
  std::string_view class_name;
  std::uint32_t category_uid = 0;
  std::uint32_t activity_id = 0;
  /// "Send"; where `activity_id` is `kOcsfOther`, the name Weir gives what OCSF does not name.
  std::string_view activity_name;
};
OcsfClass ocsf_class(Activity activity);

/// OCSF's confidentiality_id of a sensitivity: unknown 0, none 1 (Not Confidential), internal 5
/// (Private), confidential 2, secret 3.
std::uint32_t ocsf_confidentiality_id(Sensitivity sensitivity);

}  // namespace weir::event
