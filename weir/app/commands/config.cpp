#include "weir/app/config.h"

#include "weir/app/commands/all.h"
#include "weir/base/columns.h"
#include "weir/base/json.h"

namespace weir::app {
namespace {

Result<Config> load(const Session& session, const std::string& file) {
  return load_config(file.empty() ? session.workspace_folder / "weir.yaml"
                                  : std::filesystem::path(file));
}

Result<ExitCode> check(const Session& session, const std::string& file) {
  WEIR_ASSIGN(const Config config, load(session, file));
  if (session.json) {
    std::string text;
    JsonWriter json(text);
    json.begin_object()
        .member("file", config.file_name)
        .member("notes", config.notices())
        .end_object();
    WEIR_TRY(print(text + "\n"));
    return ExitCode::ok;
  }
  std::string text = fmt::format("{}: no errors.\n", config.file_name);
  for (const std::string& notice : config.notices()) {
    text += paragraph("  note: ", "        ", notice, static_cast<std::size_t>(terminal_width()));
  }
  WEIR_TRY(print(text));
  return ExitCode::ok;
}

Result<ExitCode> explain(const Session& session, const std::string& file) {
  WEIR_ASSIGN(const Config config, load(session, file));
  if (!session.json) {
    WEIR_TRY(print(config.explain(static_cast<std::size_t>(terminal_width()))));
    return ExitCode::ok;
  }
  std::string text;
  JsonWriter json(text);
  json.begin_array();
  for (const Setting& setting : config.settings()) {
    json.begin_object()
        .member("name", setting.name)
        .member("value", setting.value)
        .member("line", setting.line)
        .member("meaning", setting.meaning)
        .end_object();
  }
  json.end_array();
  WEIR_TRY(print(text + "\n"));
  return ExitCode::ok;
}

}  // namespace

void add_config(CLI::App& root, Session& session) {
  CLI::App* command = root.add_subcommand("config", "What weir.yaml says and means");
  command->require_subcommand(1);
  auto file = std::make_shared<std::string>();

  CLI::App* checking = command->add_subcommand("check", "Is weir.yaml right, and is it complete?");
  checking->footer("Examples:\n  weir -w /srv/weir config check\n  weir config check draft.yaml");
  checking->add_option("FILE", *file, "Another file than the workspace's");
  checking->callback(
      [file, &session] { session.action = [file, &session] { return check(session, *file); }; });

  CLI::App* explaining =
      command->add_subcommand("explain", "Every setting, where it comes from, what it means");
  explaining->footer("Example:\n  weir -w /srv/weir config explain");
  explaining->add_option("FILE", *file, "Another file than the workspace's");
  explaining->callback(
      [file, &session] { session.action = [file, &session] { return explain(session, *file); }; });
}

}  // namespace weir::app
