#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/event/activity.h"
#include "weir/evidence/case_draft.h"

namespace weir::evidence {

/// What records can say beside that something was done. Stored (bits of a person's state).
enum class Detail : std::uint8_t {
  messages_received = 0,  // mail that came in
  sensitivity = 1,        // how sensitive what left was, said by a source or recognised
  places = 2,             // the share or document group that something belongs to
  hosts = 3,              // the computer it was done on
  accounts = 4,           // whose account on a web service was used
};
inline constexpr std::uint8_t kDetailCount = 5;
std::string_view to_string(Detail detail);  // "messages_received"

/// What sources show, of a person or of a workspace: bits of record classes and details.
using Sight = std::uint16_t;
constexpr Sight sight_of(event::RecordClass record_class) {
  return static_cast<Sight>(1u << std::to_underlying(record_class));
}
constexpr Sight sight_of(Detail detail) {
  return static_cast<Sight>(1u << (event::kRecordClassCount + std::to_underlying(detail)));
}
inline constexpr Sight kEveryClass = (1u << event::kRecordClassCount) - 1;
inline constexpr Sight kEverything = (1u << (event::kRecordClassCount + kDetailCount)) - 1;

/// One thing that a hypothesis looks at, and what it can be seen from.
struct Need {
  std::string_view what;   // "uploads", "time since a message from the same address"
  Sight any_of = 0;        // record classes: one of them will do
  Sight all_of = 0;        // details: each must be there
  bool essential = false;  // without it the question cannot be asked

  bool met_by(Sight seen) const { return (any_of & seen) != 0 && (all_of & seen) == all_of; }
};

/// What the engine's own tables make of a hypothesis: its features of a day or, of the slow drip,
/// its marks of a transmission. Texts live for ever. Any thread.
std::vector<Need> needs(Hypothesis hypothesis);

/// Whether the hypothesis can be judged at all with these sources: all that is essential is there,
/// and something is.
bool can_be_asked(Hypothesis hypothesis, Sight seen);

}  // namespace weir::evidence
