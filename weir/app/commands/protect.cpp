#include "weir/app/commands/all.h"
#include "weir/app/departures.h"
#include "weir/app/document_manifest.h"
#include "weir/app/progress.h"
#include "weir/app/registration.h"
#include "weir/base/json.h"
#include "weir/base/text.h"

namespace weir::app {
namespace fs = std::filesystem;
namespace {

/// Background texts that are learnt together.
constexpr std::size_t kBackgroundBatch = 500;

struct AddOptions {
  std::vector<std::string> paths;
  std::string label, sensitivity, owner, audience, manifest;
};

Result<ExitCode> report(const Session& session, const RegistrationReport& outcome) {
  if (session.json) {
    std::string text;
    JsonWriter(text)
        .begin_object()
        .member("added", std::uint64_t{outcome.added})
        .member("new_versions", std::uint64_t{outcome.versions})
        .member("relabelled", std::uint64_t{outcome.relabelled})
        .member("unchanged", std::uint64_t{outcome.unchanged})
        .member("without_text", std::uint64_t{outcome.without_text})
        .member("by_digest", std::uint64_t{outcome.by_digest})
        .member("problems", outcome.problems)
        .end_object();
    WEIR_TRY(print(text + "\n"));
  } else {
    std::string text =
        fmt::format("{} added, {}, {} as before", counted(outcome.added, "document"),
                    counted(outcome.versions, "new version"), with_commas(outcome.unchanged));
    if (outcome.relabelled > 0) {
      text += fmt::format(", {} relabelled", with_commas(outcome.relabelled));
    }
    text += ".\n";
    if (outcome.without_text > 0) {
      text += fmt::format("{} without text are recognised as whole files only.\n",
                          with_commas(outcome.without_text));
    }
    if (outcome.by_digest > 0) {
      text += fmt::format("{} not at hand are recognised where a log names their digest.\n",
                          with_commas(outcome.by_digest));
    }
    WEIR_TRY(print(text));
    for (const std::string& problem : outcome.problems) say(printable(problem, 400));
  }
  if (session.stopped()) return ExitCode::stopped;
  return outcome.problems.empty() ? ExitCode::ok : ExitCode::partly;
}

/// What is asked to be registered.
struct Wanted {
  FileList list;                        // under the facts of the command line
  std::vector<ManifestEntry> manifest;  // under their own
  std::size_t size() const { return list.files.size() + manifest.size(); }
};

Result<ExitCode> add(const Session& session, const AddOptions& options) {
  DocumentFacts facts{.label = options.label,
                      .sensitivity = {},
                      .owner = options.owner,
                      .audience = options.audience};
  WEIR_ASSIGN(facts.sensitivity, sensitivity_of(options.label, options.sensitivity));
  Wanted wanted;
  WEIR_ASSIGN(wanted.list, files_of(options.paths));
  if (!options.manifest.empty()) {
    WEIR_ASSIGN(wanted.manifest, read_manifest(options.manifest));
  }
  WEIR_ASSIGN(const auto workspace, session.open_workspace());
  WEIR_ASSIGN(const auto registry, DocumentRegistry::open(*workspace));
  WEIR_ASSIGN(const auto writer, RegistryWriter::open(*registry));
  WEIR_ASSIGN(const auto inspector, Inspector::create(*registry, workspace->config.inspection));
  Registration registration(*registry, *writer, *inspector, session.clock);
  ProgressBar bar("protect");
  std::size_t done = 0;
  for (const fs::path& file : wanted.list.files) {
    if (session.stopped()) break;
    bar.show(done++, wanted.size(), printable(file.filename().string(), 40));
    WEIR_TRY(registration.add(file, facts));
  }
  for (const ManifestEntry& entry : wanted.manifest) {
    if (session.stopped()) break;
    bar.show(done++, wanted.size());
    WEIR_TRY(entry.is_file ? registration.add(entry.path, entry.facts, entry.digests)
                           : registration.add_known(entry.path, entry.digests, entry.facts));
  }
  WEIR_TRY(registration.finish());
  RegistrationReport outcome = registration.report();
  std::vector<std::string>& problems = outcome.problems;
  problems.insert(problems.begin(), wanted.list.problems.begin(), wanted.list.problems.end());
  return report(session, outcome);
}

Result<ExitCode> rescan(const Session& session) {
  WEIR_ASSIGN(const auto workspace, session.open_workspace());
  WEIR_ASSIGN(const auto registry, DocumentRegistry::open(*workspace));
  WEIR_ASSIGN(const auto writer, RegistryWriter::open(*registry));
  WEIR_ASSIGN(const auto inspector, Inspector::create(*registry, workspace->config.inspection));
  const std::vector<ProtectedDocument>& documents = registry->all();
  Registration registration(*registry, *writer, *inspector, session.clock);
  ProgressBar bar("protect");
  std::size_t done = 0;
  for (const ProtectedDocument& document : documents) {
    if (session.stopped()) break;
    bar.show(done++, documents.size());
    if (document.bytes == 0) continue;  // known by its digest alone
    if (document.removed || registry->find_path(document.path) != &document ||
        registry->is_given_up(document.path)) {
      continue;
    }
    WEIR_TRY(registration.add(document.path, document.facts));
  }
  WEIR_TRY(registration.finish());
  return report(session, registration.report());
}

void add_json(JsonWriter& json, const ProtectedDocument& one) {
  json.begin_object()
      .member("number", one.number)
      .member("path", one.path)
      .member("label", one.facts.label)
      .member("sensitivity", to_string(one.facts.sensitivity))
      .member("owner", one.facts.owner)
      .member("group", one.facts.audience)
      .member("version", one.version)
      .member("bytes", one.bytes)
      .member("words", one.words)
      .member("not_recognised", one.unread)
      .member("added", to_iso8601(one.added))
      .member("removed", one.removed)
      .end_object();
}

Result<ExitCode> list(const Session& session) {
  WEIR_ASSIGN(const auto workspace, session.open_workspace());
  WEIR_ASSIGN(const auto registry, DocumentRegistry::open(*workspace));
  std::vector<ProtectedDocument> documents = registry->all();
  std::erase_if(documents, [](const ProtectedDocument& one) { return one.removed; });
  if (session.json) {
    std::string text;
    JsonWriter json(text);
    json.begin_array();
    for (const ProtectedDocument& one : documents) add_json(json, one);
    json.end_array();
    WEIR_TRY(print(text + "\n"));
    return ExitCode::ok;
  }
  if (documents.empty()) {
    WEIR_TRY(print("No document is protected yet: weir protect add PATH --label LABEL.\n"));
    return ExitCode::ok;
  }
  std::vector<std::vector<std::string>> rows;
  std::size_t in_part = 0;
  for (const ProtectedDocument& one : documents) {
    if (!one.unread.empty()) ++in_part;
    rows.push_back({fmt::format("{}", one.number), one.facts.label, with_commas(one.words),
                    fmt::format("{}", one.version), one.unread.empty() ? "" : "in part",
                    fs::path(one.path).filename().string()});
  }
  WEIR_TRY(print(format_table({"number", "label", "words", "version", "known", "file"}, rows,
                              {true, false, true, true, false, false})));
  if (in_part > 0) {
    WEIR_TRY(print(fmt::format("{} known in part: `weir protect show NUMBER` says why.\n",
                               in_part == 1 ? "One is" : with_commas(in_part) + " are")));
  }
  return ExitCode::ok;
}

void add_json(JsonWriter& json, const Departure& one) {
  json.begin_object()
      .member("person", one.person)
      .member("activity", one.activity)
      .member("records", one.records)
      .member("addresses", one.addresses)
      .member("first", one.first)
      .member("last", one.last)
      .member("share", one.share)
      .end_object();
}

Result<ExitCode> show(const std::vector<Departure>& departures) {
  if (departures.empty()) {
    WEIR_TRY(print("\nIt was recognised in no record so far.\n"));
    return ExitCode::ok;
  }
  std::vector<std::vector<std::string>> rows;
  for (const Departure& one : departures) {
    rows.push_back({one.person, one.activity, with_commas(one.records), with_commas(one.addresses),
                    one.first.substr(0, 10), one.last.substr(0, 10),
                    fmt::format("{:.0f} %", 100.0 * one.share)});
  }
  WEIR_TRY(print("\nWhere it was recognised:\n" +
                 format_table({"person", "activity", "records", "to", "first", "last", "of it"},
                              rows, {false, false, true, true, false, false, true})));
  WEIR_TRY(print("to: different addresses outside; of it: how much, all records together.\n"));
  return ExitCode::ok;
}

Result<ExitCode> show(const Session& session, std::uint64_t number) {
  WEIR_ASSIGN(const auto workspace, session.open_workspace());
  WEIR_ASSIGN(const auto registry, DocumentRegistry::open(*workspace));
  const ProtectedDocument* one = registry->find(number);
  if (one == nullptr) {
    return no_such_document(number);
  }
  WEIR_TRY(workspace->note_now("protect.show", fmt::format("{}", number), "{}"));
  WEIR_ASSIGN(const auto departures, departures_of(*workspace, *one, session.stop));
  if (session.json) {
    std::string text;
    JsonWriter json(text);
    json.begin_object().key("document");
    add_json(json, *one);
    json.key("departures").begin_array();
    for (const Departure& departure : departures) add_json(json, departure);
    json.end_array().end_object();
    WEIR_TRY(print(text + "\n"));
    return ExitCode::ok;
  }
  std::vector<std::vector<std::string>> rows = {
      {"path", one->path},
      {"label", one->facts.label},
      {"sensitivity", std::string(to_string(one->facts.sensitivity))},
      {"owner", one->facts.owner},
      {"group", one->facts.audience},
      {"version", fmt::format("{}", one->version)},
      {"words, pieces", with_commas(one->words)},
      {"bytes", with_commas(one->bytes)},
      {"added", to_iso8601(one->added)},
      {"state", one->removed ? "removed" : "protected"}};
  for (const std::string_view line : split(one->unread, '\n')) {
    if (!line.empty()) rows.push_back({"not recognised", std::string(line)});
  }
  WEIR_TRY(print(format_table({"number", fmt::format("{}", number)}, rows)));
  return show(departures);
}

Result<ExitCode> remove(const Session& session, std::uint64_t number) {
  WEIR_ASSIGN(const auto workspace, session.open_workspace());
  WEIR_ASSIGN(const auto registry, DocumentRegistry::open(*workspace));
  WEIR_ASSIGN(const auto writer, RegistryWriter::open(*registry));
  WEIR_TRY(writer->remove(number));
  if (session.json) {
    std::string text;
    JsonWriter(text).begin_object().member("removed", number).end_object();
    WEIR_TRY(print(text + "\n"));
  } else {
    WEIR_TRY(print(fmt::format("Document {} is no longer protected.\n", number)));
  }
  return ExitCode::ok;
}

Result<ExitCode> add_background(const Session& session, const std::vector<std::string>& paths,
                                bool protected_too) {
  WEIR_ASSIGN(FileList files, files_of(paths));
  WEIR_ASSIGN(const auto workspace, session.open_workspace());
  WEIR_ASSIGN(const auto registry, DocumentRegistry::open(*workspace));
  WEIR_ASSIGN(const auto writer, RegistryWriter::open(*registry));
  WEIR_ASSIGN(const auto inspector, Inspector::create(*registry, workspace->config.inspection));
  ProgressBar bar("background");
  std::vector<protect::Features> pending;
  std::size_t texts = 0;
  for (std::size_t i = 0; i < files.files.size() && !session.stopped(); ++i) {
    bar.show(i, files.files.size());
    const auto bytes = inspector->read_document(files.files[i]);
    if (!bytes) {
      files.problems.push_back(bytes.error().message);
      continue;
    }
    const std::string name = files.files[i].string();
    const content::Extraction extraction = inspector->extract(*bytes, name);
    WEIR_ASSIGN(const Inspection inspection, inspector->inspect(*bytes, extraction));
    const auto lost = std::ranges::find_if(inspection.found, [](const FoundDocument& found) {
      return found.whole_file || 2 * found.words >= found.document.words;
    });
    if (lost != inspection.found.end() && !protected_too) {
      files.problems.push_back(fmt::format(
          "{}: not learnt: most of document {} is in it, which would be recognised no longer "
          "(--protected-too learns it all the same)",
          name, lost->document.number));
      continue;
    }
    Inspector::Reading reading = inspector->read(extraction, name);
    for (const content::Finding& finding : reading.unread) {
      files.problems.push_back(fmt::format("{}: {}", finding.path, finding.reason));
    }
    if (reading.features.found.empty()) continue;
    ++texts;
    pending.push_back(std::move(reading.features));
    if (pending.size() < kBackgroundBatch) continue;
    WEIR_TRY(writer->learn_background(pending));
    pending.clear();
  }
  if (!pending.empty()) WEIR_TRY(writer->learn_background(pending));
  if (session.json) {
    std::string text;
    JsonWriter(text)
        .begin_object()
        .member("texts", std::uint64_t{texts})
        .member("problems", files.problems)
        .end_object();
    WEIR_TRY(print(text + "\n"));
  } else {
    WEIR_TRY(print(fmt::format("Learnt from {}: what is said there is no find from now on.\n",
                               counted(texts, "text"))));
    for (const std::string& problem : files.problems) say(printable(problem, 400));
  }
  if (session.stopped()) return ExitCode::stopped;
  return files.problems.empty() ? ExitCode::ok : ExitCode::partly;
}

}  // namespace

void add_protect(CLI::App& root, Session& session) {
  CLI::App* command = root.add_subcommand("protect", "Documents to know wherever they turn up");
  command->require_subcommand(1);

  auto options = std::make_shared<AddOptions>();
  CLI::App* adding = command->add_subcommand("add", "Register files, folders or patterns");
  adding->footer(
      "Unchanged files are skipped; a file that has changed becomes a new version, and the old "
      "one stays protected. Of the text only keyed hashes are kept.\n"
      "Example:\n  weir protect add /srv/plans --label secret --owner planning@example.com");
  adding->add_option("PATH", options->paths, "Files, folders, patterns");
  CLI::Option* manifest = adding->add_option(
      "--manifest", options->manifest,
      "A CSV list of documents with their labels (docs/formats/document-manifest.md)");
  adding->add_option("--label", options->label, "How sensitive, in your own words");
  adding->add_option("--sensitivity", options->sensitivity,
                     "What the label stands for: internal, confidential or secret (default: the "
                     "label if it is one of these, else confidential)");
  adding->add_option("--owner", options->owner, "Whom to ask about it");
  adding->add_option("--group", options->audience, "Who may hold it");
  adding->callback([options, manifest, &session] {
    if (options->paths.empty() && manifest->empty()) {
      throw CLI::ValidationError("PATH", "nothing to register: name files, or a --manifest");
    }
    const bool has_facts = !options->label.empty() || !options->sensitivity.empty() ||
                           !options->owner.empty() || !options->audience.empty();
    if (options->paths.empty() && has_facts) {
      throw CLI::ValidationError("--manifest",
                                 "says of each document what --label, --sensitivity, --owner and "
                                 "--group say of files that are named; leave them out");
    }
    if (!options->paths.empty() && options->label.empty()) {
      throw CLI::ValidationError("--label", "is required: how sensitive are these files?");
    }
    session.action = [options, &session] { return add(session, *options); };
  });

  command->add_subcommand("list", "What is protected")->callback([&session] {
    session.action = [&session] { return list(session); };
  });
  command->add_subcommand("rescan", "Read the registered files again; changes become versions")
      ->callback([&session] { session.action = [&session] { return rescan(session); }; });

  auto number = std::make_shared<std::uint64_t>(0);
  CLI::App* showing = command->add_subcommand("show", "One of them");
  showing->add_option("NUMBER", *number, "As `weir protect list` says")->required();
  showing->callback([number, &session] {
    session.action = [number, &session] { return show(session, *number); };
  });
  CLI::App* removing = command->add_subcommand("remove", "Protect it no longer");
  removing->add_option("NUMBER", *number, "As `weir protect list` says")->required();
  removing->callback([number, &session] {
    session.action = [number, &session] { return remove(session, *number); };
  });

  CLI::App* background = command->add_subcommand("background", "What everybody may say");
  background->require_subcommand(1);
  auto paths = std::make_shared<std::vector<std::string>>();
  CLI::App* learning = background->add_subcommand("add", "Learn public and approved texts");
  learning->add_option("PATH", *paths, "Files, folders, patterns")->required();
  auto protected_too = std::make_shared<bool>(false);
  learning->add_flag("--protected-too", *protected_too,
                     "Also texts that hold most of a protected document, which is then no find");
  learning->callback([paths, protected_too, &session] {
    session.action = [paths, protected_too, &session] {
      return add_background(session, *paths, *protected_too);
    };
  });
  add_learn(*background, session);
}

}  // namespace weir::app
