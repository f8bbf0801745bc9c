#include <algorithm>

#include "weir/app/evaluation.h"
#include "weir/base/json.h"
#include "weir/base/text.h"
#include "weir/evaluate/intervals.h"

namespace weir::app {
namespace {

using evaluate::Pool;

std::string percent(double share) { return fmt::format("{:.0f} %", 100 * share); }

std::string found_text(std::uint64_t found, std::uint64_t all) {
  if (all == 0) return "–";
  const evaluate::Interval interval = evaluate::clopper_pearson(found, all);
  return fmt::format("{} of {} = {} ({}–{})", found, all,
                     percent(static_cast<double>(found) / static_cast<double>(all)),
                     percent(interval.low), percent(interval.high));
}

/// "1023 / 1893"
std::string median_text(const std::vector<double>& values) {
  if (values.empty()) return "–";
  return fmt::format("{:.0f} / {:.0f}", evaluate::quantile(values, 0.5),
                     evaluate::quantile(values, 0.9));
}

std::string short_found(const Pool& pool) {
  return pool.insiders() == 0 ? "–" : fmt::format("{} of {}", pool.found(), pool.insiders());
}

std::string row_text(const EvaluationRow& row) {
  const Pool& pool = row.pool;
  return fmt::format(
      "| {} | {:g} | {} | {} | {} | {} | {} in {:.0f} weeks | {:.4f} (≤ {:.4f}) | {:.4f} | {} | {} "
      "|",
      row.world, row.budget, row.detector, found_text(pool.found(), pool.insiders()),
      median_text(pool.days()), median_text(pool.sends()), pool.false_cases(), pool.weeks(),
      pool.false_a_week(), pool.false_a_week_upper(), row.false_a_week_allowed,
      pool.to_first().empty() ? "–"
                              : fmt::format("{:.0f}", evaluate::quantile(pool.to_first(), 0.5)),
      row.best ? short_found(*row.best) : "–");
}

std::string kinds_text(const std::map<std::string, std::size_t>& kinds) {
  std::string text;
  for (const auto& [kind, count] : kinds) {
    if (!text.empty()) text += ", ";
    text += fmt::format("{} {}", kind, count);
  }
  return text;
}

/// Lane 1 of Weir over all worlds: is the promise kept?
std::string promise_text(const Evaluation& evaluation, double budget) {
  std::uint64_t false_cases = 0;
  double weeks = 0;
  double allowed = 0;
  std::map<std::string, std::size_t> kinds;
  for (const EvaluationRow& row : evaluation.rows) {
    if (!row.weir || row.lane != 1 || row.budget != budget) continue;
    false_cases += row.pool.false_cases();
    weeks += row.pool.weeks();
    allowed += row.false_a_week_allowed * row.pool.weeks();
    for (const auto& [kind, count] : row.pool.false_kinds()) kinds[kind] += count;
  }
  if (weeks <= 0) return {};
  const double bound = evaluate::poisson_upper(false_cases);
  std::string text = fmt::format(
      "Promise at budget {:g}: at most {:.1f} false cases of lane 1 in {:.0f} weeks over all "
      "worlds. Observed {}; one-sided 95 % upper bound {:.1f}: {}.\n",
      budget, allowed, weeks, false_cases, bound,
      bound <= allowed ? "kept" : "NOT shown to be kept");
  if (!kinds.empty()) {
    text += fmt::format("Of these, about people planted as (one may be several): {}.\n",
                        kinds_text(kinds));
  }
  return text;
}

std::string permuted_text(const Evaluation& evaluation) {
  std::string text;
  for (std::size_t i = 0; i < evaluation.permuted.size(); ++i) {
    const PermutationCount& count = evaluation.permuted[i];
    text += fmt::format(
        "Malicious acts dealt to others, budget {:g}: {} insiders have a case of lane 1, whatever "
        "it "
        "cites; of everybody else {}. The first should be like the second.\n",
        evaluation.budgets[i], found_text(count.insiders_with_case, count.insiders),
        found_text(count.others_with_case, count.others));
  }
  return text;
}

void write_pool(JsonWriter& json, const Pool& pool) {
  const evaluate::Interval interval = evaluate::clopper_pearson(pool.found(), pool.insiders());
  json.begin_object()
      .member("runs", std::uint64_t{pool.runs()})
      .member("insiders", std::uint64_t{pool.insiders()})
      .member("found", std::uint64_t{pool.found()})
      .member("found_low", interval.low)
      .member("found_high", interval.high)
      .member("cases", std::uint64_t{pool.cases()})
      .member("false_cases", std::uint64_t{pool.false_cases()})
      .member("weeks", pool.weeks())
      .member("false_a_week", pool.false_a_week())
      .member("false_a_week_upper", pool.false_a_week_upper());
  const auto delays = [&](std::string_view name, const std::vector<double>& values) {
    if (values.empty()) return;
    json.key(name).begin_object();
    json.member("median", evaluate::quantile(values, 0.5));
    json.member("ninety_percent", evaluate::quantile(values, 0.9)).end_object();
  };
  delays("delay_days", pool.days());
  delays("delay_sends", pool.sends());
  delays("cases_to_first", pool.to_first());
  json.key("false_kinds").begin_object();
  for (const auto& [kind, count] : pool.false_kinds()) json.member(kind, std::uint64_t{count});
  json.end_object().end_object();
}

void write_seeds(JsonWriter& json, std::string_view name, const std::vector<std::uint64_t>& seeds) {
  json.key(name).begin_array();
  for (const std::uint64_t seed : seeds) json.value(seed);
  json.end_array();
}

}  // namespace

std::string render_evaluation(const Evaluation& evaluation) {
  std::string text = fmt::format(
      "Of {} seeds; {} records in {:.0f} s.\n\n"
      "| world | budget | detector | found (95 % interval) | days, median / 90 % | sends, median / "
      "90 % | false cases | a week (95 % bound) | allowed a week | cases to the first insider | "
      "found at the best threshold |\n"
      "|---|---:|---|---|---|---|---:|---|---:|---:|---|\n",
      evaluation.of_sealed ? "sealed" : "development", with_commas(evaluation.records),
      evaluation.seconds);
  for (const EvaluationRow& row : evaluation.rows) text += row_text(row) + '\n';
  text += '\n';
  for (const double budget : evaluation.budgets) text += promise_text(evaluation, budget);
  text += permuted_text(evaluation);
  for (const std::string& failure : evaluation.failures) {
    text += fmt::format("Run failed: {}\n", printable(failure, 1000));
  }
  if (evaluation.cancelled) text += "Stopped before all worlds were run.\n";
  return text;
}

std::string evaluation_json(const Evaluation& evaluation) {
  std::string text;
  JsonWriter json(text);
  json.begin_object()
      .member("format", "weir.evaluation")
      .member("version", 1)
      .member("title", evaluation.title)
      .member("hash", evaluation.hash)
      .member("facts", evaluation.facts);
  write_seeds(json, "development_seeds", evaluation.development_seeds);
  write_seeds(json, "sealed_seeds", evaluation.sealed_seeds);
  json.member("seeds_of_rows", evaluation.of_sealed ? "sealed" : "development")
      .member("records", evaluation.records)
      .member("seconds", evaluation.seconds)
      .member("stopped", evaluation.cancelled)
      .member("failures", evaluation.failures)
      .key("rows")
      .begin_array();
  for (const EvaluationRow& row : evaluation.rows) {
    json.begin_object()
        .member("world", row.world)
        .member("budget", row.budget)
        .member("detector", row.detector)
        .member("setting", row.setting)
        .member("lane", row.lane)
        .member("false_a_week_allowed", row.false_a_week_allowed)
        .key("result");
    write_pool(json, row.pool);
    if (row.best) {
      json.key("best_threshold");
      write_pool(json, *row.best);
    }
    json.end_object();
  }
  json.end_array().key("permuted").begin_array();
  for (const PermutationCount& count : evaluation.permuted) {
    json.begin_object()
        .member("insiders", std::uint64_t{count.insiders})
        .member("insiders_with_case", std::uint64_t{count.insiders_with_case})
        .member("others", std::uint64_t{count.others})
        .member("others_with_case", std::uint64_t{count.others_with_case})
        .end_object();
  }
  json.end_array().end_object();
  return text + "\n";
}

std::string render_score(const evaluate::Score& score, double false_cases_per_week) {
  std::string text =
      fmt::format("Insiders found: {}\n", found_text(score.found(), score.insiders.size()));
  text += fmt::format("False cases: {} in {:.0f} weeks, where the budget allows {:.1f}\n",
                      score.false_cases, score.weeks, false_cases_per_week * score.weeks);
  if (!score.false_kinds.empty()) {
    text += fmt::format("  about people planted as: {}\n", kinds_text(score.false_kinds));
  }
  return text;
}

std::string render_lane(int lane, const evaluate::Score& score) {
  return fmt::format("Lane {}, {}: {} {}, {} of them false; about {} of {} insiders\n", lane,
                     lane == 2 ? "lists of the weeks" : "to fill up with", score.cases,
                     score.cases == 1 ? "case" : "cases", score.false_cases, score.found(),
                     score.insiders.size());
}

}  // namespace weir::app
