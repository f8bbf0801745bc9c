#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>

#include "weir/evaluate/features.h"

namespace weir::evaluate::detail {

/// Counts one act into a row of `Variant::counts`.
void count_plain(const event::Act& act, const std::optional<Sending>& sending, Row& row);

/// Counts acts into rows of `Variant::marks`, and remembers what the marks need: who wrote when,
/// which places and hosts are whose. Acts must come in order of (day, person, time). Off-role: a
/// place that the person used at most twice before, and of which the person's unit makes less than
/// a tenth of all uses.
class MarkCounter {
 public:
  void count(const PersonHistory& person, Day day, const event::Act& act,
             const std::optional<Sending>& sending, Row& row);

 private:
  struct Correspondence {
    Day received = Day::min();
    bool sent = false;
  };
  struct Place {
    std::uint32_t uses = 0;
    std::unordered_map<std::uint64_t, std::uint32_t> by_unit;
  };

  void count_sending(const PersonHistory& person, Day day, const Sending& sending, Row& row);
  bool is_off_role(const PersonHistory& person, const event::Act& act) const;
  void learn_places(const PersonHistory& person, const event::Act& act);

  std::unordered_map<std::uint64_t, Correspondence> correspondence_;  // by person and address
  std::unordered_map<std::uint64_t, Day> any_received_;               // by person
  std::unordered_map<std::uint64_t, Place> places_;
  std::unordered_map<std::uint64_t, std::uint32_t> own_places_;  // by person and place
  std::unordered_map<std::uint64_t, bool> hosts_;                // by person and host
};

}  // namespace weir::evaluate::detail
