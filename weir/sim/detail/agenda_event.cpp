#include "weir/sim/detail/agenda.h"
#include "weir/sim/detail/purpose.h"

namespace weir::sim {

using event::Activity;

void add_event(const AgendaItem& item, const Organisation& organisation, EventBuffer& buffer) {
  const Person& person = organisation.people[item.person];
  const Day day = window_of(item.time);
  Event& event = buffer.add(item.activity, item.person, item.time);
  event.zone = organisation.departments[person.position(day).department].zone;
  event.flags = item.flags;
  event.instance = item.instance;
  event.host_of = item.host_of;
  event.account = item.account;
  event.has_account = item.has_account;
  std::uint64_t bytes = 0;
  bool place_shown = false;
  if (item.has_document) {
    const DocumentFacts document = facts(organisation.seed, item.document, organisation.marking);
    bytes = document.bytes;
    place_shown =
        item.document.is_ours() && (document.place_known || item.activity == Activity::file_open);
  }
  if (source_of(item.activity) == Source::mail && item.activity != Activity::forward_rule) {
    // Numbers and not draws: the item has had its draws.
    bytes = bytes + bytes / 3 + 12'000 + item.nonce % 30'000;
    event.digest[0] = item.nonce;
    event.digest[1] = item.nonce ^ 0x9e3779b97f4a7c15u * (item.person + 1u);
    event.host = 2;
  }
  event.bytes = bytes;
  if (item.has_party) {
    const bool site = item.party.kind == AddressKind::web_site;
    buffer.party(item.party, site                                       ? event::PartyRole::site
                             : item.activity == Activity::mail_receive  ? event::PartyRole::from
                             : item.activity == Activity::record_lookup ? event::PartyRole::subject
                                                                        : event::PartyRole::to);
  }
  if (item.colleagues > 0) {
    const std::uint32_t seats = organisation.seats_on(day);
    Random random = draw(organisation.seed, item.nonce, person.number, Purpose::mass_mail);
    for (int i = 0; i < item.colleagues; ++i) {
      const std::uint32_t colleague = organisation.incumbent(random.below(seats), day);
      if (colleague == kNone || colleague == item.person) continue;
      buffer.party({colleague, AddressKind::employee}, event::PartyRole::to);
    }
  }
  if (item.has_document) buffer.object(item.document, place_shown);
}

}  // namespace weir::sim
