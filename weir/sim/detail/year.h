#pragma once

#include <vector>

#include "weir/sim/detail/agenda.h"
#include "weir/sim/detail/disturbance.h"
#include "weir/sim/detail/presence.h"
#include "weir/sim/detail/routine.h"

namespace weir::sim {

/// What must be known of a whole year before its days can be made one by one: who works when, what
/// is on people's agendas, which machines deliver late.
class Year {
 public:
  Year(const Organisation& organisation, const Disturbances& disturbances, const Routine& routine)
      : organisation_(organisation),
        disturbances_(disturbances),
        routine_(routine),
        presence_(organisation) {}

  /// On `threads` threads. `planned`: what happens beside people's own lives, in all years.
  void prepare(int year, const std::vector<AgendaItem>& planned, int threads);
  /// Everything that one window's log holds. Thread-safe after `prepare`.
  void fill(Day day, EventBuffer& buffer) const;

 private:
  struct Part {
    std::vector<AgendaItem> agenda;
    std::vector<LateDay> late;
  };
  void prepare_part(int year, std::uint32_t first, std::uint32_t last, Part& part) const;
  void add_agenda(Day day, EventBuffer& buffer) const;

  const Organisation& organisation_;
  const Disturbances& disturbances_;
  const Routine& routine_;
  Presence presence_;
  Day first_{};
  std::vector<std::vector<AgendaItem>> agenda_;  // by day of the year
  std::vector<std::vector<LateDay>> late_;       // by day of the year, by person
  std::vector<std::vector<LateDay>> late_arrivals_;
};

}  // namespace weir::sim
