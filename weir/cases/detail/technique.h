#pragma once

#include <optional>
#include <string_view>

#include "weir/event/activity.h"

namespace weir::cases::detail {

/// A technique of MITRE ATT&CK (Enterprise), as Weir assigns it to an activity; no source says so.
struct Technique {
  std::string_view id;
  std::string_view name;
  std::string_view tactic;
};

/// Empty where none fits without guessing at intent: a logon, a visit, a mail received.
std::optional<Technique> technique_of(event::Activity activity);

}  // namespace weir::cases::detail
