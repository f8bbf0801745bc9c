#include <algorithm>
#include <cmath>

#include "weir/behavior/tails.h"
#include "weir/evaluate/detail/rivals.h"

namespace weir::evaluate::detail {
namespace {

// Whoever is new has no usual yet.
constexpr std::uint32_t kLeastDays = 20;
constexpr double kHalfLifeDays = 180;

class OwnRate : public Rival {
 public:
  OwnRate(const OwnRateChoice& choice, Variant variant)
      : choice_(choice), features_(features_of(variant, choice.features)) {}

  void close_day(const RivalDay& day, AlarmSink& alarms) override {
    const Day from = day.day - std::chrono::days{choice_.window - 1};
    for (const std::size_t place : day.history.present()) {
      const PersonHistory& one = day.history.people()[place];
      if (one.active < kLeastDays) continue;
      const double known = std::clamp<double>(static_cast<double>((day.day - one.first).count()), 1,
                                              History::kDays.count());
      const Row tested = History::sum_since(one, from);
      const double n = choice_.window;
      double most = 0;
      for (const std::uint8_t f : features_) {
        const double mean = double{one.sum[f]} / known;
        const double variance = std::max(0.0, double{one.squares[f]} / known - mean * mean);
        const double least = choice_.least_deviation * choice_.least_deviation;
        most = std::max(most, (double{tested[f]} - n * mean) / std::sqrt(n * (variance + least)));
      }
      if (most <= alarms.floor()) continue;
      History::cite(one, from, cited_);
      alarms.take({.person = one.person, .day = day.day, .score = most, .cited = cited_});
    }
  }

 private:
  OwnRateChoice choice_;
  std::span<const std::uint8_t> features_;
  std::vector<CitedAct> cited_;
};

/// Mean and variance of each feature on days with acts, which fade.
struct Baseline {
  float days = 0;
  Row sum{}, squares{};
  Day last;

  void fade(Day day) {
    const auto gone = static_cast<double>((day - last).count());
    const auto factor = static_cast<float>(days == 0 ? 1 : std::exp2(-gone / kHalfLifeDays));
    days *= factor;
    for (std::size_t f = 0; f < kFeatures; ++f) {
      sum[f] *= factor;
      squares[f] *= factor;
    }
    last = day;
  }
  void add(const Row& row) {
    days += 1;
    for (std::size_t f = 0; f < kFeatures; ++f) {
      sum[f] += row[f];
      squares[f] += row[f] * row[f];
    }
  }
};

class SumOfSquares : public Rival {
 public:
  SumOfSquares(const SquaresChoice& choice, Variant variant)
      : choice_(choice), features_(features_of(variant, choice.features)) {}

  void close_day(const RivalDay& day, AlarmSink& alarms) override {
    baselines_.resize(day.history.people().size());
    for (const std::size_t place : day.history.present()) {
      const PersonHistory& one = day.history.people()[place];
      const Row& today = one.rows.back().values;
      Baseline& own = baselines_[place];
      own.fade(day.day);
      if (one.active > kLeastDays) {
        const double score = distance(own, today);
        if (score > alarms.floor()) {
          History::cite(one, day.day, cited_);
          alarms.take({.person = one.person, .day = day.day, .score = score, .cited = cited_});
        }
      }
      own.add(today);
    }
  }

 private:
  double distance(const Baseline& own, const Row& today) const {
    const double least = choice_.least_deviation * choice_.least_deviation;
    double sum = 0;
    for (const std::uint8_t f : features_) {
      const double mean = double{own.sum[f]} / double{own.days};
      const double variance = double{own.squares[f]} / double{own.days} - mean * mean;
      const double off = double{today[f]} - mean;
      if (choice_.only_more && off < 0) continue;
      sum += off * off / (std::max(variance, 0.0) + least);
    }
    return sum;
  }

