#include "weir/lake/lake.h"

#include "weir/app/commands/all.h"
#include "weir/base/json.h"
#include "weir/base/text.h"

namespace weir::app {
namespace {

Result<ExitCode> verify(const Session& session) {
  WEIR_ASSIGN(const auto workspace, session.open_workspace());
  WEIR_ASSIGN(const lake::Lake lake, workspace->open_lake(true));
  WEIR_ASSIGN(const lake::Lake::VerifyReport report, lake.verify(session.stop));
  if (session.json) {
    std::string text;
    JsonWriter json(text);
    json.begin_object()
        .member("files", std::uint64_t{report.files})
        .member("rows", report.rows)
        .member("problems", report.problems)
        .end_object();
    WEIR_TRY(print(text + "\n"));
  } else {
    WEIR_TRY(print(fmt::format("{}, {}: {}\n", counted(report.files, "file"),
                               counted(report.rows, "record"),
                               report.problems.empty() ? "all as written." : "not all is well.")));
    for (const std::string& problem : report.problems) say(problem);
  }
  return report.problems.empty() ? ExitCode::ok : ExitCode::damaged;
}

}  // namespace

void add_lake(CLI::App& root, Session& session) {
  CLI::App* command = root.add_subcommand("lake", "The store of records");
  command->require_subcommand(1);
  CLI::App* verifying =
      command->add_subcommand("verify", "Is every file there, and what was written?");
  verifying->footer("Example:\n  weir -w /srv/weir lake verify");
  verifying->callback([&session] { session.action = [&session] { return verify(session); }; });
}

}  // namespace weir::app
