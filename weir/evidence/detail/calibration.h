#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

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
  /// A case was opened about `person`, whose evidence had risen to `to`.
  void add_case(Hypothesis hypothesis, double to, std::uint64_t person);
  void merge(const Crossings& other);
  void clear() { *this = {}; }

  using Counts = std::array<std::array<std::int32_t, Levels::kCount>, kHypothesisCount>;
  const Counts& all() const { return all_; }
  /// Of these, those on the way to a case.
  const Counts& of_cases() const { return of_cases_; }

  struct Case {
    std::uint64_t person = 0;
    Hypothesis hypothesis{};
    std::uint8_t levels = 0;  // the evidence had risen over these many
  };
  const std::vector<Case>& cases() const { return cases_; }

 private:
  Counts all_{};
  Counts of_cases_{};
  std::vector<Case> cases_;
};

/// How far one person's evidence has risen before: a level is crossed once, and again only when
/// nothing was crossed for the refractory time, as cases are.
struct Peak {
  float nats = 0;
  std::int32_t day = INT32_MIN;
};

/// The threshold that keeps the promise if the coming weeks are like those seen. It stands on how
/// often the evidence of everybody rose over levels that it rises over often:
///
/// 1. Such a level was crossed ten times by people about whom no case was opened (cases may be
/// true).
///    The lowest has its say in any case.
/// 2. u: how often it is crossed at most by anybody, at 95 % confidence (taken as Poisson).
/// 3. What lies above a level is crossed more rarely by the factor e for each nat, because a
///    detector that has come to a level goes on from there like any other (Ville 1939); but one day
///    may lift the evidence far beyond a level, and then it is less. So crossings are taken to fall
///    by e^λ a nat as they did over the two nats before, λ at most 1. Hence level + ln(u ÷
///    promised)/λ.
///
/// The largest of these counts; but no more is asked for than a level that was itself crossed no
/// more often than promised.
///
/// Windows are whole and end 30 to 60 days ago, so that nobody's last acts set the threshold that
/// they are judged by.
class Calibration {
 public:
  /// Four years of windows of 30 days; one alone says nothing.
  static constexpr std::size_t kWindows = 48;
  static constexpr double kFewestWeeks = 8.0;
  static constexpr double kError = 0.05;
  /// Crossings that say how often a level is crossed.
  static constexpr std::int64_t kEnough = 10;

  /// Adds a day's crossings, of `people` watched.
  void merge(const Crossings& crossings, std::int32_t day, std::uint64_t people);
  /// Takes the crossings of a case out, because it was confirmed: it is neither a false case nor
  /// does it say how often innocent people come so far; or counts them again. Nothing happens if
  /// that is so already, or the case is older than the windows.
  void set_confirmed(std::uint64_t person, Hypothesis hypothesis, std::int32_t day,
                     bool is_confirmed);
  /// In nats; none while the windows so far are too few to say so. `rate`: promised a week.
  std::optional<double> threshold(Hypothesis hypothesis, double rate, std::int32_t day,
                                  std::uint64_t people) const;

  struct Window {
    std::int32_t window = 0;
    std::uint64_t people = 0;  // watched at its end
    Crossings::Counts all{};
    Crossings::Counts of_cases{};
  };
  /// Ascending, without gaps, the last one still open.
  std::deque<Window>& windows() { return windows_; }
  /// Of these windows, by day, person and hypothesis.
  struct Case {
    std::int32_t day = 0;
    std::uint64_t person = 0;
    Hypothesis hypothesis{};
    std::uint8_t levels = 0;
    bool is_confirmed = false;
  };
  std::vector<Case>& cases() { return cases_; }
  std::size_t bytes() const {
    return windows_.size() * sizeof(Window) + cases_.capacity() * sizeof(Case);
  }

 private:
  void add_cases(std::vector<Crossings::Case> cases, std::int32_t day);

  std::deque<Window> windows_;
  std::vector<Case> cases_;
};

}  // namespace weir::evidence::detail
