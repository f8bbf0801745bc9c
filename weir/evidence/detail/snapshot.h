#pragma once

#include "weir/evidence/detail/organisation.h"
#include "weir/evidence/detail/person.h"

namespace weir::evidence::detail {

inline constexpr std::uint32_t kSnapshotVersion = 4;
inline constexpr std::string_view kSnapshotMagic = "WEIRSTAT";

/// Closed days a snapshot or a caller may speak of, as days since 1970: years 1900 to 2200.
inline constexpr std::int32_t kFirstDay = -25567;
inline constexpr std::int32_t kLastDay = 84006;

inline bool sound_day(std::int32_t day) { return day >= kFirstDay && day <= kLastDay; }
/// Far above what years of acts add up to and far below where sums of floats overflow.
inline bool natural(float value) { return value >= 0.0f && value < 1e15f; }

}  // namespace weir::evidence::detail
