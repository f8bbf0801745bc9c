#include "weir/evidence/detail/snapshot.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace weir::evidence::detail {
namespace {

bool sound_clock(float reading) { return reading > -1e7f && reading < 1e7f; }
bool sound_or_never(std::int32_t day) { return day == INT32_MIN || sound_day(day); }

template <class Archive>
void transfer_marks(Archive& archive, Marks& m) {
  for (std::uint8_t* small : {&m.sensitivity, &m.place, &m.access, &m.lag, &m.any_lag, &m.novelty,
                              &m.disguise, &m.own_sender, &m.host, &m.half_hour, &m.rest}) {
    archive.value(*small);
  }
  archive.value(m.stratum);
  for (float* number :
       {&m.lag_days, &m.any_lag_days, &m.access_days, &m.contact_rate, &m.any_rate, &m.new_chance,
        &m.unseen_chance, &m.host_chance, &m.hour_chance, &m.rate, &m.mailbox_rate, &m.acts}) {
    archive.value(*number);
    archive.check(std::abs(*number) < 1e18f);
  }
  const auto within = [](std::uint8_t value, std::size_t size) {
    return value < size || value == kMissing;
  };
  archive.check(std::to_underlying(m.stratum) < kStrata && within(m.sensitivity, kSensitivities) &&
                within(m.place, 2) && within(m.access, 2) && within(m.lag, kLagBuckets) &&
                within(m.any_lag, kLagBuckets) && within(m.novelty, 3) && m.disguise < 3 &&
                m.own_sender < 2 && within(m.host, 2) && m.half_hour < 48 && m.rest < 2);
}

/// What the two kinds of contributors share: which act it was.
template <class Archive, class One>
void transfer_act(Archive& archive, One& one) {
  archive.value(one.act);
  archive.list(one.records, 4096, 16, [&](auto& id) { archive.value(id); });
  archive.value(one.time);
  archive.value(one.activity);
  archive.value(one.address);
  archive.value(one.sensitivity);
  archive.list(one.documents, 4096, 4, [&](auto& document) { archive.value(document); });
  archive.value(one.nats);
  constexpr auto kRange = std::chrono::days{4'000'000};
  archive.check(std::to_underlying(one.activity) < event::kActivityCount &&
                std::to_underlying(one.sensitivity) < 5 && one.time.time_since_epoch() < kRange &&
                one.time.time_since_epoch() > -kRange);
}

template <class Archive>
void transfer_contributor(Archive& archive, Contributor& one) {
  transfer_act(archive, one);
  transfer_marks(archive, one.marks);
  archive.value(one.archetype);
  archive.value(one.mark_nats);
  archive.value(one.expected);
  archive.check(one.archetype < kArchetypes);
}

template <class Archive>
void transfer_contributor(Archive& archive, DayContributor& one) {
  transfer_act(archive, one);
  Seen& seen = one.seen;
  archive.value(one.feature);
  archive.value(seen.level);
  archive.value(seen.before);
  archive.value(seen.others);
  archive.value(seen.count);
  archive.value(seen.expected);
  archive.value(seen.p);
  archive.value(one.chance);
  archive.check(std::to_underlying(one.feature) < kFeatures && seen.level < kLevels &&
                std::to_underlying(seen.before) < kBefore && seen.others < kOthers);
}

template <class Archive, class One>
void transfer_story(Archive& archive, StoryOf<One>& story) {
  archive.list(story.contributors, Story::kMost, 64,
               [&](One& one) { transfer_contributor(archive, one); });
  archive.value(story.total);
  archive.value(story.acts);
  archive.value(story.quiet_until);
  archive.value(story.peak.nats);
  archive.value(story.peak.day);
  archive.check(sound_or_never(story.quiet_until) && std::abs(story.total) < 1e9 &&
                std::abs(story.peak.nats) < 1e3f && sound_or_never(story.peak.day));
}

template <class Archive>
void transfer_days(Archive& archive, Person& person) {
  DayHistory& history = person.day_history;
  archive.value(history.day());
  archive.value(history.remarkable());
  archive.value(history.seen());
  archive.check(sound_or_never(history.day()) &&
                std::ranges::all_of(history.seen(), sound_or_never));
  archive.value(person.detectors.since());
  archive.value(person.detectors.day());
  archive.value(person.listed_until);
  archive.check(sound_or_never(person.detectors.since()) &&
                sound_or_never(person.detectors.day()) && sound_or_never(person.listed_until));
  if (person.detectors.started()) {
    archive.value(person.detectors.values());
    for (const auto& values : person.detectors.values()) {
      for (const auto& reading : values) {
        for (const auto& half_life : reading) {
          archive.check(
              std::ranges::all_of(half_life, [](float r) { return r >= 0.0f && r < 1e32f; }));
        }
      }
    }
  }
  for (DayStory& story : person.day_stories) transfer_story(archive, story);
  archive.value(person.window);
  archive.value(person.weight_left);
  archive.check(person.weight_left >= 0.0f && person.weight_left <= 1.0f);
}

template <class Archive>
void transfer_accumulator(Archive& archive, DripAccumulator& accumulator) {
  std::int32_t since = accumulator.since();
  std::int32_t day = accumulator.day();
  archive.value(since);
  archive.value(day);
  archive.value(accumulator.values());
  archive.check(sound_day(since) && sound_day(day));
  for (const auto& archetype : accumulator.values()) {
    for (const auto& half_life : archetype) {
      archive.check(std::ranges::all_of(half_life, [](float r) { return r >= 0.0f && r < 1e32f; }));
    }
  }
  if constexpr (Archive::kLoads) accumulator.set_days(since, day);
}

template <class Archive>
void transfer_mailboxes(Archive& archive, MailboxDetectors& mailboxes) {
  const auto sound = [](float r) { return r >= 0.0f && r < 1e32f; };
  archive.value(mailboxes.since());
  archive.value(mailboxes.day());
  archive.value(mailboxes.put_by());
  archive.check(sound_day(mailboxes.since()) && sound_day(mailboxes.day()) &&
                std::ranges::all_of(mailboxes.put_by(), sound));
  archive.list(mailboxes.mailboxes(), MailboxDetectors::kMost, 64,
               [&](MailboxDetectors::Mailbox& mailbox) {
                 archive.value(mailbox.key);
                 archive.value(mailbox.last_day);
                 archive.check(sound_day(mailbox.last_day));
                 archive.value(mailbox.values);
                 for (const auto& archetype : mailbox.values) {
                   for (const auto& half_life : archetype) {
                     archive.check(std::ranges::all_of(half_life, sound));
                   }
                 }
               });
}

template <class Archive>
void transfer_egress(Archive& archive, EgressState& state) {
  archive.value(state.habits.sensitivity);
  archive.value(state.habits.place);
  archive.value(state.habits.access);
  archive.value(state.habits.coupled);
  archive.value(state.sends);
  archive.value(state.exposure_years);
  archive.value(state.log_innocent);
  archive.value(state.explained);
  archive.check(state.explained <= kArchetypes);
  transfer_accumulator(archive, state.drip);
  transfer_mailboxes(archive, state.mailboxes);
  archive.value(state.drip_since);
  archive.check(sound_day(state.drip_since));
  transfer_story(archive, state.story);
  archive.value(state.window);
  archive.value(state.weight_left);
  float days = state.bytes.days();
  float sum = state.bytes.sum();
  float squares = state.bytes.squares();
  archive.value(days);
  archive.value(sum);
  archive.value(squares);
  if constexpr (Archive::kLoads) state.bytes.restore(days, sum, squares);

  for (const auto& row : state.habits.sensitivity) archive.check(std::ranges::all_of(row, natural));
  for (const auto& row : state.habits.coupled) archive.check(std::ranges::all_of(row, natural));
  const auto share = [](float value) { return value >= 0.0f && value <= 1.0f; };
  const auto small = [](float value) { return value > -1e3f && value < 1e3f; };
  archive.check(std::ranges::all_of(state.habits.place, natural) &&
                std::ranges::all_of(state.habits.access, natural) &&
                std::ranges::all_of(state.sends, natural) && natural(state.exposure_years) &&
                natural(days) && natural(sum) && natural(squares) && share(state.weight_left) &&
                std::ranges::all_of(state.log_innocent, small));
}

}  // namespace

