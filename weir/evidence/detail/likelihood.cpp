#include "weir/evidence/detail/likelihood.h"

#include <algorithm>
#include <cmath>

namespace weir::evidence::detail {
namespace {

constexpr std::size_t kOrdinary = 0;

std::array<double, 2> pair_at(const Cells& cells, std::size_t at) {
  return {cells[at], cells[at + 1]};
}

std::size_t index(Mark mark) { return static_cast<std::size_t>(mark); }

float log_of(double ratio) { return static_cast<float>(std::log(ratio)); }

// The marks that are weak and depend on each other: their weighted mean is an e-value whatever the
// dependence. The largest weight stays with "says nothing".
struct Weak {
  double ratio = 1.0;
  double without_novelty = 1.0;
  std::array<double, kMarks> share{};  // of ln ratio
  std::array<double, kMarks> expected{};
};

Weak weigh_weak(const Marks& marks, const Cells& reference) {
  constexpr double kHour = 0.20;
  constexpr double kDisguise = 0.15;
  constexpr double kNovelty = 0.10;
  constexpr double kHost = 0.10;
  constexpr double kOwnSender = 0.05;
  Weak weak;
  double gain = 0.0;
  std::array<double, kMarks> gains{};
  const auto add = [&](Mark mark, double weight, double innocent, double leak) {
    const double part = weight * (leak / innocent - 1.0);
    gains[index(mark)] = part;
    weak.expected[index(mark)] = innocent;
    gain += part;
  };

  if (marks.hour_chance > 0) {
    const double uniform = 1.0 / 48.0;
    const double chance = 0.9 * static_cast<double>(marks.hour_chance) + 0.1 * uniform;
    add(Mark::hour, kHour, chance, 0.7 * chance + 0.3 * uniform);
  }
  {
    constexpr std::array<double, 3> kLeak = {0.75, 0.20, 0.05};
    add(Mark::disguise, kDisguise, reference[cell::kDisguise + marks.disguise],
        kLeak[marks.disguise]);
  }
  if (marks.novelty != kMissing) {
    constexpr std::array<double, 3> kLeak = {0.40, 0.40, 0.20};
    const double fresh = std::clamp(static_cast<double>(marks.new_chance), 0.02, 0.98);
    const double unseen = std::clamp(static_cast<double>(marks.unseen_chance), 0.02, 0.98);
    const std::array<double, 3> innocent = {1.0 - fresh, fresh * (1.0 - unseen), fresh * unseen};
    const double chance = innocent[marks.novelty];
    add(Mark::novelty, kNovelty, chance, 0.5 * chance + 0.5 * kLeak[marks.novelty]);
  }
  if (marks.host != kMissing) {
    const double fresh = std::clamp(static_cast<double>(marks.host_chance), 0.02, 0.98);
    const double chance = marks.host == 1 ? fresh : 1.0 - fresh;
    add(Mark::host, kHost, chance, 0.5 * chance + 0.5 * (marks.host == 1 ? 0.3 : 0.7));
  }
  {
    const double chance = reference[cell::kOwnSender + marks.own_sender];
    add(Mark::own_sender, kOwnSender, chance,
        0.5 * chance + 0.5 * (marks.own_sender == 1 ? 0.3 : 0.7));
  }

  weak.ratio = 1.0 + gain;
  weak.without_novelty = weak.ratio - gains[index(Mark::novelty)];
  const double nats = std::log(weak.ratio);
  for (std::size_t m = 0; m < kMarks; ++m) {
    weak.share[m] = std::fabs(gain) > 1e-12 ? nats * gains[m] / gain : 0.0;
  }
  return weak;
}

struct Lag {
  double innocent = 1.0;
  double coupled = 0.0;  // P(an answer | this lag), innocent
  std::array<double, DripGrid::kCouplings> ratio = {1.0, 1.0};
};

Lag weigh_lag(std::uint8_t bucket, double rate, std::size_t archetype, double innocent_coupling,
              const std::array<double, DripGrid::kCouplings>& leak_coupling) {
  const double clock = clock_lags(rate)[bucket];
  const double answer = innocent_coupling * reply_lags(archetype)[bucket];
  Lag lag;
  lag.innocent = (1.0 - innocent_coupling) * clock + answer;
  lag.coupled = answer / lag.innocent;
  for (std::size_t c = 0; c < DripGrid::kCouplings; ++c) {
    const double leak =
        (1.0 - leak_coupling[c]) * clock + leak_coupling[c] * request_lags()[bucket];
    lag.ratio[c] = leak / lag.innocent;
  }
  return lag;
}

}  // namespace

void OwnHabits::age(float factor) {
  for (auto& row : sensitivity) {
    for (float& count : row) count *= factor;
  }
  for (float& count : place) count *= factor;
  for (float& count : access) count *= factor;
  for (auto& row : coupled) {
    for (float& count : row) count *= factor;
  }
}

Likelihood weigh(const Marks& marks, const Cells& reference, const OwnHabits& own,
                 const PeerSensitivity& peers, bool places_learnt) {
  const Group group = group_of(marks.stratum);
  const auto g = static_cast<std::size_t>(group);
  const Weak weak = weigh_weak(marks, reference);
  // Before the person's rate: how many of their transmissions of this kind could be part of it.
  std::array<double, DripGrid::kRates> part{};
  for (std::size_t r = 0; r < DripGrid::kRates; ++r) {
    const double leak = DripGrid::kRate[r] * stratum_share(marks.stratum);
    part[r] = leak / (leak + static_cast<double>(marks.rate));
  }

  Likelihood result;
  std::size_t best = 0;
  std::array<double, DripGrid::kPoints> ordinary_ratio{};
  struct Terms {
    std::array<double, DripGrid::kStrengths> sensitivity = {1.0, 1.0};
    std::array<double, DripGrid::kStrengths> place = {1.0, 1.0};
    std::array<double, DripGrid::kStrengths> access = {1.0, 1.0};
    Lag same, any;
  };
  PerArchetype<Terms> all;

  for (std::size_t k = 0; k < kArchetypes; ++k) {
    Terms& terms = all[k];
    const auto expect = [&](Mark mark, double chance) {
      result.expected[index(mark)][k] = static_cast<float>(chance);
    };
    if (marks.sensitivity != kMissing) {
      std::array<double, kSensitivities> chances{};
      const std::size_t at = cell::sensitivity(k, group);
      for (std::size_t i = 0; i < kSensitivities; ++i) chances[i] = reference[at + i];
      result.log_innocent[k] += std::log(chances[marks.sensitivity]);
      if (k == kOrdinary) chances = adapt(peers[g], own.sensitivity[g], OwnHabits::kMostFactor);
      for (std::size_t s = 0; s < DripGrid::kStrengths; ++s) {
        terms.sensitivity[s] =
            DripGrid::kSensitivity[s][marks.sensitivity] / chances[marks.sensitivity];
      }
      expect(Mark::sensitivity, chances[marks.sensitivity]);
    }
    // An unreadable label is not an innocent one: the row with the higher share is the milder.
    const bool sensitive = marks.sensitivity > 0;  // kMissing is too
    if (marks.place != kMissing && places_learnt) {
      std::array<double, 2> chances = pair_at(reference, cell::place(k, sensitive));
      result.log_innocent[k] += std::log(chances[marks.place]);
      if (k == kOrdinary) chances = adapt(chances, own.place, OwnHabits::kMostFactor);
      for (std::size_t s = 0; s < DripGrid::kStrengths; ++s) {
        const double off = DripGrid::kOffRole[s];
        terms.place[s] = (marks.place == 1 ? off : 1.0 - off) / chances[marks.place];
      }
      expect(Mark::place, chances[marks.place]);
    } else if (marks.access != kMissing && places_learnt) {
      // The same fact seen from the other side, so never both.
      std::array<double, 2> chances = pair_at(reference, cell::access(k));
      result.log_innocent[k] += std::log(chances[marks.access]);
      if (k == kOrdinary) chances = adapt(chances, own.access, OwnHabits::kMostFactor);
      for (std::size_t s = 0; s < DripGrid::kStrengths; ++s) {
        const double recent = DripGrid::kAccess[s];
        terms.access[s] = (marks.access == 1 ? recent : 1.0 - recent) / chances[marks.access];
      }
      expect(Mark::access, chances[marks.access]);
    }
    if (marks.lag != kMissing) {
      std::array<double, 2> coupling = pair_at(reference, cell::coupled(k, group));
      if (k == kOrdinary) coupling = adapt(coupling, own.coupled[g], OwnHabits::kMostFactor);
      terms.same = weigh_lag(marks.lag, static_cast<double>(marks.contact_rate), k, coupling[1],
                             DripGrid::kSame);
      result.coupled[k] = terms.same.coupled;
      result.log_innocent[k] += std::log(terms.same.innocent);
      expect(Mark::lag_contact, terms.same.innocent);
    }
    if (marks.any_lag != kMissing) {
      const double coupling = reference[cell::any_coupled(k, group) + 1];
      terms.any = weigh_lag(marks.any_lag, static_cast<double>(marks.any_rate), k, coupling,
                            DripGrid::kAny);
      result.any_coupled[k] = terms.any.coupled;
      result.log_innocent[k] += std::log(terms.any.innocent);
      expect(Mark::lag_any, terms.any.innocent);
    }

    const auto clipped = [](double ratio) { return ratio / (1.0 - kOutliers + kOutliers * ratio); };
    for (std::size_t point = 0; point < DripGrid::kPoints; ++point) {
      const std::size_t s = DripGrid::strength(point);
      const std::size_t c = DripGrid::coupling(point);
      const double strong = terms.sensitivity[s] * terms.place[s] * terms.access[s] *
                            terms.same.ratio[c] * terms.any.ratio[c];
      const double ratio = clipped(strong * weak.ratio);
      const double share = part[DripGrid::rate(point)];
      result.drip[k][point] = static_cast<float>(1.0 - share + share * ratio);
      if (k == kOrdinary) ordinary_ratio[point] = ratio;
      if (DripGrid::rate(point) != 0) continue;
      // Whether a mailbox is new decides which detector the act goes to, so it cannot weigh in it.
      const double of_mailbox = mailbox_share(static_cast<double>(marks.mailbox_rate));
      result.mailbox[k][point] = static_cast<float>(
          1.0 - of_mailbox + of_mailbox * clipped(strong * weak.without_novelty));
    }
  }

  for (std::size_t point = 1; point < DripGrid::kPoints; ++point) {
    if (ordinary_ratio[point] > ordinary_ratio[best]) best = point;
  }
  const std::size_t s = DripGrid::strength(best);
  const std::size_t c = DripGrid::coupling(best);
  for (std::size_t k = 0; k < kArchetypes; ++k) {
    result.nats[index(Mark::sensitivity)][k] = log_of(all[k].sensitivity[s]);
    result.nats[index(Mark::place)][k] = log_of(all[k].place[s]);
    result.nats[index(Mark::access)][k] = log_of(all[k].access[s]);
    result.nats[index(Mark::lag_contact)][k] = log_of(all[k].same.ratio[c]);
    result.nats[index(Mark::lag_any)][k] = log_of(all[k].any.ratio[c]);
    for (const Mark mark :
         {Mark::hour, Mark::novelty, Mark::disguise, Mark::own_sender, Mark::host}) {
      result.nats[index(mark)][k] = static_cast<float>(weak.share[index(mark)]);
      result.expected[index(mark)][k] = static_cast<float>(weak.expected[index(mark)]);
    }
  }
  return result;
}

}  // namespace weir::evidence::detail
