#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "weir/behavior/address_ledger.h"
#include "weir/behavior/count_model.h"
#include "weir/behavior/hour_profile.h"
#include "weir/behavior/novelty.h"
#include "weir/behavior/operational_clock.h"
#include "weir/behavior/size_model.h"
#include "weir/evidence/case_draft.h"
#include "weir/evidence/detail/accumulator.h"
#include "weir/evidence/detail/archive.h"
#include "weir/evidence/detail/calibration.h"
#include "weir/evidence/detail/day_counts.h"
#include "weir/evidence/detail/day_hypotheses.h"
#include "weir/evidence/detail/likelihood.h"
#include "weir/evidence/detail/mailbox_detectors.h"
#include "weir/evidence/needs.h"

namespace weir::evidence::detail {

/// An act that moved the evidence, in numbers; texts are made when a case opens.
struct Contributor {
  event::RecordId act;
  std::vector<event::RecordId> records;
  Instant time;
  event::Activity activity{};
  event::AddressToken address{};
  event::Sensitivity sensitivity{};
  std::vector<std::uint32_t> documents;
  Marks marks;
  float nats = 0;              // by how much the evidence moved
  std::uint8_t archetype = 0;  // the innocent explanation it is told against
  std::array<PerArchetype<float>, kMarks> mark_nats{};
  std::array<PerArchetype<float>, kMarks> expected{};
};

/// One feature of a day that moved the evidence, in numbers.
struct DayContributor {
  event::RecordId act;  // the first of those counted
  std::vector<event::RecordId> records;
  Instant time;
  event::Activity activity{};
  event::AddressToken address{};
  event::Sensitivity sensitivity{};
  std::vector<std::uint32_t> documents;
  Feature feature{};
  Seen seen;
  float chance = 0;  // of a day like this, among the innocent
  float nats = 0;
};

/// Contributors of one person and hypothesis since evidence began or a case closed it.
template <class One>
struct StoryOf {
  static constexpr std::size_t kMost = 64;
  /// Kept while the evidence is still small, so that a case can name its first acts. Evidence is
  /// counted here from what the weekly openings alone would have made of it.
  static constexpr std::size_t kMostWhileQuiet = 4;
  static constexpr double kLoud = 3.0;
  static constexpr float kWorthKeeping = 0.7f;
  /// Less would round to nothing on the page.
  static constexpr float kWorthNaming = 0.05f;

  std::vector<One> contributors;         // by weight, largest first
  double total = 0;                      // nats of all acts, kept or not
  std::uint32_t acts = 0;                // with those not kept
  std::int32_t quiet_until = INT32_MIN;  // refractory
  Peak peak;

  void add(One contributor, double evidence);
  void trim(double evidence);
  /// What happened earlier has faded from the evidence and explains nothing of it.
  void forget_before(Instant when);
  void restart(std::int32_t quiet_until_day);
};
using Story = StoryOf<Contributor>;
using DayStory = StoryOf<DayContributor>;
extern template struct StoryOf<Contributor>;
extern template struct StoryOf<DayContributor>;

/// One message that came in.
struct Contact {
  std::uint64_t address = 0;
  float clock = 0;
};

/// A transmission or contact already scored: for copies that arrive on later days.
struct SeenAct {
  std::uint32_t key = 0;
  std::uint32_t time = 0;  // seconds since 1970, modulo 2^32
  std::int32_t day = 0;    // closed day on which it was scored
};

struct PlaceUse {
  std::uint64_t place = 0;
  std::int32_t first_day = 0;
  std::int32_t last_day = 0;
  bool worked_today = false;  // on `last_day`
  float worked = 0;           // days on which it was worked with; aged to `last_day`
  float uses = 0;             // days of any use; aged to `last_day`, half-life 180 days
};

/// Only of people who ever sent something out.
struct EgressState {
  OwnHabits habits;
  std::array<float, kStrata> sends{};  // aged
  float exposure_years = 0;            // aged alike
  PerArchetype<float> log_innocent{};
  /// The archetype that a decision explained this person's drip as, plus one; 0: none.
  std::uint8_t explained = 0;
  DripAccumulator drip;
  MailboxDetectors mailboxes;  // of the drip too
  std::int32_t drip_since = 0;
  Story story;
  std::int32_t window = INT32_MIN;  // of the weight left below
  float weight_left = 1.0f;
  behavior::SizeModel bytes;

