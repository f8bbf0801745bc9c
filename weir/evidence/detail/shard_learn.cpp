// The last part of a shard's day: what ordinary people did becomes what is expected of them.
#include <algorithm>
#include <cmath>
#include <limits>

#include "weir/evidence/detail/shard.h"

namespace weir::evidence::detail {
namespace {

PerArchetype<double> responsibilities(const EgressState& state) {
  // Half of what the marks say: acts of one person depend on each other.
  constexpr double kTemper = 0.5;
  PerArchetype<double> shares{};
  double most = -std::numeric_limits<double>::infinity();
  for (std::size_t k = 0; k < kArchetypes; ++k) {
    shares[k] =
        std::log(kArchetypeShares[k]) + kTemper * static_cast<double>(state.log_innocent[k]);
    most = std::max(most, shares[k]);
  }
  double total = 0.0;
  for (double& share : shares) {
    share = std::exp(share - most);
    total += share;
  }
  for (double& share : shares) share /= total;
  return shares;
}

}  // namespace

void Shard::learn(Person& person, std::span<const std::uint32_t> group, const DayContext& context) {
  EgressState& state = *person.egress;
  const std::int32_t window = window_of(context.day);
  if (state.window != window) {
    state.window = window;
    state.weight_left = 1.0f;
  }
  const PerArchetype<double> shares = responsibilities(state);
  const double a_window = state.all_rates() * kWindowDays / 365.25;
  double weight = std::min(static_cast<double>(state.weight_left), 1.0 / (1.0 + a_window));
  if (person.is_watched(context.day)) weight = 0.0;
  state.weight_left -= static_cast<float>(weight);
  weight /= static_cast<double>(group.size());
  const float habit = 1.0f / static_cast<float>(group.size());

  for (const std::uint32_t i : group) {
    const Marks& marks = scored_[i].marks;
    const Likelihood& likelihood = scored_[i].likelihood;
    const Group strata = group_of(marks.stratum);
    const auto g = static_cast<std::size_t>(strata);
    for (std::size_t k = 0; k < kArchetypes; ++k) {
      const double share = weight * shares[k];
      if (marks.sensitivity != kMissing) {
        sums_.cells[cell::sensitivity(k, strata) + marks.sensitivity] += fixed_point(share);
      }
      const bool sensitive = marks.sensitivity > 0;  // kMissing is too
      if (marks.place != kMissing) {
        sums_.cells[cell::place(k, sensitive) + marks.place] += fixed_point(share);
      } else if (marks.access != kMissing) {
        sums_.cells[cell::access(k) + marks.access] += fixed_point(share);
      }
      if (marks.lag != kMissing) {
        const double answer = likelihood.coupled[k];
        sums_.cells[cell::coupled(k, strata)] += fixed_point(share * (1.0 - answer));
        sums_.cells[cell::coupled(k, strata) + 1] += fixed_point(share * answer);
      }
      if (marks.any_lag != kMissing) {
        const double answer = likelihood.any_coupled[k];
        sums_.cells[cell::any_coupled(k, strata)] += fixed_point(share * (1.0 - answer));
        sums_.cells[cell::any_coupled(k, strata) + 1] += fixed_point(share * answer);
      }
      state.log_innocent[k] += static_cast<float>(likelihood.log_innocent[k]) * habit;
    }
    sums_.cells[cell::kDisguise + marks.disguise] += fixed_point(weight);
    sums_.cells[cell::kOwnSender + marks.own_sender] += fixed_point(weight);
    if (marks.sensitivity != kMissing) {
      if (person.peer != 0) {
        sums_.peers[person.peer].sensitivity[g * kSensitivities + marks.sensitivity] +=
            fixed_point(weight * shares[0]);
      }
      state.habits.sensitivity[g][marks.sensitivity] += habit;
    }
    if (marks.place != kMissing) {
      state.habits.place[marks.place] += habit;
    } else if (marks.access != kMissing) {
      state.habits.access[marks.access] += habit;
    }
    if (marks.lag != kMissing) {
      const auto answer = static_cast<float>(likelihood.coupled[0]);
      state.habits.coupled[g][0] += habit * (1.0f - answer);
      state.habits.coupled[g][1] += habit * answer;
    }
  }
  // Only differences matter; without this the sums would drift for ever.
  const float most = std::ranges::max(state.log_innocent);
  for (float& value : state.log_innocent) value = std::max(value - most, -50.0f);
}

void Shard::finish_counts(Run& run, const DayContext& context) {
  Person& person = *run.person;
  if (run.counts.own == 0) return;
  PeerSums& sums = sums_.peers[person.peer];
  const PeerView& peers = context.organisation->peers(person.peer);
  ++sums.days;
  for (std::size_t i = 0; i < kCountKinds; ++i) {
    const std::uint32_t count = run.counts.counts[i];
    if (count == 0) continue;
    // In the measure of an ordinary day, so that a busy one for all moves nobody's baseline.
    const double usual = i < kCalendarKinds ? count / context.multipliers[i] : count;
    person.counts[i].add_robust(usual, static_cast<double>(person.days), peers.counts[i]);
    // One machine account must not own its group's variance.
    const auto kept = static_cast<std::int64_t>(std::min(std::llround(usual), 10'000LL));
    sums.sums[i] += kept;
    sums.squares[i] += kept * kept;
  }
  person.days += 1.0f;
  for (const bool rest : {false, true}) {
    std::array<float, behavior::kHalfHours> shares{};
    bool any = false;
    for (std::size_t i = 0; i < behavior::kHalfHours; ++i) {
      const std::size_t bin = behavior::HourProfile::bin(rest, i);
      if (run.counts.hours[bin] == 0) continue;
      any = true;
      shares[i] = static_cast<float>(run.counts.hours[bin]) / static_cast<float>(run.counts.own);
      sums.hours[bin] += fixed_point(static_cast<double>(shares[i]));
    }
    if (any) person.hours.add(rest, shares);
  }
  if (draws_today_ > 0) {
    ++sums.novelty_days;
    sums.new_share += fixed_point(static_cast<double>(new_today_) / draws_today_);
  }
}

}  // namespace weir::evidence::detail
