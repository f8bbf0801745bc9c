#pragma once

namespace weir::behavior {

/// What peers do on a day they are there.
struct CountPrior {
  double mean = 0.0;
  /// Variance over mean, at least 1.
  double dispersion = 2.0;
};

/// How many acts of one kind a person makes on a day they are there: gamma-Poisson with a variance
/// state of its own, because real counts are over-dispersed. Both are shrunk to the peers with the
/// weight of `kPriorDays`. Holds sums only; the number of days is shared by all kinds and is given.
///
/// Ageing is the owner's: one factor for all of a person's models, half-life `kHalfLifeDays`.
class CountModel {
 public:
  static constexpr double kPriorDays = 10.0;
  static constexpr double kHalfLifeDays = 180.0;

  void age(float factor);
  void add(double count);

  /// The same, but no more than a day of this model hardly ever has (the mean and three standard
  /// deviations): one day must not make the next like it look usual. A lasting change is learnt
  /// within weeks.
  void add_robust(double count, double days, const CountPrior& peers);

  /// Expected count, from `days` (aged) of one's own and the peers.
  double mean(double days, const CountPrior& peers) const;
  double variance(double days, const CountPrior& peers) const;
  /// P(count or more today), when everybody does `multiplier` times the usual. Conservative: the
  /// variance includes that of the estimated mean.
  double tail(double count, double days, const CountPrior& peers, double multiplier) const;

  float sum() const { return sum_; }
  float squares() const { return squares_; }
  void restore(float sum, float squares) {
    sum_ = sum;
    squares_ = squares;
  }

 private:
  float sum_ = 0.0f;
  float squares_ = 0.0f;
};

}  // namespace weir::behavior
