#include "weir/evidence/detail/reference.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace weir::evidence::detail {
namespace {

void put(Cells& cells, std::size_t at, std::initializer_list<double> row) {
  std::ranges::copy(row, cells.begin() + static_cast<std::ptrdiff_t>(at));
}

// docs/evidence.md says where each number comes from.
Cells make_priors() {
  Cells cells{};
  for (std::size_t g = 0; g < kGroups; ++g) {
    const auto group = static_cast<Group>(g);
    const bool trusted = group == Group::trusted;
    if (trusted) {
      put(cells, cell::sensitivity(0, group), {0.80, 0.15, 0.05});
    } else {
      put(cells, cell::sensitivity(0, group), {0.88, 0.09, 0.03});
    }
    put(cells, cell::sensitivity(1, group), {0.50, 0.34, 0.16});
    put(cells, cell::sensitivity(2, group), {0.85, 0.11, 0.04});
    const bool nobody = group == Group::nobody;
    put(cells, cell::coupled(0, group), {nobody ? 0.99 : 0.75, nobody ? 0.01 : 0.25});
    put(cells, cell::coupled(1, group), {0.95, 0.05});
    put(cells, cell::coupled(2, group), {nobody ? 0.99 : 0.25, nobody ? 0.01 : 0.75});
    put(cells, cell::any_coupled(0, group), {0.93, 0.07});
    put(cells, cell::any_coupled(1, group), {0.97, 0.03});
    put(cells, cell::any_coupled(2, group), {0.85, 0.15});
  }
  for (std::size_t k = 0; k < kArchetypes; ++k) {
    put(cells, cell::place(k, false), {0.92, 0.08});
    put(cells, cell::place(k, true), {0.88, 0.12});
    put(cells, cell::access(k), {0.92, 0.08});
  }
  put(cells, cell::kDisguise, {0.93, 0.06, 0.01});
  put(cells, cell::kOwnSender, {0.90, 0.10});
  for (std::size_t feature = 0; feature < kFeatures; ++feature) {
    using enum Before;
    put(cells, cell::day(feature, never, 0),
        {0.990, 0.006, 0.002, 0.001, 0.0004, 0.0003, 0.0002, 0.0001});
    put(cells, cell::day(feature, never, 1),
        {0.93, 0.04, 0.02, 0.006, 0.002, 0.001, 0.0006, 0.0004});
    put(cells, cell::day(feature, never, 2), {0.85, 0.08, 0.04, 0.02, 0.004, 0.003, 0.002, 0.001});
    put(cells, cell::day(feature, seen, 0),
        {0.930, 0.050, 0.013, 0.004, 0.0015, 0.0007, 0.0005, 0.0003});
    put(cells, cell::day(feature, seen, 1), {0.80, 0.12, 0.05, 0.02, 0.005, 0.002, 0.002, 0.001});
    put(cells, cell::day(feature, seen, 2), {0.60, 0.18, 0.10, 0.07, 0.02, 0.01, 0.01, 0.01});
    put(cells, cell::day(feature, surge, 0), {0.70, 0.15, 0.08, 0.04, 0.015, 0.007, 0.005, 0.003});
    put(cells, cell::day(feature, surge, 1), {0.55, 0.18, 0.12, 0.08, 0.03, 0.02, 0.01, 0.01});
    put(cells, cell::day(feature, surge, 2), {0.40, 0.20, 0.15, 0.13, 0.05, 0.03, 0.02, 0.02});
  }
  return cells;
}

struct Row {
  std::size_t at;
  std::size_t size;
  double floor;            // for all but the first cell
  double least;            // which the floor comes down to when many were seen
  double prior;            // what the prior weighs, in windows of one person
  bool is_graded = false;  // cells go from the usual to the most unusual
};

template <class Visit>
void each_row(Visit visit) {
  // One false mark in fifty is as good as classification gets; a population that shows fewer is
  // small or unlucky.
  constexpr double kMarkFloor = 0.02;
  constexpr double kPrior = Reference::kPriorWeight;
  for (std::size_t k = 0; k < kArchetypes; ++k) {
    for (std::size_t g = 0; g < kGroups; ++g) {
      const auto group = static_cast<Group>(g);
      visit(
          Row{cell::sensitivity(k, group), kSensitivities, kMarkFloor / 2, kMarkFloor / 2, kPrior});
      visit(Row{cell::coupled(k, group), 2, 0.01, 0.01, kPrior});
      visit(Row{cell::any_coupled(k, group), 2, 0.01, 0.01, kPrior});
    }
    visit(Row{cell::place(k, false), 2, kMarkFloor, kMarkFloor, kPrior});
    visit(Row{cell::place(k, true), 2, kMarkFloor, kMarkFloor, kPrior});
    visit(Row{cell::access(k), 2, kMarkFloor, kMarkFloor, kPrior});
  }
  visit(Row{cell::kDisguise, 3, 0.005, 0.005, kPrior});
  visit(Row{cell::kOwnSender, 2, kMarkFloor, kMarkFloor, kPrior});
  // Days are many, and which of their features come together no published prior can say.
  constexpr double kDayFloor = 0.001;
  constexpr double kDayLeast = 0.00001;
  constexpr double kDayPrior = 10.0;
  for (std::size_t at = cell::kDay; at < cell::kCount; at += kLevels) {
    visit(Row{at, kLevels, kDayFloor, kDayLeast, kDayPrior, true});
  }
}

}  // namespace

