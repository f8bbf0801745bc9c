#include "weir/app/evaluation.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "weir/app/run_folder.h"
#include "weir/base/entropy.h"
#include "weir/base/file.h"
#include "weir/base/text.h"

namespace weir::app {
namespace {

using evaluate::Pool;
using evaluate::Tuned;

constexpr std::uint64_t kMaxProgramBytes = 4ull << 30;

std::string hex_of(const std::array<unsigned char, 32>& digest) {
  std::string text;
  for (std::size_t i = 0; i < 16; ++i) text += fmt::format("{:02x}", digest[i]);
  return text;
}

std::string list_of(const std::vector<std::uint64_t>& numbers) {
  std::string text;
  for (const std::uint64_t number : numbers) {
    text += text.empty() ? fmt::format("{}", number) : fmt::format(", {}", number);
  }
  return text.empty() ? "none" : text;
}

/// The record that every run is added to.
class RunRecord {
 public:
  static Result<RunRecord> open(const std::filesystem::path& path) {
    std::error_code ignored;
    const bool is_new = !std::filesystem::exists(path, ignored);
    auto file = File::open_append(path);
    if (!file) {
      return std::unexpected(std::move(file).error().while_doing(
          "the record of all runs (--append FILE puts it elsewhere)"));
    }
    RunRecord record(std::move(*file));
    if (is_new) {
      WEIR_TRY(record.add(
          "# Evaluations\n\nEvery run of `weir evaluate`, the bad ones too, oldest first; "
          "docs/evaluation.md says what counts as\nfound and as false. The worlds are Weir's own "
          "simulator: the figures say how the engine does there, and are\nno promise for real "
          "life.\n"));
    }
    return record;
  }
  /// On the disk when it returns.
  Result<void> add(std::string_view text) {
    WEIR_TRY(file_.write(text));
    return file_.sync();
  }

