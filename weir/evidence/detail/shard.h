#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "weir/behavior/local_time.h"
#include "weir/behavior/median_ratio.h"
#include "weir/evidence/detail/organisation.h"
#include "weir/evidence/detail/person.h"
#include "weir/evidence/engine.h"

namespace weir::evidence::detail {

/// What every shard is told about the day it scores.
struct DayContext {
  std::int32_t day = 0;
  const EngineOptions* options = nullptr;
  const roster::People* people = nullptr;
  const Organisation* organisation = nullptr;
  /// How much of each kind everybody does today against the usual, never below 1.
  std::array<double, kCalendarKinds> multipliers{};
  std::array<Threshold, kHypothesisCount> thresholds{};
};

/// A share of the people: their state, and a day of theirs. Touched by one worker at a time.
class Shard {
 public:
  /// Phase 1: makes and moves people, counts their acts, and says how today compares.
  void begin();
  void count(std::span<const event::Act> acts, const DayContext& context);
  /// Phase 2: scores what was counted.
  void score(const DayContext& context);

  const std::array<behavior::MedianRatio, kCalendarKinds>& ratios() const { return ratios_; }
  ShardSums& sums() { return sums_; }
  DayReport& report() { return report_; }
  /// People made today whom the roster does not know.
  std::size_t new_strangers() const { return new_strangers_; }

  std::unordered_map<std::uint64_t, std::unique_ptr<Person>>& people() { return people_; }
  const std::unordered_map<std::uint64_t, std::unique_ptr<Person>>& people() const {
    return people_;
  }

 private:
  /// The acts of one person today.
  struct Run {
    std::span<const event::Act> acts;
    Person* person = nullptr;
    std::chrono::minutes zone{0};
    DayCounts counts;
    bool opened_case = false;
  };
  /// One transmission weighed.
  struct Scored {
    const event::Act* act = nullptr;
    std::uint64_t key = 0;  // acts with the same key and day count as one
    event::AddressToken address{};
    Marks marks;
    Likelihood likelihood;
  };
  struct Counterparty {
    Stratum stratum = Stratum::none;
    std::uint64_t key = 0;
    event::AddressToken address{};
    event::DomainToken domain{};
    event::RecipientClass recipient_class{};
  };

  Person& person_for(std::uint64_t id, const DayContext& context);
  void score_run(Run& run, const DayContext& context);
  bool seen_before(const Person& person, const event::Act& act, std::size_t until,
                   SeenAct& seen) const;
  void receive(Person& person, const event::Act& act, const DayContext& context);
  void work(Run& run, const event::Act& act, const DayContext& context);
  void visit(Run& run, const event::Act& act, const DayContext& context);
  void use_host(Run& run, const event::Act& act, const DayContext& context);
  /// Counts what is only known while the day is scored; late acts say nothing about today.
  static void note(Run& run, const event::Act& act, CountKind kind, const DayContext& context);
  Stratum stratum_of(const Person& person, const event::Act& act, const event::Party& party,
                     const DayContext& context) const;
  Counterparty counterparty_of(const Person& person, const event::Act& act,
                               const DayContext& context) const;
  void transmit(Run& run, const event::Act& act, const DayContext& context);
  void mark_lags(const Person& person, const event::Act& act, Marks& marks,
                 std::uint64_t address) const;
  void remember_send(Person& person, const event::Act& act);
  PlaceRole place_of(const Person& person, std::uint64_t place, const DayContext& context) const;
  /// True if a case was opened.
  bool accumulate_drip(Person& person, const DayContext& context);
  void count_odd_hours(Run& run, const DayContext& context) const;
  DaySeen judge(Run& run, const DayContext& context) const;
  void accumulate_days(Run& run, const DayContext& context);
  void learn_day(Person& person, const DaySeen& seen, const DayContext& context);
  void tell_day(const Run& run, const DaySeen& seen, const DayRatios& ratios,
                const DayHypothesis& hypothesis, double nats, double score,
                const DayContext& context);
  /// Says to the calibration how far the evidence has risen.
  template <class One>
  void rise(Hypothesis hypothesis, StoryOf<One>& story, double before, double after,
            const DayContext& context);
  void learn(Person& person, std::span<const std::uint32_t> group, const DayContext& context);
  Contributor contributor_of(const Scored& scored, std::size_t acts) const;
  void finish_counts(Run& run, const DayContext& context);

  std::unordered_map<std::uint64_t, std::unique_ptr<Person>> people_;
  behavior::LocalTime local_time_;
  std::array<behavior::MedianRatio, kCalendarKinds> ratios_;
  ShardSums sums_;
  DayReport report_;
  std::size_t new_strangers_ = 0;
  std::vector<Run> runs_;
  // Of the person being scored; kept for their memory.
  std::vector<Scored> scored_;
  std::vector<std::uint32_t> order_;
  std::uint32_t draws_today_ = 0;
  std::uint32_t new_today_ = 0;
};

}  // namespace weir::evidence::detail
