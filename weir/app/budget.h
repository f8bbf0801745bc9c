#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "weir/cases/store.h"
#include "weir/evidence/engine.h"

namespace weir::app {

/// What was promised of one hypothesis, and what came of it. "False" is what was decided innocent;
/// a case that is open, or was closed as unclear, is undecided.
struct HypothesisBudget {
  evidence::Hypothesis hypothesis{};
  double promised = 0;  // false cases a week, over everybody watched
  /// Of lane 1, which the promise is about.
  std::uint64_t opened = 0, innocent = 0, confirmed = 0, undecided = 0;
  double false_a_week = 0;
  /// One-sided 95 % bounds of the false cases a week (Poisson, Garwood 1936): of those decided, and
  /// if everything undecided were false too.
  double at_most = 0;
  double at_most_with_undecided = 0;
  /// From which nats a case opens on the next day that closes, and what that rests on; none if the
  /// state is not at hand.
  std::optional<evidence::Threshold> threshold;
};

struct Budget {
  /// Year, quarter from 1, lane.
  using Period = std::tuple<int, unsigned, int>;
  double weeks = 0;  // closed so far
  std::uint64_t people_watched = 0;
  std::vector<HypothesisBudget> hypotheses;  // each, in their order
  /// Cases opened, by hypothesis.
  std::map<Period, std::array<std::uint64_t, evidence::kHypothesisCount>> opened;
};

/// `engine` may be null: then nothing is known of thresholds.
Budget budget_of(const std::vector<cases::Case>& cases, std::uint64_t closed_days,
                 const evidence::EngineOptions& options, const evidence::Engine* engine);

/// Tables of at most 80 columns.
std::string render_budget(const Budget& budget);
/// The stable form of docs/formats/cases.md.
std::string budget_json(const Budget& budget);

}  // namespace weir::app
