#include "weir/evaluate/intervals.h"

#include <algorithm>
#include <cmath>

#include "weir/base/result.h"
#include "weir/behavior/tails.h"

namespace weir::evaluate {
namespace {

constexpr int kHalvings = 200;  // until the ends are neighbours

/// Where a rising function passes `goal`.
template <class Function>
double where(double low, double high, double goal, Function function) {
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = (low + high) / 2;
    (function(middle) < goal ? low : high) = middle;
  }
  return (low + high) / 2;
}

double more_than(std::uint64_t count, double mean) {
  double at_most = 0;
  for (std::uint64_t i = 0; i <= count; ++i) {
    const auto n = static_cast<double>(i);
    int sign = 0;
    at_most += std::exp(n * std::log(mean) - mean - ::lgamma_r(n + 1, &sign));
  }
  return 1 - at_most;
}

}  // namespace

Interval clopper_pearson(std::uint64_t hits, std::uint64_t trials, double level) {
  WEIR_ASSERT(hits <= trials);
  if (trials == 0) return {};
  const double tail = (1 - level) / 2;
  const auto k = static_cast<double>(hits);
  const auto n = static_cast<double>(trials);
  Interval interval;
  if (hits > 0) {
    interval.low =
        where(0, 1, tail, [&](double p) { return behavior::incomplete_beta(k, n - k + 1, p); });
  }
  if (hits < trials) {
    interval.high =
        where(0, 1, 1 - tail, [&](double p) { return behavior::incomplete_beta(k + 1, n - k, p); });
  }
  return interval;
}

double poisson_upper(std::uint64_t count, double level) {
  const double most = 20 + 3 * static_cast<double>(count);
  return where(1e-12, most, level, [&](double mean) { return more_than(count, mean); });
}

double quantile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  const double place = std::ceil(share * static_cast<double>(values.size()));
  const auto i = static_cast<std::size_t>(std::max(place, 1.0)) - 1;
  return values[std::min(i, values.size() - 1)];
}

}  // namespace weir::evaluate
