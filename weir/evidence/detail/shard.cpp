#include "weir/evidence/detail/shard.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "weir/base/hash.h"

namespace weir::evidence::detail {
namespace {

using event::Activity;

std::int32_t number(Day day) { return static_cast<std::int32_t>(day.time_since_epoch().count()); }

float fraction_of_day(Instant when) {
  const auto rest = when - day_of(when);
  return static_cast<float>(static_cast<double>(rest.count()) / 86'400'000.0);
}

float clock_at(const Person& person, Instant when) {
  return person.clock.at(number(day_of(when)), fraction_of_day(when));
}

bool is_outside(const event::Party& party) {
  return party.role != event::PartyRole::subject && party.person == event::kNobody &&
         party.recipient_class != event::RecipientClass::internal;
}

bool is_recipient(const event::Party& party) {
  return party.role != event::PartyRole::from && is_outside(party);
}

std::uint64_t key_of(const event::Party& party) {
  const std::uint64_t address = std::to_underlying(party.address);
  return address != 0 ? address : std::to_underlying(party.domain);
}

/// Sends a year to one address, expected from before: two a year for half a year until it shows.
float mailbox_rate(const behavior::AddressEntry* entry, std::int32_t day) {
  const double sent = entry != nullptr ? entry->sent : 0.0;
  const double years = entry != nullptr ? std::max(0.0, (day - entry->first_day) / 365.25) : 0.0;
  return static_cast<float>((sent + 1.0) / (years + 0.5));
}

std::uint8_t kind_bit(Activity activity) {
  switch (activity) {
    case Activity::web_upload:
      return 2;
    case Activity::cloud_share:
      return 4;
    case Activity::forward_rule:
      return 8;
    default:
      return 1;
  }
}

}  // namespace

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
  for (std::size_t i = 0; i < kCountKinds; ++i) {
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
    if (!act.objects.empty() && !out) work(person, act, context);
    const std::uint64_t host = std::to_underlying(act.host);
    if (host != 0 && host != last_host) {
      const bool fresh = person.meet_host(static_cast<std::uint32_t>(mix(host)));
      person.hosts_met.add(fresh);
      last_host = host;
    }
  }