std::int32_t window_of(std::int32_t day) {
  return day >= 0 ? day / kWindowDays : (day - kWindowDays + 1) / kWindowDays;
}

const Cells& prior_chances() {
  static const Cells kPriors = make_priors();
  return kPriors;
}

Reference::Reference() { recompute(); }

void Reference::merge(const CellSums& sums, std::int32_t day) {
  turn_to(window_of(day));
  for (std::size_t i = 0; i < cell::kCount; ++i) state_.current[i] += sums[i];
}

void Reference::turn_to(std::int32_t window) {
  if (window <= state_.window) return;
  const double one = std::exp2(-static_cast<double>(kWindowDays) / kHalfLifeDays);
  // Step by step, so that a gap closed in one go and day by day give the same bits.
  for (; state_.window < window; ++state_.window) {
    for (std::size_t i = 0; i < cell::kCount; ++i) {
      state_.frozen[i] =
          state_.frozen[i] * one + static_cast<double>(state_.previous[i]) / kFixedPoint;
    }
    state_.previous = state_.current;
    state_.current.fill(0);
  }
  recompute();
}

void Reference::recompute() {
  const Cells& prior = prior_chances();
  each_row([&](const Row& row) {
    double total = row.prior;
    for (std::size_t i = 0; i < row.size; ++i) total += state_.frozen[row.at + i];
    for (std::size_t i = row.size - 1; i > 0; --i) {
      const std::size_t at = row.at + i;
      // As if one person had shown it on one day and was not seen.
      const double floor = std::clamp(0.1 / total, row.least, row.floor);
      chances_[at] = std::max((row.prior * prior[at] + state_.frozen[at]) / total, floor);
      // What is less unusual is not less likely, however few have shown just this.
      if (row.is_graded && i + 1 < row.size)
        chances_[at] = std::max(chances_[at], chances_[at + 1]);
    }
    double others = 0.0;
    for (std::size_t i = 1; i < row.size; ++i) others += chances_[row.at + i];
    // Nor may the innocent reading vanish, however often the mark is seen.
    constexpr double kMostOthers = 0.98;
    if (others > kMostOthers) {
      for (std::size_t i = 1; i < row.size; ++i) chances_[row.at + i] *= kMostOthers / others;
      others = kMostOthers;
    }
    chances_[row.at] = 1.0 - others;
  });
}

bool Reference::places_learnt() const {
  double seen = 0.0;
  for (std::size_t i = cell::kPlace; i < cell::kCoupled; ++i) seen += state_.frozen[i];
  return seen > 0.0;
}

std::array<double, kLevels> Reference::levels_seen(std::size_t feature) const {
  std::array<double, kLevels> seen{};
  for (const Before before : {Before::never, Before::seen, Before::surge}) {
    for (std::size_t others = 0; others < kOthers; ++others) {
      const std::size_t row = cell::day(feature, before, others);
      for (std::size_t level = 0; level < kLevels; ++level) {
        seen[level] += state_.frozen[row + level];
      }
    }
  }
  return seen;
}

void Reference::restore(const State& state) {
  state_ = state;
  recompute();
}

}  // namespace weir::evidence::detail
