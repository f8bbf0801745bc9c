#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "weir/base/time.h"
#include "weir/event/act.h"

namespace weir::evidence {

/// Stored: append, never renumber.
enum class Hypothesis : std::uint8_t {
  slow_drip = 0,
  burst = 1,
  odd_hours = 2,      // unusual hours together with a new way out
  departing = 3,      // getting ready to leave, and taking things along
  other_account = 4,  // computers and documents of others
  sabotage = 5,
};
inline constexpr std::uint8_t kHypothesisCount = 6;
std::string_view to_string(Hypothesis hypothesis);  // "slow_drip"

/// A named innocent explanation.
enum class Archetype : std::uint8_t {
  ordinary = 0,
  self_mailer = 1,
  freelancer = 2,
  on_call = 3,
  new_role = 4,
  traveller = 5,
  job_hunter = 6,
};
inline constexpr std::uint8_t kArchetypeCount = 7;

/// What the promise of lane 1 rests on. Stored.
enum class Basis : std::uint8_t {
  model = 0,     // the models of innocent behaviour are right
  observed = 1,  // the coming weeks are like those in which everybody was watched so far
};
std::string_view to_string(Basis basis);  // "observed"

/// From how many nats on a case opens.
struct Threshold {
  double nats = 0;
  Basis basis = Basis::model;
};
std::string_view to_string(Archetype archetype);  // "self_mailer"

/// One mark of an act: what was seen, what was expected, and what it weighs.
struct MarkNote {
  std::string mark;      // "sensitivity", "ownership", "lag_contact", "novelty", "hour" …
  std::string observed;  // "secret", "4.2 days after a message from the same address"
  std::string expected;  // "1 in 9 of this person's sends; 1 in 12 of peers'"
  double nats = 0;       // against the archetype that explains the whole best
};

struct Contribution {
  event::RecordId act;
  std::vector<event::RecordId> records;
  Instant time;
  event::Activity activity{};
  event::AddressToken address{};  // the counterparty that weighs most
  event::Sensitivity sensitivity{};
  /// Numbers of protected documents in it, the most sensitive first; not all if there are many.
  std::vector<std::uint32_t> documents;
  double nats = 0;  // sum over the marks
  std::vector<MarkNote> marks;
};

struct InnocentExplanation {
  Archetype archetype{};
  /// log likelihood ratio of the hypothesis against this one, over the cited acts. The smallest
  /// is the best innocent explanation.
  double nats_against = 0;
  std::string why_not;  // one sentence
};

/// What opens a case: everything it says can be recomputed from the lake and the configuration.
struct CaseDraft {
  event::PersonId person{};
  Hypothesis hypothesis{};
  int lane = 1;
  Day opened;  // the closed day
  /// Log of the accumulated evidence against the best innocent explanation; in lane 2 of the mean
  /// over hypotheses, of which this one has the most.
  double nats = 0;
  double threshold = 0;  // nats at which a case opens
  Basis basis = Basis::model;
  Instant first, last;                      // of the contributing acts
  std::vector<Contribution> contributions;  // by weight, largest first; at most 64
  std::size_t smaller_acts = 0;
  double smaller_nats = 0;  // of the acts not listed
  double faded_nats = 0;    // what forgetting took and the weekly opening gave: closes the sum
  std::vector<InnocentExplanation> innocent;  // best (smallest nats_against) first
  std::vector<std::string> would_clear;       // what would settle it
  std::vector<std::string> unseen;            // channels of this person that were not there to see
};

}  // namespace weir::evidence