  if (!scored_.empty()) {
    accumulate_drip(person, context);
    accumulate_burst(run, context);
  }
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
    const float clock = clock_at(person, act.time);
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

void Shard::work(Person& person, const event::Act& act, const DayContext& context) {
  for (const event::Object& object : act.objects) {
    const std::uint64_t place = std::to_underlying(object.place);
    if (place == 0) continue;
    person.sources |= kSawPlaces;
    if (place_of(person, place, context) == PlaceRole::off_role) {
      person.off_role_last = std::max(person.off_role_last, clock_at(person, act.time));
    }
    if (person.use_place(place, context.day, true)) {
      sums_.places.push_back({.key = place, .person = person.id, .unit = person.unit});
    }
  }
}

Stratum Shard::stratum_of(const Person& person, const event::Act& act, const event::Party& party,
                          const DayContext& context) const {
  const Organisation& organisation = *context.organisation;
  const std::uint64_t domain = std::to_underlying(party.domain);
  if (party.address != event::AddressToken{} &&
      context.people->declared_by(party.address) != event::kNobody) {
    return Stratum::declared;
  }
  if (act.activity == Activity::web_upload || act.activity == Activity::cloud_share) {
    switch (act.account_instance) {
      case event::AccountInstance::corporate:
        return Stratum::known;
      case event::AccountInstance::declared:
        return Stratum::declared;
      case event::AccountInstance::unclaimed:
        return Stratum::free_mail;
      case event::AccountInstance::unknown:
        break;
    }
    if (party.role == event::PartyRole::site) {
      if (party.recipient_class == event::RecipientClass::partner) return Stratum::partner;
      // A site everybody uses may still hold anybody's account.
      return organisation.known_domain(domain, person.id) ? Stratum::unnamed : Stratum::other;
    }
  }
  switch (party.recipient_class) {
    case event::RecipientClass::partner:
      return Stratum::partner;
    case event::RecipientClass::internal:
      return Stratum::known;
    default:
      break;
  }
  if (party.address != event::AddressToken{} &&
      organisation.known_address(std::to_underlying(party.address), person.id)) {
    return Stratum::known;
  }
  switch (party.recipient_class) {
    case event::RecipientClass::free_mail:
    case event::RecipientClass::disposable:
      return Stratum::free_mail;
    case event::RecipientClass::other:
      return domain != 0 && organisation.known_domain(domain, person.id) ? Stratum::known
                                                                         : Stratum::other;
    default:
      return Stratum::unnamed;
  }
}

Shard::Counterparty Shard::counterparty_of(const Person& person, const event::Act& act,
                                           const DayContext& context) const {
  if (act.activity == Activity::print || act.activity == Activity::file_copy) {
    return {.stratum = Stratum::none, .key = std::to_underlying(act.activity)};
  }
  // Of several recipients the one that weighs most; declared, known and partners come last.
  constexpr std::array<int, kStrata> kRank = {0, 1, 2, 5, 4, 3, 6};
  Counterparty main{.stratum = Stratum::unnamed, .key = 1};
  bool found = false;
  float best_contact = 0.0f;
  for (const event::Party& party : act.parties) {
    if (!is_recipient(party)) continue;
    const Stratum stratum = stratum_of(person, act, party, context);
    const behavior::AddressEntry* entry = person.ledger.find(std::to_underlying(party.address));
    const float contact = entry != nullptr && entry->received > 0 ? entry->last_received : -1e6f;
    const int rank = kRank[std::to_underlying(stratum)];
    const int best_rank = kRank[std::to_underlying(main.stratum)];
    if (found && (rank < best_rank || (rank == best_rank && contact <= best_contact))) continue;
    main = {.stratum = stratum,
            .key = std::max<std::uint64_t>(key_of(party), 1),
            .address = party.address,
            .domain = party.domain,
            .recipient_class = party.recipient_class};
    best_contact = contact;
    found = true;
  }
  return main;
}

void Shard::mark_lags(const Person& person, const event::Act& act, Marks& marks,
                      std::uint64_t address) const {
  // Without a source of incoming messages nothing can be said of lags.
  if ((person.sources & kSawInbound) == 0) return;
  const float now = clock_at(person, act.time);
  // How often an address writes that never wrote so far: once, some day.
  constexpr double kSilence = 180.0;
  constexpr double kFirst = 30.0;
  const double watched = std::max(0.0, static_cast<double>(now));
  if (marks.stratum != Stratum::none) {
    const behavior::AddressEntry* entry = address != 0 ? person.ledger.find(address) : nullptr;
    if (entry != nullptr && entry->received > 0) {
      marks.lag_days = std::max(0.0f, now - entry->last_received);
      marks.lag = lag_bucket(static_cast<double>(marks.lag_days));
      marks.contact_rate = static_cast<float>(
          entry->received /
          (std::max(0.0, static_cast<double>(now - entry->first_received)) + kFirst));
    } else {
      marks.lag = kNoLag;
      marks.contact_rate = static_cast<float>(0.5 / (watched + kSilence));
    }
    if (entry != nullptr && entry->received > 0) return;
  }
  // Asked by one mailbox, sent to another: only where the first says nothing.
  if (group_of(marks.stratum) == Group::trusted) return;
  const Contact* last = nullptr;
  for (const Contact& contact : person.contacts) {
    if (contact.clock <= now && (last == nullptr || contact.clock >= last->clock)) last = &contact;
  }
  if (last == nullptr) {
    marks.any_lag = kNoLag;
    marks.any_rate = static_cast<float>(0.5 / (watched + kSilence));
    return;
  }
  marks.any_lag_days = now - last->clock;
  marks.any_lag = lag_bucket(static_cast<double>(marks.any_lag_days));
  const double span = std::max(0.0, static_cast<double>(now - person.contacts.front().clock));
  marks.any_rate =
      static_cast<float>(static_cast<double>(person.contacts.size()) / (span + kFirst));
}

void Shard::transmit(Run& run, const event::Act& act, const DayContext& context) {
  Person& person = *run.person;
  const Organisation& organisation = *context.organisation;
  const PeerView& peers = organisation.peers(person.peer);
  if (person.egress == nullptr) {
    person.egress = std::make_unique<EgressState>();
    person.egress->restart_drip(context.day);
    person.egress->burst.restart(context.day);
    person.egress->exposure_years =
        static_cast<float>(std::clamp((context.day - person.first_day) / 365.25, 0.0, 2.0));
  }
  EgressState& state = *person.egress;
  const Counterparty main = counterparty_of(person, act, context);

  Scored& scored = scored_.emplace_back();
  scored.act = &act;
  scored.key = main.key;
  scored.address = main.address;
  Marks& marks = scored.marks;
  marks.stratum = main.stratum;
  marks.rate = static_cast<float>(state.rate(main.stratum));
  switch (act.sensitivity) {
    case event::Sensitivity::unknown:
      break;
    case event::Sensitivity::none:
    case event::Sensitivity::internal:
      marks.sensitivity = 0;
      break;
    case event::Sensitivity::confidential:
      marks.sensitivity = 1;
      break;
    case event::Sensitivity::secret:
      marks.sensitivity = 2;
      break;
  }
  if (marks.sensitivity != kMissing) person.sources |= kSawSensitivity;
  for (const event::Object& object : act.objects) {
    const std::uint64_t place = std::to_underlying(object.place);
    if (place == 0) continue;
    const PlaceRole role = place_of(person, place, context);
    if (role == PlaceRole::off_role) marks.place = 1;
    if (role == PlaceRole::in_role && marks.place == kMissing) marks.place = 0;
    if (person.use_place(place, context.day, false)) {
      sums_.places.push_back({.key = place, .person = person.id, .unit = person.unit});
    }
  }
  if (marks.place == kMissing && (person.sources & kSawPlaces) != 0) {
    constexpr float kRecent = 7.0f;
    marks.access_days = clock_at(person, act.time) - person.off_role_last;
    marks.access = marks.access_days <= kRecent ? 1 : 0;
  }
  mark_lags(person, act, marks, std::to_underlying(main.address));
  if (main.address != event::AddressToken{}) {
    const behavior::AddressEntry* entry = person.ledger.find(std::to_underlying(main.address));
    const bool known = entry != nullptr && (entry->sent > 0 || entry->received > 0);
    marks.mailbox_rate = mailbox_rate(entry, context.day);
    const bool met = organisation.met_address(std::to_underlying(main.address));
    marks.novelty = known ? 0 : met ? 1 : 2;
    marks.new_chance = static_cast<float>(person.recipients.chance_of_new(peers.new_share));
    marks.unseen_chance = static_cast<float>(organisation.unseen_chance());
  }
  std::uint16_t flags = act.flags;
  for (const event::Object& object : act.objects) flags |= object.flags;
  if ((flags & event::kFlagRenamed) != 0) {
    marks.disguise = 2;
  } else if ((flags & (event::kFlagEncrypted | event::kFlagArchive)) != 0) {
    marks.disguise = 1;
  }
  marks.own_sender = (act.flags & event::kFlagOwnPersonalSender) != 0 ? 1 : 0;
  const std::uint64_t host = std::to_underlying(act.host);
  if (host != 0 && !person.hosts.empty()) {
    const bool known =
        std::ranges::binary_search(person.hosts, static_cast<std::uint32_t>(mix(host)));
    marks.host = known ? 0 : 1;
    constexpr double kNewHosts = 0.05;
    marks.host_chance = static_cast<float>(person.hosts_met.chance_of_new(kNewHosts));
  }
  const LocalHour hour = local_hour(act.time, act.utc_offset.value_or(run.zone));
  marks.rest = hour.rest ? 1 : 0;
  marks.half_hour = hour.half_hour;
  marks.hour_chance =
      static_cast<float>(person.hours.probability(hour.rest, hour.half_hour, peers.hours));

  scored.likelihood = weigh(marks, organisation.chances(), state.habits, peers.sensitivity,
                            organisation.places_learnt());
  remember_send(person, act);
}

void Shard::remember_send(Person& person, const event::Act& act) {
  const bool sensitive = act.sensitivity >= event::Sensitivity::confidential;
  for (const event::Party& party : act.parties) {
    if (!is_recipient(party)) continue;
    const std::uint64_t address = std::to_underlying(party.address);
    const std::uint64_t domain = std::to_underlying(party.domain);
    bool first = address == 0;
    if (address != 0) {
      behavior::AddressEntry& entry = person.ledger.touch(address, number(day_of(act.time)));
      first = entry.sent == 0;
      const bool fresh = first && entry.received == 0;
      if (entry.sent < 0xffff) ++entry.sent;
      if (sensitive && entry.sensitive < 0xffff) ++entry.sensitive;
      entry.kinds |= kind_bit(act.activity);
      person.recipients.add(fresh);
      ++draws_today_;
      new_today_ += fresh ? 1 : 0;
      if (first) sums_.addresses.push_back({.key = address, .person = person.id});
    }
    // Free-mail domains say nothing about who is behind an address.
    const bool of_many = party.recipient_class == event::RecipientClass::free_mail ||
                         party.recipient_class == event::RecipientClass::disposable;
    if (first && domain != 0 && !of_many) {
      sums_.domains.push_back({.key = domain, .person = person.id});
    }
  }
  if (person.recipients.draws > 1e5f) person.recipients.age(0.5f);
}

}  // namespace weir::evidence::detail
