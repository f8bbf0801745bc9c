#include <fmt/ranges.h>

#include <thread>

#include "weir/app/commands/all.h"
#include "weir/app/evaluation.h"
#include "weir/app/evaluation_pool.h"
#include "weir/app/progress.h"
#include "weir/base/text.h"
#include "weir/cases/store.h"

namespace weir::app {
namespace {

struct EvaluateArguments {
  EvaluationOptions options;
  std::string worlds = "null,drip";
  std::string budgets = "0.1,1,7";
  std::string without;
  std::string append = "docs/evaluations.md";
  std::string keep;
  std::string score;
  std::string pool;
  bool rivals = false;
  int threads = 0;
};

std::vector<std::string> words_of(std::string_view list) {
  std::vector<std::string> words;
  for (const std::string_view word : split(list, ',')) {
    if (!word.empty()) words.emplace_back(word);
  }
  return words;
}

Result<EvaluationOptions> options_of(const Session& session, const EvaluateArguments& arguments) {
  EvaluationOptions options = arguments.options;
  options.worlds = words_of(arguments.worlds);
  options.budgets.clear();
  for (const std::string& word : words_of(arguments.budgets)) {
    const auto budget = parse_double(word);
    if (!budget) {
      return fail(ErrorCode::invalid_argument, "--budgets {}: not a number; write 0.1,1,7",
                  printable(word));
    }
    options.budgets.push_back(*budget);
  }
  for (const std::string& word : words_of(arguments.without)) {
    const auto one = event::record_class_from(word);
    if (!one) {
      std::vector<std::string_view> names;
      for (std::uint8_t i = 0; i < event::kRecordClassCount; ++i) {
        names.push_back(to_string(event::RecordClass{i}));
      }
      return fail(ErrorCode::invalid_argument, "--without {}: choose of {}", printable(word),
                  fmt::join(names, ", "));
    }
    options.without.push_back(*one);
  }
  if (arguments.rivals) {
    for (std::uint8_t i = 0; i < evaluate::kRivalKinds; ++i) {
      options.rivals.push_back(evaluate::RivalKind{i});
    }
  }
  options.append = arguments.append;
  options.keep = arguments.keep;
  options.threads = arguments.threads > 0
                        ? arguments.threads
                        : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  options.clock = session.clock;
  options.stop = session.stop;
  options.say = [](std::string_view line) { say(line); };
  return options;
}

/// A workspace as it is, against the answers of the world it was filled from.
Result<ExitCode> score_workspace(const Session& session, const std::filesystem::path& world) {
  WEIR_ASSIGN(const auto workspace, session.open_workspace());
  WEIR_ASSIGN(const evaluate::Truth truth, evaluate::read_truth(world / "answers.json"));
  WEIR_ASSIGN(const evaluate::KnownTruth known, known_truth(*workspace, truth));
  WEIR_ASSIGN(cases::CaseStore store, cases::CaseStore::open(workspace->ledger()));
  WEIR_ASSIGN(const std::vector<cases::Case> all, store.all());
  WEIR_TRY(workspace->note_now("identity.reveal", "", R"({"for":"evaluate"})"));
  std::vector<evaluate::OpenedCase> opened;
  for (const cases::Case& one : all) opened.push_back(evaluate::opened_case(one.draft));
  WEIR_TRY(
      print(render_score(evaluate::score(opened, known), workspace->config.false_cases_per_week)));
  for (const int lane : {2, 3}) {
    const evaluate::Score score = evaluate::score(opened, known, lane);
    if (score.cases > 0) WEIR_TRY(print(render_lane(lane, score)));
  }
  return ExitCode::ok;
}

Result<ExitCode> run(const Session& session, const EvaluateArguments& arguments) {
  if (!arguments.score.empty()) return score_workspace(session, arguments.score);
  if (!arguments.pool.empty()) {
    constexpr std::uint64_t kMostBytes = 64u << 20;
    WEIR_ASSIGN(const std::string record, read_file(arguments.append, kMostBytes));
    WEIR_ASSIGN(const std::string text,
                pool_record(record, arguments.pool, arguments.options.people));
    WEIR_TRY(print(text));
    return ExitCode::ok;
  }
  WEIR_ASSIGN(EvaluationOptions options, options_of(session, arguments));
  ProgressBar bar("evaluating");
  options.progress = [&](std::string_view what, std::uint64_t done, std::uint64_t all) {
    bar.show(done, all, std::string(what));
  };
  WEIR_ASSIGN(const Evaluation evaluation, run_evaluation(options));
  if (session.json) {
    WEIR_TRY(print(evaluation_json(evaluation)));
  } else {
    WEIR_TRY(print(fmt::format("{}\nConfiguration {}\n{}", evaluation.title, evaluation.hash,
                               render_evaluation(evaluation))));
  }
  if (evaluation.cancelled) return ExitCode::stopped;
  return evaluation.failures.empty() ? ExitCode::ok : ExitCode::failed;
}

}  // namespace

void add_evaluate(CLI::App& root, Session& session) {
  auto arguments = std::make_shared<EvaluateArguments>();
  EvaluationOptions& options = arguments->options;
  CLI::App* command =
      root.add_subcommand("evaluate", "Run whole simulated organisations and score the cases");
  command->footer(
      "For every world and seed: simulate, init --evaluation, roster import, ingest, analyze, and "
      "then a look at the answers. What the result depends on is hashed and written down before "
      "the sealed seeds are drawn; every run is added to the record, the bad ones too "
      "(docs/evaluation.md).\n"
      "Examples:\n"
      "  weir evaluate --seeds 2 --people 300 --years 4 --append /tmp/try.md\n"
      "  weir evaluate --worlds null,drip --seeds 3 --sealed 5 --rivals\n"
      "  weir -w play evaluate --score world");
  command->add_option("--worlds", arguments->worlds,
                      "List of the simulator's worlds (default null,drip)");
  command->add_option("--seeds", options.development, "How many development seeds");
  command->add_option("--first-seed", options.first_seed, "The first of them (default 1)");
  command->add_option("--sealed", options.sealed, "How many sealed seeds, drawn by the kernel");
  command->add_option("--people", options.people, "Default 2000")->check(CLI::Range(1, 1'000'000));
  command->add_option("--years", options.years, "Default 10")->check(CLI::Range(1, 100));
  command->add_option("--insiders", options.insiders, "A world that has some (default 20)");
  command->add_option("--sends-per-year", options.sends_per_year, "Of a drip insider (default 4)");
  command->add_flag("--thin", options.thin, "Worlds of 300 records a person and year");
  command->add_flag("--held-out", options.held_out,
                    "Draw what insiders do from its ranges, by the seed");
  command->add_option("--unreported", options.unreported,
                      "In public-case: acts beside the five (default 0)");
  command->add_option("--budgets", arguments->budgets,
                      "False cases a week for each 10,000 people (default 0.1,1,7)");
  command->add_flag("--rivals", arguments->rivals,
                    "Tune other detectors on the development seeds, and score them too");
  command->add_option("--without", arguments->without,
                      "Leave out sources: email, web, file, authentication, device …");
  command->add_flag("--permute", options.permute,
                    "Deal malicious acts to others: what is found then must be chance");
  command->add_option("--keep", arguments->keep, "Keep worlds and workspaces in this folder");
  command->add_option("--append", arguments->append,
                      "The record of all runs (default docs/evaluations.md)");
  command->add_option("--note", options.note, "A title for the record");
  command->add_option("--threads", arguments->threads, "Default: all cores; results are the same")
      ->check(CLI::Range(1, 256));
  command->add_option("--score", arguments->score,
                      "Only score the workspace's cases against the answers in this folder");
  command->add_option("--pool", arguments->pool,
                      "Only sum what the record says of this world, with --people");
  command->callback([arguments, &session] {
    session.action = [arguments, &session] { return run(session, *arguments); };
  });
}

}  // namespace weir::app
