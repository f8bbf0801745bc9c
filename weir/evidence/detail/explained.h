#pragma once

#include "weir/evidence/decision.h"
#include "weir/evidence/detail/likelihood.h"
#include "weir/evidence/detail/organisation.h"
#include "weir/evidence/detail/person.h"

namespace weir::evidence::detail {

/// What a person explained as an archetype is judged by: the archetype's table, moved by the
/// person's own habits with the weight of `kExplainedActs` own acts instead of 100, each chance
/// within a factor of `kExplainedFactor` of the table's (of `ordinary`, which moves anyway, within
/// OwnHabits::kMostFactor). So a mark loses at most ln 2 = 0.7 nats by it: what was explained adds
/// up more slowly, and is not unseen for ever.
struct Explained {
  OwnHabits own;
  Cells reference;
};
inline constexpr double kExplainedActs = 10.0;
inline constexpr double kExplainedFactor = 2.0;
Explained explained(const Cells& reference, const OwnHabits& own, std::size_t archetype);

/// Does to the person's state what the decision says; `quiet` is the time without cases that an
/// explained hypothesis of whole days gets, from the decision's day on.
void decide(Person& person, const Decision& decision, std::chrono::days quiet);

}  // namespace weir::evidence::detail
