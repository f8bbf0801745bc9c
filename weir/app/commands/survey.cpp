#include "weir/app/survey.h"

#include "weir/app/commands/all.h"
#include "weir/app/progress.h"

namespace weir::app {
namespace {

Result<ExitCode> run(const Session& session) {
  WEIR_ASSIGN(const auto workspace, session.open_workspace());
  WEIR_TRY(workspace->note_now("survey", "", "{}"));
  SurveyOptions options;
  options.stop = session.stop;
  ProgressBar bar("surveying");
  options.progress = [&](std::uint64_t step, std::uint64_t all, std::string_view what) {
    bar.show(step, all, std::string(what));
  };
  WEIR_ASSIGN(const Survey survey, take_survey(*workspace, options));
  WEIR_TRY(print(session.json ? survey_json(survey) : render_survey(survey, terminal_width())));
  return ExitCode::ok;
}

}  // namespace

void add_survey(CLI::App& root, Session& session) {
  CLI::App* command =
      root.add_subcommand("survey", "What history there is, what is not seen, what has left");
  command->footer(
      "For the first day: sums over the stored records, before anything is analyzed. Nobody is "
      "ranked or named, and what fewer than five people share is not counted out.\n"
      "Examples:\n  weir survey\n  weir survey --json > survey.json");
  command->callback([&session] { session.action = [&session] { return run(session); }; });
}

}  // namespace weir::app
