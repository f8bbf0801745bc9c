#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "weir/sim/simulate.h"

namespace weir::app {

/// The simulator's world of this name.
std::optional<sim::World> world_named(std::string_view name);
/// "ordinary, null, drip …": for messages.
std::string world_names();

}  // namespace weir::app
