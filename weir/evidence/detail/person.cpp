#include "weir/evidence/detail/person.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace weir::evidence::detail {

namespace {

constexpr std::int32_t kNoDay = INT32_MIN;

/// True if `key` was new to the sorted `keys`.
bool remember(std::vector<std::uint32_t>& keys, std::uint32_t key, std::size_t limit) {
  const auto at = std::ranges::lower_bound(keys, key);
  if (at != keys.end() && *at == key) return false;
  if (keys.size() >= limit) {
    // Whoever knows hundreds is not told by which; any one may go.
    keys.erase(keys.begin() + static_cast<std::ptrdiff_t>(key % limit));
    keys.insert(std::ranges::lower_bound(keys, key), key);
  } else {
    keys.insert(at, key);
  }
  return true;
}

template <class One>
std::size_t bytes_of(const StoryOf<One>& story) {
  std::size_t total = story.contributors.capacity() * sizeof(One);
  for (const One& one : story.contributors) {
    total += one.records.capacity() * sizeof(event::RecordId) +
             one.documents.capacity() * sizeof(std::uint32_t);
  }
  return total;
}

}  // namespace

template <class One>
void StoryOf<One>::add(One contributor, double evidence) {
  const std::size_t most = evidence > kLoud ? kMost : kMostWhileQuiet;
  const float weight = contributor.nats;
  if (weight < (evidence > kLoud ? kWorthNaming : kWorthKeeping)) return;
  const auto at =
      std::ranges::find_if(contributors, [&](const One& other) { return other.nats < weight; });
  if (at == contributors.end() && contributors.size() >= most) return;
  contributors.insert(at, std::move(contributor));
  if (contributors.size() > most) contributors.pop_back();
}

template <class One>
void StoryOf<One>::forget_before(Instant when) {
  std::erase_if(contributors, [&](const One& one) {
    if (one.time >= when) return false;
    total -= static_cast<double>(one.nats);
    return true;
  });
}

template <class One>
void StoryOf<One>::trim(double evidence) {
  if (evidence > kLoud || contributors.size() <= kMostWhileQuiet) return;
  contributors.resize(kMostWhileQuiet);
  contributors.shrink_to_fit();
}

template <class One>
void StoryOf<One>::restart(std::int32_t quiet_until_day) {
  contributors.clear();
  contributors.shrink_to_fit();
  total = 0.0;
  acts = 0;
  quiet_until = quiet_until_day;
  peak = {};
}

template struct StoryOf<Contributor>;
template struct StoryOf<DayContributor>;

double EgressState::rate(Stratum stratum) const {
  // Half a year at six a year until more is known (science.md: five personal sends a year).
  return (static_cast<double>(sends[std::to_underlying(stratum)]) + 3.0) /
         (static_cast<double>(exposure_years) + 0.5);
}

double EgressState::all_rates() const {
  double all = 3.0;
  for (const float count : sends) all += static_cast<double>(count);
  return all / (static_cast<double>(exposure_years) + 0.5);
}

PerArchetype<double> EgressState::drip_logs() const {
  PerArchetype<double> logs = drip.log_mixtures();
  for (std::size_t k = 0; k < kArchetypes; ++k) {
    logs[k] = std::log(0.5 * std::exp(logs[k]) + 0.5 * mailboxes.mixture(k));
  }
  return logs;
}

double EgressState::drip_score() const {
  const double together = std::exp(std::ranges::min(drip.log_mixtures()));
  return std::log(0.5 * together + 0.5 * mailboxes.mixture());
}

double EgressState::idle_drip_score() const {
  double all = 0.0;
  double slow = 0.0;
  for (std::size_t h = 0; h < kHalfLives; ++h) {
    const Passage gone = passage(detail::kHalfLifeDays[h], drip_since, drip.day());
    all += gone.kept + gone.opened;
    if (h >= MailboxDetectors::kFirstHalfLife) slow += gone.kept + gone.opened;
  }
  return std::log(0.5 * all / kHalfLives + 0.5 * slow / MailboxDetectors::kHalfLives);
}

PerArchetype<double> EgressState::drip_wealths() const {
  const double left = unstaked(drip.since(), drip.day());
  PerArchetype<double> wealths{};
  for (std::size_t k = 0; k < kArchetypes; ++k) {
    wealths[k] = 0.5 * drip.stake(k) + 0.5 * mailboxes.stake(k) + left;
  }
  return wealths;
}

double EgressState::drip_wealth() const {
  double together = drip.stake(0);
  for (std::size_t k = 1; k < kArchetypes; ++k) together = std::min(together, drip.stake(k));
  return 0.5 * together + 0.5 * mailboxes.stake() + unstaked(drip.since(), drip.day());
}

void EgressState::begin_drip(std::int32_t day) {
  drip_since = day;
  drip = DripAccumulator(day);
  mailboxes = MailboxDetectors(day);
}

void EgressState::restart_drip(std::int32_t day) {
  drip_since = day;
  drip.restart(day);
  mailboxes.restart(day);
}

