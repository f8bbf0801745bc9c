#include "weir/app/status.h"

#include "weir/app/commands/all.h"

namespace weir::app {
namespace {

Result<ExitCode> run(const Session& session) {
  WEIR_ASSIGN(const auto workspace, session.open_workspace());
  WEIR_ASSIGN(const Status status, status_of(*workspace, session.clock()));
  WEIR_TRY(print(session.json ? status_json(status) : render_status(status, terminal_width())));
  return status.attention.empty() ? ExitCode::ok : ExitCode::partly;
}

}  // namespace

void add_status(CLI::App& root, Session& session) {
  CLI::App* command = root.add_subcommand("status", "Is everything running?");
  command->footer(
      "Quick, and changes nothing; exit status 3 if something needs attention.\n"
      "Examples:\n  weir status\n  weir status --json | jq .attention");
  command->callback([&session] { session.action = [&session] { return run(session); }; });
}

}  // namespace weir::app
