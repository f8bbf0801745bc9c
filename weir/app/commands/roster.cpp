#include "weir/app/commands/all.h"
#include "weir/base/json.h"
#include "weir/base/text.h"

namespace weir::app {
namespace {

std::string_view name_of(roster::IdentityKind kind) {
  switch (kind) {
    case roster::IdentityKind::user_id:
      return "user id";
    case roster::IdentityKind::mail_address:
      return "mail address";
    case roster::IdentityKind::host:
      return "host";
  }
  return "identity";
}

Result<ExitCode> import(const Session& session, const std::string& path) {
  WEIR_ASSIGN(const auto workspace, session.open_workspace());
  WEIR_ASSIGN(const roster::ImportReport report, workspace->roster().import(path));
  WEIR_TRY(workspace->note_now("roster.import", "",
                               fmt::format(R"({{"rows":{},"added":{},"changed":{}}})", report.rows,
                                           report.people_added, report.people_changed)));
  if (session.json) {
    std::string text;
    JsonWriter json(text);
    json.begin_object()
        .member("rows", std::uint64_t{report.rows})
        .member("added", std::uint64_t{report.people_added})
        .member("changed", std::uint64_t{report.people_changed})
        .member("unchanged", std::uint64_t{report.people_unchanged})
        .member("problems", report.problems)
        .end_object();
    WEIR_TRY(print(text + "\n"));
  } else {
    WEIR_TRY(print(fmt::format("{} rows: {} people added, {} changed, {} as before.\n",
                               with_commas(report.rows), with_commas(report.people_added),
                               with_commas(report.people_changed),
                               with_commas(report.people_unchanged))));
    for (const std::string& problem : report.problems) say(problem);
  }
  return report.problems.empty() ? ExitCode::ok : ExitCode::partly;
}

Result<ExitCode> resolve(const Session& session) {
  WEIR_ASSIGN(const auto workspace, session.open_workspace());
  WEIR_ASSIGN(const auto identities, workspace->roster().unresolved());
  if (session.json) {
    std::string text;
    JsonWriter json(text);
    json.begin_array();
    for (const roster::UnresolvedIdentity& one : identities) {
      json.begin_object()
          .member("kind", name_of(one.kind))
          .member("source", one.source)
          .member("person", one.pseudonym)
          .member("ambiguous", one.ambiguous)
          .member("records", one.records)
          .member("first", to_iso8601(one.first))
          .member("last", to_iso8601(one.last))
          .end_object();
    }
    json.end_array();
    WEIR_TRY(print(text + "\n"));
    return ExitCode::ok;
  }
  if (identities.empty()) {
    WEIR_TRY(print("Every identity that the logs named is on the roster.\n"));
    return ExitCode::ok;
  }
  std::vector<std::vector<std::string>> rows;
  for (const roster::UnresolvedIdentity& one : identities) {
    rows.push_back({one.source, std::string(name_of(one.kind)),
                    one.ambiguous ? "claimed by several" : one.pseudonym, with_commas(one.records),
                    to_iso8601(day_of(one.first)), to_iso8601(day_of(one.last))});
  }
  WEIR_TRY(
      print(format_table({"source", "kind", "person", "records", "first", "last"}, rows,
                         {false, false, false, true, false, false}) +
            "\nThese identities are not on the roster; their records are kept under the person\n"
            "shown. Add them to the roster and import it again: history goes with them.\n"));
  return ExitCode::ok;
}

}  // namespace

void add_roster(CLI::App& root, Session& session) {
  CLI::App* command = root.add_subcommand("roster", "People, units, access, declared addresses");
  command->require_subcommand(1);

  auto path = std::make_shared<std::string>();
  CLI::App* importing = command->add_subcommand("import", "Take over people and their dated facts");
  importing->footer(
      "PATH is a CSV file (docs/formats/roster.md) or a file or folder of CERT LDAP months.\n"
      "Columns for protected attributes or personality are refused.\n"
      "Example:\n  weir roster import people.csv");
  importing->add_option("PATH", *path, "File or folder")->required();
  importing->callback(
      [path, &session] { session.action = [path, &session] { return import(session, *path); }; });

  CLI::App* resolving =
      command->add_subcommand("resolve", "Identities in the logs that the roster does not know");
  resolving->footer("Example:\n  weir roster resolve --json");
  resolving->callback([&session] { session.action = [&session] { return resolve(session); }; });
}

}  // namespace weir::app
