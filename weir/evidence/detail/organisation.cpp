#include "weir/evidence/detail/organisation.h"

#include <algorithm>
#include <cmath>

namespace weir::evidence::detail {
namespace {

// Colleagues other than oneself who make an address a contact of the house: two may be a pair
// working together, three people are not easily.
constexpr std::size_t kColleagues = 2;
constexpr std::size_t kDomainColleagues = 4;
// Below this many people a group says too much about each of them.
constexpr std::int64_t kSmallestGroup = 5;
constexpr double kFullGroup = 20.0;
// Person-windows that everybody's share is worth against the peers'.
constexpr double kEverybodyWeight = 40.0;
// Days until the use of places has been seen long enough to call one unusual.
constexpr std::int32_t kPlaceWarmUp = 90;
constexpr std::int32_t kNewPlace = 30;
// Person-days of a unit before its places mean anything.
constexpr double kEnoughUse = 20.0;
constexpr double kUsualShare = 0.1;

double aged(std::int32_t from, std::int32_t to) {
  return std::exp2(-(static_cast<double>(to) - from) / behavior::CountModel::kHalfLifeDays);
}

void age(PeerState& state, std::int32_t day) {
  if (day <= state.day) return;
  const double factor =
      std::exp2(-(static_cast<double>(day) - state.day) / behavior::CountModel::kHalfLifeDays);
  state.days *= factor;
  for (double& value : state.sums) value *= factor;
  for (double& value : state.squares) value *= factor;
  for (double& value : state.hours) value *= factor;
  state.novelty_days *= factor;
  state.new_share *= factor;
  state.day = day;
}

template <std::size_t n>
void add(std::array<double, n>& to, const std::array<std::int64_t, n>& sums, double unit) {
  for (std::size_t i = 0; i < n; ++i) to[i] += static_cast<double>(sums[i]) / unit;
}

}  // namespace

std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

std::uint64_t combine(std::uint64_t a, std::uint64_t b) {
  return mix(a * 0x9e3779b97f4a7c15u + mix(b));
}

std::uint32_t short_id(std::uint64_t person) {
  return static_cast<std::uint32_t>(mix(person) >> 32) | 1u;
}

void PeerSums::add(const PeerSums& other) {
  people += other.people;
  days += other.days;
  for (std::size_t i = 0; i < kCountKinds; ++i) {
    sums[i] += other.sums[i];
    squares[i] += other.squares[i];
  }
  for (std::size_t i = 0; i < hours.size(); ++i) hours[i] += other.hours[i];
  novelty_days += other.novelty_days;
  new_share += other.new_share;
  for (std::size_t i = 0; i < sensitivity.size(); ++i) sensitivity[i] += other.sensitivity[i];
}

void ShardSums::clear() {
  peers.clear();
  cells.fill(0);
  addresses.clear();
  domains.clear();
  places.clear();
  hosts.clear();
  sites.clear();
  crossings.clear();
}

bool Users::add(std::uint32_t person) {
  for (std::size_t i = 0; i < count; ++i) {
    if (people[i] == person) return false;
  }
  if (count == kMost) return false;
  people[count++] = person;
  return true;
}

std::size_t Users::others(std::uint32_t person) const {
  std::size_t other = 0;
  for (std::size_t i = 0; i < count; ++i) other += people[i] != person ? 1u : 0u;
  return other;
}

const PeerView& Organisation::peers(std::uint64_t peer_key) const {
  auto found = views_.find(peer_key);
  if (found == views_.end()) found = views_.find(0);
  return found != views_.end() ? found->second : default_view_;
}

bool Organisation::known_address(std::uint64_t address, std::uint64_t person) const {
  const auto found = addresses_.find(address);
  return found != addresses_.end() && found->second.others(short_id(person)) >= kColleagues;
}

bool Organisation::known_domain(std::uint64_t domain, std::uint64_t person) const {
  const auto found = domains_.find(domain);
  return found != domains_.end() && found->second.others(short_id(person)) >= kDomainColleagues;
}

bool Organisation::is_others_host(std::uint64_t host, std::uint64_t person) const {
  const auto found = hosts_.find(host);
  // A computer that many use is nobody's.
  if (found == hosts_.end() || found->second.count == Users::kMost) return false;
  return found->second.others(short_id(person)) > 0;
}

bool Organisation::is_rare_site(std::uint64_t site, std::uint64_t person) const {
  const auto found = sites_.find(site);
  return found == sites_.end() || found->second.others(short_id(person)) < kColleagues;
}

double Organisation::unseen_chance() const { return novelty_.chance_of_new(0.7); }

PlaceRole Organisation::place_role(std::uint64_t unit, std::uint64_t place, std::uint64_t person,
                                   double own_days, std::int32_t day) const {
  if (first_place_day_ == 0 || day - first_place_day_ < kPlaceWarmUp) return PlaceRole::unknown;
  const auto known = places_.find(place);
  if (known == places_.end() || day - known->second < kNewPlace) {
    return PlaceRole::unknown;  // a new share is nobody's yet
  }
  const auto unit_use = units_.find(unit);
  if (unit_use == units_.end() || unit_use->second.total < kEnoughUse) return PlaceRole::unknown;
  const auto use = unit_places_.find(combine(unit, place));
  if (use == unit_places_.end() || use->second.users.others(short_id(person)) < kColleagues) {
    return PlaceRole::off_role;
  }
  const double since_place = aged(use->second.day, day);
  const double since_unit = aged(unit_use->second.day, day);
  const double colleagues = use->second.uses * since_place - own_days;
  // Squares over sum: how much one of the unit's usual places is used.
  const double usual = unit_use->second.squares / unit_use->second.total * since_unit;
  return colleagues >= kUsualShare * usual ? PlaceRole::in_role : PlaceRole::off_role;
}

PeerView Organisation::view_of(const PeerState& state, const PeerView* everybody) const {
  PeerView view;
  // How far the group speaks for itself.
  double own = 1.0;
  if (everybody != nullptr) {
    own = state.people < kSmallestGroup
              ? 0.0
              : std::min(1.0, static_cast<double>(state.people) / kFullGroup);
  }
  for (std::size_t i = 0; i < kCountKinds; ++i) {
    // Ten person-days of "once in two days, threefold dispersed" where nothing is known.
    const double days = state.days + 10.0;
    const double mean = (state.sums[i] + 5.0) / days;
    const double second = (state.squares[i] + 10.0 * 0.5 * 3.5) / days;
    const double dispersion = std::max(1.0, (second - mean * mean) / mean);
    if (everybody != nullptr) {
      view.counts[i].mean = own * mean + (1.0 - own) * everybody->counts[i].mean;
      view.counts[i].dispersion = own * dispersion + (1.0 - own) * everybody->counts[i].dispersion;
    } else {
      view.counts[i] = {.mean = mean, .dispersion = dispersion};
    }
  }
  const double hour_days = std::max(state.days, 1.0);
  for (std::size_t i = 0; i < view.hours.size(); ++i) {
    // Scaled to ten days, which is what the prior of a person's profile weighs.
    const double share = 10.0 * state.hours[i] / hour_days;
    view.hours[i] = static_cast<float>(
        everybody != nullptr ? own * share + (1.0 - own) * static_cast<double>(everybody->hours[i])
                             : share);
  }
  const double fresh = (state.new_share + 10.0 * 0.1) / (state.novelty_days + 10.0);
  view.new_share = everybody != nullptr ? own * fresh + (1.0 - own) * everybody->new_share : fresh;

  const Cells& chances = reference_.chances();
  for (std::size_t g = 0; g < kGroups; ++g) {
    const std::size_t at = cell::sensitivity(0, static_cast<Group>(g));
    double total = kEverybodyWeight;
    for (std::size_t i = 0; i < kSensitivities; ++i) {
      total += everybody != nullptr ? own * state.frozen[g * kSensitivities + i] : 0.0;
    }
    for (std::size_t i = 0; i < kSensitivities; ++i) {
      const double peers = everybody != nullptr ? own * state.frozen[g * kSensitivities + i] : 0.0;
      view.sensitivity[g][i] = (kEverybodyWeight * chances[at + i] + peers) / total;
    }
  }
  return view;
}

void Organisation::rebuild_views() {
  views_.clear();
  const auto everybody = peers_.find(0);
  views_[0] = view_of(everybody != peers_.end() ? everybody->second : PeerState{}, nullptr);
  const PeerView base = views_[0];
  for (const auto& [key, state] : peers_) {
    if (key != 0) views_[key] = view_of(state, &base);
  }
}

void Organisation::turn_windows(std::int32_t window) {
  const double one = std::exp2(-static_cast<double>(kWindowDays) / Reference::kHalfLifeDays);
  for (; window_ < window; ++window_) {
    for (auto& [key, state] : peers_) {
      for (std::size_t i = 0; i < state.frozen.size(); ++i) {
        state.frozen[i] =
            state.frozen[i] * one + static_cast<double>(state.previous[i]) / kFixedPoint;
      }
      state.previous = state.current;
      state.current.fill(0);
    }
  }
}

void Organisation::use_place(const Edge& edge, std::int32_t day) {
  places_.try_emplace(edge.key, day);
  UnitPlace& use = unit_places_[combine(edge.unit, edge.key)];
  UnitUse& unit = units_[edge.unit];
  if (use.uses > 0.0) use.uses *= aged(use.day, day);
  if (unit.total > 0.0) {
    const double factor = aged(unit.day, day);
    unit.total *= factor;
    unit.squares *= factor * factor;
  }
  use.day = day;
  unit.day = day;
  use.users.add(short_id(edge.person));
  unit.total += 1.0;
  unit.squares += 2.0 * use.uses + 1.0;
  use.uses += 1.0;
}

void Organisation::merge(std::span<ShardSums> shards, std::int32_t day, std::uint64_t people) {
  CellSums cells{};
  std::unordered_map<std::uint64_t, PeerSums> peers;
  std::vector<Edge> addresses, domains, places, hosts, sites;
  Crossings crossings;
  for (const ShardSums& shard : shards) {
    for (std::size_t i = 0; i < cells.size(); ++i) cells[i] += shard.cells[i];
    for (const auto& [key, sums] : shard.peers) {
      peers[key].add(sums);
      if (key != 0) peers[0].add(sums);
    }
    addresses.insert(addresses.end(), shard.addresses.begin(), shard.addresses.end());
    domains.insert(domains.end(), shard.domains.begin(), shard.domains.end());
    places.insert(places.end(), shard.places.begin(), shard.places.end());
    hosts.insert(hosts.end(), shard.hosts.begin(), shard.hosts.end());
    sites.insert(sites.end(), shard.sites.begin(), shard.sites.end());
    crossings.merge(shard.crossings);
  }
  // Only the first few users of anything are kept: which they are must not depend on the shards.
  std::ranges::sort(addresses);
  std::ranges::sort(domains);
  std::ranges::sort(places);
  std::ranges::sort(hosts);
  std::ranges::sort(sites);

  const bool new_window = window_of(day) != window_;
  reference_.merge(cells, day);
  calibration_.merge(crossings, day, people);
  turn_windows(window_of(day));
  for (const auto& [key, sums] : peers) {
    PeerState& state = peers_[key];
    age(state, day);
    state.people = std::max<std::int64_t>(0, state.people + sums.people);
    state.days += static_cast<double>(sums.days);
    add(state.sums, sums.sums, 1.0);
    add(state.squares, sums.squares, 1.0);
    add(state.hours, sums.hours, kFixedPoint);
    state.novelty_days += static_cast<double>(sums.novelty_days);
    state.new_share += static_cast<double>(sums.new_share) / kFixedPoint;
    for (std::size_t i = 0; i < state.current.size(); ++i) state.current[i] += sums.sensitivity[i];
  }

  for (const Edge& edge : addresses) {
    Users& users = addresses_[edge.key];
    novelty_.add(users.count == 0);
    users.add(short_id(edge.person));
  }
  // Bounded memory of draws, so that what is new today still moves it in ten years.
  constexpr float kMostDraws = 1e6f;
  if (novelty_.draws > kMostDraws) novelty_.age(kMostDraws / novelty_.draws);
  for (const Edge& edge : domains) domains_[edge.key].add(short_id(edge.person));
  for (const Edge& edge : hosts) hosts_[edge.key].add(short_id(edge.person));
  for (const Edge& edge : sites) sites_[edge.key].add(short_id(edge.person));
  for (const Edge& edge : places) use_place(edge, day);
  if (first_place_day_ == 0 && !places.empty()) first_place_day_ = day;
  if (new_window || !peers.empty()) rebuild_views();
}

std::size_t Organisation::bytes() const {
  constexpr std::size_t kNode = 24;  // of a hash table: pointer, hash, malloc's header
  return peers_.size() * (sizeof(PeerState) + sizeof(PeerView) + 2 * kNode) +
         (addresses_.size() + domains_.size() + hosts_.size() + sites_.size()) *
             (sizeof(Users) + 8 + kNode) +
         unit_places_.size() * (sizeof(UnitPlace) + 8 + kNode) +
         units_.size() * (sizeof(UnitUse) + 8 + kNode) + places_.size() * (16 + kNode) +
         sizeof(Organisation);
}

}  // namespace weir::evidence::detail
