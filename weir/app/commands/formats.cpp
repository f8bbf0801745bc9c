#include "weir/app/commands/all.h"
#include "weir/base/columns.h"
#include "weir/base/json.h"
#include "weir/ingest/parsers/all.h"

namespace weir::app {
namespace {

Result<ExitCode> formats(const Session& session) {
  std::string text;
  if (session.json) {
    JsonWriter json(text);
    json.begin_array();
    for (const ingest::Format& format : ingest::formats()) {
      json.begin_object()
          .member("name", format.name)
          .member("summary", format.summary)
          .member("details", format.details)
          .member("resumable", format.resumable)
          .end_object();
    }
    json.end_array();
    text += '\n';
  } else {
    const auto width = static_cast<std::size_t>(terminal_width());
    for (const ingest::Format& format : ingest::formats()) {
      text += paragraph(fmt::format("{:<8}", format.name), "        ", format.summary, width);
      text += paragraph("        ", "        ", format.details, width);
      text += '\n';
    }
    text += "All of them from files, folders, .gz, .zst and standard input.\n";
  }
  WEIR_TRY(print(text));
  return ExitCode::ok;
}

}  // namespace

void add_formats(CLI::App& root, Session& session) {
  CLI::App* command = root.add_subcommand("formats", "The formats that `weir ingest` reads");
  command->callback([&session] { session.action = [&session] { return formats(session); }; });
}

}  // namespace weir::app
