// The second half of a shard's day: what was weighed becomes evidence and cases.
#include <algorithm>
#include <numeric>
#include <utility>

#include "weir/evidence/detail/explain.h"
#include "weir/evidence/detail/parties.h"
#include "weir/evidence/detail/shard.h"

namespace weir::evidence::detail {

Contributor Shard::contributor_of(const Scored& scored, std::size_t acts) const {
  Contributor one;
  one.act = scored.act->id;
  one.records = records_of(*scored.act);
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

bool Shard::accumulate_drip(Person& person, const DayContext& context) {
  EgressState& state = *person.egress;
  Story& story = state.story;
  state.drip.advance(context.day);
  state.mailboxes.advance(context.day);

  // Acts of one day to one counterparty depend on each other: their mean counts once.
  order_.resize(scored_.size());
  std::iota(order_.begin(), order_.end(), 0u);
  std::ranges::stable_sort(order_, {}, [&](std::uint32_t i) {
    return std::pair(scored_[i].marks.stratum, scored_[i].key);
  });
  double score = state.drip_score();
  const double before = score;
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
  if (score - idle < Story::kLoud) return false;
  rise(Hypothesis::slow_drip, story, before - idle, score - idle, context);
  Threshold threshold = context.thresholds[std::to_underlying(Hypothesis::slow_drip)];
  // What was observed is how far acts took the evidence; the openings of years come on top.
  if (threshold.basis == Basis::observed) threshold.nats += idle;
  if (score < threshold.nats || context.day < story.quiet_until) return false;
  PerArchetype<double> against = state.drip_logs();
  for (double& nats : against) nats -= idle;
  report_.cases.push_back(explain({.person = &person,
                                   .hypothesis = Hypothesis::slow_drip,
                                   .score = score,
                                   .against = against,
                                   .threshold = threshold,
                                   .day = context.day},
                                  story));
  sums_.crossings.add_case(Hypothesis::slow_drip, static_cast<double>(story.peak.nats), person.id);
  person.ask(Hypothesis::slow_drip);
  story.restart(context.day + static_cast<std::int32_t>(context.options->refractory.count()));
  state.restart_drip(context.day);
  return true;
}

}  // namespace weir::evidence::detail