void Person::age_to(std::int32_t day) {
  if (day <= aged_day) return;
  const double gap = static_cast<double>(day) - aged_day;
  aged_day = day;
  const auto factor = static_cast<float>(std::exp2(-gap / behavior::CountModel::kHalfLifeDays));
  days *= factor;
  for (behavior::CountModel& count : counts) count.age(factor);
  hours.age(factor);
  if (egress == nullptr) return;
  egress->bytes.age(factor);
  const double slow = std::exp2(-gap / EgressState::kHalfLifeDays);
  const auto slow_factor = static_cast<float>(slow);
  for (float& count : egress->sends) count *= slow_factor;
  egress->habits.age(slow_factor);
  for (float& value : egress->log_innocent) value *= factor;
  constexpr double kMeanYears = EgressState::kHalfLifeDays / 365.25 / std::numbers::ln2;
  egress->exposure_years =
      egress->exposure_years * slow_factor + static_cast<float>((1.0 - slow) * kMeanYears);
}

float Person::clock_at(Instant when) const {
  const Day day = day_of(when);
  const auto since_midnight = static_cast<double>((when - day).count());  // milliseconds
  return clock.at(static_cast<std::int32_t>(day.time_since_epoch().count()),
                  static_cast<float>(since_midnight / 86'400'000.0));
}

bool Person::meet_host(std::uint32_t host) { return remember(hosts, host, kMostHosts); }

bool Person::visit_site(std::uint32_t site) { return remember(sites, site, kMostSites); }

std::array<double, kHypothesisCount> Person::wealths() const {
  std::array<double, kHypothesisCount> all{};
  all.fill(1.0);
  if (egress != nullptr) all[0] = egress->drip_wealth();
  if (!detectors.started()) return all;
  for (std::size_t h = 0; h < kDayHypotheses; ++h) {
    all[h + 1] = std::ranges::min(detectors.stakes(h)) + detectors.unstaked();
  }
  return all;
}

void Person::forgo() {
  if (egress != nullptr) {
    egress->drip.forgo();
    egress->mailboxes.forgo();
  }
  if (!detectors.started()) return;
  for (std::size_t h = 0; h < kDayHypotheses; ++h) detectors.forgo(h);
}

bool Person::is_quiet(std::int32_t day) const {
  return day < listed_until || (egress != nullptr && day < egress->story.quiet_until) ||
         std::ranges::any_of(
             day_stories, [&](const DayStory& story) { return day < story.quiet_until; });
}

double Person::peak(Hypothesis hypothesis) const {
  if (hypothesis != Hypothesis::slow_drip) {
    return static_cast<double>(day_stories[day_index(hypothesis)].peak.nats);
  }
  return egress == nullptr ? 0.0 : static_cast<double>(egress->story.peak.nats);
}

bool Person::is_watched(std::int32_t day) const {
  if (confirmed != 0 || day < listed_until) return true;
  const auto asked = [&](std::size_t hypothesis) { return (cleared >> hypothesis & 1) == 0; };
  if (egress != nullptr && asked(0) && day < egress->story.quiet_until) return true;
  for (std::size_t h = 0; h < kDayHypotheses; ++h) {
    if (asked(h + 1) && day < day_stories[h].quiet_until) return true;
  }
  return false;
}

const PlaceUse* Person::find_place(std::uint64_t place) const {
  const auto at = std::ranges::lower_bound(places, place, {}, &PlaceUse::place);
  return at != places.end() && at->place == place ? &*at : nullptr;
}

bool Person::use_place(std::uint64_t place, std::int32_t day, bool worked) {
  auto at = std::ranges::lower_bound(places, place, {}, &PlaceUse::place);
  if (at == places.end() || at->place != place) {
    if (places.size() >= kMostPlaces) {
      places.erase(std::ranges::min_element(places, {}, &PlaceUse::last_day));
      at = std::ranges::lower_bound(places, place, {}, &PlaceUse::place);
    }
    at = places.insert(at, PlaceUse{.place = place, .first_day = day, .last_day = kNoDay});
  }
  places_met.add(at->last_day == kNoDay);
  const bool first_today = at->last_day != day;
  if (first_today) {
    if (at->last_day != kNoDay) {
      const auto kept = static_cast<float>(std::exp2((static_cast<double>(at->last_day) - day) /
                                                     behavior::CountModel::kHalfLifeDays));
      at->uses *= kept;
      at->worked *= kept;
    }
    at->uses += 1.0f;
    at->last_day = day;
    at->worked_today = false;
  }
  if (worked && !at->worked_today) {
    at->worked_today = true;
    at->worked += 1.0f;
  }
  return first_today;
}

void Person::add_contact(std::uint64_t address, float clock_reading) {
  if (contacts.size() >= kMostContacts) contacts.erase(contacts.begin());
  contacts.push_back({.address = address, .clock = clock_reading});
}

void Person::forget_seen(std::int32_t before_day) {
  const auto kept =
      std::ranges::find_if(seen, [&](const SeenAct& act) { return act.day >= before_day; });
  seen.erase(seen.begin(), kept);
  if (seen.capacity() > 64 && seen.size() < seen.capacity() / 4) seen.shrink_to_fit();
}

std::size_t Person::bytes() const {
  std::size_t total = sizeof(Person) +
                      (hosts.capacity() + sites.capacity()) * sizeof(std::uint32_t) +
                      places.capacity() * sizeof(PlaceUse) + ledger.bytes() +
                      contacts.capacity() * sizeof(Contact) + seen.capacity() * sizeof(SeenAct);
  if (egress != nullptr) {
    total += sizeof(EgressState) + egress->mailboxes.bytes() + bytes_of(egress->story);
  }
  for (const DayStory& story : day_stories) total += bytes_of(story);
  return total;
}

}  // namespace weir::evidence::detail
