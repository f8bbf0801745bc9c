#include "weir/event/ocsf_class.h"

namespace weir::event {

OcsfClass ocsf_class(Activity activity) {
  constexpr std::string_view kEmail = "Email Activity";
  constexpr std::string_view kHttp = "HTTP Activity";
  constexpr std::string_view kFile = "File System Activity";
  constexpr std::string_view kAuthentication = "Authentication";
  constexpr std::string_view kPeripheral = "Peripheral Activity";
  switch (activity) {
    case Activity::unknown:
      break;
    case Activity::mail_send:
      return {4009, kEmail, 4, 1, "Send"};
    case Activity::mail_receive:
      return {4009, kEmail, 4, 2, "Receive"};
    case Activity::forward_rule:
      return {4009, kEmail, 4, kOcsfOther, "Forward Rule"};
    case Activity::web_visit:
    case Activity::web_download:
      return {4002, kHttp, 4, 3, "Get"};
    case Activity::web_upload:
      return {4002, kHttp, 4, 6, "Post"};
    case Activity::file_open:
      return {1001, kFile, 1, 14, "Open"};
    case Activity::file_write:
      return {1001, kFile, 1, 3, "Update"};
    case Activity::file_copy:
      return {1001, kFile, 1, kOcsfOther, "Copy"};
    case Activity::file_rename:
      return {1001, kFile, 1, 5, "Rename"};
    case Activity::file_archive:
      return {1001, kFile, 1, kOcsfOther, "Archive"};
    case Activity::file_delete:
      return {1001, kFile, 1, 4, "Delete"};
    case Activity::print:
      return {1001, kFile, 1, kOcsfOther, "Print"};
    case Activity::logon:
    case Activity::logon_failed:
      return {3002, kAuthentication, 3, 1, "Logon"};
    case Activity::logoff:
      return {3002, kAuthentication, 3, 2, "Logoff"};
    case Activity::device_connect:
      return {1010, kPeripheral, 1, 1, "Connect"};
    case Activity::device_disconnect:
      return {1010, kPeripheral, 1, 2, "Disconnect"};
    case Activity::record_lookup:
      return {6005, "Datastore Activity", 6, 1, "Read"};
    case Activity::search:
      return {6001, "Web Resources Activity", 6, 5, "Search"};
    case Activity::cloud_share:
      return {6006, "File Hosting Activity", 6, 12, "Share"};
  }
  return {0, "Base Event", 0, 0, "Unknown"};
}

std::uint32_t ocsf_confidentiality_id(Sensitivity sensitivity) {
  switch (sensitivity) {
    case Sensitivity::unknown:
      return 0;
    case Sensitivity::none:
      return 1;
    case Sensitivity::internal:
      return 5;
    case Sensitivity::confidential:
      return 2;
    case Sensitivity::secret:
      return 3;
  }
  return 0;
}

}  // namespace weir::event
