#include "weir/app/budget.h"

#include <utility>

#include "weir/app/session.h"
#include "weir/base/columns.h"
#include "weir/base/json.h"
#include "weir/base/text.h"
#include "weir/evaluate/intervals.h"

namespace weir::app {
namespace {

using evidence::Hypothesis;
using evidence::Verdict;

constexpr std::size_t kWidth = 80;

Verdict verdict_of(const cases::Case& one) {
  return one.decisions.empty() ? Verdict::open : one.decisions.back().effect.verdict;
}

Budget::Period period_of(const evidence::CaseDraft& draft) {
  const std::chrono::year_month_day date{draft.opened};
  const unsigned month = static_cast<unsigned>(date.month());
  return {static_cast<int>(date.year()), (month + 2) / 3, draft.lane};
}

double a_week(double count, double weeks) { return weeks > 0 ? count / weeks : 0.0; }

std::string rate_words(double rate) {
  return rate >= 10 ? fmt::format("{:.0f}", rate) : fmt::format("{:.2g}", rate);
}

std::string promise_table(const Budget& budget) {
  std::vector<std::vector<std::string>> rows;
  for (const HypothesisBudget& one : budget.hypotheses) {
    rows.push_back({std::string(to_string(one.hypothesis)), rate_words(one.promised),
                    fmt::format("{}", one.opened), fmt::format("{}", one.innocent),
                    fmt::format("{}", one.confirmed), fmt::format("{}", one.undecided),
                    rate_words(one.false_a_week), rate_words(one.at_most),
                    rate_words(one.at_most_with_undecided)});
  }
  return format_table(
      {"lane 1", "promised", "opened", "innocent", "confirmed", "left", "false", "most", "+left"},
      rows, {false, true, true, true, true, true, true, true, true});
}

std::string threshold_table(const Budget& budget) {
  std::vector<std::vector<std::string>> rows;
  for (const HypothesisBudget& one : budget.hypotheses) {
    if (!one.threshold) return {};
    rows.push_back({std::string(to_string(one.hypothesis)),
                    fmt::format("{:.1f}", one.threshold->nats),
                    std::string(to_string(one.threshold->basis))});
  }
  return "\n" + format_table({"opens at", "nats", "rests on"}, rows, {false, true, false});
}

std::string quarter_table(const Budget& budget) {
  if (budget.opened.empty()) return {};
  std::vector<std::vector<std::string>> rows;
  for (const auto& [period, counts] : budget.opened) {
    const auto& [year, quarter, lane] = period;
    std::vector<std::string> row = {fmt::format("{}-Q{}", year, quarter), fmt::format("{}", lane)};
    for (const std::uint64_t count : counts) {
      row.push_back(count == 0 ? "·" : fmt::format("{}", count));
    }
    rows.push_back(std::move(row));
  }
  std::vector<std::string> headings = {"opened", "lane"};
  for (std::uint8_t h = 0; h < evidence::kHypothesisCount; ++h) {
    headings.emplace_back(to_string(static_cast<Hypothesis>(h)));
  }
  return "\n" + format_table(headings, rows, {false, true, true, true, true, true, true, true});
}

}  // namespace

Budget budget_of(const std::vector<cases::Case>& cases, std::uint64_t closed_days,
                 const evidence::EngineOptions& options, const evidence::Engine* engine) {
  Budget budget;
  budget.weeks = static_cast<double>(closed_days) / 7.0;
  if (engine != nullptr) budget.people_watched = engine->people_watched();
  for (std::uint8_t h = 0; h < evidence::kHypothesisCount; ++h) {
    HypothesisBudget& one = budget.hypotheses.emplace_back();
    one.hypothesis = static_cast<Hypothesis>(h);
    one.promised = evidence::promised(options, one.hypothesis);
    if (engine == nullptr) continue;
    one.threshold = engine->threshold(one.hypothesis);
  }
  for (const cases::Case& each : cases) {
    const std::size_t h = std::to_underlying(each.draft.hypothesis);
    ++budget.opened[period_of(each.draft)][h];
    if (each.draft.lane != 1) continue;
    HypothesisBudget& one = budget.hypotheses[h];
    ++one.opened;
    const Verdict verdict = verdict_of(each);
    ++(verdict == Verdict::innocent    ? one.innocent
       : verdict == Verdict::confirmed ? one.confirmed
                                       : one.undecided);
  }
  for (HypothesisBudget& one : budget.hypotheses) {
    one.false_a_week = a_week(static_cast<double>(one.innocent), budget.weeks);
    one.at_most = a_week(evaluate::poisson_upper(one.innocent), budget.weeks);
    one.at_most_with_undecided =
        a_week(evaluate::poisson_upper(one.innocent + one.undecided), budget.weeks);
  }
  return budget;
}

std::string render_budget(const Budget& budget) {
  std::string out = fmt::format("{:.1f} weeks closed", budget.weeks);
  if (budget.people_watched > 0) {
    out += fmt::format(", {} watched", counted(budget.people_watched, "person", "people"));
  }
  out += "\n\n" + promise_table(budget) + threshold_table(budget) + quarter_table(budget) + '\n';
  out += paragraph("", "",
                   "promised, false: false cases a week over everybody watched; false are those "
                   "decided innocent. most: with 95 % confidence not more (Poisson); +left: nor "
                   "if all that is left to decide, or unclear, were false too.",
                   kWidth);
  if (budget.hypotheses.front().threshold) {
    out += paragraph(
        "", "",
        "rests on: model, if the models of innocent behaviour are right; observed, if "
        "the coming weeks are like those seen (of a slow drip: what acts alone must bring; the "
        "weekly openings come on top).",
        kWidth);
  }
  return out;
}

std::string budget_json(const Budget& budget) {
  std::string out;
  JsonWriter json(out);
  json.begin_object()
      .member("format", "weir.budget")
      .member("version", 1)
      .member("weeks", budget.weeks)
      .member("people_watched", budget.people_watched);
  json.key("hypotheses").begin_array();
  for (const HypothesisBudget& one : budget.hypotheses) {
    json.begin_object()
        .member("hypothesis", to_string(one.hypothesis))
        .member("promised_a_week", one.promised)
        .member("opened", one.opened)
        .member("innocent", one.innocent)
        .member("confirmed", one.confirmed)
        .member("undecided", one.undecided)
        .member("false_a_week", one.false_a_week)
        .member("false_a_week_at_most", one.at_most)
        .member("false_a_week_at_most_with_undecided", one.at_most_with_undecided);
    json.key("threshold");
    one.threshold ? json.value(one.threshold->nats) : json.null();
    json.key("rests_on");
    if (one.threshold) {
      json.value(to_string(one.threshold->basis));
    } else {
      json.null();
    }
    json.end_object();
  }
  json.end_array().key("opened").begin_array();
  for (const auto& [period, counts] : budget.opened) {
    const auto& [year, quarter, lane] = period;
    for (std::uint8_t h = 0; h < evidence::kHypothesisCount; ++h) {
      if (counts[h] == 0) continue;
      json.begin_object()
          .member("quarter", fmt::format("{}-Q{}", year, quarter))
          .member("lane", lane)
          .member("hypothesis", to_string(static_cast<Hypothesis>(h)))
          .member("cases", counts[h])
          .end_object();
    }
  }
  json.end_array().end_object();
  return out + '\n';
}

}  // namespace weir::app
