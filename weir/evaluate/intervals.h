#pragma once

#include <cstdint>
#include <vector>

namespace weir::evaluate {

struct Interval {
  double low = 0;
  double high = 1;
};

/// Two-sided exact interval for a share after `hits` of `trials` (Clopper and Pearson 1934), by
/// quantiles of the beta distribution. [0, 1] for no trials. `hits` <= `trials`.
Interval clopper_pearson(std::uint64_t hits, std::uint64_t trials, double level = 0.95);

/// One-sided exact upper bound of a Poisson mean after `count` events (Garwood 1936).
double poisson_upper(std::uint64_t count, double level = 0.95);

/// The smallest value that at least `share` of the values do not exceed; 0 for none.
double quantile(std::vector<double> values, double share);

}  // namespace weir::evaluate
