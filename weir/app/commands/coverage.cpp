#include "weir/app/coverage.h"

#include <algorithm>
#include <thread>

#include "weir/app/commands/all.h"
#include "weir/app/progress.h"
#include "weir/app/survey.h"
#include "weir/base/text.h"

namespace weir::app {
namespace {

struct CoverageArguments {
  CoverageOptions options;
  std::string worlds;
  int threads = 0;
};

Result<ExitCode> run(const Session& session, const CoverageArguments& arguments) {
  CoverageOptions options = arguments.options;
  if (!arguments.worlds.empty()) {
    options.worlds.clear();
    for (const std::string_view word : split(arguments.worlds, ',')) {
      if (!word.empty()) options.worlds.emplace_back(word);
    }
  }
  options.threads = arguments.threads > 0
                        ? arguments.threads
                        : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  options.clock = session.clock;
  options.stop = session.stop;
  {
    WEIR_ASSIGN(const auto workspace, session.open_workspace());
    WEIR_TRY(workspace->note_now("coverage", "", "{}"));
    SurveyOptions survey_options;
    survey_options.stop = session.stop;
    WEIR_ASSIGN(const Survey survey, survey_sources(*workspace, survey_options));
    if (survey.records == 0) {
      return fail(ErrorCode::not_found,
                  "There are no records yet, so it is not known which sources there are: `weir "
                  "ingest` brings them, `weir survey` says what each would add.");
    }
    options.present = survey.sight();
    WEIR_ASSIGN(const roster::People people, workspace->roster().people());
    options.budget = workspace->config.false_cases_per_week * 10'000.0 /
                     static_cast<double>(std::max<std::size_t>(1, people.all().size()));
  }
  Result<Coverage> coverage = [&] {
    ProgressBar bar("simulating");
    options.progress = [&](std::string_view what, std::uint64_t done, std::uint64_t all) {
      bar.show(done, all, std::string(what));
    };
    return run_coverage(options);
  }();
  if (!coverage) return std::unexpected(std::move(coverage).error());
  WEIR_TRY(print(session.json ? coverage_json(*coverage)
                              : render_coverage(*coverage, terminal_width())));
  if (coverage->cancelled) return ExitCode::stopped;
  return coverage->failures.empty() ? ExitCode::ok : ExitCode::failed;
}

}  // namespace

void add_coverage(CLI::App& root, Session& session) {
  auto arguments = std::make_shared<CoverageArguments>();
  CoverageOptions& options = arguments->options;
  CLI::App* command =
      root.add_subcommand("coverage", "What can be found with the sources there are");
  command->footer(
      "Simulates organisations with insiders, and judges them twice: with all sources, and with "
      "only what the records of this workspace show. It says what masking costs in a made-up "
      "organisation, and promises nothing. The default takes some minutes.\n"
      "Examples:\n  weir coverage\n  weir coverage --worlds drip,media --people 2000 --years 10");
  command->add_option("--worlds", arguments->worlds,
                      "The simulator's worlds (default drip,rotation,media,split,burst)");
  command->add_option("--people", options.people, "Default 500")->check(CLI::Range(1, 1'000'000));
  command->add_option("--years", options.years, "Default 6")->check(CLI::Range(1, 100));
  command->add_option("--insiders", options.insiders, "In each (default 20)")
      ->check(CLI::Range(1, 100'000));
  command->add_option("--sends-per-year", options.sends_per_year, "Of a slow insider (default 4)");
  command->add_option("--seed", options.seed, "Default 1");
  command->add_option("--threads", arguments->threads, "Default: all cores; results are the same")
      ->check(CLI::Range(1, 256));
  command->callback([arguments, &session] {
    session.action = [arguments, &session] { return run(session, *arguments); };
  });
}

}  // namespace weir::app
