#include "weir/behavior/count_model.h"

#include <algorithm>
#include <cmath>

#include "weir/behavior/tails.h"

namespace weir::behavior {

void CountModel::age(float factor) {
  sum_ *= factor;
  squares_ *= factor;
}

void CountModel::add(double count) {
  // Squares of hostile counts must not eat the precision of everything else.
  const double kept = std::min(count, 1e6);
  sum_ += static_cast<float>(kept);
  squares_ += static_cast<float>(kept * kept);
}

double CountModel::mean(double days, const CountPrior& peers) const {
  return (kPriorDays * peers.mean + static_cast<double>(sum_)) / (kPriorDays + days);
}

double CountModel::variance(double days, const CountPrior& peers) const {
  const double own = mean(days, peers);
  const double prior_square = peers.mean * (peers.dispersion + peers.mean);
  const double second =
      (kPriorDays * prior_square + static_cast<double>(squares_)) / (kPriorDays + days);
  // Life is never less dispersed than Poisson for long, even where a short history says so.
  return std::max(second - own * own, own);
}

void CountModel::add_robust(double count, double days, const CountPrior& peers) {
  // Of what hardly ever happens, two a day are still learnt.
  constexpr double kAlways = 2.0;
  const double most = mean(days, peers) + 3.0 * std::sqrt(variance(days, peers));
  add(std::min(count, std::max(most, kAlways)));
}

double CountModel::tail(double count, double days, const CountPrior& peers,
                        double multiplier) const {
  const double own = mean(days, peers);
  const double spread = variance(days, peers);
  const double expected = own * multiplier;
  const double variance =
      spread * multiplier * multiplier + multiplier * multiplier * spread / (kPriorDays + days);
  return negative_binomial_tail(count, expected, std::max(variance, expected));
}

}  // namespace weir::behavior
