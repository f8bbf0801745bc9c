#include "weir/app/masking.h"

namespace weir::app {

using evidence::Detail;
using evidence::sight_of;

void restrict_to(evidence::Sight seen, std::vector<event::Act>& acts) {
  const auto has = [&](auto what) { return (seen & sight_of(what)) != 0; };
  std::erase_if(acts, [&](const event::Act& act) {
    return !has(class_of(act.activity)) ||
           (act.activity == event::Activity::mail_receive && !has(Detail::messages_received));
  });
  for (event::Act& act : acts) {
    if (!has(Detail::sensitivity)) {
      act.sensitivity = event::Sensitivity::unknown;
      act.documents.clear();
    }
    if (!has(Detail::hosts)) act.host = {};
    if (!has(Detail::accounts)) act.account_instance = event::AccountInstance::unknown;
    for (event::Object& object : act.objects) {
      if (!has(Detail::sensitivity)) object.sensitivity = event::Sensitivity::unknown;
      if (!has(Detail::places)) object.place = {};
    }
  }
}

}  // namespace weir::app
