#include "weir/app/backup.h"

#include "weir/app/commands/all.h"
#include "weir/base/text.h"

namespace weir::app {
namespace {

Result<ExitCode> run_backup(const Session& session, const std::string& target) {
  WEIR_ASSIGN(const auto workspace, session.open_workspace());
  WEIR_TRY(workspace->note_now("backup", "", "{}"));
  WEIR_ASSIGN(const BackupReport report, backup(*workspace, target, session.stop));
  WEIR_TRY(print(fmt::format(
      "{} files, {} bytes in {}. It holds the host's key: guard it like the workspace.\n",
      with_commas(report.files), with_commas(report.bytes), target)));
  return ExitCode::ok;
}

Result<ExitCode> run_restore(const Session& session, const std::string& source,
                             const std::string& target) {
  WEIR_ASSIGN(const BackupReport report, restore(source, target, session.stop));
  WEIR_ASSIGN(const auto workspace, Workspace::open(target));
  WEIR_TRY(workspace->note_now("restore", "", "{}"));
  WEIR_TRY(print(fmt::format("{} files, {} bytes, all as backed up: the workspace {} is ready.\n",
                             with_commas(report.files), with_commas(report.bytes), target)));
  return ExitCode::ok;
}

}  // namespace

void add_backup(CLI::App& root, Session& session) {
  auto target = std::make_shared<std::string>();
  CLI::App* command = root.add_subcommand("backup", "Copy the whole workspace, while it is in use");
  command->footer("Example:\n  weir backup /backups/weir-2026-11-22");
  command->add_option("DIR", *target, "A new folder")->required();
  command->callback([target, &session] {
    session.action = [target, &session] { return run_backup(session, *target); };
  });
}

void add_restore(CLI::App& root, Session& session) {
  auto source = std::make_shared<std::string>();
  auto target = std::make_shared<std::string>();
  CLI::App* command = root.add_subcommand("restore", "Make a workspace out of a backup");
  command->footer("Example:\n  weir restore /backups/weir-2026-11-22 /srv/weir");
  command->add_option("BACKUP", *source, "Folder that `weir backup` wrote")->required();
  command->add_option("DIR", *target, "A new folder")->required();
  command->callback([source, target, &session] {
    session.action = [source, target, &session] { return run_restore(session, *source, *target); };
  });
}

}  // namespace weir::app
