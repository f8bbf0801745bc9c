#include "weir/sim/detail/phrase.h"

#include "weir/event/ocsf.h"

namespace weir::sim {

namespace {

/// What subjects and devices are called. Nobody's words, and nothing to learn from them.
constexpr std::string_view kSubjects[] = {"schedule", "question", "as discussed", "update",
                                          "draft",    "meeting",  "numbers",      "follow-up"};

bool is_mail(event::Activity activity) {
  return activity == event::Activity::mail_send || activity == event::Activity::mail_receive;
}

}  // namespace

template <class Append>
Phraser::Piece Phraser::put(Append append) {
  const std::size_t before = text_.size();
  append(text_);
  return {before, text_.size() - before};
}

Phraser::Piece Phraser::put_digest(const std::uint64_t (&digest)[2]) {
  return put([&](std::string& out) {
    for (const std::uint64_t half : digest) {
      for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(half >> shift & 0xff);
    }
  });
}

void Phraser::append(const EventBuffer& buffer, const Event& event, const WindowClock& clock,
                     std::string& out) {
  const Person& person = organisation_.people[event.person];
  const Day day = window_of(event.arrival);
  record_.clear();
  text_.clear();
  addresses_.clear();
  names_.clear();

  // All text first, all views after: the text may move while it grows.
  for (const EventParty& party : buffer.parties(event)) {
    addresses_.push_back(put([&](std::string& text) {
      if (party.address.kind == AddressKind::employee) {
        text += organisation_.people[party.address.id].address_on(day);
      } else {
        // It is mail that changes its ways, not the register in which people are looked up.
        const bool is_mail_address = party.role != event::PartyRole::subject;
        append_address(text, party.address,
                       is_mail_address ? organisation_.form_on(day) : AddressForm::plain);
      }
    }));
  }
  event::Sensitivity sensitivity = event::Sensitivity::unknown;
  for (const EventObject& object : buffer.objects(event)) {
    const DocumentFacts f = facts(organisation_.seed, object.document, organisation_.marking);
    const Piece name =
        put([&](std::string& text) { append_document_name(text, object.document, f); });
    names_.push_back({name, put_digest(f.digest)});
    event::SourceRecord::Object& said = record_.objects.emplace_back();
    said.bytes = f.bytes;
    said.sensitivity = f.mark;
    if (f.is_archive) said.flags = event::kFlagArchive;
    if (object.place_shown) said.place = groups_[object.document.group];
    sensitivity = std::max(sensitivity, f.mark);
  }
  const bool has_digest = (event.digest[0] | event.digest[1]) != 0;
  Piece account{0, 0};
  if (event.has_account) {
    account = put([&](std::string& text) {
      append_address(text, event.account, organisation_.form_on(day));
    });
  }
  const Piece digest = has_digest ? put_digest(event.digest) : Piece{0, 0};

  for (std::size_t i = 0; i < addresses_.size(); ++i) {
    record_.parties.push_back({view(addresses_[i]), buffer.parties(event)[i].role});
  }
  for (std::size_t i = 0; i < names_.size(); ++i) {
    record_.objects[i].name = view(names_[i][0]);
    record_.objects[i].digest = view(names_[i][1]);
  }
  record_.content_digest = view(digest);
  record_.activity = event.activity;
  record_.time = event.time;
  record_.has_offset = true;
  record_.utc_offset = clock.offset(event.zone, event.time);
  record_.user = person.user_id_on(day);
  if (is_mail(event.activity) || event.activity == event::Activity::forward_rule) {
    const Person& sender = event.sender == kNone ? person : organisation_.people[event.sender];
    record_.user_address = event.has_account ? view(account) : sender.address_on(day);
  }
  if (event.host == 0) record_.host = person.remote_from <= day ? person.remote_host : person.host;
  if (event.host == 1) record_.host = person.second_host;
  if (event.host_of != kNone) record_.host = organisation_.people[event.host_of].host;
  record_.bytes = event.bytes;
  if (is_mail(event.activity)) record_.title = kSubjects[event.digest[0] % std::size(kSubjects)];
  record_.account_instance = event.instance;
  // A source that classifies says so of the whole mail too; nothing attached, nothing found.
  record_.sensitivity = event.activity == event::Activity::mail_send && record_.objects.empty()
                            ? event::Sensitivity::none
                            : sensitivity;
  record_.flags = event.flags;
  event::write_ocsf(record_, out);
}

}  // namespace weir::sim