  static constexpr double kHalfLifeDays = 730.0;
  /// Transmissions of this stratum a year, expected from before today.
  double rate(Stratum stratum) const;
  double all_rates() const;
  /// Evidence of a drip in nats, of all transmissions together and of each mailbox by itself, half
  /// each: against the best innocent explanations; against each alone; and what it would be if
  /// every e-value since the last restart had been 1.
  double drip_score() const;
  PerArchetype<double> drip_logs() const;
  double idle_drip_score() const;
  /// Against each innocent explanation alone, and the best: e-process, not its logarithm.
  PerArchetype<double> drip_wealths() const;
  double drip_wealth() const;
  void begin_drip(std::int32_t day);
  void restart_drip(std::int32_t day);
};

enum SourceBit : std::uint16_t {
  kSawInbound = sight_of(Detail::messages_received),
  kSawSensitivity = sight_of(Detail::sensitivity),  // of some transmission
  kSawPlaces = sight_of(Detail::places),            // of documents worked with
};

/// Everything remembered of one person.
struct Person {
  std::uint64_t id = 0;
  std::uint64_t unit = 0;
  std::uint64_t peer = 0;
  std::int32_t first_day = 0;
  std::int32_t aged_day = 0;
  float days = 0;  // with own acts; aged
  Sight sources = 0;
  /// Bits of hypotheses whose last decision said so.
  std::uint8_t confirmed = 0;
  std::uint8_t cleared = 0;
  std::array<behavior::CountModel, kCountKinds> counts;
  behavior::HourProfile hours;
  behavior::OperationalClock clock;
  behavior::Novelty recipients, hosts_met, places_met;
  DayHistory day_history;
  DayDetectors detectors;
  std::array<DayStory, kDayHypotheses> day_stories;
  std::int32_t window = INT32_MIN;  // of the weight left below
  float weight_left = 1.0f;
  float off_role_last = -1e6f;       // clock at the last off-role access
  std::vector<std::uint32_t> hosts;  // sorted
  std::vector<std::uint32_t> sites;  // sorted
  std::vector<PlaceUse> places;      // by place
  behavior::AddressLedger ledger;
  std::vector<Contact> contacts;  // oldest first
  std::vector<SeenAct> seen;      // in order of scoring
  std::unique_ptr<EgressState> egress;

  static constexpr std::size_t kMostContacts = 16;
  static constexpr std::size_t kMostHosts = 256;
  static constexpr std::size_t kMostPlaces = 256;
  static constexpr std::size_t kMostSites = 512;
  /// Own days until anything of a person's is called unusual.
  static constexpr float kBurnIn = 20.0f;
  static constexpr std::size_t kMostSeen = 1 << 16;

  void age_to(std::int32_t day);
  /// What `clock` says at that moment.
  float clock_at(Instant when) const;
  bool is_settled() const { return days >= kBurnIn; }
  /// True if `host` was new; remembers it.
  bool meet_host(std::uint32_t host);
  /// The same for sites.
  bool visit_site(std::uint32_t site);
  /// A case was opened and not explained since, or one was confirmed: then others do not learn
  /// from this person.
  bool is_watched(std::int32_t day) const;
  /// A new case: what was decided earlier no longer clears the person of it.
  void ask(Hypothesis hypothesis) {
    cleared = static_cast<std::uint8_t>(cleared & ~(1u << static_cast<unsigned>(hypothesis)));
  }
  const PlaceUse* find_place(std::uint64_t place) const;
  /// True on the first use of a day. `worked`: opened or looked up, not merely sent.
  bool use_place(std::uint64_t place, std::int32_t day, bool worked);
  void add_contact(std::uint64_t address, float clock_reading);
  void forget_seen(std::int32_t before_day);

  /// e-process of each hypothesis: of mean at most 1 at any time if the models of innocent
  /// behaviour are right.
  std::array<double, kHypothesisCount> wealths() const;
  /// How far the evidence has risen that a case would be about.
  double peak(Hypothesis hypothesis) const;
  /// After a case of lane 1 or 2, which may well cite what speaks for another hypothesis too: all
  /// that was won so far is not staked again.
  void forgo();
  /// A case of any kind was opened so lately.
  bool is_quiet(std::int32_t day) const;
  /// Nothing opens in lanes 2 and 3 until then.
  std::int32_t listed_until = INT32_MIN;

  std::size_t bytes() const;
};

template <class Archive>
void transfer(Archive& archive, Person& person);
extern template void transfer(Saver&, Person&);
extern template void transfer(Loader&, Person&);

}  // namespace weir::evidence::detail
