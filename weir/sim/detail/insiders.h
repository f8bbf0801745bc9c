#pragma once

#include <vector>

#include "weir/base/result.h"
#include "weir/sim/detail/plan.h"
#include "weir/sim/simulate.h"

namespace weir::sim {

/// Chooses and plans the insiders of a world; the rest of `organisation` stays as it is, except
/// that who takes much and leaves does leave. Fails with `invalid_argument` if too few people
/// are there long enough.
Result<std::vector<Insider>> plan_insiders(const Options& options, Organisation& organisation);

/// How many insiders of cert_1 to cert_5 a mixed world has.
std::array<std::uint32_t, 5> scenario_counts(const Options& options);

/// Everything the log has to say of them.
std::vector<AgendaItem> items_of(const std::vector<Insider>& insiders);

}  // namespace weir::sim
