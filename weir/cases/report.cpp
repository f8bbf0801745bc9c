// The report of one case as Markdown, in the sections analysts know.
#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "weir/base/text.h"
#include "weir/cases/detail/technique.h"
#include "weir/cases/detail/timeline.h"
#include "weir/cases/detail/words.h"
#include "weir/cases/render.h"

namespace weir::cases {
namespace {

using detail::archetype_words;
using detail::count_words;
using detail::hypothesis_words;
using detail::nats_words;
using detail::tenths_words;
using evidence::Contribution;

/// Text of any origin as plain words inside Markdown, also inside a table.
std::string md(std::string_view text) {
  constexpr std::string_view kSpecial = "\\`*_{}[]<>()#+!|~&";
  std::string out;
  for (const char c : printable(text, 4000)) {
    if (kSpecial.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string hex(std::uint64_t number) { return fmt::format("{:016x}", number); }

class Report {
 public:
  Report(const Case& one, const Names& names, const Provenance& provenance)
      : case_(one), draft_(one.draft), names_(names), provenance_(provenance) {}

  std::string render() {
    head();
    attribution();
    activity_summary();
    weights();
    techniques();
    targeting();
    tools_and_infrastructure();
    implications();
    mitigations();
    innocent();
    list("What would clear it", draft_.would_clear,
         "Nothing was named. Ask the owners of the documents whether these acts were meant.");
    limits();
    how_to_reproduce();
    records();
    return std::move(out_);
  }

 private:
  template <class... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    out_ += fmt::format(format, std::forward<Args>(args)...);
    out_ += '\n';
  }
  void heading(std::string_view words) { line("\n## {}\n", words); }

  void list(std::string_view title, const std::vector<std::string>& texts,
            std::string_view if_none) {
    heading(title);
    if (texts.empty()) line("- {}", if_none);
    for (const std::string& text : texts) line("- {}", md(text));
  }

  void head() {
    line("# Case {}: {}, opened {}\n", case_.number, hypothesis_words(draft_.hypothesis),
         to_iso8601(draft_.opened));
    line("{}\n", md(detail::summary(case_, names_)));
    line(
        "This fits '{}' better than any innocent explanation we know. That is not the chance that "
        "this person did wrong.",
        hypothesis_words(draft_.hypothesis));
  }

  void attribution() {
    heading("Attribution and identity");
    line("| | |\n|---|---|");
    line("| Subject | {} |", md(detail::person_name(names_, draft_.person)));
    line("| Identity | a pseudonym of this workspace; this report names nobody by itself |");
    line("| Status | {} |", md(case_.status));
    for (const Decision& one : case_.decisions) {
      line("| Decided | {} |", md(detail::decision_words(one)));
    }
    line("| Lane | {} |", md(detail::lane_words(draft_.lane)));
    line(
        "\nThe acts are attributed to the account they were done with. Whether the person behind "
        "the account did them is for the inquiry to establish.");
  }

  void activity_summary() {
    heading("Activity summary");
    line("| | |\n|---|---|");
    line("| Acts listed | {} |", with_commas(draft_.contributions.size()));
    line("| Smaller acts, not listed | {} |", with_commas(draft_.smaller_acts));
    line("| First and last | {} to {} (UTC) |", detail::minute_words(draft_.first),
         detail::minute_words(draft_.last));
    line("| Evidence | {} nats against '{}'; a case opens at {} |", nats_words(draft_.nats),
         draft_.innocent.empty() ? "the best innocent explanation"
                                 : archetype_words(draft_.innocent.front().archetype),
         nats_words(draft_.threshold));

    std::map<event::Activity, std::array<std::size_t, 2>> by_activity;
    for (const Contribution& act : draft_.contributions) {
      auto& [all, marked] = by_activity[act.activity];
      ++all;
      marked += act.sensitivity >= event::Sensitivity::confidential ? 1 : 0;
    }
    if (!by_activity.empty()) {
      line("\n| Activity | acts listed | marked confidential or higher |\n|---|---:|---:|");
      for (const auto& [activity, counts] : by_activity) {
        line("| {} | {} | {} |", detail::activity_words(activity), counts[0], counts[1]);
      }
    }
    const auto rows = detail::timeline(draft_);
    if (!rows.empty()) {
      line("\n| When | acts listed |\n|---|---:|");
      for (const auto& [label, count] : rows) line("| {} | {} |", label, count);
    }
  }

  void weights() {
    line("\n### What weighs\n");
    line("| Nats | Time (UTC) | Act | Marked | Why: observed / expected |\n|---:|---|---|---|---|");
    const detail::Sum sum = detail::sum_of(draft_, draft_.contributions.size());
    for (std::size_t i = 0; i < sum.listed.size(); ++i) {
      const Contribution& act = draft_.contributions[i];
      std::string why;
      for (const evidence::MarkNote& note : act.marks) {
        if (!why.empty()) why += "; ";
        why += fmt::format("{} {}: {}", nats_words(note.nats), md(detail::mark_words(note.mark)),
                           md(note.observed));
        if (!note.expected.empty()) why += " / " + md(note.expected);
      }
      line("| {} | {} | {} | {} | {} |", tenths_words(sum.listed[i]),
           detail::minute_words(act.time), md(detail::act_words(names_, act)),
           to_string(act.sensitivity), why);
    }
    if (sum.more_acts > 0) {
      line("| {} | | {} | | |", tenths_words(sum.more),
           count_words(sum.more_acts, "smaller act", "smaller acts"));
    } else if (sum.more != 0) {
      line("| {} | | acts that are no longer kept one by one | | |", tenths_words(sum.more));
    }
    if (sum.faded != 0) {
      line("| {} | | older acts fade, and every week begins anew | | |", tenths_words(sum.faded));
    }
    if (sum.unexplained != 0) {
      line("| {} | | **not accounted for by the rows above** | | |", tenths_words(sum.unexplained));
    }
    line("| **{}** | | **in all** | | |", tenths_words(sum.total));
  }

  void techniques() {
    heading("Techniques");
    std::map<std::string_view, std::pair<detail::Technique, std::size_t>> found;
    for (const Contribution& act : draft_.contributions) {
      if (const auto technique = detail::technique_of(act.activity)) {
        auto& [entry, count] = found[technique->id];
        entry = *technique;
        ++count;
      }
    }
    if (found.empty()) {
      line("No technique is assigned to these acts.");
      return;
    }
    line("| MITRE ATT&CK | Name | Tactic | Acts listed | Assigned by |\n|---|---|---|---:|---|");
    for (const auto& [id, entry] : found) {
      line("| {} | {} | {} | {} | Weir, by activity |", id, entry.first.name, entry.first.tactic,
           entry.second);
    }
    line("\nNo source reported these ids. They say how content left, if it did, not why.");
  }

  void targeting() {
    heading("Targeting");
    std::map<event::Sensitivity, std::size_t, std::greater<>> by_sensitivity;
    for (const Contribution& act : draft_.contributions) ++by_sensitivity[act.sensitivity];
    line("| Marked by the sources as | acts listed |\n|---|---:|");
    for (const auto& [sensitivity, acts] : by_sensitivity) {
      line("| {} | {} |",
           sensitivity == event::Sensitivity::unknown ? "not said" : to_string(sensitivity), acts);
    }
    std::map<std::uint32_t, std::size_t> documents;
    for (const Contribution& act : draft_.contributions) {
      for (const std::uint32_t document : act.documents) ++documents[document];
    }
    if (!documents.empty()) {
      line("\n| Protected document | acts listed |\n|---|---:|");
      for (const auto& [document, count] : documents) {
        line("| {} | {} |", md(detail::document_names(names_, std::span(&document, 1))), count);
      }
    }
    std::map<std::string, std::size_t> places;
    for (const Contribution& act : draft_.contributions) {
      for (const evidence::MarkNote& note : act.marks) {
        if (note.mark == "place" || note.mark == "off_role") ++places[note.observed];
      }
    }
    if (!places.empty()) {
      line("\n| Where it came from | acts listed |\n|---|---:|");
      for (const auto& [place, count] : places) line("| {} | {} |", md(place), count);
    }
  }

  void tools_and_infrastructure() {
    heading("Tools and infrastructure");
    struct Use {
      std::size_t acts = 0;
      Instant first = Instant::max();
      Instant last = Instant::min();
      std::set<std::string> channels;
    };
    std::map<event::AddressToken, Use> uses;
    for (const Contribution& act : draft_.contributions) {
      Use& use = uses[act.address];
      ++use.acts;
      use.first = std::min(use.first, act.time);
      use.last = std::max(use.last, act.time);
      use.channels.insert(std::string(detail::activity_words(act.activity)));
    }
    line("| Counterparty | token | channels | acts listed | first | last |");
    line("|---|---|---|---:|---|---|");
    for (const auto& [address, use] : uses) {
      const bool none = address == event::AddressToken{};
      line("| {} | {} | {} | {} | {} | {} |",
           none ? std::string("none named") : md(detail::address_name(names_, address)),
           none ? std::string() : hex(std::to_underlying(address)), fmt::join(use.channels, ", "),
           use.acts, to_iso8601(day_of(use.first)), to_iso8601(day_of(use.last)));
    }
  }

  void implications() {
    heading("Implications");
    const std::vector<const Contribution*> acts = detail::raising(draft_);
    const std::size_t marked = detail::marked_confidential(acts);
    line(
        "- Exposure: {} between {} and {}, {} of them marked confidential or higher by the "
        "sources.",
        count_words(acts.size(), "act", "acts"), to_iso8601(day_of(draft_.first)),
        to_iso8601(day_of(draft_.last)), with_commas(marked));
    line(
        "- Whether the content was what its mark says, and whether it was meant for its "
        "recipient, was not judged: bodies are not kept.");
    line("- What the loss would be worth is not estimated.");
  }

  void mitigations() {
    heading("Mitigations");
    line("| Measure | State |\n|---|---|");
    line("| Ask the documents' owners whether these acts were meant | open |");
    line("| Compare the person's access with what the work needs | open |");
    line("| Preserve the source logs of the acts listed | open |");
    line(
        "| Hold or refuse further transmissions | not available: this version of Weir watches and "
        "does not intervene |");
  }

  void innocent() {
    heading("Innocent explanations tried");
    if (draft_.innocent.empty()) {
      line("None was tried.");
      return;
    }
    line("| Explanation | nats against it | why it fits less well |\n|---|---:|---|");
    for (const evidence::InnocentExplanation& one : draft_.innocent) {
      line("| {} | {} | {} |", archetype_words(one.archetype), nats_words(one.nats_against),
           md(one.why_not));
    }
    line("\nThe first is the closest, and the evidence is counted against it.");
  }

  void limits() {
    heading("Limits");
    for (const std::string& text : draft_.unseen) line("- Not seen: {}", md(text));
    line("- What no source logs cannot be known here; unseen is not clean.");
    line(
        "- The figures are likelihood ratios under published assumptions, not the chance that this "
        "person did wrong.");
    if (draft_.lane == 1 && provenance_.false_cases_per_week > 0) {
      line(
          "- Promised: at most {} false {} a week over everybody watched. Any one case may be a "
          "false one.",
          provenance_.false_cases_per_week,
          provenance_.false_cases_per_week == 1 ? "case" : "cases");
    }
    line("- {}", detail::guarantee_words(draft_));
  }

  void how_to_reproduce() {
    heading("How to reproduce it");
    line("The same records under the same configuration give the same case.\n");
    line("| | |\n|---|---|");
    line("| Closed day | {} |", to_iso8601(draft_.opened));
    line("| Configuration hash | {} |",
         case_.config_hash.empty() ? std::string("not recorded") : md(case_.config_hash));
    if (!provenance_.program.empty()) line("| Written by | {} |", md(provenance_.program));
    if (provenance_.analyzed_through) {
      line("| Analyzed through | {} |", to_iso8601(*provenance_.analyzed_through));
    }
    if (provenance_.people_watched > 0) {
      line("| People watched | {} |", with_commas(provenance_.people_watched));
    }
  }

  void records() {
    line("\n### Records of the acts listed\n");
    line("| Time (UTC) | Records |\n|---|---|");
    for (const Contribution& act : draft_.contributions) {
      std::string ids;
      for (const event::RecordId& record : act.records) {
        if (!ids.empty()) ids += ' ';
        ids += to_hex(record);
      }
      line("| {} | {} |", detail::minute_words(act.time), ids);
    }
  }

  const Case& case_;
  const evidence::CaseDraft& draft_;
  const Names& names_;
  const Provenance& provenance_;
  std::string out_;
};

}  // namespace

std::string render_report(const Case& one, const Names& names, const Provenance& provenance) {
  return Report(one, names, provenance).render();
}

}  // namespace weir::cases
