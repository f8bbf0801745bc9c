#pragma once

#include <string>
#include <string_view>

namespace weir::app::detail {

/// "Romin Fazafon (e00000-1)" out of the identity that the roster sealed; the text itself if it is
/// not of that form.
std::string name_in(std::string_view identity_json);

/// "e00000-1" of the same; empty if it is not of that form.
std::string key_in(std::string_view identity_json);

}  // namespace weir::app::detail
