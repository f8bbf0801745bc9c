#pragma once

#include <cstdint>
#include <vector>

#include "weir/sim/detail/contacts.h"
#include "weir/sim/detail/documents.h"
#include "weir/sim/detail/event.h"
#include "weir/sim/detail/presence.h"

namespace weir::sim {

/// Something that happens at a set moment and not as one of so many a day: a private mail and what
/// led to it, a search for a job, a night on call, an insider's act.
struct AgendaItem {
  Instant time{};
  std::uint32_t person = 0;
  event::Activity activity = event::Activity::unknown;
  event::AccountInstance instance = event::AccountInstance::unknown;
  bool has_party = false;
  bool has_document = false;
  bool insider = false;  // not of the person's own life: it disturbs nothing of that
  bool has_account = false;
  std::uint8_t colleagues = 0;  // that many get the mail too, by `nonce`
  std::uint16_t flags = 0;
  /// Whose machine, if not the person's own; in a mail it is not said.
  std::uint32_t host_of = kNone;
  Address account{};  // a private mailbox used as sender
  Address party{};
  Document document{};
  std::uint64_t nonce = 0;  // makes the digest of a mail
};

/// Appends everything on the person's agenda in windows of `year`.
void append_agenda(const Organisation& organisation, const Presence& presence, std::uint32_t person,
                   int year, std::vector<AgendaItem>& out);

/// Puts an item into words, nearly: as an event of the buffer.
void add_event(const AgendaItem& item, const Organisation& organisation, EventBuffer& buffer);

}  // namespace weir::sim
