#include "weir/ledger/audit.h"

#include "weir/app/commands/all.h"
#include "weir/base/json.h"
#include "weir/base/text.h"

namespace weir::app {
namespace {

Result<ExitCode> verify(const Session& session) {
  WEIR_ASSIGN(const auto workspace, session.open_workspace());
  WEIR_ASSIGN(ledger::AuditLog::Verdict verdict, workspace->audit().verify());
  if (session.json) {
    std::string text;
    JsonWriter json(text);
    json.begin_object()
        .member("entries", verdict.entries)
        .member("intact", verdict.intact)
        .member("anchored", verdict.anchored)
        .member("problem", verdict.problem)
        .end_object();
    WEIR_TRY(print(text + "\n"));
  } else {
    std::string text = fmt::format("{}: {}\n", counted(verdict.entries, "entry", "entries"),
                                   verdict.intact ? "the chain is whole." : "the chain is broken.");
    if (verdict.anchored) {
      text += "Its heads are those of the anchor file.\n";
    } else if (verdict.intact && !workspace->config.audit_anchor) {
      text +=
          "There is no anchor to compare with: somebody who can write here could have\n"
          "cut off the end unseen. Set audit.anchor in weir.yaml to a file on another host.\n";
      verdict.problem.clear();
    }
    if (!verdict.problem.empty()) text += verdict.problem + "\n";
    WEIR_TRY(print(text));
  }
  return verdict.intact ? ExitCode::ok : ExitCode::damaged;
}

}  // namespace

void add_audit(CLI::App& root, Session& session) {
  CLI::App* command = root.add_subcommand("audit", "Who did what in this workspace");
  command->require_subcommand(1);
  CLI::App* verifying = command->add_subcommand("verify", "Was the audit log altered?");
  verifying->footer("Example:\n  weir -w /srv/weir audit verify");
  verifying->callback([&session] { session.action = [&session] { return verify(session); }; });
}

}  // namespace weir::app
