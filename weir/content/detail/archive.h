#pragma once

#include <set>
#include <string>
#include <string_view>

#include "weir/content/detail/reading.h"

namespace weir::content {

/// The named members alone, by libarchive: those of a zip file packed in unusual ways.
void read_archive_members(Reading& reading, const Place& place, std::string_view bytes,
                          const std::set<std::string, std::less<>>& names);

}  // namespace weir::content
