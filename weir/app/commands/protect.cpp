#include <glob.h>

#include <algorithm>

#include "weir/app/commands/all.h"
#include "weir/app/inspection.h"
#include "weir/app/progress.h"
#include "weir/base/json.h"
#include "weir/base/text.h"

namespace weir::app {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t kMostBytes = 1u << 30;
/// Documents that are made to last together.
constexpr std::size_t kBatch = 200;

struct AddOptions {
  std::vector<std::string> paths;
  std::string label, owner, audience;
};

/// Files, folders with all below them, and patterns that a shell did not expand.
Result<std::vector<fs::path>> files_of(const std::vector<std::string>& paths) {
  std::vector<fs::path> files;
  const auto add = [&](const fs::path& path) -> Result<void> {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      files.push_back(path);
      return {};
    }
    for (fs::recursive_directory_iterator it(path, error), end; !error && it != end;
         it.increment(error)) {
      if (it->is_regular_file()) files.push_back(it->path());
    }
    if (error) return fail(ErrorCode::io, "{}: {}", path.string(), error.message());
    return {};
  };
  for (const std::string& path : paths) {
    std::error_code error;
    if (fs::exists(path, error)) {
      WEIR_TRY(add(path));
      continue;
    }
    glob_t found{};
    const int code = ::glob(path.c_str(), 0, nullptr, &found);
    const std::vector<std::string> names(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    ::globfree(&found);
    if (code != 0) {
      return fail(ErrorCode::not_found, "{}: there is no such file, folder or pattern", path);
    }
    for (const std::string& name : names) WEIR_TRY(add(name));
  }
  std::ranges::sort(files);
  files.erase(std::ranges::unique(files).begin(), files.end());
  return files;
}

struct Tally {
  std::size_t added = 0;
  std::size_t versions = 0;
  std::size_t unchanged = 0;
  std::size_t whole = 0;  // without text: known as whole files alone
  std::vector<std::string> problems;
};

/// Reads files and puts them into the registry, a batch at a time.
class Adder {
 public:
  Adder(DocumentRegistry& registry, Inspector& inspector, const Session& session)
      : registry_(registry), inspector_(inspector), session_(session) {}

  Result<void> add(const fs::path& path, const AddOptions& options) {
    const fs::path absolute = fs::absolute(path).lexically_normal();
    const auto bytes = read_file(absolute, kMostBytes);
    if (!bytes) {
      tally_.problems.push_back(bytes.error().message);
      return {};
    }
    if (bytes->empty()) {
      tally_.problems.push_back(absolute.string() + ": is empty; there is nothing to recognise");
      return {};
    }
    DocumentRegistry::NewDocument one;
    one.facts = {.path = absolute.string(),
                 .label = options.label,
                 .owner = options.owner,
                 .audience = options.audience,
                 .content = registry_.content_hash(*bytes),
                 .bytes = bytes->size()};
    WEIR_ASSIGN(const auto before, registry_.find_path(one.facts.path));
    if (before && before->content == one.facts.content && before->label == options.label &&
        before->owner == options.owner && before->audience == options.audience) {
      ++tally_.unchanged;
      return {};
    }
    const content::Extraction extraction = inspector_.extract(*bytes, absolute.filename().string());
    for (const content::Finding& finding : extraction.findings) {
      tally_.problems.push_back(
          fmt::format("{}: {}: {}", absolute.string(), finding.path, finding.reason));
    }
    const protect::Features& features = inspector_.features_of(text_of(extraction));
    one.facts.words = features.words.size();
    if (one.facts.words > 0) one.features = std::make_unique<protect::Features>(features);
    ++(before ? tally_.versions : tally_.added);
    if (one.facts.words == 0) ++tally_.whole;
    pending_.push_back(std::move(one));
    return pending_.size() >= kBatch ? flush() : Result<void>{};
  }

  Result<void> flush() {
    if (pending_.empty()) return {};
    return registry_.add(std::exchange(pending_, {}), session_.clock());
  }
  const Tally& tally() const { return tally_; }

