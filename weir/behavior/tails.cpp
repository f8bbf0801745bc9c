#include "weir/behavior/tails.h"

#include <algorithm>
#include <cmath>

namespace weir::behavior {
namespace {

// lgamma writes the global `signgam`; several workers call this at once.
double log_gamma(double x) {
  int sign = 0;
  return ::lgamma_r(x, &sign);
}

// Lentz's method for the continued fraction of the incomplete beta function (Abramowitz and
// Stegun 26.5.8).
double beta_fraction(double a, double b, double x) {
  constexpr double kTiny = 1e-300;
  constexpr int kMaxSteps = 500;
  double c = 1.0;
  double d = 1.0 - (a + b) * x / (a + 1.0);
  if (std::fabs(d) < kTiny) d = kTiny;
  d = 1.0 / d;
  double value = d;
  for (int step = 1; step <= kMaxSteps; ++step) {
    const double m = step;
    double term = m * (b - m) * x / ((a + 2 * m - 1.0) * (a + 2 * m));
    d = 1.0 + term * d;
    if (std::fabs(d) < kTiny) d = kTiny;
    c = 1.0 + term / c;
    if (std::fabs(c) < kTiny) c = kTiny;
    d = 1.0 / d;
    value *= d * c;
    term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1.0));
    d = 1.0 + term * d;
    if (std::fabs(d) < kTiny) d = kTiny;
    c = 1.0 + term / c;
    if (std::fabs(c) < kTiny) c = kTiny;
    d = 1.0 / d;
    const double change = d * c;
    value *= change;
    if (std::fabs(change - 1.0) < 1e-13) break;
  }
  return value;
}

}  // namespace

double incomplete_beta(double a, double b, double x) {
  if (x <= 0.0) return 0.0;
  if (x >= 1.0) return 1.0;
  const double log_front =
      log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * std::log(x) + b * std::log1p(-x);
  if (x < (a + 1.0) / (a + b + 2.0)) {
    return std::clamp(std::exp(log_front) * beta_fraction(a, b, x) / a, 0.0, 1.0);
  }
  return std::clamp(1.0 - std::exp(log_front) * beta_fraction(b, a, 1.0 - x) / b, 0.0, 1.0);
}

double negative_binomial_tail(double count, double mean, double variance) {
  if (count <= 0.0) return 1.0;
  if (mean <= 0.0) return 0.0;
  // A shape this large is a Poisson to many digits.
  constexpr double kPoissonShape = 1e6;
  const double excess = variance - mean;
  const double shape = excess > mean * mean / kPoissonShape ? mean * mean / excess : kPoissonShape;
  return incomplete_beta(count, shape, mean / (mean + shape));
}

double student_t_tail(double t, double freedom) {
  const double half = 0.5 * incomplete_beta(freedom / 2.0, 0.5, freedom / (freedom + t * t));
  return t >= 0.0 ? half : 1.0 - half;
}

double e_value(double p) {
  if (p >= 1.0) return 0.5;
  const double q = std::max(p, 1e-300);
  const double log_q = std::log(q);
  // Near 1 the quotient is 0/0; its series there is 1/2 − (ln p)/6.
  if (log_q > -1e-4) return 0.5 - log_q / 6.0;
  return (1.0 - q + q * log_q) / (q * log_q * log_q);
}

}  // namespace weir::behavior
