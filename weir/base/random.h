#pragma once

#include <array>
#include <cstdint>

namespace weir {

/// Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3, 2011):
/// four random words from a counter and a key, with no state between calls.
std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter,
                                    std::array<std::uint32_t, 2> key);

/// A stream of random numbers named by what it is for, not by when it is drawn: the same
/// (seed, stream, subject, purpose) gives the same numbers on every machine and compiler and in
/// any order of use. The samplers are our own, because those of the standard library differ
/// between implementations. Draw once per statement: the order of evaluation inside one is open.
///
/// Cheap to make (no warm-up) and to copy. Not thread-safe; make one per use.
class Random {
 public:
  Random(std::uint64_t seed, std::uint64_t stream, std::uint32_t subject, std::uint32_t purpose);

  std::uint32_t bits32();
  std::uint64_t bits64();
  /// Uniform in [0, 1), 53 bits.
  double uniform();
  /// Uniform in {0, …, n−1}, unbiased (Lemire 2019). `n` > 0.
  std::uint32_t below(std::uint32_t n);
  bool chance(double probability) { return uniform() < probability; }
  /// Standard normal (Box–Muller; the second value is dropped to keep one draw a call).
  double normal();
  /// exp(mu + sigma·N(0,1)).
  double lognormal(double mu, double sigma);
  /// Mean 1/rate. `rate` > 0.
  double exponential(double rate);
  /// Shape and mean, both > 0 (Marsaglia and Tsang 2000).
  double gamma(double shape, double mean);
  /// Knuth's product below a mean of 30, Hörmann's PTRS (1993) above. `mean` >= 0.
  std::uint32_t poisson(double mean);
  /// Gamma-Poisson mixture: variance = mean·(1 + mean/shape).
  std::uint32_t negative_binomial(double mean, double shape);

 private:
  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 4> counter_;
  std::array<std::uint32_t, 4> block_{};
  unsigned used_ = 4;
};

}  // namespace weir
