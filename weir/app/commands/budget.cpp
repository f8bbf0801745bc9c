#include "weir/app/budget.h"

#include "weir/app/analyze.h"
#include "weir/app/commands/all.h"
#include "weir/app/days.h"

namespace weir::app {
namespace {

Result<ExitCode> run(const Session& session) {
  WEIR_ASSIGN(const auto workspace, session.open_workspace());
  WEIR_ASSIGN(cases::CaseStore store, cases::CaseStore::open(workspace->ledger()));
  WEIR_ASSIGN(const std::vector<cases::Case> all, store.all());
  WEIR_ASSIGN(DayStore days, DayStore::open(workspace->ledger()));
  WEIR_ASSIGN(const std::vector<ClosedDay> closed, days.all());
  WEIR_ASSIGN(const auto checkpoint, days.last());

  const evidence::EngineOptions options = engine_options(workspace->config, 1, 8);
  std::optional<evidence::Engine> engine;
  if (checkpoint) {
    // The counts are worth showing even where the state is not there to ask.
    auto loaded = load_engine(*workspace, checkpoint, options);
    if (loaded) {
      engine = std::move(*loaded);
    } else {
      say("Thresholds are not shown: " + loaded.error().message);
    }
  }
  const Budget budget = budget_of(all, closed.size(), options, engine ? &*engine : nullptr);
  WEIR_TRY(print(session.json ? budget_json(budget) : render_budget(budget)));
  return ExitCode::ok;
}

}  // namespace

void add_budget(CLI::App& root, Session& session) {
  CLI::App* command =
      root.add_subcommand("budget", "False cases: promised, opened, and what they were decided as");
  command->footer("Examples:\n  weir budget\n  weir budget --json");
  command->callback([&session] { session.action = [&session] { return run(session); }; });
}

}  // namespace weir::app
