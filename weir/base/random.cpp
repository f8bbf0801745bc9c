#include "weir/base/random.h"

#include <cmath>
#include <numbers>

namespace weir {

namespace {

/// std::lgamma also writes the global `signgam`: a race between threads.
double log_gamma(double x) {
  int sign = 0;
  return ::lgamma_r(x, &sign);
}

}  // namespace

std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter,
                                    std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{0xD2511F53} * counter[0];
    const std::uint64_t b = std::uint64_t{0xCD9E8D57} * counter[2];
    counter = {
        static_cast<std::uint32_t>(b >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(b),
        static_cast<std::uint32_t>(a >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(a)};
    key[0] += 0x9E3779B9;
    key[1] += 0xBB67AE85;
  }
  return counter;
}

Random::Random(std::uint64_t seed, std::uint64_t stream, std::uint32_t subject,
               std::uint32_t purpose)
    : key_{static_cast<std::uint32_t>(seed) ^ (purpose * 0x85EBCA6Bu),
           static_cast<std::uint32_t>(seed >> 32) ^ purpose},
      counter_{0, subject, static_cast<std::uint32_t>(stream),
               static_cast<std::uint32_t>(stream >> 32)} {}

std::uint32_t Random::bits32() {
  if (used_ == 4) {
    block_ = philox(counter_, key_);
    ++counter_[0];
    used_ = 0;
  }
  return block_[used_++];
}

std::uint64_t Random::bits64() {
  const std::uint64_t high = bits32();
  const std::uint64_t low = bits32();
  return high << 32 | low;
}

double Random::uniform() { return static_cast<double>(bits64() >> 11) * 0x1.0p-53; }

std::uint32_t Random::below(std::uint32_t n) {
  std::uint64_t product = std::uint64_t{bits32()} * n;
  auto low = static_cast<std::uint32_t>(product);
  if (low < n) {
    const std::uint32_t threshold = (0u - n) % n;
    while (low < threshold) {
      product = std::uint64_t{bits32()} * n;
      low = static_cast<std::uint32_t>(product);
    }
  }
  return static_cast<std::uint32_t>(product >> 32);
}

double Random::normal() {
  const double u = 1.0 - uniform();  // (0, 1]
  const double v = uniform();
  return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * v);
}

double Random::lognormal(double mu, double sigma) { return std::exp(mu + sigma * normal()); }

double Random::exponential(double rate) { return -std::log(1.0 - uniform()) / rate; }

double Random::gamma(double shape, double mean) {
  // Below 1 the method needs the boost of a uniform power (their §6).
  double boost = 1.0;
  double a = shape;
  if (a < 1.0) {
    boost = std::pow(1.0 - uniform(), 1.0 / a);
    a += 1.0;
  }
  const double d = a - 1.0 / 3.0;
  const double c = 1.0 / std::sqrt(9.0 * d);
  for (;;) {
    const double x = normal();
    const double t = 1.0 + c * x;
    if (t <= 0.0) continue;
    const double v = t * t * t;
    const double u = 1.0 - uniform();
    if (std::log(u) < 0.5 * x * x + d - d * v + d * std::log(v)) {
      return d * v * boost * mean / shape;
    }
  }
}

std::uint32_t Random::poisson(double mean) {
  if (mean <= 0.0) return 0;
  if (mean < 30.0) {
    const double limit = std::exp(-mean);
    double product = 1.0 - uniform();
    std::uint32_t count = 0;
    while (product > limit) {
      product *= 1.0 - uniform();
      ++count;
    }
    return count;
  }
  const double root = std::sqrt(mean);
  const double b = 0.931 + 2.53 * root;
  const double a = -0.059 + 0.02483 * b;
  const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
  const double v_r = 0.9277 - 3.6224 / (b - 2.0);
  for (;;) {
    const double u = uniform() - 0.5;
    const double v = 1.0 - uniform();
    const double us = 0.5 - std::fabs(u);
    const double k = std::floor((2.0 * a / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= v_r) return static_cast<std::uint32_t>(k);
    if (k < 0.0 || (us < 0.013 && v > us)) continue;
    if (std::log(v) + std::log(inverse_alpha) - std::log(a / (us * us) + b) <=
        k * std::log(mean) - mean - log_gamma(k + 1.0)) {
      return static_cast<std::uint32_t>(k);
    }
  }
}

std::uint32_t Random::negative_binomial(double mean, double shape) {
  if (mean <= 0.0) return 0;
  const double rate = gamma(shape, mean);
  return poisson(rate);
}

}  // namespace weir
