#pragma once

#include <vector>

#include "weir/base/result.h"
#include "weir/sim/detail/plan.h"

namespace weir::sim {

/// A benign person who does from afar what an insider does: as often, as large, to as many
/// recipients of the same class, by the same means. Asked for, marked and answered it is as private
/// mail and ordinary work are. Who tells the two apart does not go by rate, size or recipient.
struct Twin {
  std::uint32_t insider = 0;  // index of the person
  std::uint32_t person = 0;
  std::uint32_t acts = 0;  // those that carry something out
  std::vector<AgendaItem> items{};
};

/// `options.twins` for each insider. `invalid_argument` if there are not people enough.
Result<std::vector<Twin>> plan_twins(const Options& options, const Organisation& organisation,
                                     const std::vector<Insider>& insiders);

}  // namespace weir::sim
