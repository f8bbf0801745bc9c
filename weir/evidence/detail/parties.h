#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "weir/event/act.h"

namespace weir::evidence::detail {

inline bool is_outside(const event::Party& party) {
  return party.role != event::PartyRole::subject && party.person == event::kNobody &&
         party.recipient_class != event::RecipientClass::internal;
}

/// Which counterparty it is: its address, else its domain; 0 if neither is known.
inline std::uint64_t key_of(const event::Party& party) {
  const std::uint64_t address = std::to_underlying(party.address);
  return address != 0 ? address : std::to_underlying(party.domain);
}

/// The numbers of the protected documents in an act, the most sensitive and the largest first.
std::vector<std::uint32_t> documents_of(const event::Act& act);
/// The first records of an act, enough to find it again.
std::vector<event::RecordId> records_of(const event::Act& act);

}  // namespace weir::evidence::detail
