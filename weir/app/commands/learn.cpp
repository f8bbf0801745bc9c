#include <algorithm>

#include "weir/app/commands/all.h"
#include "weir/app/openly_sent.h"
#include "weir/app/progress.h"
#include "weir/app/registration.h"
#include "weir/base/json.h"
#include "weir/base/text.h"

namespace weir::app {
namespace fs = std::filesystem;
namespace {

/// So few are one insider and two friends.
constexpr std::size_t kLeastPeople = 3;

struct LearnOptions {
  std::vector<std::string> paths;
  std::size_t people = 10;
  bool dry_run = false;
};

/// One document that many have sent parts of.
struct Openly {
  const ProtectedDocument* document = nullptr;
  protect::Loss loss;
};

std::vector<Openly> named(const std::vector<protect::Loss>& losses,
                          const DocumentRegistry& registry) {
  std::vector<Openly> documents;
  for (const protect::Loss& loss : losses) {
    const ProtectedDocument* document = registry.find_id(loss.document);
    if (document != nullptr) documents.push_back({.document = document, .loss = loss});
  }
  std::ranges::sort(documents, {}, [](const Openly& one) { return one.document->number; });
  return documents;
}

void add_json(JsonWriter& json, const std::vector<Openly>& documents) {
  json.key("documents").begin_array();
  for (const Openly& one : documents) {
    json.begin_object()
        .member("number", one.document->number)
        .member("share", one.loss.share())
        .member("learnt", !one.loss.too_much)
        .end_object();
  }
  json.end_array();
}

std::string details_of(const LearnOptions& options, const OpenlySent::Report& report,
                       std::size_t passages, const std::vector<Openly>& documents) {
  std::string details;
  JsonWriter json(details);
  json.begin_object()
      .member("mails", report.outgoing)
      .member("people", std::uint64_t{options.people})
      .member("dry_run", options.dry_run)
      .member("passages", std::uint64_t{passages});
  add_json(json, documents);
  json.end_object();
  return details;
}

std::string text_of(const LearnOptions& options, const OpenlySent::Report& report,
                    std::size_t passages, const std::vector<Openly>& documents) {
  std::string text =
      fmt::format("{} {} that {} people or more have sent to outside, of {}.\n",
                  options.dry_run ? "Would learn" : "Learnt", counted(passages, "passage"),
                  with_commas(options.people), counted(report.outgoing, "mail", "mails"));
  if (report.strangers > 0) {
    text += fmt::format("{} not counted: the roster does not name the sender.\n",
                        counted(report.strangers, "mail was", "mails were"));
  }
  std::vector<std::vector<std::string>> rows;
  for (const Openly& one : documents) {
    if (one.loss.too_much) continue;
    rows.push_back({fmt::format("{}", one.document->number),
                    fmt::format("{:.1f} %", 100 * one.loss.share()), one.document->facts.label,
                    fs::path(one.document->path).filename().string()});
  }
  if (!rows.empty()) {
    text +=
        format_table({"number", "lost in all", "label", "file"}, rows, {true, true, false, false});
  }
  return text;
}

std::vector<std::string> problems_of(const LearnOptions& options, const OpenlySent::Report& report,
                                     const std::vector<Openly>& documents) {
  std::vector<std::string> problems = report.problems;
  if (report.is_full) {
    problems.emplace_back(
        "More passages of protected documents were sent than are kept track of: some that many "
        "have sent are not learnt. Learn from less mail at a time.");
  }
  for (const Openly& one : documents) {
    if (!one.loss.too_much) continue;
    problems.push_back(fmt::format(
        "document {} ({}): nothing of it is learnt, because {} people or more have sent {:.0f} % "
        "of it to outside, what was learnt before included. If it is no secret any more: weir "
        "protect remove {}",
        one.document->number, fs::path(one.document->path).filename().string(), options.people,
        100 * one.loss.share(), one.document->number));
  }
  return problems;
}

Result<ExitCode> learn(const Session& session, const LearnOptions& options) {
  WEIR_ASSIGN(const FileList files, files_of(options.paths));
  WEIR_ASSIGN(const auto workspace, session.open_workspace());
  WEIR_ASSIGN(const auto registry, DocumentRegistry::open(*workspace));
  WEIR_TRY(registry->require_index());
  WEIR_ASSIGN(const auto writer, RegistryWriter::open(*registry));
  WEIR_ASSIGN(const auto inspector, Inspector::create(*registry, workspace->config.inspection));
  WEIR_ASSIGN(const auto mail,
              OpenlySent::create(*workspace, *registry, *inspector, {.people = options.people}));
  ProgressBar bar("mail");
  for (std::size_t i = 0; i < files.files.size(); ++i) {
    bar.show(i, files.files.size());
    const Result<void> done = mail->read(files.files[i], session.stop);
    if (!done && done.error().code == ErrorCode::cancelled) {
      say(done.error().message);
      return ExitCode::stopped;
    }
    WEIR_TRY(done);
  }
  WEIR_ASSIGN(const std::vector<std::uint64_t> before, writer->openly_said());
  const protect::Teaching teaching = protect::choose_openly_said(
      registry->snapshot(), mail->common(), before, OpenlySent::kMostShare);
  const std::vector<Openly> documents = named(teaching.losses, *registry);
  const std::size_t passages = teaching.features.size();
  const std::string details = details_of(options, mail->report(), passages, documents);
  WEIR_TRY(options.dry_run ? workspace->note_now("protect.background", "", details)
                           : writer->learn_openly_said(teaching.features, details));

  std::vector<std::string> problems = problems_of(options, mail->report(), documents);
  problems.insert(problems.begin(), files.problems.begin(), files.problems.end());
  if (session.json) {
    std::string text;
    JsonWriter json(text);
    json.begin_object()
        .member("mails", mail->report().mails)
        .member("outgoing", mail->report().outgoing)
        .member("not_in_roster", mail->report().strangers)
        .member("passages", std::uint64_t{passages})
        .member("dry_run", options.dry_run);
    add_json(json, documents);
    json.member("problems", problems).end_object();
    WEIR_TRY(print(text + "\n"));
  } else {
    WEIR_TRY(print(text_of(options, mail->report(), passages, documents)));
    for (const std::string& problem : problems) say(printable(problem, 400));
  }
  return problems.empty() ? ExitCode::ok : ExitCode::partly;
}

}  // namespace

void add_learn(CLI::App& background, Session& session) {
  auto options = std::make_shared<LearnOptions>();
  CLI::App* command = background.add_subcommand(
      "learn", "Learn from mail what many send to outside: disclaimers, letterheads");
  command->footer(
      "Reads mail as `weir ingest --format mail` does. Passages of protected documents that so "
      "many different people of the organisation have sent to outside are no finds from then on. "
      "A document loses at most a third of its passages in this way, however often mail is read; "
      "one that would lose more is named, and nothing of it is learnt.\n"
      "Example:\n  weir protect background learn --dry-run /srv/mail/sent/");
  command->add_option("MAIL", options->paths, "Files, folders, patterns")->required();
  command->add_option("--people", options->people, "How many different people")
      ->check(CLI::Range(kLeastPeople, std::size_t{1'000'000}))
      ->capture_default_str();
  command->add_flag("--dry-run", options->dry_run, "Only say what would be learnt");
  command->callback([options, &session] {
    session.action = [options, &session] { return learn(session, *options); };
  });
}

}  // namespace weir::app
