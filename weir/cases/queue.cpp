#include <algorithm>

#include "weir/base/columns.h"
#include "weir/base/text.h"
#include "weir/cases/detail/words.h"
#include "weir/cases/render.h"

namespace weir::cases {
namespace {

using detail::count_words;
using detail::hypothesis_words;
using detail::lane_words;
using detail::nats_words;
using detail::person_name;

constexpr std::size_t kNumber = 4;
constexpr std::size_t kHypothesis = 10;
constexpr std::size_t kEvidence = 16;  // "+11.8 opens +9.9"
constexpr std::size_t kActs = 5;
constexpr std::size_t kSince = 7;  // "2019-06"
constexpr std::size_t kGaps = 6 * 2;
constexpr std::size_t kLeastName = 10;

std::uint64_t acts_of(const Case& one) {
  return one.draft.contributions.size() + one.draft.smaller_acts;
}

std::string evidence_words(const Case& one) {
  return fmt::format("{} opens {}", nats_words(one.draft.nats), nats_words(one.draft.threshold));
}

std::string since_words(const Case& one) { return to_iso8601(month_of(day_of(one.draft.first))); }

std::string promise(double false_cases_per_week) {
  return fmt::format("Promised: at most {} false {} a week over everybody watched (lane 1).",
                     false_cases_per_week, false_cases_per_week == 1 ? "case" : "cases");
}

std::string render_empty(std::size_t width, double false_cases_per_week) {
  std::string out = "No case is open.\n\n";
  out += paragraph("", "",
                   "Either no day has been closed yet (then: weir roster import, weir ingest, weir "
                   "analyze), or nobody's acts add up to what opens a case under the promise. That "
                   "is no proof that nothing happened: what was not logged was not seen.",
                   width);
  out += '\n';
  out += paragraph("", "", promise(false_cases_per_week), width);
  return out;
}

void add_row(std::string& out, std::size_t lane_width, std::size_t name_width,
             std::string_view number, std::string_view lane, std::string_view hypothesis,
             std::string_view person, std::string_view evidence, std::string_view acts,
             std::string_view since) {
  std::string line = fmt::format("{}  {}  {}  {}  {}  {}  {}", fit_right(number, kNumber),
                                 fit_left(lane, lane_width), fit_left(hypothesis, kHypothesis),
                                 fit_left(person, name_width), fit_right(evidence, kEvidence),
                                 fit_right(acts, kActs), fit_left(since, kSince));
  line.erase(line.find_last_not_of(' ') + 1);
  out += line + '\n';
}

}  // namespace

std::string render_queue(const std::vector<Case>& cases, const Names& names, int width,
                         double false_cases_per_week) {
  const auto page = static_cast<std::size_t>(std::max(width, 20));
  if (cases.empty()) return render_empty(page, false_cases_per_week);

  std::size_t lane_width = 4;
  for (const Case& one : cases) {
    lane_width = std::max(lane_width, columns(lane_words(one.draft.lane)));
  }
  const std::size_t fixed = kNumber + lane_width + kHypothesis + kEvidence + kActs + kSince + kGaps;
  std::string out = count_words(cases.size(), "case", "cases") + " to decide\n\n";
  if (page >= fixed + kLeastName) {
    const std::size_t name_width = page - fixed;
    add_row(out, lane_width, name_width, "case", "lane", "fits", "who", "evidence in nats", "acts",
            "since");
    for (const Case& one : cases) {
      add_row(out, lane_width, name_width, fmt::format("{}", one.number),
              lane_words(one.draft.lane), hypothesis_words(one.draft.hypothesis),
              person_name(names, one.draft.person), evidence_words(one),
              fmt::format("{}", acts_of(one)), since_words(one));
    }
  } else {
    for (const Case& one : cases) {
      out +=
          paragraph("", "  ",
                    fmt::format("{} {}, {}: {}, {} nats, {}, since {}", lane_words(one.draft.lane),
                                one.number, hypothesis_words(one.draft.hypothesis),
                                person_name(names, one.draft.person), evidence_words(one),
                                count_words(acts_of(one), "act", "acts"), since_words(one)),
                    page);
    }
  }
  out += '\n';
  out += paragraph("", "", promise(false_cases_per_week), page);
  out += paragraph("", "", "`weir case N` explains one.", page);
  return out;
}

}  // namespace weir::cases
