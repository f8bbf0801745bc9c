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
constexpr std::size_t kNats = 6;  // "+11.8"
constexpr std::size_t kActs = 7;
constexpr std::size_t kSince = 7;  // "2019-06"
constexpr std::size_t kGaps = 6 * 2;
constexpr std::size_t kFixed = kNumber + kHypothesis + 2 * kNats + kActs + kSince + kGaps;
constexpr std::size_t kLeastName = 10;
constexpr std::size_t kMostName = 30;

std::uint64_t acts_of(const Case& one) {
  return one.draft.contributions.size() + one.draft.smaller_acts;
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

void add_row(std::string& out, std::size_t name_width, std::string_view number,
             std::string_view hypothesis, std::string_view person, std::string_view nats,
             std::string_view opens, std::string_view acts, std::string_view since) {
  std::string line = fmt::format("{}  {}  {}  {}  {}  {}  {}", fit_right(number, kNumber),
                                 fit_left(hypothesis, kHypothesis), fit_left(person, name_width),
                                 fit_right(nats, kNats), fit_right(opens, kNats),
                                 fit_right(acts, kActs), fit_left(since, kSince));
  line.erase(line.find_last_not_of(' ') + 1);
  out += line + '\n';
}

}  // namespace

namespace {

/// Rows under a heading for each lane or verdict.
class Table {
 public:
  Table(const Names& names, std::size_t page)
      : names_(names),
        page_(page),
        is_table_(page >= kFixed + kLeastName),
        name_width_(is_table_ ? std::min(page - kFixed, kMostName) : 0) {}

  void heading(std::string_view words) {
    out_ += '\n';
    out_ += words;
    out_ += '\n';
    if (!is_table_) return;
    add_row(out_, name_width_, "case", "fits", "who", "nats", "opens", "acts", "since");
  }

  void row(const Case& one) {
    const std::string nats = nats_words(one.draft.nats);
    const std::string opens = nats_words(one.draft.threshold);
    const std::string person = person_name(names_, one.draft.person);
    const std::string_view hypothesis = hypothesis_words(one.draft.hypothesis);
    if (is_table_) {
      add_row(out_, name_width_, fmt::format("{}", one.number), hypothesis, person, nats, opens,
              fmt::format("{}", acts_of(one)), since_words(one));
      return;
    }
    out_ += paragraph(
        "", "  ",
        fmt::format("{}, {}: {}, {} nats opens {}, {}, since {}", one.number, hypothesis, person,
                    nats, opens, count_words(acts_of(one), "act", "acts"), since_words(one)),
        page_);
  }

  std::string take() { return std::move(out_); }

 private:
  const Names& names_;
  const std::size_t page_;
  const bool is_table_;
  const std::size_t name_width_;
  std::string out_;
};

/// "2 innocent, 1 confirmed"
std::string verdict_counts(const std::vector<const Case*>& decided) {
  std::string words;
  for (std::uint8_t v = 1; v < evidence::kVerdictCount; ++v) {
    const auto verdict = static_cast<evidence::Verdict>(v);
    const auto count = std::ranges::count_if(
        decided, [&](const Case* one) { return one->decisions.back().effect.verdict == verdict; });
    if (count == 0) continue;
    words +=
        fmt::format("{}{} {}", words.empty() ? "" : ", ", count, detail::verdict_words(verdict));
  }
  return words;
}

}  // namespace

std::string render_queue(const std::vector<Case>& cases, const Names& names, int width,
                         double false_cases_per_week, bool with_decided) {
  const auto page = static_cast<std::size_t>(std::max(width, 20));
  if (cases.empty()) return render_empty(page, false_cases_per_week);

  std::vector<const Case*> waiting;
  std::vector<const Case*> decided;
  for (const Case& one : cases) (detail::is_decided(one) ? decided : waiting).push_back(&one);

  Table table(names, page);
  int lane = 0;
  for (const Case* one : waiting) {
    if (one->draft.lane != lane) {
      lane = one->draft.lane;
      table.heading(lane_words(lane));
    }
    table.row(*one);
  }
  for (std::uint8_t v = 1; with_decided && v < evidence::kVerdictCount; ++v) {
    const auto verdict = static_cast<evidence::Verdict>(v);
    bool any = false;
    for (const Case* one : decided) {
      if (one->decisions.back().effect.verdict != verdict) continue;
      if (!any) table.heading(fmt::format("[{}]", detail::verdict_words(verdict)));
      any = true;
      table.row(*one);
    }
  }
  std::string out = count_words(waiting.size(), "case", "cases") + " to decide\n" + table.take();
  out += '\n';
  if (!decided.empty()) {
    out += paragraph("", "",
                     fmt::format("Decided: {}.{}", verdict_counts(decided),
                                 with_decided ? "" : " `weir cases --decided` shows them too."),
                     page);
  }
  out += paragraph("", "", promise(false_cases_per_week), page);
  out +=
      paragraph("", "",
                "nats: evidence against the best innocent explanation; opens: what a case needs. "
                "`weir case N` explains one.",
                page);
  return out;
}

}  // namespace weir::cases
