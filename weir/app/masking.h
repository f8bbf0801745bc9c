#pragma once

#include <vector>

#include "weir/event/act.h"
#include "weir/evidence/needs.h"

namespace weir::app {

/// Leaves of `acts` what sources that show only `seen` would have said: acts of other classes go,
/// and so do details that are not seen. The order stays.
void restrict_to(evidence::Sight seen, std::vector<event::Act>& acts);

}  // namespace weir::app
