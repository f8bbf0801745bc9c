#pragma once

#include <optional>
#include <string_view>

namespace weir::app::detail {

/// What a key such as "nationality" or "date_of_birth" stands for ("citizenship or origin"), if it
/// names an attribute that Weir refuses to hold; empty for all other keys. Case and separators do
/// not matter.
std::optional<std::string_view> protected_attribute(std::string_view key);

}  // namespace weir::app::detail
