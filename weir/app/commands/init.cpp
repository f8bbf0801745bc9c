#include "weir/app/commands/all.h"

namespace weir::app {
namespace {

struct InitArguments {
  std::string folder;
  InitOptions options;
  bool simulated = false;
  bool evaluation = false;
  std::string config_file;
};

constexpr std::uint64_t kMaxConfigBytes = 1 << 20;

Result<ExitCode> init(InitArguments arguments) {
  InitOptions& options = arguments.options;
  if (arguments.simulated) options.kind = vault::WorkspaceKind::simulated;
  if (arguments.evaluation) options.kind = vault::WorkspaceKind::evaluation;
  if (!arguments.config_file.empty()) {
    WEIR_ASSIGN(options.config_text, read_file(arguments.config_file, kMaxConfigBytes));
    WEIR_TRY(parse_config(options.config_text, arguments.config_file));
  }
  WEIR_TRY(Workspace::create(arguments.folder, options));

  const std::filesystem::path folder = arguments.folder;
  std::string text =
      fmt::format("Made the workspace {} ({}).\n", folder.string(), to_string(options.kind));
  if (options.kind == vault::WorkspaceKind::production) {
    text += fmt::format(
        "\n{}/key-shares holds {} shares of the key that opens identities. Any {} of them\n"
        "together open a name; {} can not. Give each to another person and remove the\n"
        "folder: while the shares lie here, whoever reads this disk can open every name.\n"
        "\nNext: say in {}/weir.yaml whose records from which sources may be kept\n"
        "(nothing is until you do), then\n",
        folder.string(), options.shares_total, options.shares_needed, options.shares_needed - 1,
        folder.string());
  } else {
    text +=
        "Identities in it can be opened with --reveal: never put real people's data "
        "here.\n\nNext:\n";
  }
  text += fmt::format(
      "  weir -w {0} config check\n  weir -w {0} roster import PEOPLE.csv\n"
      "  weir -w {0} ingest LOGS…\n  weir -w {0} analyze\n",
      folder.string());
  WEIR_TRY(print(text));
  return ExitCode::ok;
}

}  // namespace

void add_init(CLI::App& root, Session& session) {
  auto arguments = std::make_shared<InitArguments>();
  CLI::App* command = root.add_subcommand("init", "Make a workspace");
  command->footer(
      "Examples:\n"
      "  weir init /srv/weir --domain example.com --shares 5 --needed 3\n"
      "  weir init play --simulated --domain example.com");
  command->add_option("DIR", arguments->folder, "A new or empty folder")->required();
  auto* simulated = command->add_flag("--simulated", arguments->simulated,
                                      "For simulated people: names can be opened with --reveal");
  command
      ->add_flag("--evaluation", arguments->evaluation,
                 "For public or made-up data with known answers: the same")
      ->excludes(simulated);
  command->add_option("--organisation", arguments->options.organisation, "Its name, for reports");
  command->add_option("--domain", arguments->options.domains, "Own mail domain; may be repeated");
  command->add_option("--partner", arguments->options.partners,
                      "Domain of a partner; may be repeated");
  command->add_option("--timezone", arguments->options.timezone,
                      "Zone of logs that name none (IANA, default UTC)");
  command->add_option("--config", arguments->config_file, "Take this weir.yaml instead");
  command
      ->add_option("--shares", arguments->options.shares_total,
                   "How many people get a share of the key (default 3)")
      ->check(CLI::Range(2, 20));
  command
      ->add_option("--needed", arguments->options.shares_needed,
                   "How many of them it takes to open a name (default 2)")
      ->check(CLI::Range(2, 20));
  command->callback(
      [arguments, &session] { session.action = [arguments] { return init(*arguments); }; });
}

}  // namespace weir::app
