#pragma once

#include <cstdint>
#include <string>

#include "weir/base/text.h"

namespace weir::app {

/// What fewer people share says who they are: it is generalised wherever sums are shown.
inline constexpr std::uint64_t kSmallestGroup = 5;

inline bool is_few(std::uint64_t people) { return people > 0 && people < kSmallestGroup; }

/// "1,234", "0", "under 5"
inline std::string people_text(std::uint64_t people) {
  return is_few(people) ? "under 5" : with_commas(people);
}

}  // namespace weir::app
