#pragma once

#include <string>
#include <utility>
#include <vector>

#include "weir/evidence/case_draft.h"

namespace weir::cases::detail {

/// Listed acts by year, by month if they lie within two years, by day within a month; periods in
/// between without any are there too, with 0, so that gaps show. Label and count, oldest first.
std::vector<std::pair<std::string, std::size_t>> timeline(const evidence::CaseDraft& draft);

}  // namespace weir::cases::detail
