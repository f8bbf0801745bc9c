#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "weir/base/time.h"
#include "weir/event/ids.h"

namespace weir::roster {

/// Half-open [from, to).
struct Period {
  Day from = Day::min();
  Day to = Day::max();
  bool contains(Day day) const { return from <= day && day < to; }
  friend bool operator==(const Period&, const Period&) = default;
};

/// What is known of a person on one day; empty text: not known.
struct Facts {
  std::string_view entity;  // legal entity
  std::string_view unit;
  std::string_view role;
  std::string_view site;
  std::string_view timezone;  // IANA name
  event::PersonId manager{};
  bool employed = true;  // within start and end, if those are known
};

enum class FactKind : std::uint8_t { entity, unit, role, site, timezone, manager, access };

struct Fact {
  FactKind kind{};
  std::string value;  // for `manager` the person id in decimal
  Period period;
  friend bool operator==(const Fact&, const Fact&) = default;
};

struct Person {
  event::PersonId id{};
  std::string pseudonym;  // "Kestrel-207"
  Period employment;
  /// Made from an identity that no roster import has named yet.
  bool provisional = false;
  std::vector<Fact> facts;  // by (kind, from); at most one of a kind on a day, but for `access`
};

/// An immutable picture of everybody, for one analysis or ingest run. Thread-safe.
class People {
 public:
  People() = default;
  /// `declared`: address token → person. `aliases`: ids given to people who turned out to be
  /// others, → the id that stayed.
  explicit People(std::vector<Person> people,
                  std::unordered_map<std::uint64_t, event::PersonId> declared,
                  const std::unordered_map<std::uint64_t, event::PersonId>& aliases = {});

  /// Null if unknown. Old records may carry an id whose owner turned out to be another provisional
  /// person: then the survivor is found, whose `id` differs from the one asked for.
  const Person* find(event::PersonId person) const;
  /// The id that stayed, for one whose owner turned out to be somebody else; else the id itself.
  event::PersonId survivor(event::PersonId person) const;
  /// Is there any such id?
  bool has_aliases() const { return index_.size() > people_.size(); }
  /// Views into this object.
  Facts on(event::PersonId person, Day day) const;
  /// The person who declared this outside address as their own, or kNobody.
  event::PersonId declared_by(event::AddressToken address) const;
  /// Every address that somebody declared, ascending.
  std::vector<event::AddressToken> declared() const;
  /// Every id whose owner turned out to be somebody else, with the id that stayed; ascending.
  std::vector<std::pair<event::PersonId, event::PersonId>> aliases() const;
  const std::vector<Person>& all() const { return people_; }  // by id

 private:
  std::vector<Person> people_;
  std::unordered_map<std::uint64_t, std::size_t> index_;
  std::unordered_map<std::uint64_t, event::PersonId> declared_;
};

}  // namespace weir::roster
