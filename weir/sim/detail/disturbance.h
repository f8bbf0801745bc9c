#pragma once

#include <array>
#include <vector>

#include "weir/base/random.h"
#include "weir/sim/detail/event.h"
#include "weir/sim/detail/organisation.h"

namespace weir::sim {

/// A machine that delivers a day's log late.
struct LateDay {
  Day day;
  Day arrival;
  std::uint32_t person = 0;
};

/// What goes wrong between an act and its log line: sources that fail for a time, clocks that are
/// wrong, lines that come twice.
class Disturbances {
 public:
  explicit Disturbances(const Organisation& organisation);

  /// Did that log fail then?
  bool is_lost(Source source, Instant when) const;
  /// The time that is written, by the clock of the machine that writes.
  Instant written(const Person& person, Source source, Instant when) const;
  /// The buffer's newest event as the log has it: lost, at another time, or with further lines
  /// after it. Nothing is left later than `latest`.
  void apply(EventBuffer& buffer, Random& random, Instant latest) const;
  /// In one year, by day; a day only once. None arrives after the year's or the world's end.
  void append_late_days(std::uint32_t person, int year, std::vector<LateDay>& out) const;

 private:
  struct Outage {
    Instant from, to;
  };
  const Organisation& organisation_;
  std::array<std::vector<Outage>, kSources> outages_;
};

}  // namespace weir::sim
