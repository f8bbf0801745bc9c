// The second half of a shard's day: what was weighed becomes evidence and cases.
#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <tuple>
#include <utility>

#include "weir/behavior/tails.h"
#include "weir/evidence/detail/explain.h"
#include "weir/evidence/detail/shard.h"

namespace weir::evidence::detail {
namespace {

// Ways out whose volume a burst looks at.
constexpr std::array<CountKind, 4> kVolumeKinds = {CountKind::mail_outside, CountKind::upload,
                                                   CountKind::removable, CountKind::print};
// Media that can be new: upload, removable, print.
constexpr std::array<CountKind, 3> kMedia = {CountKind::upload, CountKind::removable,
                                             CountKind::print};
constexpr std::uint8_t kBytesChannel = 0xfe;

std::size_t index(Mark mark) { return static_cast<std::size_t>(mark); }

/// The numbers of the protected documents in an act, the most sensitive and the largest first.
std::vector<std::uint32_t> documents_of(const event::Act& act) {
  constexpr std::size_t kMost = 16;
  std::vector<event::DocumentMatch> matches = act.documents;
  std::ranges::stable_sort(matches, std::ranges::greater{}, [](const event::DocumentMatch& m) {
    return std::tuple(carried_by(m), m.words);
  });
  matches.resize(std::min(matches.size(), kMost));
  std::vector<std::uint32_t> numbers;
  for (const event::DocumentMatch& match : matches) numbers.push_back(match.document);
  return numbers;
}

}  // namespace

Contributor Shard::contributor_of(const Scored& scored, std::size_t acts) const {
  constexpr std::size_t kMostRecords = 16;
  Contributor one;
  one.act = scored.act->id;
  const auto& records = scored.act->records;
  one.records.assign(records.begin(), records.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                            records.size(), kMostRecords)));
  one.time = scored.act->time;
  one.activity = scored.act->activity;
  one.address = scored.address;
  one.sensitivity = scored.act->sensitivity;
  one.documents = documents_of(*scored.act);
  one.marks = scored.marks;
  one.marks.acts = static_cast<float>(acts);
  one.mark_nats = scored.likelihood.nats;
  one.expected = scored.likelihood.expected;
  return one;
}

void Shard::accumulate_drip(Person& person, const DayContext& context) {
  EgressState& state = *person.egress;
  Story& story = state.stories[std::to_underlying(Hypothesis::slow_drip)];
  state.drip.advance(context.day);
  state.mailboxes.advance(context.day);

  // Acts of one day to one counterparty depend on each other: their mean counts once.
  order_.resize(scored_.size());
  std::iota(order_.begin(), order_.end(), 0u);
  std::ranges::stable_sort(order_, {}, [&](std::uint32_t i) {
    return std::pair(scored_[i].marks.stratum, scored_[i].key);
  });
  double score = state.drip_score();
  const double idle = state.idle_drip_score();
  for (std::size_t start = 0; start < order_.size();) {
    const Scored& first = scored_[order_[start]];
    std::size_t end = start;
    std::size_t heaviest = start;
    float heaviest_e = -1.0f;
    PerArchetype<std::array<double, DripGrid::kPoints>> sums{};
    PerArchetype<std::array<double, MailboxDetectors::kPoints>> mailbox_sums{};
    for (; end < order_.size(); ++end) {
      const Scored& scored = scored_[order_[end]];
      if (scored.key != first.key || scored.marks.stratum != first.marks.stratum) break;
      for (std::size_t k = 0; k < kArchetypes; ++k) {
        for (std::size_t i = 0; i < DripGrid::kPoints; ++i) {
          sums[k][i] += static_cast<double>(scored.likelihood.drip[k][i]);
        }
        for (std::size_t i = 0; i < MailboxDetectors::kPoints; ++i) {
          mailbox_sums[k][i] += static_cast<double>(scored.likelihood.mailbox[k][i]);
        }
      }
      const float e = std::ranges::max(scored.likelihood.drip[0]);
      if (e > heaviest_e) {
        heaviest_e = e;
        heaviest = end;
      }
    }
    const std::size_t acts = end - start;
    for (std::size_t k = 0; k < kArchetypes; ++k) {
      std::array<float, DripGrid::kPoints> e{};
      for (std::size_t i = 0; i < e.size(); ++i) {
        e[i] = static_cast<float>(sums[k][i] / static_cast<double>(acts));
      }
      state.drip.multiply(k, e);
    }
    if (first.marks.stratum == Stratum::free_mail) {
      MailboxDetectors::Ratios e{};
      for (std::size_t k = 0; k < kArchetypes; ++k) {
        for (std::size_t i = 0; i < MailboxDetectors::kPoints; ++i) {
          e[k][i] = static_cast<float>(mailbox_sums[k][i] / static_cast<double>(acts));
        }
      }
      state.mailboxes.multiply(first.key, e);
    }
    const double score_after = state.drip_score();
    Contributor one = contributor_of(scored_[order_[heaviest]], acts);
    one.archetype = static_cast<std::uint8_t>(first.marks.stratum == Stratum::free_mail
                                                  ? state.mailboxes.best_archetype(first.key)
                                                  : state.drip.best_archetype());
    one.nats = static_cast<float>(score_after - score);
    // The float that is listed is also what is summed, so that the rows add up.
    story.total += static_cast<double>(one.nats);
    story.acts += static_cast<std::uint32_t>(acts);
    story.add(std::move(one), score_after - idle);
    learn(person, std::span(order_).subspan(start, acts), context);
    state.sends[std::to_underlying(first.marks.stratum)] += 1.0f;
    score = score_after;
    start = end;
  }
  story.trim(score - idle);
  // The weekly openings alone would in the end open a case about nothing.
  if (score >= context.thresholds[0] && score - idle >= Story::kLoud &&
      context.day >= story.quiet_until) {
    PerArchetype<double> against = state.drip_logs();
    for (double& nats : against) nats -= idle;
    open_case(person, Hypothesis::slow_drip, score, against, context);
  }
}