 private:
  DocumentRegistry& registry_;
  Inspector& inspector_;
  const Session& session_;
  std::vector<DocumentRegistry::NewDocument> pending_;
  Tally tally_;
};

Result<ExitCode> report(Workspace& workspace, const Session& session, const Tally& tally) {
  WEIR_TRY(workspace.note_now("protect.add", "",
                              fmt::format(R"({{"added":{},"versions":{},"unchanged":{}}})",
                                          tally.added, tally.versions, tally.unchanged)));
  if (session.json) {
    std::string text;
    JsonWriter json(text);
    json.begin_object()
        .member("added", std::uint64_t{tally.added})
        .member("new_versions", std::uint64_t{tally.versions})
        .member("unchanged", std::uint64_t{tally.unchanged})
        .member("without_text", std::uint64_t{tally.whole})
        .member("problems", tally.problems)
        .end_object();
    WEIR_TRY(print(text + "\n"));
  } else {
    const auto count = [](std::size_t n, std::string_view what) {
      return fmt::format("{} {}{}", with_commas(n), what, n == 1 ? "" : "s");
    };
    WEIR_TRY(
        print(fmt::format("{} added, {}, {} as before.\n", count(tally.added, "document"),
                          count(tally.versions, "new version"), with_commas(tally.unchanged))));
    if (tally.whole > 0) {
      WEIR_TRY(print(fmt::format("{} without text are recognised as whole files only.\n",
                                 with_commas(tally.whole))));
    }
    for (const std::string& problem : tally.problems) say(printable(problem, 400));
  }
  return tally.problems.empty() ? ExitCode::ok : ExitCode::partly;
}

Result<ExitCode> add(const Session& session, const AddOptions& options) {
  WEIR_ASSIGN(const auto files, files_of(options.paths));
  WEIR_ASSIGN(const auto workspace, session.open_workspace());
  WEIR_ASSIGN(const auto registry, DocumentRegistry::open(*workspace));
  WEIR_ASSIGN(const auto inspector, Inspector::create(*registry));
  Adder adder(*registry, *inspector, session);
  ProgressBar bar("protect");
  for (std::size_t i = 0; i < files.size() && !session.stopped(); ++i) {
    bar.show(i, files.size(), printable(files[i].filename().string(), 40));
    WEIR_TRY(adder.add(files[i], options));
  }
  WEIR_TRY(adder.flush());
  WEIR_ASSIGN(const ExitCode code, report(*workspace, session, adder.tally()));
  return session.stopped() ? ExitCode::stopped : code;
}

Result<ExitCode> rescan(const Session& session) {
  WEIR_ASSIGN(const auto workspace, session.open_workspace());
  WEIR_ASSIGN(const auto registry, DocumentRegistry::open(*workspace));
  WEIR_ASSIGN(const auto inspector, Inspector::create(*registry));
  WEIR_ASSIGN(const auto documents, registry->all());
  Adder adder(*registry, *inspector, session);
  ProgressBar bar("protect");
  std::size_t done = 0;
  for (const ProtectedDocument& document : documents) {
    if (session.stopped()) break;
    bar.show(done++, documents.size());
    WEIR_ASSIGN(const auto latest, registry->find_path(document.path));
    if (document.removed || !latest || latest->number != document.number) continue;
    WEIR_TRY(adder.add(document.path, {.paths = {},
                                       .label = document.label,
                                       .owner = document.owner,
                                       .audience = document.audience}));
  }
  WEIR_TRY(adder.flush());
  return report(*workspace, session, adder.tally());
}

Result<ExitCode> list(const Session& session) {
  WEIR_ASSIGN(const auto workspace, session.open_workspace());
  WEIR_ASSIGN(const auto registry, DocumentRegistry::open(*workspace));
  WEIR_ASSIGN(auto documents, registry->all());
  std::erase_if(documents, [](const ProtectedDocument& one) { return one.removed; });
  if (session.json) {
    std::string text;
    JsonWriter json(text);
    json.begin_array();
    for (const ProtectedDocument& one : documents) {
      json.begin_object()
          .member("number", one.number)
          .member("path", one.path)
          .member("label", one.label)
          .member("owner", one.owner)
          .member("group", one.audience)
          .member("version", one.version)
          .member("bytes", one.bytes)
          .member("words", one.words)
          .member("added", to_iso8601(one.added))
          .end_object();
    }
    json.end_array();
    WEIR_TRY(print(text + "\n"));
    return ExitCode::ok;
  }
  if (documents.empty()) {
    WEIR_TRY(print("No document is protected yet: weir protect add PATH --label LABEL.\n"));
    return ExitCode::ok;
  }
  std::vector<std::vector<std::string>> rows;
  for (const ProtectedDocument& one : documents) {
    rows.push_back({fmt::format("{}", one.number), one.label, with_commas(one.words),
                    fmt::format("{}", one.version), fs::path(one.path).filename().string()});
  }
  WEIR_TRY(print(format_table({"number", "label", "words", "version", "file"}, rows,
                              {true, false, true, true, false})));
  return ExitCode::ok;
}

Result<ExitCode> show(const Session& session, std::uint64_t number) {
  WEIR_ASSIGN(const auto workspace, session.open_workspace());
  WEIR_ASSIGN(const auto registry, DocumentRegistry::open(*workspace));
  WEIR_ASSIGN(const auto one, registry->find(number));
  if (!one) {
    return fail(ErrorCode::not_found, "there is no protected document {}; `weir protect list`",
                number);
  }
  WEIR_TRY(print(format_table({"number", fmt::format("{}", number)},
                              {{"path", one->path},
                               {"label", one->label},
                               {"owner", one->owner},
                               {"group", one->audience},
                               {"version", fmt::format("{}", one->version)},
                               {"words", with_commas(one->words)},
                               {"bytes", with_commas(one->bytes)},
                               {"added", to_iso8601(one->added)},
                               {"state", one->removed ? "removed" : "protected"}})));
  return ExitCode::ok;
}

Result<ExitCode> remove(const Session& session, std::uint64_t number) {
  WEIR_ASSIGN(const auto workspace, session.open_workspace());
  WEIR_ASSIGN(const auto registry, DocumentRegistry::open(*workspace));
  WEIR_TRY(registry->remove(number));
  WEIR_TRY(workspace->note_now("protect.remove", fmt::format("{}", number), "{}"));
  WEIR_TRY(print(fmt::format("Document {} is no longer protected.\n", number)));
  return ExitCode::ok;
}

Result<ExitCode> add_background(const Session& session, const std::vector<std::string>& paths) {
  WEIR_ASSIGN(const auto files, files_of(paths));
  WEIR_ASSIGN(const auto workspace, session.open_workspace());
  WEIR_ASSIGN(const auto registry, DocumentRegistry::open(*workspace));
  WEIR_ASSIGN(const auto inspector, Inspector::create(*registry));
  ProgressBar bar("background");
  std::size_t texts = 0;
  bool all_read = true;
  for (std::size_t i = 0; i < files.size() && !session.stopped(); ++i) {
    bar.show(i, files.size());
    const auto bytes = read_file(files[i], kMostBytes);
    if (!bytes) {
      say(bytes.error().message);
      all_read = false;
      continue;
    }
    const content::Extraction extraction = inspector->extract(*bytes, files[i].string());
    const protect::Features& features = inspector->features_of(text_of(extraction));
    if (features.found.empty()) continue;
    registry->learn_background(features.found);
    ++texts;
  }
  WEIR_TRY(registry->flush());
  WEIR_TRY(workspace->note_now("protect.background", "", fmt::format(R"({{"texts":{}}})", texts)));
  WEIR_TRY(print(fmt::format("Learnt from {} {}: what is said there is no find from now on.\n",
                             with_commas(texts), texts == 1 ? "text" : "texts")));
  return all_read ? ExitCode::ok : ExitCode::partly;
}

}  // namespace

void add_protect(CLI::App& root, Session& session) {
  CLI::App* command = root.add_subcommand("protect", "Documents to know wherever they turn up");
  command->require_subcommand(1);

  auto options = std::make_shared<AddOptions>();
  CLI::App* adding = command->add_subcommand("add", "Register files, folders or patterns");
  adding->footer(
      "Unchanged files are skipped; a file that has changed becomes a new version, and the old "
      "one\n"
      "stays protected. Of the text only keyed hashes are kept.\n"
      "Example:\n  weir protect add /srv/plans --label secret --owner planning@example.com");
  adding->add_option("PATH", options->paths, "Files, folders, patterns")->required();
  adding->add_option("--label", options->label, "How sensitive, in your own words")->required();
  adding->add_option("--owner", options->owner, "Whom to ask about it");
  adding->add_option("--group", options->audience, "Who may hold it");
  adding->callback([options, &session] {
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
  learning->callback([paths, &session] {
    session.action = [paths, &session] { return add_background(session, *paths); };
  });
}

}  // namespace weir::app
