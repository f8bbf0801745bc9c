#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "weir/base/time.h"
#include "weir/sim/detail/calendar.h"
#include "weir/sim/detail/names.h"
#include "weir/sim/parameters.h"
#include "weir/sim/scenario_ranges.h"

namespace weir::sim {

inline constexpr std::uint32_t kNone = 0xffffffff;

struct Department {
  std::string name;  // "sales-2"
  parameters::Family family{};
  Zone zone{};
  std::string site;
  std::string entity;
  std::vector<std::uint32_t> seats;
};

/// A role in a department from a day on.
struct Position {
  Day from;
  std::uint32_t department = 0;
  std::uint32_t role = 0;
};

/// Ways of life that look like an insider's from afar. Written to the answer file.
enum class Archetype : std::uint8_t { ordinary, never_private, self_mailer, freelancer };

/// Habits, drawn once for a person.
struct Traits {
  Archetype archetype = Archetype::ordinary;
  double private_per_year = 0;
  double mail_factor = 1;  // own mail rate over that of the role
  double dispersion = 3;   // variance over mean of daily counts
  double start_minute = 480;
  double start_spread = 15;
  double day_minutes = 520;
  double weekend_rate = 0;            // chance to work on a day of a weekend
  double connects = 0;                // removable media, a weekday
  std::uint8_t workdays = 0b0011111;  // Monday is bit 0
  std::uint32_t circle = 60;
  bool on_call = false;
  bool traveller = false;
  bool second_host = false;
  std::uint32_t project = kNone;  // department whose documents the person uses too
  Instant skewed_from{}, skewed_to{};
  std::chrono::seconds skew{0};
};

struct Person {
  std::uint32_t number = 0;  // seat * kMostIncumbents + n: the subject of all its random numbers
  std::uint32_t seat = 0;
  Day start = kLongAgo;  // before the simulation for those who were there
  Day end = kNever;      // first day not employed
  std::string key;       // "e00042-1"
  std::string name;
  std::string user_id;
  std::string address;
  /// Until `renamed`.
  std::string old_user_id;
  std::string old_address;
  Day renamed = kLongAgo;
  std::string host;
  std::string second_host;
  std::vector<Position> positions;  // by day; the first from `start`
  Traits traits;
  Address private_mailbox;
  bool declared = false;
  bool leads = false;  // has a team
  /// Looking for another job in [from, to).
  struct Hunt {
    Day from, to;
  };
  std::vector<Hunt> hunts;
  /// On a journey in [away_from, away_to): not at work, whatever the calendar says.
  Day away_from = kNever, away_to = kNever;
  /// Works from home from then on, at another machine, and begins so many minutes later.
  Day remote_from = kNever;
  double remote_later = 0;
  std::string remote_host;

  bool employed(Day day) const { return start <= day && day < end; }
  const Position& position(Day day) const;
  std::string_view user_id_on(Day day) const { return day < renamed ? old_user_id : user_id; }
  std::string_view address_on(Day day) const { return day < renamed ? old_address : address; }
};

inline constexpr std::uint32_t kMostIncumbents = 64;
inline constexpr std::uint32_t kMostPeople = 1'000'000;

struct Seat {
  std::uint32_t first_person = 0;  // index of the first who sat there; the others follow
  std::uint32_t people = 0;
  std::uint32_t department = 0;
  std::uint32_t role = 0;
  std::uint32_t manager = kNone;  // seat
};

/// How well sources tell what is sensitive, as scenario_ranges.h says.
struct Marking {
  double recall = usual(Knob::mark_recall);
  double false_marks = usual(Knob::false_mark);
  double place_known = usual(Knob::place_known);
};

/// Who works where, over the whole time. The same (people, from, to, seed) give the same.
struct Organisation {
  Day from, to;
  std::uint64_t seed = 0;
  bool more_logs = false;  // as in Options
  parameters::Kept kept = parameters::kThinned;
  /// From `shock_from` on: see shock.h. Before it there are only the first so many seats and
  /// departments.
  Day shock_from = kNever, shock_to = kNever;
  std::uint32_t first_seats = 0, first_departments = 0;
  int silent_source = -1;
  Marking marking;
  AddressForm form_after = AddressForm::plain;
  std::vector<Department> departments;
  std::vector<Seat> seats;
  std::vector<Person> people;

  std::uint32_t groups() const {
    return static_cast<std::uint32_t>(departments.size()) * parameters::kGroupsPerDepartment;
  }
  /// How many there are on that day; those that a merger brings are the last.
  std::uint32_t seats_on(Day day) const {
    return day < shock_from ? first_seats : static_cast<std::uint32_t>(seats.size());
  }
  std::uint32_t departments_on(Day day) const {
    return day < shock_from ? first_departments : static_cast<std::uint32_t>(departments.size());
  }
  AddressForm form_on(Day day) const { return day < shock_from ? AddressForm::plain : form_after; }
  /// Who sits there on that day, or kNone.
  std::uint32_t incumbent(std::uint32_t seat, Day day) const;
  /// The person above on that day: that of the own seat, or of the department moved to; kNone for
  /// the head.
  std::uint32_t manager(const Person& person, Day day) const;
};

/// "sales-2/offers"
std::string group_name(const Organisation& organisation, std::uint32_t group);

/// Adds people who join on one day, with their departments, managers and addresses.
void merge_in(Organisation& organisation, Day day, std::uint32_t people);

Organisation make_organisation(std::uint32_t people, Day from, Day to, std::uint64_t seed);

}  // namespace weir::sim
