#include "weir/lake/query.h"

#include <map>

#include "weir/app/commands/all.h"
#include "weir/app/days.h"
#include "weir/app/small_groups.h"
#include "weir/base/json.h"
#include "weir/base/text.h"
#include "weir/cases/store.h"

namespace weir::app {
namespace {

/// Facts that fewer than five people share say who somebody is: they are shown as "(few)".
lake::QueryTable people_table(const roster::People& people, Day today) {
  std::map<std::pair<int, std::string>, std::size_t> sizes;
  const auto facts_of = [&](const roster::Person& person) {
    const roster::Facts facts = people.on(person.id, today);
    return std::vector<std::string>{std::string(facts.entity), std::string(facts.unit),
                                    std::string(facts.role), std::string(facts.site)};
  };
  for (const roster::Person& person : people.all()) {
    const auto facts = facts_of(person);
    for (std::size_t i = 0; i < facts.size(); ++i) ++sizes[{static_cast<int>(i), facts[i]}];
  }
  lake::QueryTable table{
      .name = "people",
      .columns = {"person", "pseudonym", "provisional", "entity", "unit", "role", "site"},
      .rows = {}};
  for (const roster::Person& person : people.all()) {
    auto facts = facts_of(person);
    for (std::size_t i = 0; i < facts.size(); ++i) {
      if (sizes[{static_cast<int>(i), facts[i]}] < kSmallestGroup) facts[i] = "(few)";
    }
    table.rows.push_back({fmt::format("{:016x}", std::to_underlying(person.id)), person.pseudonym,
                          person.provisional ? "true" : "false", facts[0], facts[1], facts[2],
                          facts[3]});
  }
  return table;
}

Result<lake::QueryTable> days_table(ledger::Database& ledger) {
  WEIR_ASSIGN(DayStore store, DayStore::open(ledger));
  WEIR_ASSIGN(const std::vector<ClosedDay> days, store.all());
  lake::QueryTable table{.name = "days",
                         .columns = {"day", "records", "acts", "seen_before", "too_late", "cases"},
                         .rows = {}};
  for (const ClosedDay& day : days) {
    table.rows.push_back({to_iso8601(day.day), std::to_string(day.records),
                          std::to_string(day.acts), std::to_string(day.seen_before),
                          std::to_string(day.too_late), std::to_string(day.cases)});
  }
  return table;
}

Result<lake::QueryTable> cases_table(ledger::Database& ledger) {
  WEIR_ASSIGN(cases::CaseStore store, cases::CaseStore::open(ledger));
  WEIR_ASSIGN(const std::vector<cases::Case> all, store.all());
  lake::QueryTable table{
      .name = "cases",
      .columns = {"case_number", "person", "opened", "lane", "hypothesis", "nats"},
      .rows = {}};
  for (const cases::Case& one : all) {
    table.rows.push_back(
        {std::to_string(one.number), fmt::format("{:016x}", std::to_underlying(one.draft.person)),
         to_iso8601(one.draft.opened), std::to_string(one.draft.lane),
         std::string(to_string(one.draft.hypothesis)), fmt::format("{:.3f}", one.draft.nats)});
  }
  return table;
}

std::string json_of(const lake::QueryResult& result) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().key("rows").begin_array();
  std::size_t cell = 0;
  for (const auto& row : result.rows) {
    json.begin_object();
    for (std::size_t i = 0; i < row.size(); ++i, ++cell) {
      json.key(result.columns[i]);
      if (result.is_null[cell]) {
        json.null();
      } else {
        json.value(row[i]);
      }
    }
    json.end_object();
  }
  json.end_array().member("truncated", result.truncated).end_object();
  return text + "\n";
}

Result<ExitCode> query(const Session& session, const std::string& sql) {
  WEIR_ASSIGN(const auto workspace, session.open_workspace());
  WEIR_ASSIGN(const roster::People people, workspace->roster().people());
  WEIR_ASSIGN(lake::QueryTable days, days_table(workspace->ledger()));
  WEIR_ASSIGN(lake::QueryTable cases, cases_table(workspace->ledger()));
  std::string details;
  JsonWriter(details).begin_object().member("sql", sql).end_object();
  WEIR_TRY(workspace->note_now("query", "", details));
  // Open until the query is done: it keeps the files there.
  WEIR_ASSIGN(const lake::Lake lake, workspace->open_lake(true));
  lake::QueryOptions options;
  options.lake_folder = std::filesystem::absolute(workspace->lake_folder());
  options.files = lake.files();
  options.stop = session.stop;
  options.tables = {people_table(people, day_of(session.clock())), std::move(days),
                    std::move(cases)};
  WEIR_ASSIGN(const lake::QueryResult result, lake::run_query(sql, options));
  if (session.json) {
    WEIR_TRY(print(json_of(result)));
  } else {
    auto rows = result.rows;
    std::size_t cell = 0;
    for (auto& row : rows) {
      for (std::string& value : row) {
        if (result.is_null[cell++]) value = "–";
      }
    }
    WEIR_TRY(print(format_table(result.columns, rows)));
    if (result.truncated) say(fmt::format("Only the first {} rows are shown.", rows.size()));
  }
  return ExitCode::ok;
}

}  // namespace

void add_query(CLI::App& root, Session& session) {
  auto sql = std::make_shared<std::string>();
  CLI::App* command = root.add_subcommand("query", "One SELECT over the stored records");
  command->footer(
      "Tables: records, parties, objects, documents, people, days, cases (docs/query.md). It "
      "runs in a process of its own that can read nothing else and write nothing; every query is "
      "audited.\n"
      "Example:\n"
      "  weir query \"SELECT year, recipient_class, count(*) AS n FROM parties\n"
      "              WHERE activity = 'mail_send' GROUP BY ALL ORDER BY ALL\"");
  command->add_option("SQL", *sql, "One SELECT statement (DuckDB's dialect)")->required();
  command->callback(
      [sql, &session] { session.action = [sql, &session] { return query(session, *sql); }; });
}

}  // namespace weir::app
