#pragma once

#include <string>
#include <string_view>

#include "weir/base/result.h"

namespace weir::app {

/// Sums what the record of all runs says of lane 1 in one world and size, over sealed runs of one
/// program, length and budget: a line each, oldest first. Audits (sources left out, acts dealt to
/// others) and development seeds do not count, nor do sections of another form. `not_found` if
/// nothing is left. Never crashes, whatever the text.
Result<std::string> pool_record(std::string_view record, std::string_view world,
                                std::uint64_t people);

}  // namespace weir::app
