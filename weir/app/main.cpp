#include <csignal>
#include <exception>

#include "weir/app/commands/all.h"
#include "weir/app/help.h"
#include "weir/base/text.h"

namespace {

using weir::ErrorCode;
using weir::Result;
using weir::app::ExitCode;
using weir::app::Session;

// A signal handler can reach nothing but a global.
std::atomic<bool> stop_requested{false};
static_assert(std::atomic<bool>::is_always_lock_free);

void request_stop(int signal) {
  stop_requested = true;
  std::signal(signal, SIG_DFL);  // a second one ends the program at once
}

ExitCode exit_code_for(ErrorCode code) {
  switch (code) {
    case ErrorCode::cancelled:
      return ExitCode::stopped;
    case ErrorCode::corrupt:
      return ExitCode::damaged;
    case ErrorCode::invalid_argument:
      return ExitCode::usage;
    default:
      return ExitCode::failed;
  }
}

void add_commands(CLI::App& root, Session& session) {
  using namespace weir::app;
  add_init(root, session);
  add_roster(root, session);
  add_ingest(root, session);
  add_survey(root, session);
  add_coverage(root, session);
  add_analyze(root, session);
  add_cases(root, session);
  add_case(root, session);
  add_budget(root, session);
  add_report(root, session);
  add_status(root, session);
  add_query(root, session);
  add_config(root, session);
  add_formats(root, session);
  add_protect(root, session);
  add_inspect(root, session);
  add_lake(root, session);
  add_audit(root, session);
  add_backup(root, session);
  add_restore(root, session);
  add_simulate(root, session);
  add_evaluate(root, session);
  add_completion(root, session);
}

/// The names that begin with "--" of a command and of those above it.
std::vector<std::string> long_options(const CLI::App* app) {
  std::vector<std::string> names;
  for (; app != nullptr; app = app->get_parent()) {
    for (const CLI::Option* option : app->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  return names;
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* child : app.get_subcommands({})) names.push_back(child->get_name());
  return names;
}

std::string not_there(std::string_view what, std::string_view word,
                      const std::vector<std::string>& names) {
  const std::vector<std::string_view> views(names.begin(), names.end());
  const std::string_view near = weir::nearest(word, views);
  std::string message = fmt::format("there is no {} '{}'", what, weir::printable(word));
  if (!near.empty()) message += fmt::format("; did you mean {}?", near);
  return message;
}

/// "weir: there is no command 'analyse'; did you mean analyze?"
void say_usage_error(const CLI::App& root, const CLI::ParseError& error, int argc, char** argv) {
  std::string message = error.what();
  const CLI::App* app = &root;
  std::string path = "weir";
  bool explained = false;
  for (int i = 1; i < argc && !explained; ++i) {
    const std::string_view word = argv[i];
    if (word == "-w" || word == "--workspace") {
      ++i;
      continue;
    }
    if (word == "--") break;
    if (word.starts_with("--")) {
      const std::string_view name = word.substr(0, word.find('='));
      const std::vector<std::string> known = long_options(app);
      if (std::ranges::find(known, name) != known.end()) continue;
      message = not_there("option", name, known);
      explained = true;
    }
    if (word.starts_with("-")) continue;
    const auto children = app->get_subcommands({});
    if (children.empty()) continue;
    const auto child =
        std::ranges::find(children, word, [](const CLI::App* c) { return c->get_name(); });
    if (child == children.end()) {
      message = not_there("command", word, command_names(*app));
      explained = true;
    } else {
      app = *child;
      path += ' ';
      path += word;
    }
  }
  const bool needs_command = !app->get_subcommands({}).empty();
  if (!explained && needs_command) {
    message = fmt::format("name a command: {}", fmt::join(command_names(*app), ", "));
  }
  weir::app::say(fmt::format("weir: {}\n{} --help says more.", message, path));
}

int run(int argc, char** argv) {
  std::signal(SIGINT, request_stop);
  std::signal(SIGTERM, request_stop);
  // A full disk or a quota must be an error to report, not the end of the process.
  std::signal(SIGXFSZ, SIG_IGN);

  Session session;
  session.stop = &stop_requested;
  CLI::App root("Weir finds and stops the slow leak: years of logs in, few explained cases out.",
                "weir");
  root.formatter(weir::app::help_formatter());  // commands inherit it
  root.set_version_flag("--version", WEIR_VERSION);
  root.require_subcommand(1);
  root.fallthrough();
  std::string workspace = ".";
  root.add_option("-w,--workspace", workspace, "The workspace (default: this folder)")
      ->envname("WEIR_WORKSPACE");
  root.add_flag("--json", session.json, "Print JSON instead of text");
  add_commands(root, session);
  // Last: commands inherit what is set before them.
  root.footer(
      "A first look:\n"
      "  weir simulate --world drip --out world\n"
      "  weir init play --simulated --config world/organisation.yaml\n"
      "  weir -w play roster import world/roster.csv\n"
      "  weir -w play ingest world/records-*\n"
      "  weir -w play analyze && weir -w play cases && weir -w play case 1\n"
      "\n"
      "Exit status: 0 done, 1 failed, 2 wrong command line, 3 done but for bad input, "
      "4 stored data is damaged, 5 inspected and found, 6 inspected and not all read, "
      "130 stopped.");

  try {
    root.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return root.exit(error);  // --help, --version
    say_usage_error(root, error, argc, argv);
    return static_cast<int>(ExitCode::usage);
  }
  session.workspace_folder = workspace;
  const Result<ExitCode> result = session.action();
  if (result) return static_cast<int>(*result);
  weir::app::say("weir: " + result.error().message);
  return static_cast<int>(exit_code_for(result.error().code));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::bad_alloc&) {
    weir::app::say("weir: not enough memory");
  } catch (const std::exception& error) {
    weir::app::say(fmt::format("weir: {}", error.what()));
  }
  return static_cast<int>(ExitCode::failed);
}
