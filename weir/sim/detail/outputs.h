#pragma once

#include <string>
#include <vector>

#include "weir/sim/detail/disturbance.h"
#include "weir/sim/detail/insiders.h"
#include "weir/sim/detail/twins.h"
#include "weir/sim/simulate.h"

namespace weir::sim {

// The texts beside the records.

std::string roster_csv(const Organisation& organisation);
/// The sensitive documents that the organisation knows it has, by the digests that its logs say.
std::string documents_csv(const Organisation& organisation);
std::string organisation_yaml(const Options& options);
std::string answers_json(const Options& options, const Organisation& organisation,
                         const Disturbances& disturbances, const std::vector<Insider>& insiders,
                         const std::vector<Twin>& twins);

}  // namespace weir::sim
