#pragma once

#include "weir/sim/detail/organisation.h"

namespace weir::sim {

/// Gives a person habits, a private mailbox and times of looking for another job.
void draw_traits(const Organisation& organisation, Person& person);

}  // namespace weir::sim
