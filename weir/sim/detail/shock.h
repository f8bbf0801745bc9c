#pragma once

#include "weir/sim/detail/organisation.h"
#include "weir/sim/simulate.h"

namespace weir::sim {

/// Something that happens to the whole organisation near the middle of the time. Until then all
/// records are those of the same world without it.
///   merger          a third more people, in departments, places and at addresses of their own
///   outage          one source says nothing for three to eight weeks
///   remote_work     seven in ten of the office people: another machine, other hours, few prints
///   mail_migration  every address outside is written another way from then on
///   provider_swap   every private mailbox is at another provider from then on
void apply_shock(Shock shock, Organisation& organisation);

}  // namespace weir::sim
