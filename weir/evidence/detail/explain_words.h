#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "weir/evidence/case_draft.h"
#include "weir/evidence/detail/explain.h"
#include "weir/evidence/detail/person.h"

/// What the texts of all hypotheses share.
namespace weir::evidence::detail {

/// "1 in 12", "88 in 100"
std::string one_in(double chance);
/// "Ordinary work"
std::string_view archetype_words(Archetype archetype);
/// "X would make this some 400 times less likely, above all because …", `reason` from a table.
std::string less_likely(Archetype archetype, double nats, std::string_view reason);

CaseDraft begin_draft(const CaseInput& input);
/// Sorts the contributions, closes their sum and says what could not be seen. `total` nats of
/// `acts` acts, listed or not.
void finish_draft(CaseDraft& draft, double total, std::size_t acts, const Person& person);

}  // namespace weir::evidence::detail
