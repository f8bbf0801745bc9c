#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "weir/event/record.h"

namespace weir::ingest {

/// "Name <a@b>" → "a@b"
std::string_view bare_address(std::string_view text);

/// OCSF's `confidentiality_id`, as Weir's steps.
event::Sensitivity sensitivity_of_id(std::uint64_t id);
/// What products call the steps; `unknown` for other names.
event::Sensitivity sensitivity_of_name(std::string_view name);

}  // namespace weir::ingest
