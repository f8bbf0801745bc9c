#pragma once

#include <string_view>
#include <vector>

namespace weir::app {

/// Mail domains where anybody can have an address, and those made to be thrown away: built into
/// the program from the lists of a kept package (docs/dependencies.md). Sorted.
std::vector<std::string_view> free_mail_domains();
std::vector<std::string_view> disposable_domains();

}  // namespace weir::app
