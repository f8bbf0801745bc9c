#include <unistd.h>

#include "weir/app/commands/all.h"
#include "weir/app/inspection.h"
#include "weir/base/columns.h"
#include "weir/base/json.h"
#include "weir/base/text.h"

namespace weir::app {
namespace {

Result<std::string> read_input(const std::string& path, const Inspector& inspector,
                               std::uint64_t most_bytes) {
  if (path != "-") return inspector.read_document(path);
  std::string bytes;
  std::vector<char> buffer(1 << 16);
  for (;;) {
    const ssize_t n = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (n < 0) return fail_errno(errno, "standard input");
    if (n == 0) return bytes;
    bytes.append(buffer.data(), static_cast<std::size_t>(n));
    if (bytes.size() > most_bytes) {
      return fail(
          ErrorCode::limit_exceeded,
          "standard input: more than {} bytes (inspection.file_bytes in weir.yaml); inspect "
          "it in parts",
          most_bytes);
    }
  }
}

std::string_view to_string(protect::MatchKind kind) {
  switch (kind) {
    case protect::MatchKind::verbatim:
      return "verbatim";
    case protect::MatchKind::reworded:
      return "reworded";
    case protect::MatchKind::pieces:
      break;
  }
  return "pieces";
}

std::string coverage_words(const FoundDocument& found) {
  if (found.whole_file) return "the very file that was registered";
  const double share = found.document.words > 0 ? 100.0 * static_cast<double>(found.words) /
                                                      static_cast<double>(found.document.words)
                                                : 0.0;
  const std::string_view how = found.kind == protect::MatchKind::verbatim   ? "word for word"
                               : found.kind == protect::MatchKind::reworded ? "reworded"
                                                                            : "byte for byte";
  return fmt::format("{} of its {} {} ({:.0f} %), {}; {} of them found nowhere else",
                     with_commas(found.words), with_commas(found.document.words),
                     found.kind == protect::MatchKind::pieces ? "pieces" : "words", share, how,
                     with_commas(found.unique));
}

std::string place_of(const FoundPassage& passage) {
  if (passage.end == 0) return {};  // pieces of a file
  return fmt::format(", bytes {} to {}", passage.begin, passage.end);
}

std::string page_of(const std::string& name, const Inspection& inspection, bool show_text,
                    std::size_t width) {
  constexpr std::size_t kMostPassages = 5;
  constexpr std::size_t kMostUnread = 10;
  std::string out = paragraph(
      "", "  ",
      fmt::format("{}: {}, {}, {} ms", printable(name, 200), content::to_string(inspection.type),
                  counted(inspection.parts, "part"),
                  std::chrono::duration_cast<std::chrono::milliseconds>(inspection.time).count()),
      width);
  for (const FoundDocument& found : inspection.found) {
    out += paragraph(fmt::format("  [{}] ", printable(found.document.facts.label, 40)), "      ",
                     fmt::format("document {}, {}: {}", found.document.number,
                                 printable(found.document.path, 200), coverage_words(found)),
                     width);
    std::size_t told = 0;
    for (const FoundPassage& passage : found.passages) {
      if (told++ == kMostPassages) {
        out += fmt::format("      … and {} more passages\n", found.passages.size() - kMostPassages);
        break;
      }
      out += paragraph("      ", "        ",
                       fmt::format("in {}{}{}", printable(passage.path, 300),
                                   passage.hidden ? " (hidden)" : "", place_of(passage)),
                       width);
      if (show_text && !passage.text.empty()) {
        out += paragraph("        | ", "        | ", printable(passage.text, 2000), width);
      }
    }
  }
  std::size_t told = 0;
  for (const content::Finding& finding : inspection.unread) {
    if (told++ == kMostUnread) {
      out += fmt::format("  not read: {} more\n", inspection.unread.size() - kMostUnread);
      break;
    }
    out += paragraph("  not read: ", "      ",
                     fmt::format("{}: {} ({})", printable(finding.path, 300),
                                 printable(finding.reason, 300), content::to_string(finding.kind)),
                     width);
  }
  if (inspection.found.empty()) {
    out += inspection.unread.empty() ? "  nothing protected that is known here\n"
                                     : "  nothing found in what could be read\n";
  }
  return out;
}

void add_json(JsonWriter& json, const std::string& name, const Inspection& inspection,
              bool show_text) {
  json.begin_object()
      .member("name", name)
      .member("type", content::to_string(inspection.type))
      .member("parts", std::uint64_t{inspection.parts})
      .member("microseconds", std::int64_t{inspection.time.count()})
      .key("found")
      .begin_array();
  for (const FoundDocument& found : inspection.found) {
    json.begin_object()
        .member("document", found.document.number)
        .member("path", found.document.path)
        .member("label", found.document.facts.label)
        .member("sensitivity", to_string(found.sensitivity))
        .member("whole_file", found.whole_file)
        .member("kind", to_string(found.kind))
        .member("words", found.words)
        .member("document_words", found.document.words)
        .member("unique_words", found.unique)
        .key("passages")
        .begin_array();
    for (const FoundPassage& passage : found.passages) {
      json.begin_object()
          .member("part", passage.path)
          .member("hidden", passage.hidden)
          .member("begin", std::uint64_t{passage.begin})
          .member("end", std::uint64_t{passage.end});
      if (show_text) json.member("text", passage.text);
      json.end_object();
    }
    json.end_array().end_object();
  }
  json.end_array().key("not_read").begin_array();
  for (const content::Finding& finding : inspection.unread) {
    json.begin_object()
        .member("kind", content::to_string(finding.kind))
        .member("part", finding.path)
        .member("reason", finding.reason)
        .end_object();
  }
  json.end_array().end_object();
}

/// Who tries out what is recognised leaves a trace: one entry a file, before anything is shown.
Result<void> note(Workspace& workspace, std::string_view bytes, const DocumentRegistry& registry,
                  const Inspection& inspection, bool show_text) {
  std::string details;
  JsonWriter json(details);
  json.begin_object()
      .member("content", to_hex(registry.content_hash(bytes)))
      .key("found")
      .begin_array();
  for (const FoundDocument& found : inspection.found) json.value(found.document.number);
  json.end_array()
      .member("not_read", std::uint64_t{inspection.unread.size()})
      .member("text_shown", show_text)
      .end_object();
  return workspace.note_now("inspect", "", details);
}

/// Drafts are not to be tried until nothing is found.
Result<void> check_tries(Workspace& workspace, Instant now) {
  if (workspace.vault().kind() != vault::WorkspaceKind::production) return {};
  WEIR_ASSIGN(const std::uint64_t tries,
              workspace.audit().count("inspect", operating_user(), now - std::chrono::hours{1}));
  if (tries < workspace.config.inspection.files_an_hour) return {};
  return fail(ErrorCode::limit_exceeded,
              "{} inspected {} files within an hour, which is the most that one may "
              "(inspection.files_an_hour in weir.yaml). Try again later; mail that is ingested is "
              "inspected without this limit",
              operating_user(), tries);
}

Result<ExitCode> inspect(const Session& session, const std::vector<std::string>& paths,
                         bool show_text, const std::string& ocr) {
  WEIR_ASSIGN(const auto workspace, session.open_workspace());
  if (show_text && workspace->vault().kind() == vault::WorkspaceKind::production) {
    return fail(ErrorCode::permission_denied,
                "--show-text: texts are shown only in a workspace made with --simulated or "
                "--evaluation");
  }
  WEIR_ASSIGN(const auto registry, DocumentRegistry::open(*workspace));
  WEIR_TRY(registry->require_index());
  InspectionSettings settings = workspace->config.inspection;
  settings.ocr = ocr;
  if (!ocr.empty()) settings.limits.time = std::max(settings.limits.time, content::kTimeWithOcr);
  WEIR_ASSIGN(const auto inspector, Inspector::create(*registry, settings));
  std::string text;
  JsonWriter json(text);
  if (session.json) json.begin_array();
  bool found = false;
  bool unread = false;
  bool failed = false;
  for (const std::string& path : paths) {
    if (session.stopped()) return ExitCode::stopped;
    WEIR_TRY(check_tries(*workspace, session.clock()));
    const auto bytes = read_input(path, *inspector, settings.file_bytes);
    if (!bytes) {
      say("weir: " + bytes.error().message);
      failed = true;
      continue;
    }
    WEIR_ASSIGN(const Inspection inspection, inspector->inspect(*bytes, path));
    WEIR_TRY(note(*workspace, *bytes, *registry, inspection, show_text));
    found = found || !inspection.found.empty();
    unread = unread || !inspection.unread.empty();
    if (session.json) {
      add_json(json, path, inspection, show_text);
    } else {
      WEIR_TRY(
          print(page_of(path, inspection, show_text, static_cast<std::size_t>(terminal_width()))));
    }
  }
  if (session.json) {
    json.end_array();
    WEIR_TRY(print(text + "\n"));
  } else if (registry->all().empty()) {
    say("No document is protected yet: weir protect add PATH --label LABEL.");
  }
  if (found) return ExitCode::found;
  if (failed) return ExitCode::partly;
  return unread ? ExitCode::unread : ExitCode::ok;
}

}  // namespace

void add_inspect(CLI::App& root, Session& session) {
  struct Options {
    std::vector<std::string> paths;
    bool show_text = false;
    std::string ocr;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command =
      root.add_subcommand("inspect", "Which protected documents are in a file or a mail?");
  command->footer(
      "Each file is taken apart in a sandbox: mails, archives, office files, PDF. What could not "
      "be read is said, and is never clean.\n"
      "Exit status: 0 nothing found and all read, 3 a file could not be opened, 5 found, 6 not "
      "all could be read.\n"
      "Pictures that look like text count as not read, unless --ocr reads them: a second or so "
      "each.\n"
      "Examples:\n  weir inspect draft.docx\n  weir inspect --ocr=eng+deu scan.pdf\n"
      "  weir inspect --json - < message.eml");
  command->add_option("FILE", options->paths, "Files; - for standard input")->required();
  command->add_flag("--show-text", options->show_text, "The passages too (not in production)");
  command->add_flag("--ocr{eng}", options->ocr,
                    "Read pictures too, in English or --ocr=LANGUAGES (eng+deu)");
  command->callback([options, &session] {
    session.action = [options, &session] {
      return inspect(session, options->paths, options->show_text, options->ocr);
    };
  });
}

}  // namespace weir::app
