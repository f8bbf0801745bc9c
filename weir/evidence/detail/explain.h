#pragma once

#include "weir/evidence/case_draft.h"
#include "weir/evidence/detail/person.h"

namespace weir::evidence::detail {

struct CaseInput {
  const Person* person = nullptr;
  Hypothesis hypothesis{};
  double score = 0;
  PerArchetype<double> against{};  // nats of all acts against each innocent explanation alone
  Threshold threshold;
  std::int32_t day = 0;
};

/// Turns the numbers kept into the case that an analyst reads. The rows add up: contributions +
/// smaller + faded = nats.
CaseDraft explain(const CaseInput& input, const Story& story);
/// `against` in the order of the hypothesis's innocent readings.
CaseDraft explain(const CaseInput& input, const DayStory& story);

}  // namespace weir::evidence::detail
