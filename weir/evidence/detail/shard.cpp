#include "weir/evidence/detail/shard.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "weir/base/hash.h"
#include "weir/evidence/detail/parties.h"

namespace weir::evidence::detail {

using event::Activity;

void Shard::begin() {
  for (behavior::MedianRatio& ratio : ratios_) ratio.clear();
  sums_.clear();
  report_ = {};
  new_strangers_ = 0;
  runs_.clear();
}

Person& Shard::person_for(std::uint64_t id, const DayContext& context) {
  std::unique_ptr<Person>& slot = people_[id];
  const bool fresh = slot == nullptr;
  if (fresh) {
    slot = std::make_unique<Person>();
    slot->id = id;
    slot->first_day = context.day;
    slot->aged_day = context.day;
    if (context.people->find(event::PersonId{id}) == nullptr) ++new_strangers_;
  }
  return *slot;
}

void Shard::count(std::span<const event::Act> acts, const DayContext& context) {
  const auto id = acts.front().person;
  const Day day{std::chrono::days{context.day}};
  Person& person = person_for(std::to_underlying(id), context);
  const roster::Facts facts = context.people->on(id, day);
  const std::uint64_t unit = facts.unit.empty() ? 0 : checksum64(facts.unit) | 1u;
  const std::uint64_t role = facts.role.empty() ? 0 : checksum64(facts.role) | 1u;
  const std::uint64_t peer = (unit | role) == 0 ? 0 : combine(unit, role) | 1u;
  if (person.first_day == context.day && person.days == 0.0f && person.peer == 0) {
    ++sums_.peers[peer].people;
    person.peer = peer;
  } else if (person.peer != peer) {
    --sums_.peers[person.peer].people;
    ++sums_.peers[peer].people;
    person.peer = peer;
  }
  person.unit = unit;

  Run& run = runs_.emplace_back();
  run.acts = acts;
  run.person = &person;
  run.zone = local_time_.offset(facts.timezone, day);
  count_day(acts, day, run.zone, run.counts);
  if (run.counts.own == 0) return;
  const PeerView& peers = context.organisation->peers(person.peer);
  for (std::size_t i = 0; i < kCalendarKinds; ++i) {
    const double expected =
        person.counts[i].mean(static_cast<double>(person.days), peers.counts[i]);
    // A median of noughts against little says nothing.
    constexpr double kEnough = 0.5;
    if (expected >= kEnough) ratios_[i].add(run.counts.counts[i], expected);
  }
}

void Shard::score(const DayContext& context) {
  for (Run& run : runs_) score_run(run, context);
}

void Shard::score_run(Run& run, const DayContext& context) {
  Person& person = *run.person;
  person.age_to(context.day);
  if (run.counts.own > 0) person.clock.active(context.day);
  const auto lateness = static_cast<std::int32_t>(context.options->allowed_lateness.count());
  person.forget_seen(context.day - lateness);
  const std::size_t seen_earlier = person.seen.size();
  const Instant oldest{Day{std::chrono::days{context.day}} - context.options->allowed_lateness};
  scored_.clear();
  draws_today_ = 0;
  new_today_ = 0;
  std::uint64_t last_host = 0;

  for (const event::Act& act : run.acts) {
    ++report_.acts;
    if (act.time < oldest) {
      ++report_.too_late;
      continue;
    }
    person.sources |=
        static_cast<std::uint16_t>(1u << std::to_underlying(event::class_of(act.activity)));
    const bool out = goes_out(act);
    const bool in = act.activity == Activity::mail_receive;
    if (out || in) {
      SeenAct seen;
      if (seen_before(person, act, seen_earlier, seen)) {
        ++report_.seen_before;
        continue;
      }
      seen.day = context.day;
      if (person.seen.size() < Person::kMostSeen) person.seen.push_back(seen);
    }
    if (in) {
      receive(person, act, context);
      continue;
    }
    if (out) transmit(run, act, context);
    if (!act.objects.empty() && !out) work(run, act, context);
    visit(run, act, context);
    const std::uint64_t host = std::to_underlying(act.host);
    if (host != 0 && host != last_host) {
      use_host(run, act, context);
      last_host = host;
    }
  }

  if (!scored_.empty()) run.opened_case = accumulate_drip(person, context);
  if (run.counts.own > 0) accumulate_days(run, context);
  // Not before all hypotheses have seen the day: what one case cites is staked on none.
  if (run.opened_case) person.forgo();
  finish_counts(run, context);
}

// The copy of an act that another source delivers later: same people and content, within the two
// minutes that joining allows.
bool Shard::seen_before(const Person& person, const event::Act& act, std::size_t until,
                        SeenAct& seen) const {
  std::uint64_t key = combine(std::to_underlying(act.activity), std::to_underlying(act.account));
  for (const event::Party& party : act.parties) key = combine(key, key_of(party));
  key = combine(key, act.content.high ^ mix(act.content.low));
  seen.key = static_cast<std::uint32_t>(key >> 32);
  const auto seconds =
      std::chrono::floor<std::chrono::seconds>(act.time.time_since_epoch()).count();
  seen.time = static_cast<std::uint32_t>(static_cast<std::uint64_t>(seconds));
  constexpr std::uint32_t kTolerance = 120;
  for (std::size_t i = 0; i < until; ++i) {
    const SeenAct& other = person.seen[i];
    // Unsigned distance either way, over the wrap.
    if (other.key == seen.key && other.time - seen.time + kTolerance <= 2 * kTolerance) {
      return true;
    }
  }
  return false;
}

void Shard::receive(Person& person, const event::Act& act, const DayContext& context) {
  person.sources |= kSawInbound;
  // Newsletters and out-of-office notes ask for nothing.
  if ((act.flags & event::kFlagAutomatic) != 0) return;
  for (const event::Party& party : act.parties) {
    if (party.role != event::PartyRole::from || !is_outside(party)) continue;
    const std::uint64_t address = std::to_underlying(party.address);
    if (address == 0) continue;
    const float clock = person.clock_at(act.time);
    behavior::AddressEntry& entry = person.ledger.touch(address, context.day);
    if (entry.received == 0) {
      entry.first_received = clock;
      entry.last_received = clock;
    }
    entry.last_received = std::max(entry.last_received, clock);
    if (entry.received < 0xffff) ++entry.received;
    if ((act.flags & event::kFlagReply) != 0 && entry.replies < 0xffff) ++entry.replies;
    entry.kinds |= 1;
    const Stratum stratum = stratum_of(person, act, party, context);
    if (group_of(stratum) != Group::trusted && stratum != Stratum::declared) {
      person.add_contact(address, clock);
    }
  }
}

PlaceRole Shard::place_of(const Person& person, std::uint64_t place,
                          const DayContext& context) const {
  const PlaceUse* use = person.find_place(place);
  const double kept = use == nullptr
                          ? 0.0
                          : std::exp2((static_cast<double>(use->last_day) - context.day) /
                                      behavior::CountModel::kHalfLifeDays);
  const double own_days = use == nullptr ? 0.0 : kept * static_cast<double>(use->uses);
  const PlaceRole role =
      context.organisation->place_role(person.unit, place, person.id, own_days, context.day);
  if (role != PlaceRole::off_role) return role;
  // Worked with for weeks, on days of its own and not years ago: a project, not a raid, and not a
  // look every few months.
  constexpr double kDays = 4.5;
  constexpr std::int32_t kSpan = 20;
  const bool own = use != nullptr && kept * static_cast<double>(use->worked) >= kDays &&
                   context.day - use->first_day >= kSpan;
  return own ? PlaceRole::in_role : PlaceRole::off_role;
}

void Shard::work(Run& run, const event::Act& act, const DayContext& context) {
  Person& person = *run.person;
  for (const event::Object& object : act.objects) {
    const std::uint64_t place = std::to_underlying(object.place);
    if (place == 0) continue;
    person.sources |= kSawPlaces;
    if (place_of(person, place, context) == PlaceRole::off_role) {
      note(run, act, CountKind::off_role, context);
      person.off_role_last = std::max(person.off_role_last, person.clock_at(act.time));
    }
    if (person.use_place(place, context.day, true)) {
      sums_.places.push_back({.key = place, .person = person.id, .unit = person.unit});
    }
  }
}

}  // namespace weir::evidence::detail
