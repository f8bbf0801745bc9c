#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/result.h"

namespace weir::roster::detail {

/// Fails with the names and the reason if a header has columns for protected attributes or
/// personality scores; whatever else the file holds, they must not come in.
Result<void> refuse_protected(std::span<const std::string> header, std::string_view file);

/// Position of each of `known` in `header`, or none. Fails for a column that is not known (with the
/// nearest one that is) and for one that comes twice.
Result<std::vector<std::optional<std::size_t>>> locate(std::span<const std::string> header,
                                                       std::span<const std::string_view> known,
                                                       std::string_view file);

}  // namespace weir::roster::detail
