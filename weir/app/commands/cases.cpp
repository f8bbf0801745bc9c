#include <limits>

#include "weir/app/commands/all.h"
#include "weir/app/days.h"
#include "weir/app/detail/identity.h"
#include "weir/app/document_registry.h"
#include "weir/base/bytes.h"
#include "weir/base/json.h"
#include "weir/base/text.h"
#include "weir/cases/render.h"
#include "weir/cases/store.h"

namespace weir::app {
namespace {

struct CaseArguments {
  std::uint64_t number = 0;
  bool reveal = false;
  bool html = false;
  std::string close;
  bool reopen = false;
  std::string because;
  std::string explained_by;
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

struct QueueArguments {
  bool reveal = false;
  bool decided = false;
};

Result<ExitCode> list(const Session& session, const QueueArguments& arguments) {
  WEIR_ASSIGN(const auto workspace, session.open_workspace());
  WEIR_ASSIGN(cases::CaseStore store, cases::CaseStore::open(workspace->ledger()));
  WEIR_ASSIGN(const std::vector<cases::Case> all, store.all());
  WEIR_ASSIGN(const cases::Names names, names_for(*workspace, arguments.reveal));
  WEIR_ASSIGN(DayStore days, DayStore::open(workspace->ledger()));
  WEIR_ASSIGN(const auto checkpoint, days.last());
  if (checkpoint && checkpoint->config_hash != to_hex(workspace->config.hash())) {
    say("weir.yaml was changed after the last analysis, so the promise shown may not be the one\n"
        "that cases were opened under; `weir analyze` says so if it matters.");
  }
  WEIR_TRY(print(session.json ? cases::queue_json(all, names)
                              : cases::render_queue(all, names, terminal_width(),
                                                    workspace->config.false_cases_per_week,
                                                    arguments.decided)));
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
  WEIR_TRY(print(arguments.html ? cases::render_html_report(one, names, provenance)
                                : cases::render_report(one, names, provenance)));
  return ExitCode::ok;
}

std::vector<std::string> archetypes() {
  std::vector<std::string> names;
  for (std::uint8_t i = 0; i < evidence::kArchetypeCount; ++i) {
    names.emplace_back(to_string(static_cast<evidence::Archetype>(i)));
  }
  return names;
}

/// The decision that the command line asks for.
Result<cases::Decision> decision_of(const cases::Case& one, const CaseArguments& arguments) {
  using evidence::Verdict;
  cases::Decision decision{.effect = {.person = one.draft.person,
                                      .hypothesis = one.draft.hypothesis,
                                      .opened = one.draft.opened,
                                      .verdict = Verdict::open,
                                      .explained_by = {},
                                      .day = {}},
                           .lane = one.draft.lane,
                           .because = arguments.because,
                           .who = operating_user()};
  for (std::uint8_t i = 0; i < evidence::kVerdictCount; ++i) {
    const auto verdict = static_cast<Verdict>(i);
    if (to_string(verdict) == arguments.close) decision.effect.verdict = verdict;
  }
  constexpr std::size_t kMostReason = 2000;
  if (decision.because.empty() || decision.because.size() > kMostReason) {
    return fail(ErrorCode::invalid_argument, "--because: a reason of 1 to {} bytes", kMostReason);
  }
  if (decision.effect.verdict == Verdict::open && one.status == to_string(Verdict::open)) {
    return fail(ErrorCode::invalid_argument, "case {} is open already; decide it with --close",
                one.number);
  }
  if (arguments.explained_by.empty()) return decision;
  if (decision.effect.verdict != Verdict::innocent) {
    return fail(ErrorCode::invalid_argument,
                "--explained-by names an innocent explanation: it goes with --close innocent");
  }
  for (const evidence::InnocentExplanation& tried : one.draft.innocent) {
    if (to_string(tried.archetype) == arguments.explained_by) {
      decision.effect.explained_by = tried.archetype;
      return decision;
    }
  }
  std::string tried;
  for (const evidence::InnocentExplanation& other : one.draft.innocent) {
    tried += fmt::format("{}{}", tried.empty() ? "" : ", ", to_string(other.archetype));
  }
  return fail(ErrorCode::invalid_argument,
              "--explained-by {}: case {} was weighed against {}. Leave it out and say in "
              "--because what it was",
              arguments.explained_by, one.number, tried);
}

/// From which day on what is decided now counts: never a closed one, so that a replay comes to the
/// same. Where time is made up, the next that closes.
Day first_day_of_decision(Workspace& workspace, Instant now, std::optional<Day> closed) {
  const Day next = closed ? *closed + std::chrono::days{1} : day_of(now);
  if (workspace.vault().kind() != vault::WorkspaceKind::production) return next;
  return std::max(next, day_of(now));
}

std::string details_of(const cases::Decision& decision) {
  std::string details;
  JsonWriter json(details);
  json.begin_object()
      .member("verdict", to_string(decision.effect.verdict))
      .member("because", decision.because);
  if (decision.effect.explained_by) {
    json.member("explained_by", to_string(*decision.effect.explained_by));
  }
  json.member("counts_from", to_iso8601(decision.effect.day)).end_object();
  return details;
}

Result<ExitCode> decide(const Session& session, const CaseArguments& arguments) {
  WEIR_ASSIGN(const auto workspace, session.open_workspace());
  // As the only writer: an analysis that runs meanwhile would close the day without it.
  WEIR_ASSIGN(const lake::Lake lock, workspace->open_lake(false));
  WEIR_ASSIGN(cases::Case one, find_case(*workspace, arguments.number));
  WEIR_ASSIGN(cases::Decision decision, decision_of(one, arguments));
  WEIR_ASSIGN(DayStore days, DayStore::open(workspace->ledger()));
  WEIR_ASSIGN(const auto checkpoint, days.last());
  decision.made = session.clock();
  decision.effect.day = first_day_of_decision(
      *workspace, decision.made, checkpoint ? std::optional(checkpoint->day) : std::nullopt);

  WEIR_ASSIGN(cases::CaseStore store, cases::CaseStore::open(workspace->ledger()));
  WEIR_ASSIGN(auto transaction, workspace->ledger().begin());
  WEIR_TRY(store.decide(one, decision));
  WEIR_TRY(workspace->note(arguments.reopen ? "case.reopen" : "case.close",
                           fmt::format("case {}", one.number), details_of(decision)));
  WEIR_TRY(transaction.commit());
  WEIR_TRY(workspace->audit().anchor());

  if (session.json) {
    WEIR_ASSIGN(one, find_case(*workspace, arguments.number));
    WEIR_ASSIGN(const cases::Names names, names_for(*workspace, false));
    WEIR_TRY(print(cases::case_json(one, names)));
  } else {
    WEIR_TRY(print(fmt::format("Case {} is {}. It counts from {} on, the next day to close.\n",
                               one.number,
                               arguments.reopen ? "open again" : "closed: " + arguments.close,
                               to_iso8601(decision.effect.day))));
  }
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
  auto arguments = std::make_shared<QueueArguments>();
  CLI::App* command = root.add_subcommand("cases", "The queue: what to look at, strongest first");
  command->footer("Examples:\n  weir cases\n  weir cases --json > cases.json");
  command->add_flag("--reveal", arguments->reveal, kReveal);
  command->add_flag("--decided", arguments->decided,
                    "Also cases that are decided; --json always has them");
  command->callback([arguments, &session] {
    session.action = [arguments, &session] { return list(session, *arguments); };
  });
}

void add_case(CLI::App& root, Session& session) {
  auto arguments = std::make_shared<CaseArguments>();
  CLI::App* command = root.add_subcommand("case", "One case explained, or decided");
  command->footer(
      "A decision counts from the next day that closes, and stays in the records. innocent makes "
      "the explanation the person's own; confirmed takes the case out of what is ordinary; unclear "
      "teaches nothing. ARCHETYPE is an explanation the case was weighed against: `weir case N "
      "--json` names them.\n"
      "Examples:\n  weir case 1\n  weir case 1 --close innocent --because \"contract of 2019\"\n"
      "  weir case 1 --reopen --because \"the contract had ended\"");
  command->add_option("N", arguments->number, "Its number in `weir cases`")
      ->required()
      ->check(CLI::Validator(case_number_problem, "", ""));
  command->add_flag("--reveal", arguments->reveal, kReveal);
  CLI::Option* because = command->add_option("--because", arguments->because, "Why, in a sentence")
                             ->option_text("TEXT");
  CLI::Option* close =
      command->add_option("--close", arguments->close, "innocent, confirmed or unclear")
          ->check(CLI::IsMember({"innocent", "confirmed", "unclear"}))
          ->option_text("VERDICT")
          ->needs(because);
  command->add_option("--explained-by", arguments->explained_by, "The innocent explanation it was")
      ->check(CLI::IsMember(archetypes()))
      ->option_text("ARCHETYPE")
      ->needs(close);
  command->add_flag("--reopen", arguments->reopen, "Undo what was decided last")
      ->option_text(" ")
      ->needs(because)
      ->excludes(close);
  command->callback([arguments, &session] {
    const bool decides = arguments->reopen || !arguments->close.empty();
    session.action = [arguments, decides, &session] {
      return decides ? decide(session, *arguments) : show(session, *arguments);
    };
  });
}

void add_report(CLI::App& root, Session& session) {
  auto arguments = std::make_shared<CaseArguments>();
  CLI::App* command = root.add_subcommand("report", "One case as a report in Markdown or HTML");
  command->footer("Examples:\n  weir report 1 > case-1.md\n  weir report 1 --html > case-1.html");
  command->add_option("N", arguments->number, "Its number in `weir cases`")
      ->required()
      ->check(CLI::Validator(case_number_problem, "", ""));
  command
      ->add_flag("--html", arguments->html,
                 "One page that fetches nothing, with the acts drawn over the years")
      ->option_text(" ");
  command->callback([arguments, &session] {
    session.action = [arguments, &session] { return report(session, *arguments); };
  });
}

}  // namespace weir::app
