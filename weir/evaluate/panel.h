#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "weir/evaluate/threshold.h"

namespace weir::evaluate {

/// Rivals that watch one world together. The two variants run side by side on two threads.
class Panel {
 public:
  /// `truth` must outlive the panel; the rivals never see it. `people`: about how many there are.
  Panel(std::span<const RivalSpec> rivals, const KnownTruth& truth, std::size_t people);
  ~Panel();

  void close_day(Day day, std::span<const event::Act> acts, const roster::People& people);
  /// After the last day. The logs keep a pointer to the truth.
  std::map<RivalSpec, AlarmLog> finish() &&;

 private:
  struct Side;
  std::vector<std::unique_ptr<Side>> sides_;
};

/// Every rival with every choice of its hyper-parameters: what development worlds are run with.
std::vector<RivalSpec> all_choices(std::span<const RivalKind> kinds);

/// A rival after tuning for one budget: the choice that found most insiders on the development
/// worlds, with the threshold that kept the budget there. Fewer false cases, then the earlier
/// choice break ties.
struct Tuned {
  RivalSpec spec;
  double threshold = 0;
  Pool development;
};
/// `worlds`: the logs of each development world, all with the same rivals. One entry a kind and
/// variant. `false_a_week`: allowed, in the worlds' own size.
std::vector<Tuned> tune(std::span<const std::map<RivalSpec, AlarmLog>* const> worlds,
                        double false_a_week);

}  // namespace weir::evaluate
