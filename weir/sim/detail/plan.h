#pragma once

#include <array>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "weir/sim/detail/agenda.h"
#include "weir/sim/scenario_ranges.h"
#include "weir/sim/simulate.h"

namespace weir::sim {

/// The scenario parameters of one world: the usual values, or drawn from their ranges.
class Knobs {
 public:
  explicit Knobs(const Options& options);

  double operator[](Knob knob) const { return values_[static_cast<std::size_t>(knob)]; }
  /// Around the value as a count: Poisson, and at least one.
  std::uint32_t count(Knob knob, Random& random) const;

 private:
  std::array<double, kRanges.size()> values_{};
};

/// One thing an insider did, for the answer file.
struct MaliciousAct {
  std::string_view step;  // "access", "connect", "send", "copy", "upload" …
  AgendaItem item;
  /// Of the mail that asked for it.
  std::optional<Instant> requested{};
  /// False where thinned worlds leave such records out, the insider's like anybody's.
  bool written = true;
  std::string_view about{};  // what was asked for, where a scenario says
};

struct Insider {
  std::uint32_t person = 0;
  std::string_view scenario{};
  Day from{}, to{};  // of activity
  std::vector<Address> mailboxes{};
  std::vector<MaliciousAct> acts{};
  std::vector<AgendaItem> requests{};
  /// Harmless in themselves, written to look ordinary; not in `acts`.
  std::vector<AgendaItem> decoys{};
  std::uint32_t partner = kNone;  // index of the person who acts with this one
  bool leaves = false;            // goes soon after, and because of, the acts
  Day moved = kNever;             // to the organisation's other legal entity
};

/// The working days of one person, over all years.
class PersonCalendar {
 public:
  PersonCalendar(const Organisation& organisation, const Person& person)
      : organisation_(organisation), person_(person) {}

  bool works(Day day);
  /// The first moment at work that is not before `when`: `when` itself during a shift, else a
  /// moment of the next one, `u` of the way through. Empty if none comes before the end.
  std::optional<Instant> at_work(Instant when, double u);
  /// Working days in [from, to).
  std::vector<Day> work_days_in(Day from, Day to);

 private:
  const Organisation& organisation_;
  const Person& person_;
  std::map<int, WorkDays> years_;
};

/// What plans are made with. They read the organisation, and change those who leave or move.
struct Stage {
  const Options& options;
  Organisation& organisation;
  Knobs knobs;
};

/// One insider while being planned: draws, calendar, and short ways to write acts down.
class Plan {
 public:
  Plan(Stage& stage, std::uint32_t index, std::string_view scenario);

  Random random;  // of the plan
  Random means;   // of how things leave: apart, so that scenarios differ in that alone
  Insider insider;
  PersonCalendar calendar;

  const Person& person() const { return stage_.organisation.people[insider.person]; }
  const Organisation& organisation() const { return stage_.organisation; }
  double operator[](Knob knob) const { return stage_.knobs[knob]; }
  std::uint32_t count(Knob knob) { return stage_.knobs.count(knob, random); }
  /// The first day there, and the one after the last.
  Day first_day() const;
  Day last_day() const;

  AgendaItem item(event::Activity activity, Instant time) const;
  void act(std::string_view step, const AgendaItem& item, std::optional<Instant> requested = {});
  /// An act of a kind that thinned worlds log with chance `share`.
  void thinned_act(std::string_view step, const AgendaItem& item, double share,
                   std::optional<Instant> requested = {});
  /// A document of the organisation as it is on `day`.
  Document document(Day day, bool sensitive, bool foreign);
  /// Copies of `document` to a medium, a print, an upload to an account that nobody declared.
  AgendaItem copy(Instant time, Document document) const;
  AgendaItem print(Instant time, Document document) const;
  AgendaItem upload(Instant time, Document document) const;
  AgendaItem connect(Instant time) const;
  AgendaItem mail(Instant time, Address to, std::uint64_t nonce) const;
  AgendaItem request(Instant time, Address from, std::uint64_t nonce) const;
  /// Between 19:30 and 23:30 on the person's clock.
  Instant evening(Day day);
  /// A moment of the shift of that day.
  Instant in_shift(Day day);
  /// Makes the person leave within two weeks of `day`.
  void leave_after(Day day);

 private:
  Stage& stage_;
  Documents documents_;
};

/// So many days.
std::chrono::milliseconds milliseconds_of(double count);

}  // namespace weir::sim
