// What a shard makes of whole days: how unusual each feature is, which hypotheses that speaks for.
#include <algorithm>
#include <cmath>
#include <utility>

#include "weir/evidence/detail/explain.h"
#include "weir/evidence/detail/parties.h"
#include "weir/evidence/detail/shard.h"

namespace weir::evidence::detail {
namespace {

constexpr std::size_t kOddHours = std::to_underlying(CountKind::odd_hours);

/// Features that are remarkable today, and count for the hypothesis.
bool is_touched(const DayHypothesis& hypothesis, const DaySeen& seen) {
  return std::ranges::any_of(hypothesis.raises, [&](const Raise& raise) {
    return seen[std::to_underlying(raise.feature)].level >= kRemarkable;
  });
}

event::AddressToken address_of(const event::Act& act) {
  for (const event::Party& party : act.parties) {
    if (party.role != event::PartyRole::from && is_outside(party)) return party.address;
  }
  return {};
}

}  // namespace

void Shard::note(Run& run, const event::Act& act, CountKind kind, const DayContext& context) {
  if (act.time < Instant{Day{std::chrono::days{context.day}}} || !run.person->is_settled()) return;
  run.counts.note(kind, static_cast<std::size_t>(&act - run.acts.data()));
}

void Shard::use_host(Run& run, const event::Act& act, const DayContext& context) {
  Person& person = *run.person;
  const std::uint64_t host = std::to_underlying(act.host);
  const bool first = person.hosts.empty();
  const bool fresh = person.meet_host(static_cast<std::uint32_t>(mix(host)));
  person.hosts_met.add(fresh);
  if (fresh) sums_.hosts.push_back({.key = host, .person = person.id});
  if (fresh && !first) note(run, act, CountKind::new_computer, context);
  if (context.organisation->is_others_host(host, person.id)) {
    note(run, act, CountKind::others_computer, context);
  }
}

void Shard::visit(Run& run, const event::Act& act, const DayContext& context) {
  if (event::class_of(act.activity) != event::RecordClass::web) return;
  Person& person = *run.person;
  for (const event::Party& party : act.parties) {
    if (party.role != event::PartyRole::site) continue;
    const std::uint64_t site = key_of(party);
    if (site == 0 || !person.visit_site(static_cast<std::uint32_t>(mix(site)))) continue;
    sums_.sites.push_back({.key = site, .person = person.id});
    if (context.organisation->is_rare_site(site, person.id)) {
      note(run, act, CountKind::rare_site, context);
    }
  }
}

void Shard::count_odd_hours(Run& run, const DayContext& context) const {
  const Person& person = *run.person;
  if (!person.is_settled()) return;
  const PeerView& peers = context.organisation->peers(person.peer);
  // One half-hour in three hundred: a tenth of what it would be if one never slept.
  constexpr double kHardlyEver = 1.0 / 300.0;
  const auto& bins = person.hours.bins();
  double rest = 0.5;
  double all = 7.0 * 0.5;
  for (std::size_t i = 0; i < bins.size(); ++i) {
    all += static_cast<double>(bins[i]);
    if (i >= behavior::kHalfHours) rest += static_cast<double>(bins[i]);
  }
  const double rest_day = std::min(1.0, 3.5 * rest / all);  // two days in seven: as any other
  std::array<bool, 2 * behavior::kHalfHours> odd{};
  for (std::size_t i = 0; i < odd.size(); ++i) {
    if (run.counts.hours[i] == 0) continue;
    const bool is_rest = i >= behavior::kHalfHours;
    const double chance = person.hours.probability(is_rest, i % behavior::kHalfHours, peers.hours);
    odd[i] = chance * (is_rest ? rest_day : 1.0) < kHardlyEver;
    if (odd[i]) ++run.counts.counts[kOddHours];
  }
  if (run.counts.counts[kOddHours] == 0) return;
  const Instant midnight{Day{std::chrono::days{context.day}}};
  std::uint32_t& first = run.counts.first[kOddHours];
  for (std::size_t i = 0; i < run.acts.size(); ++i) {
    const event::Act& act = run.acts[i];
    if (act.time < midnight || !is_own(act.activity)) continue;
    const LocalHour hour = local_hour(act.time, act.utc_offset.value_or(run.zone));
    if (!odd[behavior::HourProfile::bin(hour.rest, hour.half_hour)]) continue;
    if (first == DayCounts::kNoAct) first = static_cast<std::uint32_t>(i);
    if (goes_out(act) || act.activity == event::Activity::device_connect) {
      run.counts.note(CountKind::odd_ways, i);
    }
  }
}

DaySeen Shard::judge(Run& run, const DayContext& context) const {
  Person& person = *run.person;
  const PeerView& peers = context.organisation->peers(person.peer);
  const auto days = static_cast<double>(person.days);
  person.day_history.advance(context.day);
  DaySeen seen{};
  std::uint8_t others = 0;
  for (const Feature feature : kChain) {
    const auto i = std::to_underlying(feature);
    Seen& one = seen[i];
    one.before = person.day_history.before(i);
    one.others = std::min<std::uint8_t>(others, kOthers - 1);
    double p = 1.0;
    if (const auto kind = kind_of(feature)) {
      const auto k = std::to_underlying(*kind);
      const std::uint32_t count = run.counts.counts[k];
      if (count == 0) continue;
      const double usual = k < kCalendarKinds ? context.multipliers[k] : 1.0;
      const behavior::CountModel& model = person.counts[k];
      one.count = static_cast<float>(count);
      const double expected = model.mean(days, peers.counts[k]) * usual;
      one.expected = static_cast<float>(expected);
      // No more than usual: nothing to work out.
      if (count > expected) p = model.tail(count, days, peers.counts[k], usual);
    } else if (run.counts.bytes_out > 0 && person.egress != nullptr) {
      const behavior::SizeModel& model = person.egress->bytes;
      const behavior::SizeModel::Prior prior;
      constexpr double kWeight = behavior::SizeModel::kPriorDays;
      const auto own = static_cast<double>(model.days());
      p = model.tail(static_cast<double>(run.counts.bytes_out), prior);
      one.count = static_cast<float>(run.counts.bytes_out);
      one.expected = static_cast<float>(
          std::exp((kWeight * prior.mean + static_cast<double>(model.sum())) / (kWeight + own)));
    }
    if (one.count > 0.0f) person.day_history.set_seen(i);
    one.p = static_cast<float>(p);
    one.level = level_of(p);
    if (one.level > 0) ++others;
    if (one.level < kRemarkable) continue;
    person.day_history.set_remarkable(i);
  }
  return seen;
}

void Shard::accumulate_days(Run& run, const DayContext& context) {
  Person& person = *run.person;
  count_odd_hours(run, context);
  const DaySeen seen = judge(run, context);
  if (run.counts.bytes_out > 0 && person.egress != nullptr) {
    person.egress->bytes.add(static_cast<double>(run.counts.bytes_out));
  }
  if (!person.is_settled()) return;
  if (!person.detectors.started()) person.detectors.start(context.day);
  person.detectors.advance(context.day);
  const DayRatios ratios = day_ratios(seen, context.organisation->chances());
  // Four of the longest half-lives leave a sixteenth.
  constexpr std::chrono::days kRemembered{360};
  const Instant forgotten{Day{std::chrono::days{context.day}} - kRemembered};

  for (std::size_t h = 0; h < kDayHypotheses; ++h) {
    const DayHypothesis& row = day_hypotheses()[h];
    DayStory& story = person.day_stories[h];
    const DayLikelihood e = weigh_day(row, ratios);
    if (!is_touched(row, seen)) {
      person.detectors.multiply(h, e);
      continue;
    }
    const double before = against_all(row, person.detectors.mixtures(h));
    person.detectors.multiply(h, e);
    const std::array<double, kReadings> after = person.detectors.mixtures(h);
    const double score = against_all(row, after);
    story.forget_before(forgotten);
    tell_day(run, seen, ratios, row, score - before, score, context);
    story.trim(score);
    rise(row.hypothesis, story, before, score, context);
    const Threshold threshold = context.thresholds[std::to_underlying(row.hypothesis)];
    if (score < threshold.nats || context.day < story.quiet_until) continue;
    PerArchetype<double> against{};
    for (std::size_t r = 0; r < kReadings; ++r) against[r] = std::log(std::max(after[r], 1e-300));
    report_.cases.push_back(explain({.person = &person,
                                     .hypothesis = row.hypothesis,
                                     .score = score,
                                     .against = against,
                                     .threshold = threshold,
                                     .day = context.day},
                                    story));
    sums_.crossings.add_case(row.hypothesis, static_cast<double>(story.peak.nats), person.id);
    person.ask(row.hypothesis);
    story.restart(context.day + static_cast<std::int32_t>(context.options->refractory.count()));
    person.detectors.restart(h);
    run.opened_case = true;
  }
  learn_day(person, seen, context);
}

// The day's nats are shared out over what raised it, by the logarithms of their ratios.
void Shard::tell_day(const Run& run, const DaySeen& seen, const DayRatios& ratios,
                     const DayHypothesis& hypothesis, double nats, double score,
                     const DayContext& context) {
  DayStory& story = run.person->day_stories[day_index(hypothesis.hypothesis)];
  ++story.acts;
  story.total += nats;
  const Cells& chances = context.organisation->chances();
  const auto weight = [&](const Raise& raise) {
    return seen[std::to_underlying(raise.feature)].level < kRemarkable
               ? 0.0
               : std::max(0.0, std::log(part_ratio(raise, ratios, 1)));
  };
  double all = 0.0;
  for (const Raise& raise : hypothesis.raises) all += weight(raise);
  if (all <= 0.0 || nats <= 0.0) return;
  for (const Raise& raise : hypothesis.raises) {
    const double part = weight(raise);
    if (part <= 0.0) continue;
    const auto i = std::to_underlying(raise.feature);
    const auto kind = kind_of(raise.feature);
    const std::uint32_t at =
        kind ? run.counts.first[std::to_underlying(*kind)] : run.counts.largest;
    if (at >= run.acts.size()) continue;
    const event::Act& act = run.acts[at];
    story.add({.act = act.id,
               .records = records_of(act),
               .time = act.time,
               .activity = act.activity,
               .address = address_of(act),
               .sensitivity = act.sensitivity,
               .documents = documents_of(act),
               .feature = raise.feature,
               .seen = seen[i],
               .chance = static_cast<float>(
                   chances[cell::day(i, seen[i].before, seen[i].others) + seen[i].level]),
               .nats = static_cast<float>(nats * part / all)},
              score);
  }
}

// What innocent days look like: each person weighs at most 1 in a window.
void Shard::learn_day(Person& person, const DaySeen& seen, const DayContext& context) {
  const std::int32_t window = window_of(context.day);
  if (person.window != window) {
    person.window = window;
    person.weight_left = 1.0f;
  }
  if (person.is_watched(context.day)) return;
  constexpr float kDay = 0.1f;
  const float weight = std::min(person.weight_left, kDay);
  if (weight <= 0.0f) return;
  person.weight_left -= weight;
  const std::int64_t share = fixed_point(static_cast<double>(weight));
  for (std::size_t i = 0; i < kFeatures; ++i) {
    sums_.cells[cell::day(i, seen[i].before, seen[i].others) + seen[i].level] += share;
  }
}

template <class One>
void Shard::rise(Hypothesis hypothesis, StoryOf<One>& story, double before, double after,
                 const DayContext& context) {
  if (context.day < story.quiet_until) return;
  Peak& peak = story.peak;
  const auto refractory = context.options->refractory.count();
  if (peak.day != INT32_MIN && context.day - peak.day > refractory) {
    peak.nats = static_cast<float>(before);
  }
  if (after <= static_cast<double>(peak.nats)) return;
  sums_.crossings.add(hypothesis, static_cast<double>(peak.nats), after);
  peak = {.nats = static_cast<float>(after), .day = context.day};
}
template void Shard::rise(Hypothesis, StoryOf<Contributor>&, double, double, const DayContext&);
template void Shard::rise(Hypothesis, StoryOf<DayContributor>&, double, double, const DayContext&);

}  // namespace weir::evidence::detail
