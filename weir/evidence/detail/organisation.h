#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "weir/behavior/count_model.h"
#include "weir/behavior/hour_profile.h"
#include "weir/behavior/novelty.h"
#include "weir/evidence/detail/calibration.h"
#include "weir/evidence/detail/day_counts.h"
#include "weir/evidence/detail/likelihood.h"
#include "weir/evidence/detail/reference.h"

namespace weir::evidence::detail {

/// Mixes 64 bits (Stafford's variant 13 of MurmurHash3's finaliser): for tables and shards.
std::uint64_t mix(std::uint64_t x);
std::uint64_t combine(std::uint64_t a, std::uint64_t b);

/// `person` used `key`: an address or domain for the first time; a place, with `unit`, today.
struct Edge {
  std::uint64_t key = 0;
  std::uint64_t person = 0;
  std::uint64_t unit = 0;
  friend auto operator<=>(const Edge&, const Edge&) = default;
};

/// What one peer group did in a day. Whole numbers: shares are in units of 2^-24.
struct PeerSums {
  std::int64_t people = 0;  // joined less left
  std::int64_t days = 0;
  std::array<std::int64_t, kCountKinds> sums{};
  std::array<std::int64_t, kCountKinds> squares{};
  std::array<std::int64_t, 2 * behavior::kHalfHours> hours{};
  std::int64_t novelty_days = 0;  // person-days with outside addresses
  std::int64_t new_share = 0;
  std::array<std::int64_t, kGroups * kSensitivities> sensitivity{};

  void add(const PeerSums& other);
};

/// What a shard hands in at the end of a day.
struct ShardSums {
  std::unordered_map<std::uint64_t, PeerSums> peers;
  CellSums cells{};
  std::vector<Edge> addresses, domains, places, hosts, sites;
  Crossings crossings;

  void clear();
};

/// The first few people who used something.
struct Users {
  static constexpr std::size_t kMost = 5;
  std::array<std::uint32_t, kMost> people{};
  std::uint8_t count = 0;

  bool add(std::uint32_t person);
  std::size_t others(std::uint32_t person) const;
};
std::uint32_t short_id(std::uint64_t person);

/// What is usual among peers, ready to use.
struct PeerView {
  std::array<behavior::CountPrior, kCountKinds> counts{};
  std::array<float, 2 * behavior::kHalfHours> hours{};  // of ten days at most
  double new_share = 0.1;
  PeerSensitivity sensitivity{};
};

/// One peer group over time; half-life 180 days for counts and hours, frozen windows for marks.
struct PeerState {
  std::int64_t people = 0;
  std::int32_t day = 0;
  double days = 0;
  std::array<double, kCountKinds> sums{};
  std::array<double, kCountKinds> squares{};
  std::array<double, 2 * behavior::kHalfHours> hours{};
  double novelty_days = 0;
  double new_share = 0;
  std::array<std::int64_t, kGroups * kSensitivities> current{};
  std::array<std::int64_t, kGroups * kSensitivities> previous{};
  std::array<double, kGroups * kSensitivities> frozen{};
};

/// What one unit does with one place: person-days, aged with half-life 180 days.
struct UnitPlace {
  Users users;
  std::int32_t day = 0;
  double uses = 0;
};
/// What one unit does with all places: sum and sum of squares of the above.
struct UnitUse {
  std::int32_t day = 0;
  double total = 0;
  double squares = 0;
};

enum class PlaceRole : std::uint8_t { unknown, in_role, off_role };

/// What everybody does, as of the last closed day: immutable while a day is scored, and then
/// merged from the shards' sums in an order that does not depend on them.
class Organisation {
 public:
  /// Group 0 is everybody.
  const PeerView& peers(std::uint64_t peer_key) const;
  const Cells& chances() const { return reference_.chances(); }
  bool places_learnt() const { return reference_.places_learnt(); }
  std::array<double, kLevels> levels_seen(std::size_t feature) const {
    return reference_.levels_seen(feature);
  }
  /// Several colleagues write to this address.
  bool known_address(std::uint64_t address, std::uint64_t person) const;
  /// Many people write to this organisation. Never ask for free-mail domains.
  bool known_domain(std::uint64_t domain, std::uint64_t person) const;
  bool met_address(std::uint64_t address) const { return addresses_.contains(address); }
  /// P(an address new to a person is new to everybody).
  double unseen_chance() const;
  /// Off role: colleagues of the unit work with it less than a tenth as much as with one of their
  /// usual places, `own_days` of the person's own not counted.
  PlaceRole place_role(std::uint64_t unit, std::uint64_t place, std::uint64_t person,
                       double own_days, std::int32_t day) const;

  /// Somebody else works on this computer.
  bool is_others_host(std::uint64_t host, std::uint64_t person) const;
  /// Hardly anybody else goes to this site.
  bool is_rare_site(std::uint64_t site, std::uint64_t person) const;

  /// `people`: watched.
  void merge(std::span<ShardSums> shards, std::int32_t day, std::uint64_t people);
  const Calibration& calibration() const { return calibration_; }
  Calibration& calibration() { return calibration_; }

  std::size_t bytes() const;

  template <class Archive>
  void transfer(Archive& archive);

 private:
  PeerView view_of(const PeerState& state, const PeerView* everybody) const;
  void rebuild_views();
  void turn_windows(std::int32_t window);
  void use_place(const Edge& edge, std::int32_t day);

  Reference reference_;
  std::int32_t window_ = 0;
  std::unordered_map<std::uint64_t, PeerState> peers_;
  std::unordered_map<std::uint64_t, PeerView> views_;
  PeerView default_view_ = view_of(PeerState{}, nullptr);
  std::unordered_map<std::uint64_t, Users> addresses_, domains_, hosts_, sites_;
  Calibration calibration_;
  std::unordered_map<std::uint64_t, UnitPlace> unit_places_;
  std::unordered_map<std::uint64_t, UnitUse> units_;
  std::unordered_map<std::uint64_t, std::int32_t> places_;  // first day
  std::int32_t first_place_day_ = 0;                        // 0: none yet
  behavior::Novelty novelty_;
};

}  // namespace weir::evidence::detail
