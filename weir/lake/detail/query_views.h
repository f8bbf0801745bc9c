#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "weir/lake/detail/duck.h"
#include "weir/lake/query.h"

namespace weir::lake {

/// Makes the views `records`, `parties`, `objects`, `documents` over the files, and the given
/// tables.
Result<void> create_views(duck::Connection& connection, const std::filesystem::path& lake,
                          std::span<const FileInfo> files);
Result<void> create_table(duck::Connection& connection, const QueryTable& table);

}  // namespace weir::lake
