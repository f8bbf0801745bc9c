// The page of one case in a terminal.
#include <algorithm>
#include <cmath>
#include <map>

#include "weir/base/columns.h"
#include "weir/base/text.h"
#include "weir/cases/detail/timeline.h"
#include "weir/cases/detail/words.h"
#include "weir/cases/render.h"

namespace weir::cases {
namespace {

using detail::archetype_words;
using detail::count_words;
using detail::nats_words;
using detail::tenths_words;

constexpr std::size_t kListedActs = 10;
constexpr std::size_t kListedMarks = 4;
constexpr double kLeastMark = 0.1;
constexpr std::size_t kNatsWidth = 7;
constexpr std::size_t kTextBytes = 2000;

class Page {
 public:
  Page(const Case& one, const Names& names, std::size_t width)
      : case_(one), draft_(one.draft), names_(names), width_(width) {}

  std::string render() {
    head();
    when();
    what_weighs();
    what_else();
    what_would_clear();
    not_seen();
    decided();
    text(fmt::format("weir report {0} writes this as a report; weir case {0} --json as data.",
                     case_.number));
    return std::move(out_);
  }

 private:
  void text(std::string_view words) { out_ += paragraph("", "", words, width_); }
  void heading(std::string_view words) { out_ += fmt::format("\n{}\n", fit(words, width_)); }
  void bullet(std::string_view words) {
    out_ += paragraph("  · ", "    ", printable(words, kTextBytes), width_);
  }
  /// A figure in its column, then words.
  void row(std::string_view figure, std::string_view words) {
    out_ += paragraph(fit_right(figure, kNatsWidth) + "  ", std::string(kNatsWidth + 2, ' '), words,
                      width_);
  }

  void head() {
    text(fmt::format("{} Case {}, {}, opened {}, {}", detail::lane_words(draft_.lane), case_.number,
                     detail::hypothesis_words(draft_.hypothesis), to_iso8601(draft_.opened),
                     printable(case_.status, 40)));
    out_ += '\n';
    text(detail::summary(case_, names_));
    out_ += '\n';
    text(
        fmt::format("This fits '{}' better than any innocent explanation we know. That is not the "
                    "chance that this person did wrong.",
                    detail::hypothesis_words(draft_.hypothesis)));
    if (draft_.lane != 1) {
      text("The promise does not cover this case. " + detail::guarantee_words(draft_));
    }
  }

  void when() {
    const auto rows = detail::timeline(draft_);
    if (rows.empty()) return;
    heading("WHEN");
    std::size_t most = 1;
    std::size_t label_width = 1;
    for (const auto& [label, count] : rows) {
      most = std::max(most, count);
      label_width = std::max(label_width, columns(label));
    }
    constexpr std::size_t kMargins = 2 + 2 + 4;
    const std::size_t room =
        width_ > label_width + kMargins + 1 ? width_ - label_width - kMargins : 1;
    const std::size_t longest = std::min<std::size_t>(room, 40);
    for (const auto& [label, count] : rows) {
      const std::size_t length = most <= longest ? count : (count * longest + most - 1) / most;
      std::string bar;
      for (std::size_t i = 0; i < length; ++i) bar += "▲";
      out_ += fmt::format("  {}  {}{}{}\n", fit_left(label, label_width), bar,
                          count == 0 ? "·" : " ", count == 0 ? "" : fmt::format("{}", count));
    }
    if (draft_.smaller_acts > 0) {
      out_ += paragraph("  ", "  ",
                        count_words(draft_.smaller_acts, "smaller act is", "smaller acts are") +
                            " not in this picture.",
                        width_);
    }
  }

  /// The marks that weigh, in tenths that add up to the act's own.
  void marks_of(const evidence::Contribution& act, long tenths) {
    std::vector<const evidence::MarkNote*> marks;
    std::vector<double> values;
    double rest = 0;
    for (const evidence::MarkNote& note : act.marks) marks.push_back(&note);
    std::ranges::sort(marks, [](const auto* one, const auto* other) {
      const double weight = std::abs(one->nats);
      const double other_weight = std::abs(other->nats);
      return weight != other_weight ? weight > other_weight : one < other;
    });
    for (const evidence::MarkNote* note : marks) {
      if (values.size() < kListedMarks && std::abs(note->nats) >= kLeastMark) {
        values.push_back(note->nats);
      } else {
        rest += note->nats;
      }
    }
    const std::size_t listed = values.size();
    values.push_back(rest);
    std::vector<long> parts = detail::tenths_that_add_up(values);
    // The act's own figure may have been rounded the other way in its column.
    long gap = tenths;
    for (const long part : parts) gap -= part;
    if (std::abs(gap) <= 1) (marks.size() > listed ? parts.back() : parts.front()) += gap;

    for (std::size_t i = 0; i < listed; ++i) mark_row(parts[i], mark_text(*marks[i]));
    if (parts.back() != 0) {
      mark_row(parts.back(), count_words(marks.size() - listed, "smaller mark", "smaller marks"));
    }
  }

