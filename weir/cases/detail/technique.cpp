#include "weir/cases/detail/technique.h"

namespace weir::cases::detail {

std::optional<Technique> technique_of(event::Activity activity) {
  using event::Activity;
  switch (activity) {
    case Activity::mail_send:
      return Technique{"T1048", "Exfiltration Over Alternative Protocol", "Exfiltration"};
    case Activity::web_upload:
      return Technique{"T1567", "Exfiltration Over Web Service", "Exfiltration"};
    case Activity::cloud_share:
      return Technique{"T1537", "Transfer Data to Cloud Account", "Exfiltration"};
    case Activity::file_copy:
      return Technique{"T1052.001", "Exfiltration over USB", "Exfiltration"};
    case Activity::print:
      return Technique{"T1052", "Exfiltration Over Physical Medium", "Exfiltration"};
    case Activity::forward_rule:
      return Technique{"T1114.003", "Email Forwarding Rule", "Collection"};
    case Activity::file_archive:
      return Technique{"T1560", "Archive Collected Data", "Collection"};
    case Activity::record_lookup:
    case Activity::search:
      return Technique{"T1213", "Data from Information Repositories", "Collection"};
    default:
      return {};
  }
}

}  // namespace weir::cases::detail
