#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>

#include "weir/evidence/case_draft.h"

namespace weir::evidence::detail {

/// Levels of evidence: quarters of a nat from `kFirst` on.
struct Levels {
  static constexpr std::size_t kCount = 64;
  static constexpr double kFirst = 3.0;
  static constexpr double kStep = 0.25;
  /// The levels that `nats` is at or above; 0 to `kCount`.
  static std::size_t reached(double nats);
  static double nats(std::size_t level) { return kFirst + kStep * static_cast<double>(level); }
};

/// How often evidence rose over each level, by hypothesis: whole numbers, so that shards can be
/// added in any order.
class Crossings {
 public:
  /// The evidence of one person rose from below to `to`.
  void add(Hypothesis hypothesis, double from, double to);
  void merge(const Crossings& other);
  void clear() { counts_ = {}; }

  using Counts = std::array<std::array<std::uint32_t, Levels::kCount>, kHypothesisCount>;
  const Counts& counts() const { return counts_; }
  Counts& counts() { return counts_; }

 private:
  Counts counts_{};
};

/// How far one person's evidence has risen before: a level is crossed once, and again only when
/// nothing was crossed for the refractory time, as cases are.
struct Peak {
  float nats = 0;
  std::int32_t day = INT32_MIN;
};

/// The threshold that would have kept the promise so far. True cases are among the crossings
/// counted, so that it is rather too high than too low; crossings are taken as Poisson; windows are
/// whole and end 30 to 60 days ago. The lower of two:
///
/// 1. The lowest level that was crossed so rarely that, at 95 % confidence, it happens at most as
///    often as promised. Levels are tested from the highest down until the first that fails, each
///    at 5 %, which keeps the error of the whole procedure at 5 % (fixed-sequence testing: Maurer,
///    Hothorn, Lehmacher 1995; for thresholds of detectors, "Learn then Test", Angelopoulos, Bates,
///    Candès, Jordan, Lei 2021). It needs three promised false cases in the weeks seen.
/// 2. From the highest level that was crossed often enough to say how often, u times at most: what
///    lies above is crossed more rarely by the factor e for each nat, because a detector that has
///    come to a level goes on from there like any other (Ville 1939). Hence that level plus
///    ln(u ÷ promised in the weeks seen).
class Calibration {
 public:
  /// Four years of windows of 30 days; fewer than half a year say nothing.
  static constexpr std::size_t kWindows = 48;
  static constexpr double kFewestWeeks = 26.0;
  static constexpr double kError = 0.05;
  /// Crossings that say how often a level is crossed.
  static constexpr double kEnough = 10.0;

  /// Adds a day's crossings, of `people` watched.
  void merge(const Crossings& crossings, std::int32_t day, std::uint64_t people);
  /// In nats; none while the windows so far are too few to say so. `rate`: promised a week.
  std::optional<double> threshold(Hypothesis hypothesis, double rate, std::int32_t day,
                                  std::uint64_t people) const;

  struct Window {
    std::int32_t window = 0;
    std::uint64_t people = 0;  // watched at its end
    Crossings::Counts counts{};
  };
  /// Ascending, without gaps, the last one still open.
  std::deque<Window>& windows() { return windows_; }
  std::size_t bytes() const { return windows_.size() * sizeof(Window); }

 private:
  std::deque<Window> windows_;
};

}  // namespace weir::evidence::detail