template <class Archive>
void transfer(Archive& archive, Person& person) {
  archive.value(person.id);
  archive.value(person.unit);
  archive.value(person.peer);
  archive.value(person.first_day);
  archive.value(person.aged_day);
  archive.value(person.days);
  archive.value(person.sources);
  archive.value(person.confirmed);
  archive.value(person.cleared);
  constexpr auto kHypotheses = 1u << kHypothesisCount;
  archive.check(person.confirmed < kHypotheses && person.cleared < kHypotheses);
  archive.check(person.id != 0 && sound_day(person.first_day) && sound_day(person.aged_day) &&
                natural(person.days));
  for (behavior::CountModel& count : person.counts) {
    float sum = count.sum();
    float squares = count.squares();
    archive.value(sum);
    archive.value(squares);
    archive.check(natural(sum) && natural(squares));
    if constexpr (Archive::kLoads) count.restore(sum, squares);
  }
  archive.value(person.hours.bins());
  archive.check(std::ranges::all_of(person.hours.bins(), natural));
  std::int32_t last = person.clock.last_active();
  float reading = person.clock.reading();
  float usual = person.clock.usual_gap();
  archive.value(last);
  archive.value(reading);
  archive.value(usual);
  archive.check(sound_or_never(last) && natural(usual) && sound_clock(reading));
  if constexpr (Archive::kLoads) person.clock.restore(last, reading, usual);
  for (behavior::Novelty* novelty : {&person.recipients, &person.hosts_met, &person.places_met}) {
    archive.value(novelty->draws);
    archive.value(novelty->kinds);
    archive.check(natural(novelty->draws) && natural(novelty->kinds));
  }
  archive.value(person.off_role_last);
  archive.check(sound_clock(person.off_role_last));
  archive.list(person.hosts, Person::kMostHosts, 4, [&](auto& host) { archive.value(host); });
  archive.check(std::ranges::is_sorted(person.hosts));
  archive.list(person.sites, Person::kMostSites, 4, [&](auto& site) { archive.value(site); });
  archive.check(std::ranges::is_sorted(person.sites));
  archive.list(person.places, Person::kMostPlaces, 25, [&](PlaceUse& use) {
    archive.value(use.place);
    archive.value(use.first_day);
    archive.value(use.last_day);
    archive.value(use.worked);
    archive.value(use.uses);
    std::uint8_t worked = use.worked_today ? 1 : 0;
    archive.value(worked);
    use.worked_today = worked != 0;
    archive.check(sound_day(use.first_day) && sound_day(use.last_day) && natural(use.uses) &&
                  natural(use.worked) && worked < 2);
  });
  archive.check(std::ranges::is_sorted(person.places, {}, &PlaceUse::place));

  std::vector<behavior::AddressEntry> entries(person.ledger.entries().begin(),
                                              person.ledger.entries().end());
  const auto each_entry = [&](behavior::AddressEntry& entry) {
    archive.value(entry.address);
    archive.value(entry.first_day);
    archive.value(entry.last_day);
    archive.value(entry.sent);
    archive.value(entry.sensitive);
    archive.value(entry.received);
    archive.value(entry.replies);
    archive.value(entry.kinds);
    archive.value(entry.first_received);
    archive.value(entry.last_received);
    archive.check(sound_clock(entry.first_received) && sound_clock(entry.last_received));
  };
  archive.list(entries, behavior::AddressLedger::kMost, 33, each_entry);
  if constexpr (Archive::kLoads) archive.check(person.ledger.restore(std::move(entries)));

  archive.list(person.contacts, Person::kMostContacts, 12, [&](Contact& contact) {
    archive.value(contact.address);
    archive.value(contact.clock);
    archive.check(sound_clock(contact.clock));
  });
  archive.list(person.seen, Person::kMostSeen, 12, [&](SeenAct& seen) {
    archive.value(seen.key);
    archive.value(seen.time);
    archive.value(seen.day);
  });
  transfer_days(archive, person);
  std::uint8_t has_egress = person.egress != nullptr ? 1 : 0;
  archive.value(has_egress);
  archive.check(has_egress < 2);
  if (!archive.ok() || has_egress == 0) return;
  if constexpr (Archive::kLoads) person.egress = std::make_unique<EgressState>();
  transfer_egress(archive, *person.egress);
}

template void transfer(Saver&, Person&);
template void transfer(Loader&, Person&);

}  // namespace weir::evidence::detail
