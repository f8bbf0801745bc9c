// What a shard finds remarkable of one act: to whom it went, how soon after a message, with what.
#include <algorithm>
#include <utility>

#include "weir/base/hash.h"
#include "weir/evidence/detail/explained.h"
#include "weir/evidence/detail/parties.h"
#include "weir/evidence/detail/shard.h"

namespace weir::evidence::detail {
namespace {

using event::Activity;

std::int32_t day_number(Instant when) {
  return static_cast<std::int32_t>(day_of(when).time_since_epoch().count());
}

bool is_recipient(const event::Party& party) {
  return party.role != event::PartyRole::from && is_outside(party);
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
  const float now = person.clock_at(act.time);
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
    person.egress->begin_drip(context.day);
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
    marks.access_days = person.clock_at(act.time) - person.off_role_last;
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
    if (marks.novelty != 0) note(run, act, CountKind::new_address, context);
  }
  if (marks.sensitivity != kMissing && marks.sensitivity > 0) {
    note(run, act, CountKind::sensitive_out, context);
  }
  if (marks.place == 1) note(run, act, CountKind::off_role_out, context);
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

  const bool learnt = organisation.places_learnt();
  if (state.explained == 0) {
    scored.likelihood =
        weigh(marks, organisation.chances(), state.habits, peers.sensitivity, learnt);
  } else {
    const Explained own = explained(organisation.chances(), state.habits, state.explained - 1u);
    scored.likelihood = weigh(marks, own.reference, own.own, peers.sensitivity, learnt);
  }
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
      behavior::AddressEntry& entry = person.ledger.touch(address, day_number(act.time));
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
