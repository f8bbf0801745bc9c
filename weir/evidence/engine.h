#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/result.h"
#include "weir/event/act.h"
#include "weir/evidence/case_draft.h"
#include "weir/evidence/decision.h"
#include "weir/roster/people.h"

namespace weir::evidence {

struct EngineOptions {
  /// The promise: expected false cases a week over everybody watched (PFER).
  double false_cases_per_week = 1.0;
  /// Share of the promise for the slow drip; the other hypotheses divide the rest equally.
  double drip_share = 0.5;
  /// Never two cases of one person and hypothesis within this time without new evidence.
  std::chrono::days refractory{60};
  /// Late acts join the day they arrived in up to this age; older ones are stored and not scored.
  std::chrono::days allowed_lateness{30};
  /// Lane 2: of a week's list of further cases, at most this share is false in the mean; 0: no
  /// lists.
  double false_discovery_share = 0.1;
  /// Lane 3: cases a week to fill up with, best first; no guarantee.
  int fill_cases_per_week = 0;
  int threads = 2;
  int shards = 8;  // results do not depend on it, nor on `threads`
};

/// False cases a week promised of one hypothesis, over everybody watched.
double promised(const EngineOptions& options, Hypothesis hypothesis);

/// The check of one model of days against what it says of itself: a tail probability of at most p
/// should come on no more than p of the days of people without a case. Made anew with each window
/// of 30 days, over all that is remembered. What a level weighs is learnt from how often it comes
/// and does not rest on this; that a case says "on 1 in 200 of this person's days" does.
struct TailCheck {
  std::string feature;        // "copies to removable media"
  double person_windows = 0;  // 30 days of one person
  double at_hundredth = 0;    // share of days on which p was 0.01 or less
  double at_thousandth = 0;
  bool has_enough() const;
  /// Not twice as often, where enough was seen to tell.
  bool holds() const;
};

struct DayReport {
  /// By (person, hypothesis). Those of lanes 2 and 3 are of the list of the week that ended before
  /// this day, and opened on its Sunday.
  std::vector<CaseDraft> cases;
  std::uint64_t acts = 0;
  std::uint64_t too_late = 0;     // older than the allowed lateness
  std::uint64_t seen_before = 0;  // copies of acts already scored
};

/// Behaviour and evidence of everybody, one closed day at a time. Day d is scored with the
/// organisation's state of day d−1 plus day d's calendar multiplier; then shards hand in
/// fixed-point sums that are merged into the next organisation state. Hence one shard and eight,
/// one run and a resumed one give the same cases, bit for bit.
class Engine {
 public:
  static Result<Engine> create(const EngineOptions& options);
  /// From `save`'s bytes; `corrupt` if they are damaged, `unsupported` if from a newer version,
  /// `conflict` if the options that matter to results differ from those it was saved under.
  static Result<Engine> load(std::string_view snapshot, const EngineOptions& options);
  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;
  ~Engine();

  /// Closes `day`, which must come after the last one; days between are closed as empty, and of the
  /// Sundays among them only the last has a list. `acts` in
  /// order of (person, time, id): those of the day, and late ones of earlier days.
  Result<DayReport> close_day(Day day, std::span<const event::Act> acts,
                              const roster::People& people);

  /// What somebody decided about a case, from the next day closed on (docs/evidence.md): call it
  /// before that day, in the order in which the decisions were made. The last one about a person
  /// and hypothesis holds; `open` and `unclear` take back what an earlier one did, but for a quiet
  /// time, which runs out by itself. Somebody of whom nothing is known is nothing to decide about.
  void decide(const Decision& decision);

  /// The whole state with version and checksum. Equal states give equal bytes.
  std::string save() const;

  std::optional<Day> last_closed() const;
  /// People the promise is divided over: all with a record so far or on the roster.
  std::size_t people_watched() const;
  /// What a case needs as of the last closed day: what the models of innocent behaviour demand, or
  /// less where everybody together was watched long enough to say that less keeps the promise.
  Threshold threshold(Hypothesis hypothesis) const;
  /// By feature; empty before the first window is used.
  std::vector<TailCheck> tail_checks() const;
  /// Bytes of state, and people, for the cost curve.
  std::size_t state_bytes() const;

 private:
  struct Impl;
  explicit Engine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace weir::evidence
