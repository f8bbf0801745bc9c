#pragma once

#include <span>
#include <string_view>

#include "weir/ingest/format.h"

namespace weir::ingest {

/// Every input format, in the order in which they are asked whether bytes are theirs.
std::span<const Format> formats();

/// Null if there is none of that name.
const Format* find_format(std::string_view name);

/// The format whose `match` is surest; null if all say no.
const Format* recognise(std::string_view head, std::string_view file_name);

}  // namespace weir::ingest
