#include "weir/evidence/detail/calibration.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <tuple>

#include "weir/evidence/detail/reference.h"

namespace weir::evidence::detail {
namespace {

/// P(X <= k) for X Poisson with this mean.
double poisson_at_most(std::uint64_t k, double mean) {
  constexpr double kNormal = 500.0;
  if (mean > kNormal) {
    const double z = (static_cast<double>(k) + 0.5 - mean) / std::sqrt(mean);
    return 0.5 * std::erfc(-z / std::numbers::sqrt2);
  }
  double term = std::exp(-mean);
  double sum = term;
  for (std::uint64_t i = 1; i <= k && sum < 1.0; ++i) {
    term *= mean / static_cast<double>(i);
    sum += term;
  }
  return std::min(sum, 1.0);
}

/// The mean under which so few are seen once in twenty times.
double poisson_upper(std::uint64_t k) {
  auto low = static_cast<double>(k);
  double high = low + 10.0 + 5.0 * std::sqrt(low);
  // A fixed number of steps, so that the result is the same everywhere.
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (low + high);
    (poisson_at_most(k, middle) > Calibration::kError ? low : high) = middle;
  }
  return high;
}

/// By how many factors of e crossings became fewer with each nat before `level`: 1 at most, which
/// is what a detector does that is lifted by little at a time.
double fall_before(const std::array<std::int64_t, Levels::kCount>& crossings, std::size_t level) {
  constexpr std::size_t kBack = 8;  // two nats
  constexpr double kLeast = 0.25;
  if (level < kBack || crossings[level] <= 0) return 1.0;
  const double factor =
      static_cast<double>(crossings[level - kBack]) / static_cast<double>(crossings[level]);
  return std::clamp(std::log(factor) / (kBack * Levels::kStep), kLeast, 1.0);
}

}  // namespace

std::size_t Levels::reached(double nats) {
  if (!(nats >= kFirst)) return 0;
  const double steps = std::min((nats - kFirst) / kStep, static_cast<double>(kCount - 1));
  return static_cast<std::size_t>(steps) + 1;
}

void Crossings::add(Hypothesis hypothesis, double from, double to) {
  auto& counts = all_[static_cast<std::size_t>(hypothesis)];
  const std::size_t end = Levels::reached(to);
  for (std::size_t level = Levels::reached(from); level < end; ++level) ++counts[level];
}

void Crossings::add_case(Hypothesis hypothesis, double to, std::uint64_t person) {
  auto& counts = of_cases_[static_cast<std::size_t>(hypothesis)];
  const std::size_t end = Levels::reached(to);
  for (std::size_t level = 0; level < end; ++level) ++counts[level];
  cases_.push_back({person, hypothesis, static_cast<std::uint8_t>(end)});
}

void Crossings::merge(const Crossings& other) {
  for (std::size_t h = 0; h < kHypothesisCount; ++h) {
    for (std::size_t i = 0; i < Levels::kCount; ++i) {
      all_[h][i] += other.all_[h][i];
      of_cases_[h][i] += other.of_cases_[h][i];
    }
  }
  cases_.insert(cases_.end(), other.cases_.begin(), other.cases_.end());
}

void Calibration::merge(const Crossings& crossings, std::int32_t day, std::uint64_t people) {
  const std::int32_t window = window_of(day);
  if (windows_.empty())
    windows_.push_back({.window = window, .people = people, .all = {}, .of_cases = {}});
  while (windows_.back().window < window) {
    windows_.push_back({.window = windows_.back().window + 1,
                        .people = windows_.back().people,
                        .all = {},
                        .of_cases = {}});
    // The open one and the one before it are not used yet.
    if (windows_.size() > kWindows + 2) windows_.pop_front();
  }
  Window& open = windows_.back();
  open.people = people;
  for (std::size_t h = 0; h < kHypothesisCount; ++h) {
    for (std::size_t i = 0; i < Levels::kCount; ++i) {
      open.all[h][i] += crossings.all()[h][i];
      open.of_cases[h][i] += crossings.of_cases()[h][i];
    }
  }
  add_cases(crossings.cases(), day);
}

void Calibration::add_cases(std::vector<Crossings::Case> cases, std::int32_t day) {
  std::erase_if(cases_,
                [&](const Case& one) { return window_of(one.day) < windows_.front().window; });
  // Shards hand theirs in as they come.
  std::ranges::sort(
      cases, {}, [](const Crossings::Case& one) { return std::tuple(one.person, one.hypothesis); });
  for (const Crossings::Case& one : cases) {
    cases_.push_back(
        {.day = day, .person = one.person, .hypothesis = one.hypothesis, .levels = one.levels});
  }
}

void Calibration::set_confirmed(std::uint64_t person, Hypothesis hypothesis, std::int32_t day,
                                bool is_confirmed) {
  const auto found = std::ranges::find_if(cases_, [&](const Case& one) {
    return one.day == day && one.person == person && one.hypothesis == hypothesis;
  });
  if (found == cases_.end() || found->is_confirmed == is_confirmed) return;
  const auto window = std::ranges::find(windows_, window_of(day), &Window::window);
  if (window == windows_.end()) return;
  found->is_confirmed = is_confirmed;
  const auto h = static_cast<std::size_t>(hypothesis);
  for (std::size_t level = 0; level < found->levels; ++level) {
    window->all[h][level] += is_confirmed ? -1 : 1;
    window->of_cases[h][level] += is_confirmed ? -1 : 1;
  }
}

std::optional<double> Calibration::threshold(Hypothesis hypothesis, double rate, std::int32_t day,
                                             std::uint64_t people) const {
  const auto h = static_cast<std::size_t>(hypothesis);
  const std::int32_t last = window_of(day) - 2;
  double weeks = 0.0;
  double exposure = 0.0;  // weeks, of as many people as there are now
  std::array<std::int64_t, Levels::kCount> all{};
  std::array<std::int64_t, Levels::kCount> without_case{};
  // The first window is one of everybody's first days, and may be a part of one.
  for (std::size_t w = 1; w < windows_.size(); ++w) {
    const Window& window = windows_[w];
    if (window.window > last) break;
    weeks += kWindowDays / 7.0;
    // Fewer people than now say as much as all of them in a shorter time.
    exposure += kWindowDays / 7.0 *
                std::min(1.0, static_cast<double>(std::max<std::uint64_t>(window.people, 1)) /
                                  static_cast<double>(std::max<std::uint64_t>(people, 1)));
    for (std::size_t i = 0; i < Levels::kCount; ++i) {
      all[i] += window.all[h][i];
      without_case[i] += std::int64_t{window.all[h][i]} - window.of_cases[h][i];
    }
  }
  if (weeks < kFewestWeeks) return {};
  const double promised = rate * exposure;
  double asked = 0.0;
  bool is_seen = true;
  for (std::size_t i = 0; i < Levels::kCount; ++i) {
    // A confirmed case takes out what rose in earlier windows too, and those go first.
    const double most =
        poisson_upper(static_cast<std::uint64_t>(std::max<std::int64_t>(all[i], 0)));
    if (most <= promised) return i == 0 ? Levels::nats(0) : std::min(asked, Levels::nats(i));
    is_seen = is_seen && (i == 0 || without_case[i] >= kEnough);
    if (!is_seen) continue;
    const double falls = fall_before(all, i);
    asked = std::max(asked, Levels::nats(i) + std::log(most / promised) / falls);
  }
  return asked;
}

}  // namespace weir::evidence::detail
