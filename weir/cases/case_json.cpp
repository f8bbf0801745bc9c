// The stable forms of docs/formats/cases.md. Keys are never renamed and never change their meaning;
// new ones may appear.
#include <utility>

#include "weir/base/json.h"
#include "weir/cases/detail/words.h"
#include "weir/cases/render.h"

namespace weir::cases {
namespace {

std::string hex(std::uint64_t number) { return fmt::format("{:016x}", number); }

void write_marks(JsonWriter& json, const std::vector<evidence::MarkNote>& marks) {
  json.key("marks").begin_array();
  for (const evidence::MarkNote& note : marks) {
    json.begin_object()
        .member("mark", note.mark)
        .member("observed", note.observed)
        .member("expected", note.expected)
        .member("nats", note.nats)
        .end_object();
  }
  json.end_array();
}

void write_act(JsonWriter& json, const evidence::Contribution& act, const Names& names) {
  json.begin_object()
      .member("time", to_iso8601(act.time))
      .member("activity", to_string(act.activity))
      .member("nats", act.nats)
      .member("sensitivity", to_string(act.sensitivity))
      .key("documents")
      .begin_array();
  for (const std::uint32_t document : act.documents) json.value(std::uint64_t{document});
  json.end_array().key("address");
  if (act.address == event::AddressToken{}) {
    json.null();
  } else {
    json.value(detail::address_name(names, act.address));
  }
  json.key("address_token");
  if (act.address == event::AddressToken{}) {
    json.null();
  } else {
    json.value(hex(std::to_underlying(act.address)));
  }
  json.member("act", to_hex(act.act)).key("records").begin_array();
  for (const event::RecordId& record : act.records) json.value(to_hex(record));
  json.end_array();
  write_marks(json, act.marks);
  json.end_object();
}

void write_case(JsonWriter& json, const Case& one, const Names& names) {
  const evidence::CaseDraft& draft = one.draft;
  json.begin_object()
      .member("id", one.number)
      .member("status", one.status)
      .member("person", detail::person_name(names, draft.person))
      .member("person_id", hex(std::to_underlying(draft.person)))
      // The case exists from the moment its day was over.
      .member("opened", to_iso8601(Instant{draft.opened + std::chrono::days{1}}))
      .member("closed_day", to_iso8601(draft.opened))
      .member("lane", draft.lane)
      .member("hypothesis", to_string(draft.hypothesis))
      .member("nats", draft.nats)
      .member("threshold", draft.threshold)
      .member("basis", to_string(draft.basis))
      .member("first", to_iso8601(draft.first))
      .member("last", to_iso8601(draft.last))
      .member("summary", detail::summary(one, names));
  json.key("acts").begin_array();
  for (const evidence::Contribution& act : draft.contributions) write_act(json, act, names);
  json.end_array();
  json.member("smaller_acts", std::uint64_t{draft.smaller_acts})
      .member("smaller_nats", draft.smaller_nats)
      .member("faded_nats", draft.faded_nats);
  json.key("innocent").begin_array();
  for (const evidence::InnocentExplanation& explanation : draft.innocent) {
    json.begin_object()
        .member("archetype", to_string(explanation.archetype))
        .member("nats_against", explanation.nats_against)
        .member("why_not", explanation.why_not)
        .end_object();
  }
  json.end_array();
  json.key("decisions").begin_array();
  for (const Decision& decision : one.decisions) {
    json.begin_object().member("verdict", to_string(decision.effect.verdict)).key("explained_by");
    if (decision.effect.explained_by) {
      json.value(to_string(*decision.effect.explained_by));
    } else {
      json.null();
    }
    json.member("because", decision.because)
        .member("who", decision.who)
        .member("made", to_iso8601(decision.made))
        .member("counts_from", to_iso8601(decision.effect.day))
        .end_object();
  }
  json.end_array();
  json.member("would_clear", draft.would_clear)
      .member("unseen", draft.unseen)
      .member("config_hash", one.config_hash)
      .end_object();
}

}  // namespace

std::string queue_json(const std::vector<Case>& cases, const Names& names) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().member("format", "weir.cases").member("version", 1);
  json.key("cases").begin_array();
  for (const Case& one : cases) write_case(json, one, names);
  json.end_array().end_object();
  return out + '\n';
}

std::string case_json(const Case& one, const Names& names) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().member("format", "weir.case").member("version", 1).key("case");
  write_case(json, one, names);
  json.end_object();
  return out + '\n';
}

}  // namespace weir::cases
