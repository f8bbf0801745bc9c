#include "weir/evidence/detail/weekly_list.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <utility>

#include "weir/evidence/detail/explain.h"

namespace weir::evidence::detail {
namespace {

// What a true case would have cost, and minutes that looking at one takes; only their ratios
// matter. By hypothesis; judgement, published in docs/evidence.md.
constexpr std::array<double, kHypothesisCount> kHarm = {3.0, 2.0, 1.0, 1.0, 2.0, 3.0};
constexpr std::array<double, kHypothesisCount> kMinutes = {40.0, 20.0, 15.0, 20.0, 20.0, 20.0};

double share_of(const EngineOptions& options, std::size_t hypothesis) {
  return promised(options, static_cast<Hypothesis>(hypothesis)) / options.false_cases_per_week;
}

bool may_open(const Person& person, std::size_t hypothesis, std::int32_t day) {
  if (person.is_quiet(day)) return false;
  if (hypothesis != 0) return !person.day_stories[hypothesis - 1].contributors.empty();
  return person.egress != nullptr && !person.egress->story.contributors.empty();
}

std::vector<Listed> by_false_discovery(std::span<Person* const> everybody, std::size_t watched,
                                       std::int32_t sunday, const EngineOptions& options) {
  std::vector<Listed> named;
  const double people = static_cast<double>(std::max<std::size_t>(watched, everybody.size()));
  // Less is no discovery, whatever the others have.
  const double least = 1.0 / options.false_discovery_share;
  for (Person* person : everybody) {
    const auto wealths = person->wealths();
    double mean = 0.0;
    std::size_t most = 0;
    for (std::size_t h = 0; h < kHypothesisCount; ++h) {
      mean += share_of(options, h) * wealths[h];
      if (share_of(options, h) * wealths[h] > share_of(options, most) * wealths[most]) most = h;
    }
    if (mean < least) continue;
    named.push_back({.person = person,
                     .hypothesis = static_cast<Hypothesis>(most),
                     .nats = std::log(mean),
                     .threshold = 0,
                     .lane = 2});
  }
  std::ranges::stable_sort(named, std::ranges::greater{}, &Listed::nats);
  std::vector<double> e_values;
  e_values.reserve(named.size());
  for (const Listed& one : named) e_values.push_back(std::exp(one.nats));
  const std::size_t found = discoveries(e_values, people, options.false_discovery_share);
  named.resize(found);
  const double threshold =
      found == 0 ? 0.0
                 : std::log(people / (options.false_discovery_share * static_cast<double>(found)));
  for (Listed& one : named) one.threshold = threshold;
  // The list is claimed as a whole; who is being looked at already is on it and needs no second
  // case.
  std::erase_if(named, [&](const Listed& one) {
    return !may_open(*one.person, std::to_underlying(one.hypothesis), sunday);
  });
  return named;
}

double score_of(const Person& person, std::size_t hypothesis) {
  if (hypothesis == 0) return person.egress->drip_score() - person.egress->idle_drip_score();
  return against_all(day_hypotheses()[hypothesis - 1], person.detectors.mixtures(hypothesis - 1));
}

std::vector<Listed> to_fill_up(std::span<Person* const> everybody, std::int32_t sunday,
                               const EngineOptions& options,
                               std::span<const Threshold, kHypothesisCount> thresholds) {
  struct Rank {
    double worth = 0;
    Listed listed;
  };
  std::vector<Rank> ranks;
  for (Person* person : everybody) {
    Rank best;
    for (std::size_t h = 0; h < kHypothesisCount; ++h) {
      // Nothing is taken from this evidence when a case of this lane opens, so what was decided
      // waits for a case of another lane.
      if (!may_open(*person, h, sunday) || ((person->cleared | person->confirmed) >> h & 1) != 0)
        continue;
      const double score = score_of(*person, h);
      const double worth = score + std::log(share_of(options, h) * kHarm[h] / kMinutes[h]);
      if (score <= 0.0 || (best.listed.person != nullptr && worth <= best.worth)) continue;
      best = {.worth = worth,
              .listed = {.person = person,
                         .hypothesis = static_cast<Hypothesis>(h),
                         .nats = score,
                         .threshold = thresholds[h].nats,
                         .lane = 3}};
    }
    if (best.listed.person != nullptr) ranks.push_back(best);
  }
  std::ranges::stable_sort(ranks, std::ranges::greater{}, &Rank::worth);
  std::vector<Listed> filled;
  for (const Rank& rank : ranks) {
    if (filled.size() >= static_cast<std::size_t>(options.fill_cases_per_week)) break;
    filled.push_back(rank.listed);
  }
  return filled;
}

}  // namespace

std::size_t discoveries(std::span<const double> e_values, double people, double share) {
  std::size_t found = 0;
  for (std::size_t i = 0; i < e_values.size(); ++i) {
    if (e_values[i] * static_cast<double>(i + 1) * share >= people) found = i + 1;
  }
  return found;
}

std::vector<Listed> list_week(std::span<Person* const> everybody, std::size_t watched,
                              std::int32_t sunday, const EngineOptions& options,
                              std::span<const Threshold, kHypothesisCount> thresholds) {
  std::vector<Listed> list;
  if (options.false_discovery_share > 0.0) {
    list = by_false_discovery(everybody, watched, sunday, options);
  }
  if (options.fill_cases_per_week > 0) {
    std::vector<Person*> others;
    for (Person* person : everybody) {
      if (std::ranges::find(list, person, &Listed::person) == list.end()) others.push_back(person);
    }
    std::ranges::move(to_fill_up(others, sunday, options, thresholds), std::back_inserter(list));
  }
  return list;
}

CaseDraft open_listed(const Listed& listed, std::int32_t sunday, const EngineOptions& options) {
  Person& person = *listed.person;
  const auto h = std::to_underlying(listed.hypothesis);
  CaseInput input{.person = &person,
                  .hypothesis = listed.hypothesis,
                  .score = listed.nats,
                  .against = {},
                  .threshold = {.nats = listed.threshold},
                  .day = sunday};
  CaseDraft draft;
  constexpr double kLeast = 1e-300;
  if (h == 0) {
    const EgressState& state = *person.egress;
    if (listed.lane == 2) {
      input.against = state.drip_wealths();
      for (double& value : input.against) value = std::log(std::max(value, kLeast));
    } else {
      input.against = state.drip_logs();
      for (double& value : input.against) value -= state.idle_drip_score();
    }
    draft = explain(input, state.story);
  } else {
    std::array<double, kReadings> held{};
    if (listed.lane == 2) {
      held = person.detectors.stakes(h - 1);
      for (double& value : held) value += person.detectors.unstaked();
    } else {
      held = person.detectors.mixtures(h - 1);
    }
    for (std::size_t r = 0; r < kReadings; ++r) {
      input.against[r] = std::log(std::max(held[r], kLeast));
    }
    draft = explain(input, person.day_stories[h - 1]);
  }
  draft.lane = listed.lane;
  const auto quiet_until = sunday + static_cast<std::int32_t>(options.refractory.count());
  person.listed_until = quiet_until;
  person.ask(listed.hypothesis);
  if (listed.lane != 2) return draft;
  if (h == 0) {
    person.egress->story.restart(quiet_until);
    person.egress->restart_drip(sunday);
  } else {
    person.day_stories[h - 1].restart(quiet_until);
    person.detectors.restart(h - 1);
  }
  person.forgo();
  return draft;
}

}  // namespace weir::evidence::detail
