#pragma once

namespace weir::behavior {

/// How many bytes leave with a person on a day on which any do, on the log scale: Student-t
/// predictive from a normal-inverse-gamma state shrunk to a prior worth `kPriorDays`.
class SizeModel {
 public:
  static constexpr double kPriorDays = 10.0;

  struct Prior {
    double mean = 11.5;     // ln bytes: 100 kB
    double variance = 4.0;  // a factor of e² either way
  };

  void age(float factor);
  void add(double bytes);
  /// P(this much or more).
  double tail(double bytes, const Prior& prior) const;

  float days() const { return days_; }
  float sum() const { return sum_; }
  float squares() const { return squares_; }
  void restore(float days, float sum, float squares) {
    days_ = days;
    sum_ = sum;
    squares_ = squares;
  }

 private:
  float days_ = 0.0f;
  float sum_ = 0.0f;
  float squares_ = 0.0f;
};

}  // namespace weir::behavior
