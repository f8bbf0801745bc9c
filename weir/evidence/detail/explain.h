#pragma once

#include "weir/evidence/case_draft.h"
#include "weir/evidence/detail/person.h"

namespace weir::evidence::detail {

struct CaseInput {
  const Person* person = nullptr;
  const Story* story = nullptr;
  Hypothesis hypothesis{};
  double score = 0;
  PerArchetype<double> against{};  // nats of all acts against each innocent explanation alone
  double threshold = 0;
  std::int32_t day = 0;
};

/// Turns the numbers kept into the case that an analyst reads. The rows add up: contributions +
/// smaller + faded = nats.
CaseDraft explain(const CaseInput& input);

}  // namespace weir::evidence::detail