  SquaresChoice choice_;
  std::span<const std::uint8_t> features_;
  std::vector<Baseline> baselines_;
  std::vector<CitedAct> cited_;
};

/// Normal-gamma model of each feature, whose prior is what everybody does, with the weight of ten
/// days; the surprise of a value is −ln of its Student-t upper tail, less the one nat it is worth
/// on average.
class StudentCusum : public Rival {
 public:
  StudentCusum(const CusumChoice& choice, Variant variant)
      : choice_(choice), features_(features_of(variant, choice.features)) {}

  void close_day(const RivalDay& day, AlarmSink& alarms) override {
    states_.resize(day.history.people().size());
    const Baseline everybody = everybody_;
    for (const std::size_t place : day.history.present()) {
      const PersonHistory& one = day.history.people()[place];
      const Row& today = one.rows.back().values;
      State& state = states_[place];
      state.own.fade(day.day);
      if (everybody.days >= kLeastCrowd) {
        const auto gone = static_cast<double>((day.day - state.last).count());
        state.cusum = state.cusum * std::exp2(-gone / kCusumDays) +
                      surprise(state.own, everybody, today) - choice_.drift;
        state.cusum = std::max(state.cusum, 0.0);
        state.last = day.day;
        if (one.active > kLeastDays && state.cusum > alarms.floor()) {
          constexpr std::chrono::days kBack{14};
          History::cite(one, day.day - kBack, cited_);
          alarms.take(
              {.person = one.person, .day = day.day, .score = state.cusum, .cited = cited_});
        }
      }
      state.own.add(today);
      everybody_.add(today);
    }
    everybody_.fade(day.day);
  }

 private:
  static constexpr double kCusumDays = 7;
  static constexpr double kPriorDays = 10;
  static constexpr float kLeastCrowd = 500;  // days of anybody
  static constexpr double kLeastVariance = 0.01;

  struct State {
    Baseline own;
    double cusum = 0;
    Day last;
  };

  double surprise(const Baseline& own, const Baseline& everybody, const Row& today) {
    std::array<double, kFeatures> nats{};
    const double n = double{own.days} + kPriorDays;
    for (const std::uint8_t f : features_) {
      const double crowd_mean = double{everybody.sum[f]} / double{everybody.days};
      const double crowd_square = double{everybody.squares[f]} / double{everybody.days};
      const double mean = (double{own.sum[f]} + kPriorDays * crowd_mean) / n;
      const double square = (double{own.squares[f]} + kPriorDays * crowd_square) / n;
      const double off = double{today[f]} - mean;
      if (off <= 0) continue;
      const double variance = std::max(square - mean * mean, kLeastVariance);
      const double t = off / std::sqrt(variance * (1 + 1 / n));
      constexpr double kLeastTail = 1e-300;
      nats[f] = -std::log(std::max(behavior::student_t_tail(t, n), kLeastTail)) - 1;
    }
    std::ranges::partial_sort(nats, nats.begin() + static_cast<std::ptrdiff_t>(choice_.most),
                              std::ranges::greater{});
    double sum = 0;
    for (std::size_t i = 0; i < choice_.most; ++i) sum += nats[i];
    return sum;
  }

  CusumChoice choice_;
  std::span<const std::uint8_t> features_;
  std::vector<State> states_;
  Baseline everybody_;
  std::vector<CitedAct> cited_;
};

}  // namespace

std::unique_ptr<Rival> make_own_rate(const OwnRateChoice& choice, Variant variant) {
  return std::make_unique<OwnRate>(choice, variant);
}
std::unique_ptr<Rival> make_sum_of_squares(const SquaresChoice& choice, Variant variant) {
  return std::make_unique<SumOfSquares>(choice, variant);
}
std::unique_ptr<Rival> make_student_cusum(const CusumChoice& choice, Variant variant) {
  return std::make_unique<StudentCusum>(choice, variant);
}

}  // namespace weir::evaluate::detail