  void mark_row(long tenths, std::string_view words) {
    const std::string indent(kNatsWidth + 2, ' ');
    out_ += paragraph(indent + fit_right(tenths_words(tenths), 5) + "  ", indent + "       ", words,
                      width_);
  }

  /// What was expected is said once and again when it changes.
  std::string mark_text(const evidence::MarkNote& note) {
    std::string words =
        fmt::format("{}: {}", detail::mark_words(note.mark), printable(note.observed, kTextBytes));
    std::string& said = said_[note.mark];
    if (!note.expected.empty() && note.expected != said) {
      words += fmt::format(" / expected: {}", printable(note.expected, kTextBytes));
      said = note.expected;
    }
    return words;
  }

  void what_weighs() {
    heading("WHAT WEIGHS (in nats, largest first; times are UTC)");
    const detail::Sum sum = detail::sum_of(draft_, kListedActs);
    for (std::size_t i = 0; i < sum.listed.size(); ++i) {
      const evidence::Contribution& act = draft_.contributions[i];
      std::string words =
          fmt::format("{}  {}", detail::minute_words(act.time), detail::act_words(names_, act));
      const bool in_marks = std::ranges::any_of(
          act.marks, [](const evidence::MarkNote& note) { return note.mark == "sensitivity"; });
      if (!in_marks && act.sensitivity != event::Sensitivity::unknown) {
        words += fmt::format("; marked {}", to_string(act.sensitivity));
      }
      if (!act.documents.empty()) {
        words += "; protected: " + detail::document_names(names_, act.documents);
      }
      row(tenths_words(sum.listed[i]), words);
      marks_of(act, sum.listed[i]);
    }
    if (sum.more_acts > 0) {
      row(tenths_words(sum.more), count_words(sum.more_acts, "more act", "more acts"));
    } else if (sum.more != 0) {
      row(tenths_words(sum.more), "acts that are no longer kept one by one");
    }
    if (sum.faded != 0) {
      row(tenths_words(sum.faded), "older acts fade, and every week begins anew");
    }
    if (sum.unexplained != 0) {
      row(tenths_words(sum.unexplained),
          "not accounted for by the rows above: do not rely on this case before somebody has "
          "looked into it");
    }
    const std::string against =
        draft_.innocent.empty() ? std::string()
                                : fmt::format(" against '{}', the best innocent explanation",
                                              archetype_words(draft_.innocent.front().archetype));
    row(tenths_words(sum.total),
        fmt::format("in all{}; a case opens at {}", against, nats_words(draft_.threshold)));
    text("  " + detail::guarantee_words(draft_));
  }

  void what_else() {
    heading("WHAT ELSE IT COULD BE (nats against it)");
    if (draft_.innocent.empty()) bullet("No innocent explanation was tried.");
    for (std::size_t i = 0; i < draft_.innocent.size(); ++i) {
      const evidence::InnocentExplanation& one = draft_.innocent[i];
      std::string words =
          fmt::format("{}{}", archetype_words(one.archetype), i == 0 ? ", the closest" : "");
      if (!one.why_not.empty()) words += ": " + printable(one.why_not, kTextBytes);
      row(nats_words(one.nats_against), words);
    }
  }

  void what_would_clear() {
    heading("WHAT WOULD CLEAR IT");
    if (draft_.would_clear.empty()) {
      bullet("Nothing was named. Ask the owners of the documents whether these acts were meant.");
    }
    for (const std::string& words : draft_.would_clear) bullet(words);
  }

  void not_seen() {
    heading("NOT SEEN");
    if (draft_.unseen.empty()) {
      bullet("No gap is known for this person. What no source logs cannot be known here.");
    }
    for (const std::string& words : draft_.unseen) bullet(words);
    out_ += '\n';
  }

  void decided() {
    if (case_.decisions.empty()) return;
    out_.pop_back();  // of the empty line
    heading("DECIDED");
    for (const Decision& one : case_.decisions) bullet(detail::decision_words(one));
    out_ += '\n';
  }

  const Case& case_;
  const evidence::CaseDraft& draft_;
  const Names& names_;
  const std::size_t width_;
  std::map<std::string, std::string> said_;  // mark to what was expected of it
  std::string out_;
};

}  // namespace

std::string render_case(const Case& one, const Names& names, int width) {
  constexpr int kNarrowest = 40;
  return Page(one, names, static_cast<std::size_t>(std::max(width, kNarrowest))).render();
}

}  // namespace weir::cases
