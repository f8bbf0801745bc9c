#include "weir/app/coverage.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "weir/app/evaluation_world.h"
#include "weir/app/run_folder.h"
#include "weir/app/session.h"
#include "weir/app/survey.h"
#include "weir/base/columns.h"
#include "weir/base/json.h"
#include "weir/base/text.h"
#include "weir/evaluate/intervals.h"
#include "weir/sim/world.h"

namespace weir::app {
namespace {

evidence::Sight masked(const Coverage& coverage) {
  return static_cast<evidence::Sight>(evidence::kEverything & ~coverage.options.present);
}

std::string spaced_names(evidence::Sight sight) {
  std::vector<std::string> names;
  for (const std::string_view name : names_of(sight)) {
    names.emplace_back(name);
    std::ranges::replace(names.back(), '_', ' ');
  }
  return names.empty() ? std::string("none") : fmt::format("{}", fmt::join(names, ", "));
}

/// "14 of 20 = 70 % (46–88)"
std::string share_text(std::uint64_t found, std::uint64_t all) {
  if (all == 0) return "–";
  const evaluate::Interval interval = evaluate::clopper_pearson(found, all);
  return fmt::format("{} of {} = {:.0f} % ({:.0f}–{:.0f})", found, all,
                     100.0 * static_cast<double>(found) / static_cast<double>(all),
                     100 * interval.low, 100 * interval.high);
}

Result<CoverageRow> run_one(const CoverageOptions& options, const std::string& world) {
  RunFolder folder({}, world);
  WEIR_TRY(folder.make());
  WorldSettings settings(options, world, world);
  settings.seed = options.seed;
  settings.budgets = {options.budget};
  settings.also_with = options.present;
  settings.folder = folder.path();
  WEIR_ASSIGN(const WorldRun run, run_world(settings));
  const evaluate::Score with_all = evaluate::score(run.cases.front(), *run.truth);
  const evaluate::Score here = evaluate::score(run.cases_with, *run.truth);
  return CoverageRow{.world = world,
                     .insiders = with_all.insiders.size(),
                     .found = with_all.found(),
                     .found_here = here.found(),
                     .false_cases = with_all.false_cases,
                     .false_cases_here = here.false_cases};
}

void write_share(JsonWriter& json, std::string_view name, std::uint64_t found, std::uint64_t all,
                 std::uint64_t false_cases) {
  const evaluate::Interval interval = evaluate::clopper_pearson(found, all);
  json.key(name)
      .begin_object()
      .member("found", found)
      .member("found_low", interval.low)
      .member("found_high", interval.high)
      .member("false_cases", false_cases)
      .end_object();
}

}  // namespace

Result<Coverage> run_coverage(const CoverageOptions& options) {
  if (options.worlds.empty())
    return fail(ErrorCode::invalid_argument, "--worlds: name at least one");
  for (const std::string& world : options.worlds) {
    const auto known = sim::world_from(world);
    if (known && sim::has_insiders(*known)) continue;
    return fail(ErrorCode::invalid_argument, "--worlds {}: choose of {}, but one with insiders",
                printable(world), sim::world_names());
  }
  Coverage coverage;
  coverage.options = options;
  for (const std::string& world : options.worlds) {
    Result<CoverageRow> row = run_one(options, world);
    if (row) {
      coverage.rows.push_back(std::move(*row));
      continue;
    }
    coverage.cancelled = row.error().code == ErrorCode::cancelled;
    if (coverage.cancelled) break;
    coverage.failures.push_back(fmt::format("{}: {}", world, row.error().message));
  }
  return coverage;
}

std::string render_coverage(const Coverage& coverage, int width) {
  const CoverageOptions& options = coverage.options;
  const auto columns = static_cast<std::size_t>(width);
  std::string text = paragraph(
      "", "",
      fmt::format("A simulation, and no promise: {} made-up people over {}, seed {}, and as many "
                  "false cases for each person as weir.yaml allows here. Found is who has a true "
                  "case in time; in brackets the 95 % interval.",
                  with_commas(options.people), counted(options.years, "year"), options.seed),
      columns);
  text +=
      paragraph("Sources here:  ", std::string(15, ' '), spaced_names(options.present), columns);
  text +=
      paragraph("Masked:        ", std::string(15, ' '), spaced_names(masked(coverage)), columns);
  std::vector<std::vector<std::string>> rows;
  std::uint64_t false_cases = 0;
  std::uint64_t false_cases_here = 0;
  for (const CoverageRow& row : coverage.rows) {
    rows.push_back(
        {row.world, share_text(row.found, row.insiders), share_text(row.found_here, row.insiders)});
    false_cases += row.false_cases;
    false_cases_here += row.false_cases_here;
  }
  text += "\n" + format_table({"scenario", "found with all sources", "with those here"}, rows);
  if (!rows.empty()) {
    text += fmt::format("\nFalse cases in all of these: {} with all sources, {} with those here.\n",
                        with_commas(false_cases), with_commas(false_cases_here));
  }
  for (const CoverageRow& row : coverage.rows) {
    for (const sim::WorldFacts& facts : sim::worlds()) {
      if (facts.name != row.world) continue;
      text += paragraph(fmt::format("  {}: ", row.world), "    ", facts.what, columns);
    }
  }
  for (const std::string& failure : coverage.failures) {
    text += paragraph("Run failed: ", "  ", printable(failure, 1000), columns);
  }
  if (coverage.cancelled) text += "Stopped before all scenarios were run.\n";
  return text;
}

std::string coverage_json(const Coverage& coverage) {
  const CoverageOptions& options = coverage.options;
  const auto strings = [](const std::vector<std::string_view>& names) {
    return std::vector<std::string>(names.begin(), names.end());
  };
  std::string text;
  JsonWriter json(text);
  json.begin_object()
      .member("format", "weir.coverage")
      .member("version", 1)
      .member("simulated", true)
      .member("people", std::uint64_t{options.people})
      .member("years", std::uint64_t{options.years})
      .member("seed", options.seed)
      .member("false_cases_a_week_per_10000", options.budget)
      .member("present", strings(names_of(options.present)))
      .member("masked", strings(names_of(masked(coverage))))
      .key("scenarios")
      .begin_array();
  for (const CoverageRow& row : coverage.rows) {
    json.begin_object().member("world", row.world).member("insiders", row.insiders);
    write_share(json, "all_sources", row.found, row.insiders, row.false_cases);
    write_share(json, "sources_here", row.found_here, row.insiders, row.false_cases_here);
    json.end_object();
  }
  json.end_array()
      .member("failures", coverage.failures)
      .member("stopped", coverage.cancelled)
      .end_object();
  return text + "\n";
}

}  // namespace weir::app
