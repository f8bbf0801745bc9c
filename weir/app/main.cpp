#include <csignal>
#include <exception>

#include "weir/app/commands/all.h"
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
  add_analyze(root, session);
  add_cases(root, session);
  add_case(root, session);
  add_report(root, session);
  add_query(root, session);
  add_config(root, session);
  add_formats(root, session);
  add_lake(root, session);
  add_audit(root, session);
  add_backup(root, session);
  add_restore(root, session);
  add_simulate(root, session);
  add_completion(root, session);
}

/// "weir: no command 'analyse'; did you mean analyze?"
void say_usage_error(const CLI::App& root, const CLI::ParseError& error, int argc, char** argv) {
  std::string message = error.what();
  const CLI::App* app = &root;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "-w" || word == "--workspace") {
      ++i;
      continue;
    }
    if (word.starts_with("-")) continue;
    const auto children = app->get_subcommands({});
    if (children.empty()) break;
    const auto known =
        std::ranges::find(children, word, [](const CLI::App* c) { return c->get_name(); });
    if (known != children.end()) {
      app = *known;
      continue;
    }
    std::vector<std::string> names;
    names.reserve(children.size());
    for (const CLI::App* child : children) names.push_back(child->get_name());
    const std::vector<std::string_view> views(names.begin(), names.end());
    const std::string_view near = weir::nearest(word, views);
    message = fmt::format("there is no command '{}'", weir::printable(word));
    if (!near.empty()) message += fmt::format("; did you mean {}?", near);
    break;
  }
  weir::app::say(fmt::format(
      "weir: {}\nweir --help lists the commands, weir COMMAND --help says more.", message));
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
  root.set_version_flag("--version", WEIR_VERSION);
  root.footer(
      "A first look:\n"
      "  weir simulate --world drip --out world\n"
      "  weir init play --simulated --config world/organisation.yaml\n"
      "  weir -w play roster import world/roster.csv\n"
      "  weir -w play ingest world/records-*\n"
      "  weir -w play analyze && weir -w play cases && weir -w play case 1\n"
      "\n"
      "Exit status: 0 done, 1 failed, 2 wrong command line, 3 done but for bad input,\n"
      "4 stored data is damaged, 130 stopped.");
  root.require_subcommand(1);
  root.fallthrough();
  std::string workspace = ".";
  root.add_option("-w,--workspace", workspace, "The workspace (default: this folder)")
      ->envname("WEIR_WORKSPACE");
  root.add_flag("--json", session.json, "Print JSON instead of text");
  add_commands(root, session);

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
