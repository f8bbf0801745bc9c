#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "weir/base/time.h"
#include "weir/event/ids.h"
#include "weir/ingest/detail/scope.h"
#include "weir/ingest/detail/zone.h"
#include "weir/roster/people.h"

namespace weir::ingest {

/// What the roster says of somebody on one day.
struct KnownPerson {
  event::PersonId person{};
  Day day = Day::min();
  Scope::Classes classes = 0;  // that may be kept
  Zone* zone = nullptr;
};

/// The facts of people that ingest asks for, remembered from one record of theirs to the next.
/// Not thread-safe.
class KnownPeople {
 public:
  /// `zone` is that of people of whom the roster names none.
  KnownPeople(roster::People people, Scope scope, Zone zone);
  // Its answers point into it.
  KnownPeople(const KnownPeople&) = delete;
  KnownPeople& operator=(const KnownPeople&) = delete;

  /// Valid until the next call.
  const KnownPerson& on(event::PersonId person, Day day);

  const Scope& scope() const { return scope_; }

 private:
  static constexpr std::size_t kSlots = 1u << 14;

  /// The default for a name that the database does not have.
  Zone* zone_of(std::string_view name);

  roster::People people_;
  Scope scope_;
  Zone default_zone_;
  std::unordered_map<std::string, std::unique_ptr<Zone>> zones_;  // null: not in the database
  std::vector<KnownPerson> known_ = std::vector<KnownPerson>(kSlots);
};

}  // namespace weir::ingest
