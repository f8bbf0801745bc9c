#include "weir/behavior/size_model.h"

#include <algorithm>
#include <cmath>

#include "weir/behavior/tails.h"

namespace weir::behavior {

void SizeModel::age(float factor) {
  days_ *= factor;
  sum_ *= factor;
  squares_ *= factor;
}

void SizeModel::add(double bytes) {
  const auto size = static_cast<float>(std::log1p(std::max(bytes, 0.0)));
  days_ += 1.0f;
  sum_ += size;
  squares_ += size * size;
}

double SizeModel::tail(double bytes, const Prior& prior) const {
  const double size = std::log1p(std::max(bytes, 0.0));
  const double weight = kPriorDays + static_cast<double>(days_);
  const double mean = (kPriorDays * prior.mean + static_cast<double>(sum_)) / weight;
  const double second =
      (kPriorDays * (prior.variance + prior.mean * prior.mean) + static_cast<double>(squares_)) /
      weight;
  const double variance = std::max(second - mean * mean, 0.25);
  const double scale = std::sqrt(variance * (1.0 + 1.0 / weight));
  return student_t_tail((size - mean) / scale, weight);
}

}  // namespace weir::behavior