void Shard::judge_volume(Run& run, const DayContext& context, Marks& marks) {
  Person& person = *run.person;
  EgressState& state = *person.egress;
  const PeerView& peers = context.organisation->peers(person.peer);
  double least = 1.0;
  for (const CountKind kind : kVolumeKinds) {
    const auto i = std::to_underlying(kind);
    const std::uint32_t count = run.counts.counts[i];
    if (count == 0) continue;
    const auto days = static_cast<double>(person.days);
    const double p = person.counts[i].tail(count, days, peers.counts[i], context.multipliers[i]);
    if (p < least) {
      least = p;
      marks.volume_channel = i;
      marks.acts = static_cast<float>(count);
      marks.expected_acts =
          static_cast<float>(person.counts[i].mean(days, peers.counts[i]) * context.multipliers[i]);
    }
  }
  if (run.counts.bytes_out > 0) {
    const double p = state.bytes.tail(static_cast<double>(run.counts.bytes_out), {});
    if (p < least) {
      least = p;
      marks.volume_channel = kBytesChannel;
      marks.acts = static_cast<float>(run.counts.bytes_out);
      const auto days = static_cast<double>(state.bytes.days());
      const behavior::SizeModel::Prior prior;
      constexpr double kWeight = behavior::SizeModel::kPriorDays;
      marks.expected_acts = static_cast<float>(std::exp(
          (kWeight * prior.mean + static_cast<double>(state.bytes.sum())) / (kWeight + days)));
    }
  }
  // The least of five, so five times as easily small.
  const double p = std::min(1.0, 5.0 * least);
  marks.volume_p = static_cast<float>(p);
  marks.volume = p > 0.1 ? 0 : p > 0.01 ? 1 : p > 0.001 ? 2 : 3;

  const std::int32_t gap =
      state.surge_day == INT32_MIN ? 16 : std::clamp(context.day - state.surge_day, 1, 16);
  const auto earlier = static_cast<std::uint32_t>(state.surges) << gap & 0x7ffeu;
  const int days = std::popcount(earlier);
  marks.surge = days == 0 ? 0 : days <= 2 ? 1 : 2;
  state.surges = static_cast<std::uint16_t>(earlier | (marks.volume >= 2 ? 1u : 0u));
  state.surge_day = context.day;

  constexpr std::int32_t kNew = 90;
  for (std::size_t m = 0; m < kMedia.size(); ++m) {
    if (run.counts.counts[std::to_underlying(kMedia[m])] == 0) continue;
    if (context.day - person.first_day >= kNew) {
      const bool fresh =
          state.last_medium[m] == INT32_MIN || context.day - state.last_medium[m] >= kNew;
      if (fresh) marks.medium = 1;
      if (!fresh && marks.medium == kMissing) marks.medium = 0;
    }
    state.last_medium[m] = context.day;
  }
}

