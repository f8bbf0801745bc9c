#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "weir/base/result.h"
#include "weir/sim/detail/agenda.h"
#include "weir/sim/detail/disturbance.h"
#include "weir/sim/simulate.h"

namespace weir::sim {

/// One thing an insider did, for the answer file.
struct MaliciousAct {
  std::string_view step;  // "access", "connect", "send", "copy", "upload"
  AgendaItem item;
  /// Of the mail that asked for it.
  std::optional<Instant> requested{};
};

struct Insider {
  std::uint32_t person = 0;
  std::string_view scenario{};
  Day from{}, to{};  // of activity
  std::vector<Address> mailboxes{};
  std::vector<MaliciousAct> acts{};
  std::vector<AgendaItem> requests{};
};

/// Chooses and plans the insiders of a world; the rest of `organisation` stays as it is, except
/// that who takes much and leaves does leave. Fails with `invalid_argument` if too few people
/// are there long enough.
Result<std::vector<Insider>> plan_insiders(const Options& options, Organisation& organisation);

}  // namespace weir::sim
