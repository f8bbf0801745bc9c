#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "weir/cases/store.h"

namespace weir::cases {

/// How people and addresses are named: pseudonyms, unless the workspace may reveal.
struct Names {
  std::function<std::string(event::PersonId)> person;       // "person 3f9a…" if there is none
  std::function<std::string(event::AddressToken)> address;  // "address 3f9a…" if there is none
  std::function<std::string(std::uint32_t)> document;       // "document 12" if there is none
};

/// What a report says of the run it comes from, as far as it is known.
struct Provenance {
  std::string program;                  // "weir 0.1.0"
  std::optional<Day> analyzed_through;  // last closed day
  std::uint64_t people_watched = 0;
  double false_cases_per_week = 0;
};

/// The queue as a table of at most `width` columns: what is still to decide, and how many cases
/// are decided; with `with_decided` these too.
std::string render_queue(const std::vector<Case>& cases, const Names& names, int width,
                         double false_cases_per_week, bool with_decided = false);
/// One case explained: acts with nats, expected against observed, innocent explanations tried,
/// what would clear it, what could not be seen. The rows add up to the total shown.
std::string render_case(const Case& one, const Names& names, int width);
/// The report, in the sections analysts know (design: attribution and identity of a pseudonymous
/// subject, activity summary, techniques, targeting, tools and infrastructure, implications,
/// mitigations), as Markdown.
std::string render_report(const Case& one, const Names& names, const Provenance& provenance = {});

/// The same as one page of HTML that fetches nothing, with the acts drawn over the years.
std::string render_html_report(const Case& one, const Names& names,
                               const Provenance& provenance = {});

/// The stable forms of docs/formats/cases.md.
std::string queue_json(const std::vector<Case>& cases, const Names& names);
std::string case_json(const Case& one, const Names& names);

}  // namespace weir::cases
