#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "weir/evidence/detail/person.h"
#include "weir/evidence/engine.h"

/// Lanes 2 and 3: what a week's list holds beside the cases that keep the promise of lane 1.
namespace weir::evidence::detail {

/// e-BH (Wang & Ramdas, JRSS B 2022): of `people` of whom these have e-values worth naming
/// (descending), the first so many are discoveries of which at most `share` are false in the mean,
/// however they depend on each other.
std::size_t discoveries(std::span<const double> e_values, double people, double share);

struct Listed {
  Person* person = nullptr;
  Hypothesis hypothesis{};
  double nats = 0;
  double threshold = 0;  // nats
  int lane = 2;
};

/// The list made after a week that ended with `sunday`, by lane and weight. Nobody is named twice,
/// nobody about whom there was a case within the refractory time.
///
/// Lane 2: e-BH over everybody watched, on the mean of each person's e-processes, weighted as the
/// promise is shared out. Named for the hypothesis that contributes most.
/// Lane 3: as many as are to be filled up with, by evidence and what looking costs; no guarantee.
///
/// `thresholds`: of lane 1, by hypothesis, for the pages of lane 3 to name.
std::vector<Listed> list_week(std::span<Person* const> everybody, std::size_t watched,
                              std::int32_t sunday, const EngineOptions& options,
                              std::span<const Threshold, kHypothesisCount> thresholds);

/// The case about one of them. One of lane 2 is a case as one of lane 1 is: the same acts never
/// score again. One of lane 3 takes nothing from the evidence.
CaseDraft open_listed(const Listed& listed, std::int32_t sunday, const EngineOptions& options);

}  // namespace weir::evidence::detail
