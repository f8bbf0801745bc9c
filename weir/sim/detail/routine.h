#pragma once

#include "weir/sim/detail/contacts.h"
#include "weir/sim/detail/disturbance.h"
#include "weir/sim/detail/documents.h"
#include "weir/sim/detail/event.h"
#include "weir/sim/detail/presence.h"

namespace weir::sim {

/// What a person does on any working day: logons, mail, documents, devices, prints, look-ups, web.
class Routine {
 public:
  /// Which logs of the day to write: a machine may deliver its own late.
  enum class Part : std::uint8_t { all, without_endpoint, only_endpoint };

  /// What all people share on one day.
  struct Day {
    weir::Day day;
    double busy = 1;  // everybody's rates are multiplied by this
  };

  Routine(const Organisation& organisation, const Disturbances& disturbances);

  Day prepare(weir::Day day) const;
  /// Adds the records of one person and day. Depends on nothing but its arguments.
  void add(std::uint32_t person, const Day& day, Part part, EventBuffer& buffer) const;

 private:
  friend class PersonDay;

  const Organisation& organisation_;
  const Disturbances& disturbances_;
  Documents documents_;
  Contacts contacts_;
};

}  // namespace weir::sim