 private:
  explicit RunRecord(File file) : file_(std::move(file)) {}
  File file_;
};

/// All worlds with some seeds. Failures go on record and do not end it; only a stop does.
std::vector<WorldRun> run_all(const EvaluationOptions& options,
                              const std::vector<std::uint64_t>& seeds,
                              const std::vector<double>& budgets,
                              const std::vector<evaluate::RivalSpec>& rivals,
                              Evaluation& evaluation) {
  std::vector<WorldRun> runs;
  for (const std::string& world : options.worlds) {
    for (const std::uint64_t seed : seeds) {
      const std::string name = fmt::format("{}-{}", world, seed);
      RunFolder folder(options.keep, name);
      WorldSettings settings(options, world, name);
      settings.seed = seed;
      settings.budgets = budgets;
      settings.rivals = rivals;
      settings.without = options.without;
      settings.permute = options.permute;
      settings.folder = folder.path();
      Result<void> made = folder.make();
      Result<WorldRun> run =
          made ? run_world(settings) : Result<WorldRun>(std::unexpected(std::move(made).error()));
      if (!run) {
        evaluation.cancelled = run.error().code == ErrorCode::cancelled;
        if (evaluation.cancelled) return runs;
        evaluation.failures.push_back(
            fmt::format("{}, seed {}: {}", world, seed, run.error().message));
        if (options.say) options.say(evaluation.failures.back());
        continue;
      }
      evaluation.records += run->records;
      evaluation.seconds += run->seconds;
      if (options.say) {
        const evaluate::Score score = evaluate::score(run->cases.front(), *run->truth);
        options.say(
            fmt::format("{}, seed {}: {} of {} found and {} false cases at budget {:g}, {} "
                        "records, {:.0f} s",
                        world, seed, score.found(), score.insiders.size(), score.false_cases,
                        budgets.front(), with_commas(run->records), run->seconds));
      }
      runs.push_back(std::move(*run));
    }
  }
  return runs;
}

void add_rows(const std::vector<const WorldRun*>& runs, double budget, std::size_t b,
              const std::vector<Tuned>& tuned, const EvaluationOptions& options,
              Evaluation& evaluation) {
  const double allowed = false_cases_a_week(budget, options.people);
  std::set<int> lanes = {1};
  for (const WorldRun* run : runs) {
    for (const evaluate::OpenedCase& one : run->cases[b]) lanes.insert(one.lane);
  }
  for (const int lane : lanes) {
    EvaluationRow row{.world = runs.front()->world,
                      .budget = budget,
                      .detector = fmt::format("Weir, lane {}", lane),
                      .setting = {},
                      .weir = true,
                      .lane = lane,
                      .pool = {},
                      .false_a_week_allowed = allowed,
                      .best = {}};
    for (const WorldRun* run : runs)
      row.pool.add(evaluate::score(run->cases[b], *run->truth, lane));
    evaluation.rows.push_back(std::move(row));
  }
  for (const Tuned& rival : tuned) {
    EvaluationRow row{.world = runs.front()->world,
                      .budget = budget,
                      .detector = fmt::format("{}, {}", to_string(rival.spec.kind),
                                              to_string(rival.spec.variant)),
                      .setting = describe(rival.spec),
                      .weir = false,
                      .lane = 0,
                      .pool = {},
                      .false_a_week_allowed = allowed,
                      .best = Pool()};
    std::vector<const evaluate::AlarmLog*> logs;
    for (const WorldRun* run : runs) logs.push_back(&run->alarms.at(rival.spec));
    const double best = evaluate::lowest_threshold(logs, allowed);
    for (const evaluate::AlarmLog* log : logs) {
      row.pool.add(log->score(rival.threshold));
      row.best->add(log->score(best));
    }
    evaluation.rows.push_back(std::move(row));
  }
}

std::vector<std::string> frozen_lines(const std::vector<std::vector<Tuned>>& tuned,
                                      const EvaluationOptions& options) {
  std::vector<std::string> lines;
  for (std::size_t b = 0; b < tuned.size(); ++b) {
    for (const Tuned& one : tuned[b]) {
      lines.push_back(fmt::format(
          "{}, {}, budget {:g}: {}; threshold {}; found {} of {} on development seeds",
          to_string(one.spec.kind), to_string(one.spec.variant), options.budgets[b],
          describe(one.spec), one.threshold, one.development.found(), one.development.insiders()));
    }
  }
  return lines;
}

std::string listed(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += fmt::format("- {}\n", line);
  return text;
}

Result<void> check(const EvaluationOptions& options) {
  if (options.worlds.empty())
    return fail(ErrorCode::invalid_argument, "--worlds: name at least one");
  for (const std::string& world : options.worlds) {
    if (!sim::world_from(world)) {
      return fail(ErrorCode::invalid_argument, "--worlds {}: choose of {}", printable(world),
                  sim::world_names());
    }
  }
  if (options.development + options.sealed == 0) {
    return fail(ErrorCode::invalid_argument, "nothing to run: give --seeds or --sealed a number");
  }
  if (options.budgets.empty()) {
    return fail(ErrorCode::invalid_argument, "--budgets: name at least one");
  }
  for (const double budget : options.budgets) {
    const double a_week = false_cases_a_week(budget, options.people);
    if (!(a_week >= 0.0001 && a_week <= 1000)) {
      return fail(ErrorCode::invalid_argument,
                  "--budgets {}: with {} people that is {} false cases a week, which should be "
                  "between 0.0001 and 1000",
                  budget, options.people, a_week);
    }
  }
  if (!options.rivals.empty() && options.development == 0) {
    return fail(ErrorCode::invalid_argument,
                "--rivals needs development worlds to tune on: give --seeds a number");
  }
  if (!options.rivals.empty() && options.permute) {
    return fail(ErrorCode::invalid_argument, "--permute is about Weir alone: leave out --rivals");
  }
  return {};
}

}  // namespace

std::string hash_of(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  return hex_of(blake2b(text));
}

Result<std::vector<std::string>> evaluation_facts(const EvaluationOptions& options) {
  WEIR_ASSIGN(const std::string program, read_file("/proc/self/exe", kMaxProgramBytes));
  std::vector<std::string> facts;
  facts.push_back(fmt::format("Program: weir {}, its file has BLAKE2b {}", WEIR_VERSION,
                              hex_of(blake2b(program))));
  facts.push_back(fmt::format("Parameters of the simulator: {}", WEIR_SIMULATOR_PARAMETERS));
  facts.push_back(
      fmt::format("Worlds: {}; {} people, {} years; where it applies {} insiders, {:g} "
                  "sends a year",
                  fmt::join(options.worlds, ", "), options.people, options.years, options.insiders,
                  options.sends_per_year));
  facts.push_back(fmt::format("Budgets: {} false cases a week for each 10,000 people",
                              fmt::join(options.budgets, ", ")));
  facts.push_back(fmt::format("Seeds: {} for development from {}, {} sealed", options.development,
                              options.first_seed, options.sealed));
  if (!options.without.empty()) {
    std::vector<std::string_view> names;
    for (const event::RecordClass one : options.without) names.push_back(to_string(one));
    facts.push_back(fmt::format("Without the sources: {}", fmt::join(names, ", ")));
  }
  if (options.thin) facts.emplace_back("Thin worlds: 300 records a person and year");
  if (options.held_out) {
    facts.emplace_back("What insiders do is drawn from ranges, by the seed (scenario_ranges.h)");
  }
  if (options.unreported > 0) {
    facts.push_back(fmt::format("Public case: {} acts beside the five", options.unreported));
  }
  if (options.permute) facts.emplace_back("Malicious acts are dealt to people drawn by lot");
  if (!options.rivals.empty()) {
    std::vector<std::string> grid;
    for (const evaluate::RivalSpec& spec : evaluate::all_choices(options.rivals)) {
      grid.push_back(
          fmt::format("{}, {}: {}", to_string(spec.kind), to_string(spec.variant), describe(spec)));
    }
    facts.push_back(
        fmt::format("Rivals: {} choices to tune among, list {}", grid.size(), hash_of(grid)));
  }
  return facts;
}

Result<Evaluation> run_evaluation(const EvaluationOptions& options) {
  WEIR_TRY(check(options));
  Evaluation evaluation;
  const std::string now = to_iso8601(std::chrono::floor<std::chrono::minutes>(options.clock()));
  evaluation.title = fmt::format("{} {} UTC{}", now.substr(0, 10), now.substr(11, 5),
                                 options.note.empty() ? "" : ": " + printable(options.note));
  WEIR_ASSIGN(evaluation.facts, evaluation_facts(options));
  evaluation.hash = hash_of(evaluation.facts);
  evaluation.budgets = options.budgets;
  WEIR_ASSIGN(RunRecord record, RunRecord::open(options.append));
  WEIR_TRY(
      record.add(fmt::format("\n## {}\n\n{}- Configuration: {}, written before any seed was "
                             "drawn\n",
                             evaluation.title, listed(evaluation.facts), evaluation.hash)));

  for (std::uint32_t i = 0; i < options.development; ++i) {
    evaluation.development_seeds.push_back(options.first_seed + i);
  }
  evaluation.of_sealed = options.sealed > 0;
  // Weir is not tuned here: where sealed worlds follow, one budget will do to see it run.
  const std::vector<double> first = {options.budgets.front()};
  std::vector<WorldRun> runs =
      run_all(options, evaluation.development_seeds, evaluation.of_sealed ? first : options.budgets,
              evaluate::all_choices(options.rivals), evaluation);

  std::vector<std::vector<Tuned>> tuned(options.budgets.size());
  std::set<evaluate::RivalSpec> chosen;
  if (!options.rivals.empty()) {
    std::vector<const std::map<evaluate::RivalSpec, evaluate::AlarmLog>*> logs;
    for (const WorldRun& run : runs) logs.push_back(&run.alarms);
    for (std::size_t b = 0; b < options.budgets.size(); ++b) {
      tuned[b] = evaluate::tune(logs, false_cases_a_week(options.budgets[b], options.people));
      for (const Tuned& one : tuned[b]) chosen.insert(one.spec);
    }
    const auto lines = frozen_lines(tuned, options);
    WEIR_TRY(record.add(
        fmt::format("- Rivals frozen: {}\n  {}\n", hash_of(lines), fmt::join(lines, "\n  "))));
  }
  if (evaluation.of_sealed && !evaluation.cancelled) {
    for (std::uint32_t i = 0; i < options.sealed; ++i) {
      evaluation.sealed_seeds.push_back(unpredictable64() >> 16);  // short enough to type
    }
    WEIR_TRY(record.add(
        fmt::format("- Sealed seeds, drawn now: {}\n", list_of(evaluation.sealed_seeds))));
    evaluation.records = 0;
    evaluation.seconds = 0;
    runs = run_all(options, evaluation.sealed_seeds, options.budgets,
                   {chosen.begin(), chosen.end()}, evaluation);
  }
  // Stopped before there were sealed seeds, there is nothing to show.
  if (evaluation.of_sealed && evaluation.sealed_seeds.empty()) runs.clear();
  for (const std::string& world : options.worlds) {
    std::vector<const WorldRun*> group;
    for (const WorldRun& run : runs) {
      if (run.world == world) group.push_back(&run);
    }
    for (std::size_t b = 0; b < options.budgets.size() && !group.empty(); ++b) {
      add_rows(group, options.budgets[b], b, tuned[b], options, evaluation);
    }
  }
  if (options.permute) {
    evaluation.permuted.resize(options.budgets.size());
    for (const WorldRun& run : runs) {
      for (std::size_t b = 0; b < run.permuted.size(); ++b) {
        PermutationCount& sum = evaluation.permuted[b];
        sum.insiders += run.permuted[b].insiders;
        sum.insiders_with_case += run.permuted[b].insiders_with_case;
        sum.others += run.permuted[b].others;
        sum.others_with_case += run.permuted[b].others_with_case;
      }
    }
  }
  WEIR_TRY(record.add("\n" + render_evaluation(evaluation)));
  return evaluation;
}

}  // namespace weir::app
