#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weir/evaluate/rival.h"
#include "weir/evaluate/score.h"

namespace weir::evaluate {

/// Never two cases of one person within this time, as the engine has it.
inline constexpr std::chrono::days kRefractory{60};

/// The alarms of one rival in one world, held against the truth when they come. Keeps the strongest
/// if there are too many, and says so by its floor. Not thread-safe.
class AlarmLog : public AlarmSink {
 public:
  /// `truth` must outlive the log. `most`: alarms kept, at least 2.
  AlarmLog(const KnownTruth& truth, std::size_t most);

  double floor() const override { return floor_; }
  void take(const Alarm& alarm) override;
  /// Call it after the last alarm, before what follows.
  void close();

  /// An alarm of at least `threshold` opens a case, unless the person had one in the last
  /// `kRefractory`. Causal: which cases are open on a day depends on nothing later.
  Score score(double threshold) const;
  std::size_t false_cases(double threshold) const;
  double weeks() const { return truth_->weeks(); }
  void add_scores(std::vector<double>& scores) const;

 private:
  struct Entry {
    event::PersonId person{};
    Day day;
    double score = 0;
    std::int32_t insider = -1;
  };
  /// Calls `open` for every case, people in order, days in order.
  template <class Open>
  void walk(double threshold, Open open) const;

  const KnownTruth* truth_;
  std::size_t most_;
  double floor_ = 0;
  std::vector<Entry> entries_;
};

/// The lowest threshold at which the worlds together have at most `false_a_week` false cases a
/// week; ∞ if there is none. (Their number falls with the threshold but for the refractory time:
/// found by bisection.) All of one rival; empty: ∞.
double lowest_threshold(std::span<const AlarmLog* const> logs, double false_a_week);

}  // namespace weir::evaluate
