#pragma once

#include <optional>
#include <string_view>

#include "weir/evidence/case_draft.h"

namespace weir::evidence {

/// What somebody who looked into a case made of it. Stored: append, never renumber.
enum class Verdict : std::uint8_t {
  open = 0,       // not decided yet, or no longer
  innocent = 1,   // explained
  confirmed = 2,  // it was what it looked like
  unclear = 3,    // closed without an answer; teaches nothing
};
inline constexpr std::uint8_t kVerdictCount = 4;
std::string_view to_string(Verdict verdict);  // "innocent"

/// A decision about one case, as the engine is told of it (docs/evidence.md, "Decisions").
struct Decision {
  event::PersonId person{};
  Hypothesis hypothesis{};
  Day opened;  // the closed day of the case
  Verdict verdict{};
  /// Which innocent explanation it was, if somebody said so.
  std::optional<Archetype> explained_by;
  /// From this day on: the next that closes.
  Day day;
};

}  // namespace weir::evidence
