#pragma once

#include <string>
#include <utility>

#include "weir/roster/roster_file.h"

namespace weir::roster::detail {

/// Keeps the first errors; a file of another kind altogether has one in every row.
inline void add_error(RosterFile& roster, std::string error) {
  if (roster.errors.size() < RosterFile::kMaxErrors) roster.errors.push_back(std::move(error));
}

}  // namespace weir::roster::detail
