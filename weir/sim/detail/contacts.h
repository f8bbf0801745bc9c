#pragma once

#include "weir/base/random.h"
#include "weir/sim/detail/organisation.h"

namespace weir::sim {

/// Whom people write to. A circle of correspondents has places, some used much more than others,
/// each held by one correspondent for a year or several and then by the next. It is computed and
/// not remembered, so that any day can be made without those before it.
class Contacts {
 public:
  explicit Contacts(const Organisation& organisation) : organisation_(organisation) {}

  /// Somebody outside that the person deals with for work.
  Address business(Random& random, const Person& person, Day day) const;
  /// One of the person's few friends.
  Address friend_of(Random& random, const Person& person, Day day) const;
  /// The client of a freelancer; at most two over the years.
  Address client_of(Random& random, const Person& person) const;
  /// A colleague on that day, mostly of the same department; kNone if the drawn seat is empty.
  std::uint32_t colleague(Random& random, const Person& person, Day day) const;

 private:
  const Organisation& organisation_;
};

}  // namespace weir::sim
