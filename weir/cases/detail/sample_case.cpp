#include "weir/cases/detail/sample_case.h"

#include <algorithm>
#include <utility>

namespace weir::cases::detail {
namespace {

using evidence::Contribution;

Instant at(std::string_view text) { return parse_iso8601(text)->utc; }

Contribution send(std::uint64_t number, std::string_view when, event::Sensitivity sensitivity,
                  double sensitivity_nats, double lag_nats, std::string_view lag) {
  Contribution act;
  act.act = {0x0123456789abcdef, number};
  act.records = {act.act};
  act.time = at(when);
  act.activity = event::Activity::mail_send;
  act.address = event::AddressToken{0x3f9a10c5d2e4b687};
  act.sensitivity = sensitivity;
  if (sensitivity == event::Sensitivity::secret) act.documents = {7, 12};
  act.marks = {
      {.mark = "sensitivity",
       .observed = std::string(to_string(sensitivity)),
       .expected = "1 in 9.4 of innocent sends of this kind",
       .nats = sensitivity_nats},
      {.mark = "lag_contact",
       .observed = std::string(lag),
       .expected = "1 in 12 of innocent sends; a message about every 55 days from it",
       .nats = lag_nats},
      {.mark = "ownership",
       .observed = "to a free mailbox or account nobody has claimed",
       .expected =
           "2.1 such sends a year by this person, most of them innocent whatever else is true",
       .nats = 0.2},
      {.mark = "hour",
       .observed = "Tuesday 10:30",
       .expected = "within usual hours",
       .nats = -0.05},
      {.mark = "disguise", .observed = "none", .expected = "none in 99 of 100", .nats = -0.01},
  };
  for (const evidence::MarkNote& note : act.marks) act.nats += note.nats;
  return act;
}

void close_sum(Case& one) {
  evidence::CaseDraft& draft = one.draft;
  std::ranges::sort(draft.contributions, [](const Contribution& a, const Contribution& b) {
    return a.nats != b.nats ? a.nats > b.nats : a.time < b.time;
  });
  const auto [first, last] = std::ranges::minmax(draft.contributions, {}, &Contribution::time);
  draft.first = first.time;
  draft.last = last.time;
  draft.nats = draft.smaller_nats + draft.faded_nats;
  for (const Contribution& act : draft.contributions) draft.nats += act.nats;
}

}  // namespace

Case slow_leak_case() {
  using event::Sensitivity;
  Case one{.number = 41,
           .status = "open",
           .config_hash = "5f0c2a91b7d3e846a1c09f7742d85be3",
           .draft = {}};
  evidence::CaseDraft& draft = one.draft;
  draft.person = event::PersonId{207};
  draft.hypothesis = evidence::Hypothesis::slow_drip;
  draft.lane = 1;
  draft.opened = *parse_day("2026-11-02");
  draft.threshold = 9.9035;
  draft.contributions = {
      send(1, "2019-06-03T10:31:07Z", Sensitivity::secret, 0.91, 0.74,
           "4.2 days after a message from the same address"),
      send(2, "2019-09-17T08:05:00Z", Sensitivity::confidential, 0.62, 0.71,
           "5.0 days after a message from the same address"),
      send(3, "2020-02-11T10:45:10Z", Sensitivity::confidential, 0.62, 0.52,
           "8.8 days after a message from the same address"),
      send(4, "2020-11-23T14:20:00Z", Sensitivity::secret, 0.91, 0.9,
           "1.1 days after a message from the same address"),
      send(5, "2021-03-02T10:30:00Z", Sensitivity::none, -0.21, 0.66,
           "6.0 days after a message from the same address"),
      send(6, "2021-05-19T09:12:44Z", Sensitivity::confidential, 0.62, 0.7,
           "5.1 days after a message from the same address"),
      send(7, "2021-12-20T16:55:00Z", Sensitivity::secret, 0.91, 0.31,
           "12 days after a message from the same address"),
      send(8, "2023-04-04T10:30:00Z", Sensitivity::confidential, 0.62, 0.44,
           "10 days after a message from the same address"),
      send(9, "2023-08-30T10:30:00Z", Sensitivity::secret, 0.91, 0.81,
           "3.0 days after a message from the same address"),
      send(10, "2024-01-16T11:02:00Z", Sensitivity::confidential, 0.62, 0.2,
           "15 days after a message from the same address"),
      send(11, "2024-10-08T10:30:00Z", Sensitivity::unknown, 0.0, 0.85,
           "2.2 days after a message from the same address"),
      send(12, "2025-05-27T10:30:00Z", Sensitivity::confidential, 0.62, 0.6,
           "7.1 days after a message from the same address"),
      send(13, "2026-03-10T10:30:00Z", Sensitivity::secret, 0.91, 0.77,
           "4.0 days after a message from the same address"),
      send(14, "2026-10-29T10:30:00Z", Sensitivity::confidential, 0.62, 0.93,
           "0.8 days after a message from the same address"),
  };
  draft.contributions[3].records.push_back({0x77, 0x99});
  draft.smaller_acts = 31;
  draft.smaller_nats = 0.37;
  draft.faded_nats = -8.13;
  draft.innocent = {
      {evidence::Archetype::self_mailer, 12.2,
       "People who mail work home do so to a mailbox they declared or use every week; this one "
       "is neither, and half of the sends follow a message from it."},
      {evidence::Archetype::freelancer, 15.8,
       "Work on the side does not carry this organisation's markings."},
      {evidence::Archetype::ordinary, 21.4,
       "Ordinary mail to outside mailboxes is marked confidential once in twelve times."},
  };
  draft.would_clear = {
      "A project or agreement under which these documents go to this address.",
      "The person declares the mailbox as their own, and its use is permitted.",
  };
  draft.unseen = {"Web uploads before June 2021: no source held any.",
                  "Prints: no source holds any for this person."};
  close_sum(one);
  return one;
}

Case burst_case() {
  Case one{.number = 42, .status = "open", .config_hash = {}, .draft = {}};
  evidence::CaseDraft& draft = one.draft;
  draft.person = event::PersonId{12};
  draft.hypothesis = evidence::Hypothesis::burst;
  draft.lane = 1;
  draft.opened = *parse_day("2026-11-20");
  draft.threshold = 9.9035;
  for (std::uint64_t i = 0; i < 6; ++i) {
    Contribution act = send(100 + i, "2026-11-12T17:10:00Z", event::Sensitivity::confidential,
                            1.1 + 0.1 * static_cast<double>(i), 0.6, "no contact before it");
    act.time += std::chrono::days{i < 4 ? i : i + 1};
    act.activity = i == 5 ? event::Activity::web_upload : event::Activity::file_copy;
    if (i < 5) act.address = {};
    draft.contributions.push_back(std::move(act));
  }
  draft.innocent = {{evidence::Archetype::ordinary, 11.1, ""}};
  close_sum(one);
  return one;
}

Names sample_names() {
  return {.person = [](event::PersonId person) -> std::string {
            if (person == event::PersonId{207}) return "Kestrel-207";
            if (person == event::PersonId{12}) return "Alder-12";
            return {};
          },
          .address = {},
          .document =
              [](std::uint32_t number) {
                return fmt::format("plan-{}.docx (secret), document {}", number, number);
              }};
}

}  // namespace weir::cases::detail
