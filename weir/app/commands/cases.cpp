#include <limits>

#include "weir/app/commands/all.h"
#include "weir/app/days.h"
#include "weir/app/detail/identity.h"
#include "weir/app/document_registry.h"
#include "weir/base/bytes.h"
#include "weir/base/text.h"
#include "weir/cases/render.h"
#include "weir/cases/store.h"

namespace weir::app {
namespace {

struct CaseArguments {
  std::uint64_t number = 0;
  bool reveal = false;
};

/// "plan.docx (secret), document 7"; numbers alone if the registry is damaged, which is told.
std::function<std::string(std::uint32_t)> document_names(Workspace& workspace) {
  auto opened = DocumentRegistry::open(workspace);
  if (!opened) {
    say(opened.error().message);
    return {};
  }
  return [registry = std::shared_ptr(*std::move(opened))](std::uint32_t number) {
    const ProtectedDocument* document = registry->find(number);
    if (document == nullptr) return fmt::format("document {}", number);
    return fmt::format("{} ({}), document {}",
                       std::filesystem::path(document->path).filename().string(),
                       document->facts.label, number);
  };
}

/// Pseudonyms; with `reveal` the real names, where the workspace may.
Result<cases::Names> names_for(Workspace& workspace, bool reveal) {
  WEIR_ASSIGN(roster::People people, workspace.roster().people());
  auto shared = std::make_shared<const roster::People>(std::move(people));
  cases::Names names;
  names.person = [shared](event::PersonId id) {
    const roster::Person* person = shared->find(id);
    return person != nullptr ? person->pseudonym : std::string("somebody erased");
  };
  names.document = document_names(workspace);
  if (!reveal) return names;
  if (workspace.vault().kind() == vault::WorkspaceKind::production) {
    return fail(ErrorCode::permission_denied,
                "--reveal works in simulated and evaluation workspaces only. Opening a name here "
                "needs the holders of the key shares.");
  }
  WEIR_TRY(workspace.note_now("identity.reveal", "", "{}"));
  vault::Vault& vault = workspace.vault();
  names.person = [&vault, masked = names.person](event::PersonId id) {
    const auto identity = vault.reveal_person(id);
    return identity ? detail::name_in(*identity) : masked(id);
  };
  names.address = [&vault](event::AddressToken token) {
    const auto text = vault.reveal_address(token);
    return text ? *text : std::string("unknown address");
  };
  return names;
}

Result<ExitCode> list(const Session& session, bool reveal) {
  WEIR_ASSIGN(const auto workspace, session.open_workspace());
  WEIR_ASSIGN(cases::CaseStore store, cases::CaseStore::open(workspace->ledger()));
  WEIR_ASSIGN(const std::vector<cases::Case> all, store.all());
  WEIR_ASSIGN(const cases::Names names, names_for(*workspace, reveal));
  WEIR_ASSIGN(DayStore days, DayStore::open(workspace->ledger()));
  WEIR_ASSIGN(const auto checkpoint, days.last());
  if (checkpoint && checkpoint->config_hash != to_hex(workspace->config.hash())) {
    say("weir.yaml was changed after the last analysis, so the promise shown may not be the one\n"
        "that cases were opened under; `weir analyze` says so if it matters.");
  }
  WEIR_TRY(print(session.json ? cases::queue_json(all, names)
                              : cases::render_queue(all, names, terminal_width(),
                                                    workspace->config.false_cases_per_week)));
  return ExitCode::ok;
}

Result<cases::Case> find_case(Workspace& workspace, std::uint64_t number) {
  WEIR_ASSIGN(cases::CaseStore store, cases::CaseStore::open(workspace.ledger()));
  WEIR_ASSIGN(auto found, store.find(number));
  if (!found) {
    return fail(ErrorCode::not_found, "There is no case {}: `weir cases` lists them.", number);
  }
  return std::move(*found);
}

Result<ExitCode> show(const Session& session, const CaseArguments& arguments) {
  WEIR_ASSIGN(const auto workspace, session.open_workspace());
  WEIR_ASSIGN(const cases::Case one, find_case(*workspace, arguments.number));
  WEIR_ASSIGN(const cases::Names names, names_for(*workspace, arguments.reveal));
  WEIR_TRY(workspace->note_now("case.read", fmt::format("case {}", arguments.number), "{}"));
  WEIR_TRY(print(session.json ? cases::case_json(one, names)
                              : cases::render_case(one, names, terminal_width())));
  return ExitCode::ok;
}

Result<ExitCode> report(const Session& session, const CaseArguments& arguments) {
  WEIR_ASSIGN(const auto workspace, session.open_workspace());
  WEIR_ASSIGN(const cases::Case one, find_case(*workspace, arguments.number));
  WEIR_ASSIGN(const cases::Names names, names_for(*workspace, false));
  WEIR_TRY(workspace->note_now("case.report", fmt::format("case {}", arguments.number), "{}"));
  WEIR_ASSIGN(DayStore days, DayStore::open(workspace->ledger()));
  WEIR_ASSIGN(const auto checkpoint, days.last());
  const cases::Provenance provenance{
      .program = "weir " WEIR_VERSION,
      .analyzed_through = checkpoint ? std::optional(checkpoint->day) : std::nullopt,
      .people_watched = checkpoint ? checkpoint->people_watched : 0,
      .false_cases_per_week = workspace->config.false_cases_per_week};
  WEIR_TRY(print(cases::render_report(one, names, provenance)));
  return ExitCode::ok;
}

/// What is wrong with it; empty if nothing is.
std::string case_number_problem(const std::string& text) {
  const auto number = parse_u64(text);
  if (number && *number > 0 && *number <= std::numeric_limits<std::int64_t>::max()) return {};
  return fmt::format("'{}' is no case number; `weir cases` lists them", printable(text, 40));
}

constexpr const char* kReveal = "Real names; only in a simulated or evaluation workspace";

}  // namespace

void add_cases(CLI::App& root, Session& session) {
  auto reveal = std::make_shared<bool>(false);
  CLI::App* command = root.add_subcommand("cases", "The queue: what to look at, strongest first");
  command->footer("Examples:\n  weir cases\n  weir cases --json > cases.json");
  command->add_flag("--reveal", *reveal, kReveal);
  command->callback([reveal, &session] {
    session.action = [reveal, &session] { return list(session, *reveal); };
  });
}

void add_case(CLI::App& root, Session& session) {
  auto arguments = std::make_shared<CaseArguments>();
  CLI::App* command = root.add_subcommand("case", "One case explained");
  command->footer("Example:\n  weir case 1");
  command->add_option("N", arguments->number, "Its number in `weir cases`")
      ->required()
      ->check(CLI::Validator(case_number_problem, "", ""));
  command->add_flag("--reveal", arguments->reveal, kReveal);
  command->callback([arguments, &session] {
    session.action = [arguments, &session] { return show(session, *arguments); };
  });
}

void add_report(CLI::App& root, Session& session) {
  auto arguments = std::make_shared<CaseArguments>();
  CLI::App* command = root.add_subcommand("report", "One case as a report in Markdown");
  command->footer("Example:\n  weir report 1 > case-1.md");
  command->add_option("N", arguments->number, "Its number in `weir cases`")
      ->required()
      ->check(CLI::Validator(case_number_problem, "", ""));
  command->callback([arguments, &session] {
    session.action = [arguments, &session] { return report(session, *arguments); };
  });
}

}  // namespace weir::app