void Shard::accumulate_burst(Run& run, const DayContext& context) {
  Person& person = *run.person;
  EgressState& state = *person.egress;
  PerArchetype<double> sums{};
  std::size_t acts = 0;
  const Scored* heaviest = nullptr;
  for (const Scored& scored : scored_) {
    if (group_of(scored.marks.stratum) == Group::trusted) continue;
    for (std::size_t k = 0; k < kArchetypes; ++k) sums[k] += scored.likelihood.burst[k];
    ++acts;
    if (heaviest == nullptr || scored.likelihood.burst[0] > heaviest->likelihood.burst[0]) {
      heaviest = &scored;
    }
  }
  if (acts == 0) return;
  for (double& sum : sums) sum /= static_cast<double>(acts);

  Story& story = state.stories[std::to_underlying(Hypothesis::burst)];
  state.burst.advance(context.day);
  // Ten half-lives leave a thousandth.
  constexpr std::chrono::days kRemembered{140};
  story.forget_before(Instant{Day{std::chrono::days{context.day}} - kRemembered});
  Contributor one = contributor_of(*heaviest, acts);
  judge_volume(run, context, one.marks);
  const Cells& chances = context.organisation->chances();
  const BurstDay day =
      weigh_burst(sums, one.marks.volume, one.marks.surge, one.marks.medium, chances);
  const double before = std::ranges::min(state.burst.log_mixtures());
  for (std::size_t k = 0; k < kArchetypes; ++k) {
    state.burst.multiply(k, day.e[k]);
    one.mark_nats[index(Mark::lag_contact)][k] = 0.0f;
    one.mark_nats[index(Mark::lag_any)][k] = 0.0f;
    one.mark_nats[index(Mark::volume)][k] = static_cast<float>(std::log(day.volume_ratio));
    one.mark_nats[index(Mark::medium)][k] = static_cast<float>(std::log(day.medium_ratio));
    one.expected[index(Mark::volume)][k] =
        static_cast<float>(chances[cell::volume(one.marks.surge) + one.marks.volume]);
    if (one.marks.medium != kMissing) {
      one.expected[index(Mark::medium)][k] =
          static_cast<float>(chances[cell::kMedium + one.marks.medium]);
    }
  }
  const PerArchetype<double> after = state.burst.log_mixtures();
  const double score = std::ranges::min(after);
  one.archetype = static_cast<std::uint8_t>(state.burst.best_archetype());
  one.nats = static_cast<float>(score - before);
  story.total += static_cast<double>(one.nats);
  story.acts += static_cast<std::uint32_t>(acts);

  // What is an ordinary day: from people without a case, each weighing at most 1 a window.
  const bool watched = context.day < story.quiet_until;
  if (!watched && run.counts.own > 0) {
    constexpr float kDay = 0.1f;
    const float weight = std::min(state.day_weight_left, kDay);
    state.day_weight_left -= weight;
    const std::int64_t share = fixed_point(static_cast<double>(weight));
    sums_.cells[cell::volume(one.marks.surge) + one.marks.volume] += share;
    if (one.marks.medium != kMissing) sums_.cells[cell::kMedium + one.marks.medium] += share;
  }
  story.add(std::move(one), score);
  story.trim(score);
  if (run.counts.bytes_out > 0) state.bytes.add(static_cast<double>(run.counts.bytes_out));
  if (score >= context.thresholds[1] && context.day >= story.quiet_until) {
    open_case(person, Hypothesis::burst, score, after, context);
  }
}

void Shard::open_case(Person& person, Hypothesis hypothesis, double score,
                      const PerArchetype<double>& against, const DayContext& context) {
  EgressState& state = *person.egress;
  Story& story = state.stories[std::to_underlying(hypothesis)];
  report_.cases.push_back(explain({.person = &person,
                                   .story = &story,
                                   .hypothesis = hypothesis,
                                   .score = score,
                                   .against = against,
                                   .threshold = context.thresholds[std::to_underlying(hypothesis)],
                                   .day = context.day}));
  story.restart(context.day + static_cast<std::int32_t>(context.options->refractory.count()));
  if (hypothesis == Hypothesis::slow_drip) {
    state.restart_drip(context.day);
  } else {
    state.burst.restart(context.day);
  }
}

}  // namespace weir::evidence::detail
