#include <algorithm>
#include <utility>

#include "weir/base/json.h"
#include "weir/sim/detail/outputs.h"

namespace weir::sim {

namespace {

using namespace parameters;

/// By `Source`.
constexpr std::string_view kSourceNames[kSources] = {"mail",      "proxy",    "file server",
                                                     "directory", "endpoint", "application"};

std::string text_of(const Organisation& o, Address address, Day day) {
  if (address.kind != AddressKind::employee) return address_text(address, o.form_on(day));
  return std::string(o.people[address.id].address_on(day));
}

void write_act(const Organisation& o, const Disturbances& disturbances, const Person& insider,
               const MaliciousAct& act, JsonWriter& json) {
  const AgendaItem& item = act.item;
  // Whose act the log says it is.
  const Person& person = o.people[item.person];
  const Source source = source_of(item.activity);
  json.begin_object();
  json.member("step", act.step);
  json.member("time", to_iso8601(disturbances.written(person, source, item.time)));
  json.member("activity", event::to_string(item.activity));
  if (item.has_party) {
    const bool looked_up = item.activity == event::Activity::record_lookup;
    json.member(
        looked_up ? "subject" : "recipient",
        looked_up ? address_text(item.party) : text_of(o, item.party, window_of(item.time)));
  }
  if (&person != &insider) json.member("as", person.key);
  const std::string_view user_id = person.user_id_on(window_of(item.time));
  if (user_id != insider.user_id) json.member("as_user_id", user_id);
  if (item.host_of != kNone) json.member("at_host_of", o.people[item.host_of].key);
  if (item.has_account) json.member("account", text_of(o, item.account, window_of(item.time)));
  if (!act.about.empty()) json.member("about", act.about);
  if (act.requested) json.member("requested", to_iso8601(*act.requested));
  if (item.has_document) {
    const DocumentFacts f = facts(o.seed, item.document, o.marking);
    std::string name;
    append_document_name(name, item.document, f);
    json.member("document", name);
    if (item.document.is_ours()) json.member("group", group_name(o, item.document.group));
    json.member("sensitivity", event::to_string(f.truth));
    json.member("marked", event::to_string(f.mark));
    json.member("place_shown", item.document.is_ours() &&
                                   (f.place_known || item.activity == event::Activity::file_open));
    const std::uint32_t department = item.document.group / kGroupsPerDepartment;
    json.member("other_group",
                item.document.is_ours() &&
                    department != insider.position(window_of(item.time)).department &&
                    department != insider.traits.project);
  }
  const bool logged = act.written && !disturbances.is_lost(source, item.time) &&
                      item.time < std::min(o.to, person.end) &&
                      person.employed(window_of(item.time));
  json.member("logged", logged);
  json.end_object();
}

/// Mails that are in the log and are not malicious acts.
void write_decoys(const Organisation& o, const Disturbances& disturbances, const Insider& insider,
                  JsonWriter& json) {
  json.key("decoys").begin_array();
  for (const AgendaItem& item : insider.decoys) {
    if (item.activity != event::Activity::mail_send) continue;
    json.begin_object();
    json.member("time", to_iso8601(item.time));
    json.member("recipient", text_of(o, item.party, window_of(item.time)));
    json.member("logged", !disturbances.is_lost(Source::mail, item.time) && item.time < o.to);
    json.end_object();
  }
  json.end_array();
}

void write_insider(const Organisation& o, const Disturbances& disturbances, const Insider& insider,
                   std::string_view world, JsonWriter& json) {
  const Person& person = o.people[insider.person];
  json.begin_object();
  json.member("person", person.key);
  json.member("user_id", person.user_id);
  json.member("address", person.address);
  json.member("world", world);
  json.member("scenario", insider.scenario);
  json.member("from", to_iso8601(insider.from));
  json.member("to", to_iso8601(insider.to));
  if (insider.partner != kNone) json.member("partner", o.people[insider.partner].key);
  if (insider.leaves) json.member("leaves", to_iso8601(person.end));
  if (insider.moved != kNever) json.member("moved", to_iso8601(insider.moved));
  if (person.away_from != kNever) {
    json.member("away_from", to_iso8601(person.away_from));
    json.member("away_to", to_iso8601(person.away_to));
  }
  json.key("mailboxes").begin_array();
  for (const Address mailbox : insider.mailboxes) {
    json.value(address_text(mailbox));
    if (o.form_after == AddressForm::plain) continue;
    const std::string later = address_text(mailbox, o.form_after);
    if (later != address_text(mailbox)) json.value(later);
  }
  json.end_array();
  json.key("requests").begin_array();
  for (const AgendaItem& request : insider.requests) {
    json.begin_object();
    json.member("time", to_iso8601(request.time));
    json.member("from", text_of(o, request.party, window_of(request.time)));
    const std::string_view user_id = person.user_id_on(window_of(request.time));
    if (user_id != person.user_id) json.member("as_user_id", user_id);
    json.member("logged", !disturbances.is_lost(Source::mail, request.time) && request.time < o.to);
    json.end_object();
  }
  json.end_array();
  json.key("acts").begin_array();
  std::vector<const MaliciousAct*> acts;
  acts.reserve(insider.acts.size());
  for (const MaliciousAct& act : insider.acts) acts.push_back(&act);
  // Of acts at one moment, the one planned first comes first: they lie in one array.
  std::ranges::sort(acts, {},
                    [](const MaliciousAct* act) { return std::pair(act->item.time, act); });
  for (const MaliciousAct* act : acts) write_act(o, disturbances, person, *act, json);
  json.end_array();
  if (!insider.decoys.empty()) write_decoys(o, disturbances, insider, json);
  json.end_object();
}

template <class Predicate>
void write_keys(const Organisation& o, std::string_view name, Predicate predicate,
                JsonWriter& json) {
  json.key(name).begin_array();
  for (const Person& person : o.people) {
    if (predicate(person)) json.value(person.key);
  }
  json.end_array();
}

}  // namespace

std::string answers_json(const Options& options, const Organisation& organisation,
                         const Disturbances& disturbances, const std::vector<Insider>& insiders,
                         const std::vector<Twin>& twins) {
  const std::string_view world = to_string(options.world);
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.member("version", 1);
  json.member("world", world);
  json.member("seed", options.seed);
  json.member("people", std::uint64_t{options.people});
  json.member("from", to_iso8601(organisation.from));
  json.member("to", to_iso8601(organisation.to));
  const Knobs knobs(options);
  json.member("sends_per_year", knobs[Knob::sends_per_year]);
  json.member("held_out", options.held_out);
  json.key("parameters").begin_object();
  for (const Range& range : kRanges) json.member(range.name, knobs[range.knob]);
  json.end_object();
  json.key("insiders").begin_array();
  for (const Insider& insider : insiders)
    write_insider(organisation, disturbances, insider, world, json);
  json.end_array();
  if (options.shock != Shock::none) {
    json.key("shock").begin_object();
    json.member("kind", kShocks[std::to_underlying(options.shock)]);
    json.member("from", to_iso8601(organisation.shock_from));
    json.member("to", to_iso8601(organisation.shock_to));
    if (organisation.silent_source >= 0) {
      json.member("source", kSourceNames[static_cast<std::size_t>(organisation.silent_source)]);
    }
    json.end_object();
  }
  json.key("twins").begin_array();
  for (const Twin& twin : twins) {
    json.begin_object();
    json.member("insider", organisation.people[twin.insider].key);
    json.member("person", organisation.people[twin.person].key);
    json.member("acts", std::uint64_t{twin.acts});
    json.end_object();
  }
  json.end_array();
  json.key("look_alikes").begin_object();
  write_keys(
      organisation, "self_mailer",
      [](const Person& p) { return p.traits.archetype == Archetype::self_mailer; }, json);
  write_keys(
      organisation, "freelancer",
      [](const Person& p) { return p.traits.archetype == Archetype::freelancer; }, json);
  write_keys(organisation, "job_hunter", [](const Person& p) { return !p.hunts.empty(); }, json);
  write_keys(organisation, "on_call", [](const Person& p) { return p.traits.on_call; }, json);
  write_keys(organisation, "traveller", [](const Person& p) { return p.traits.traveller; }, json);
  write_keys(
      organisation, "sends_for_boss",
      [](const Person& p) {
        return std::ranges::any_of(p.positions, [](const Position& position) {
          return kRoles[position.role].name == "Administrative Assistant";
        });
      },
      json);
  json.end_object();
  json.end_object();
  out += '\n';
  return out;
}

}  // namespace weir::sim
