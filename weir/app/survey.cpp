#include "weir/app/survey.h"

#include <algorithm>
#include <utility>

#include "weir/app/document_registry.h"
#include "weir/app/small_groups.h"
#include "weir/base/text.h"
#include "weir/lake/query.h"

namespace weir::app {
namespace {

using evidence::Detail;
using evidence::Sight;

// As many days or people and classes as there can be; a survey may take its time.
constexpr std::uint64_t kMostRows = 5'000'000;
constexpr std::chrono::minutes kTimeLimit{30};
constexpr std::uint64_t kMemoryBytes = 2ull << 30;

// What evidence::goes_out says of an act, as far as a record alone can tell.
constexpr std::string_view kOut =
    "(activity IN ('mail_send', 'web_upload', 'cloud_share', 'forward_rule', 'print') "
    "OR (activity = 'file_copy' AND removable_media))";

constexpr std::string_view kRecordsSql = R"(
WITH counted AS MATERIALIZED (
  SELECT class, activity, day, person, source,
    GROUPING(day) AS no_day, GROUPING(person) AS no_person, GROUPING(source) AS no_source,
    count(*) AS n, count(*) FILTER ({0}) AS ways_out,
    count(*) FILTER ({0} AND sensitivity <> 'unknown') AS sensitive,
    count(*) FILTER (activity <> 'mail_receive') AS own,
    count(host) FILTER (activity <> 'mail_receive') AS hosts, count(timezone_offset) AS offsets,
    count(*) FILTER (activity IN ('web_upload', 'cloud_share')) AS uploads,
    count(*) FILTER (activity IN ('web_upload', 'cloud_share')
                     AND account_instance <> 'unknown') AS accounts,
    bit_or(CASE class {1} ELSE 0 END) AS classes
  FROM records GROUP BY GROUPING SETS ((class, activity, day), (person), (class, source)))
SELECT 'day' AS kind, class, activity::VARCHAR AS name, day::VARCHAR AS day, n, ways_out, sensitive,
  own, hosts, offsets, uploads, accounts, classes FROM counted WHERE no_day = 0
UNION ALL SELECT 'person', '', person, '', 0, 0, 0, 0, 0, 0, 0, 0, classes
  FROM counted WHERE no_person = 0 AND person IS NOT NULL
UNION ALL SELECT DISTINCT 'format', class, format, '', 0, 0, 0, 0, 0, 0, 0, 0, 0
  FROM counted JOIN formats ON source BETWEEN lowest::BIGINT AND highest::BIGINT WHERE no_source = 0)";

constexpr std::string_view kObjectsSql =
    "SELECT count(*) AS n, count(place) AS places FROM objects";

constexpr std::string_view kPartiesSql = R"(
WITH used AS (
  SELECT address, recipient_class, coalesce(survivor, parties.person) AS person
  FROM parties LEFT JOIN aliases ON aliases.alias = parties.person
  WHERE activity IN ('mail_send', 'cloud_share', 'forward_rule') AND role IN ('to', 'cc', 'bcc')
    AND recipient_class IN ('free_mail', 'disposable', 'other') AND address IS NOT NULL
    AND parties.person IS NOT NULL AND address NOT IN (SELECT declared FROM declared)),
each AS MATERIALIZED (
  SELECT address, recipient_class::VARCHAR AS kind, count(*) AS n, min(person) <> max(person) AS several,
    count(DISTINCT person) FILTER (recipient_class <> 'other') AS people
  FROM used GROUP BY address, recipient_class)
SELECT '' AS address, kind, count(*) AS addresses, count(*) FILTER (several) AS of_several,
  count(*) FILTER (people >= {0}) AS of_many, coalesce(sum(n) FILTER (several), 0)::BIGINT AS n,
  0 AS people FROM each GROUP BY kind
UNION ALL (SELECT address, kind, 1, 1, 1, n, people FROM each WHERE people >= {0}
           ORDER BY people DESC, n DESC, address LIMIT 5))";

constexpr std::string_view kDocumentsSql = R"(
WITH found AS MATERIALIZED (
  SELECT uid, activity, document FROM documents
  WHERE activity IN ('mail_send', 'web_upload', 'cloud_share', 'forward_rule', 'print')
    OR (activity = 'file_copy' AND uid IN (SELECT uid FROM records WHERE class = 'file'
                                           AND activity = 'file_copy' AND removable_media))),
reached AS (
  SELECT uid, max(CASE recipient_class WHEN 'internal' THEN 0 WHEN 'partner' THEN 1
                  WHEN 'unknown' THEN 2 WHEN 'other' THEN 3 WHEN 'free_mail' THEN 4 ELSE 5 END) AS trust
  FROM parties WHERE uid IN (SELECT uid FROM found) AND role <> 'from' GROUP BY uid),
outside AS (
  SELECT uid, document, activity::VARCHAR AS activity, coalesce(trust, -1) AS trust
  FROM found LEFT JOIN reached USING (uid)
  WHERE NOT (activity IN ('mail_send', 'cloud_share') AND coalesce(trust, 0) = 0))
SELECT GROUPING(document) AS no_document, GROUPING(activity) AS no_activity, document, activity, trust,
  count(DISTINCT uid) AS n, count(DISTINCT document) AS documents
FROM outside GROUP BY GROUPING SETS ((document), (activity, trust), ())
ORDER BY n DESC, document, activity, trust)";

constexpr std::array<std::string_view, 6> kTrust = {"internal", "partner",   "unknown",
                                                    "other",    "free_mail", "disposable"};

/// The cells of one answer by name.
class Cells {
 public:
  explicit Cells(const lake::QueryResult& result) : result_(&result) {}
  std::size_t rows() const { return result_->rows.size(); }
  std::string_view text(std::size_t row, std::string_view column) const {
    const auto found = std::ranges::find(result_->columns, column);
    WEIR_ASSERT(found != result_->columns.end());
    return result_->rows[row][static_cast<std::size_t>(found - result_->columns.begin())];
  }
  std::uint64_t number(std::size_t row, std::string_view column) const {
    return parse_u64(text(row, column)).value_or(0);
  }

 private:
  const lake::QueryResult* result_;
};

/// Ids of sources in runs of one format: few, however many files were read.
Result<lake::QueryTable> formats_table(ledger::Database& ledger) {
  lake::QueryTable table{.name = "formats", .columns = {"lowest", "highest", "format"}, .rows = {}};
  WEIR_ASSIGN(auto exists, ledger.prepare("SELECT count(*) FROM sqlite_master WHERE type = 'table' "
                                          "AND name = 'source'"));
  WEIR_ASSIGN(const bool row, exists.step());
  if (!row || exists.number(0) == 0) return table;
  exists.reset();
  WEIR_ASSIGN(auto sources, ledger.prepare("SELECT id, format FROM source ORDER BY id"));
  for (;;) {
    WEIR_ASSIGN(const bool found, sources.step());
    if (!found) return table;
    const std::string id = std::to_string(sources.number(0));
    if (!table.rows.empty() && table.rows.back()[2] == sources.text(1)) {
      table.rows.back()[1] = id;
    } else {
      table.rows.push_back({id, id, sources.text(1)});
    }
  }
}

std::string token_text(auto token) { return fmt::format("{:016x}", std::to_underlying(token)); }

lake::QueryTable declared_table(const roster::People& people) {
  lake::QueryTable table{.name = "declared", .columns = {"declared"}, .rows = {}};
  for (const event::AddressToken address : people.declared()) {
    table.rows.push_back({token_text(address)});
  }
  return table;
}

lake::QueryTable aliases_table(const roster::People& people) {
  lake::QueryTable table{.name = "aliases", .columns = {"alias", "survivor"}, .rows = {}};
  for (const auto& [alias, survivor] : people.aliases()) {
    table.rows.push_back({token_text(alias), token_text(survivor)});
  }
  return table;
}

class Surveyor {
 public:
  static Result<Surveyor> create(Workspace& workspace, const SurveyOptions& options,
                                 std::uint64_t steps) {
    // Open until the last query is done: it keeps the files there.
    WEIR_ASSIGN(lake::Lake lake, workspace.open_lake(true));
    WEIR_ASSIGN(roster::People people, workspace.roster().people());
    return Surveyor(workspace, options, steps, std::move(lake), std::move(people));
  }

  Result<void> read_records() {
    for (const Scope& scope : workspace_->config.scope) {
      if (scope.purposes.empty() || scope.hypotheses.empty()) continue;
      for (const event::RecordClass one : scope.sources) of(one).permitted = true;
    }
    for (const roster::Person& person : people_.all()) {
      if (person.provisional) continue;
      ++survey_.roster;
      const auto is_zone = [](const roster::Fact& fact) {
        return fact.kind == roster::FactKind::timezone;
      };
      if (std::ranges::any_of(person.facts, is_zone)) ++survey_.roster_with_timezone;
    }
    std::string cases;
    for (std::uint8_t i = 0; i < event::kRecordClassCount; ++i) {
      cases += fmt::format("WHEN '{}' THEN {} ", to_string(event::RecordClass{i}), 1u << i);
    }
    WEIR_ASSIGN(lake::QueryTable formats, formats_table(workspace_->ledger()));
    WEIR_ASSIGN(const lake::QueryResult result,
                ask("records", fmt::format(kRecordsSql, kOut, cases), {std::move(formats)}));
    count_records(Cells(result));
    return {};
  }

  Result<void> read_objects() {
    WEIR_ASSIGN(const lake::QueryResult result, ask("objects", kObjectsSql, {}));
    const Cells cells(result);
    if (cells.rows() > 0) {
      survey_.details[std::to_underlying(Detail::places)] = {cells.number(0, "places"),
                                                             cells.number(0, "n")};
    }
    return {};
  }

  Result<void> read_addresses() {
    WEIR_ASSIGN(const lake::QueryResult result,
                ask("parties", fmt::format(kPartiesSql, kSmallestGroup),
                    {declared_table(people_), aliases_table(people_)}));
    const Cells cells(result);
    AddressesSurvey& out = survey_.addresses;
    for (std::size_t i = 0; i < cells.rows(); ++i) {
      const std::string kind(cells.text(i, "kind"));
      if (cells.text(i, "address").empty()) {
        out.kinds.push_back({kind, cells.number(i, "addresses"), cells.number(i, "of_several"),
                             cells.number(i, "of_many"), cells.number(i, "n")});
      } else {
        out.biggest.push_back({std::string(cells.text(i, "address")), kind,
                               cells.number(i, "people"), cells.number(i, "n")});
      }
    }
    std::ranges::sort(out.kinds, {}, &AddressesSurvey::Kind::recipient_class);
    std::ranges::stable_sort(out.biggest, std::ranges::greater{},
                             &AddressesSurvey::Address::people);
    return {};
  }

  Result<void> read_documents() {
    WEIR_ASSIGN(const auto registry, DocumentRegistry::open(*workspace_));
    DocumentsSurvey& out = survey_.documents;
    out.registered = static_cast<std::uint64_t>(
        std::ranges::count(registry->all(), false, &ProtectedDocument::removed));
    // Then no record can have one, and the tables need not be read.
    if (registry->all().empty()) return {};
    WEIR_ASSIGN(const lake::QueryResult result, ask("documents", kDocumentsSql, {}));
    const Cells cells(result);
    for (std::size_t i = 0; i < cells.rows(); ++i) {
      const std::uint64_t transmissions = cells.number(i, "n");
      if (cells.number(i, "no_document") == 0) {
        const ProtectedDocument* known = registry->find(cells.number(i, "document"));
        DocumentsSurvey::Label& label =
            out.labels[known != nullptr ? known->facts.label : "unknown here"];
        ++label.documents;
        label.transmissions += transmissions;
      } else if (cells.number(i, "no_activity") == 0) {
        const auto trust = parse_u64(cells.text(i, "trust"));
        out.ways.push_back(
            {std::string(cells.text(i, "activity")),
             trust && *trust < kTrust.size() ? std::string(kTrust[*trust]) : std::string(),
             cells.number(i, "documents"), transmissions});
      } else {
        out.outside = cells.number(i, "documents");
        out.transmissions = transmissions;
      }
    }
    return {};
  }

  Survey survey() && { return std::move(survey_); }

 private:
  Surveyor(Workspace& workspace, const SurveyOptions& options, std::uint64_t steps, lake::Lake lake,
           roster::People people)
      : workspace_(&workspace),
        options_(&options),
        steps_(steps),
        lake_(std::move(lake)),
        people_(std::move(people)) {}

  ClassSurvey& of(event::RecordClass one) { return survey_.classes[std::to_underlying(one)]; }

  Result<lake::QueryResult> ask(std::string_view what, std::string_view sql,
                                std::vector<lake::QueryTable> tables) {
    if (options_->progress) options_->progress(step_++, steps_, what);
    lake::QueryOptions query;
    query.lake_folder = std::filesystem::absolute(workspace_->lake_folder());
    query.files = lake_.files();
    query.tables = std::move(tables);
    query.memory_bytes = kMemoryBytes;
    query.time_limit = kTimeLimit;
    query.max_rows = kMostRows;
    query.stop = options_->stop;
    auto result = lake::run_query(sql, query);
    if (!result) {
      return std::unexpected(
          std::move(result).error().while_doing(fmt::format("surveying the {}", what)));
    }
    return result;
  }

  void count_records(const Cells& cells) {
    std::array<std::map<Day, std::uint64_t>, event::kRecordClassCount> days;
    std::array<std::set<event::PersonId>, event::kRecordClassCount> seen;
    const auto add = [&](Detail detail, std::uint64_t said, std::uint64_t all) {
      SaidOf& sum = survey_.details[std::to_underlying(detail)];
      sum.said += said;
      sum.all += all;
    };
    for (std::size_t i = 0; i < cells.rows(); ++i) {
      const std::string_view kind = cells.text(i, "kind");
      const std::string_view name = cells.text(i, "name");
      if (kind == "person") {
        const auto id = parse_hex_u64(name);
        const std::uint64_t classes = cells.number(i, "classes");
        if (!id) continue;
        for (std::uint8_t c = 0; c < event::kRecordClassCount; ++c) {
          if ((classes >> c & 1u) != 0) seen[c].insert(people_.survivor(event::PersonId{*id}));
        }
        continue;
      }
      const auto record_class = event::record_class_from(cells.text(i, "class"));
      if (!record_class) continue;
      ClassSurvey& one = of(*record_class);
      if (kind == "format") {
        one.formats.emplace(name);
        continue;
      }
      const std::uint64_t n = cells.number(i, "n");
      one.records += n;
      survey_.records += n;
      one.activities[std::string(name)] += n;
      if (const auto day = parse_day(cells.text(i, "day"))) {
        days[std::to_underlying(*record_class)][*day] += n;
      }
      if (*record_class == event::RecordClass::email) {
        add(Detail::messages_received, name == "mail_receive" ? n : 0, n);
      }
      add(Detail::sensitivity, cells.number(i, "sensitive"), cells.number(i, "ways_out"));
      add(Detail::hosts, cells.number(i, "hosts"), cells.number(i, "own"));
      add(Detail::accounts, cells.number(i, "accounts"), cells.number(i, "uploads"));
      survey_.offsets.said += cells.number(i, "offsets");
      survey_.offsets.all += n;
    }
    for (std::uint8_t c = 0; c < event::kRecordClassCount; ++c) {
      ClassSurvey& one = survey_.classes[c];
      one.people = seen[c].size();
      one.people_of_roster =
          static_cast<std::uint64_t>(std::ranges::count_if(seen[c], [&](event::PersonId id) {
            const roster::Person* person = people_.find(id);
            return person != nullptr && !person->provisional;
          }));
      if (days[c].empty()) continue;
      one.first = days[c].begin()->first;
      one.last = days[c].rbegin()->first;
      one.empty_days =
          static_cast<std::uint64_t>((one.last - one.first).count() + 1) - days[c].size();
      one.outages = outages_of(days[c]);
    }
  }

  Workspace* workspace_;
  const SurveyOptions* options_;
  std::uint64_t steps_;
  std::uint64_t step_ = 0;
  lake::Lake lake_;
  roster::People people_;
  Survey survey_;
};

}  // namespace

Result<Survey> survey_sources(Workspace& workspace, const SurveyOptions& options) {
  WEIR_ASSIGN(Surveyor surveyor, Surveyor::create(workspace, options, 2));
  WEIR_TRY(surveyor.read_records());
  WEIR_TRY(surveyor.read_objects());
  return std::move(surveyor).survey();
}

Result<Survey> take_survey(Workspace& workspace, const SurveyOptions& options) {
  WEIR_ASSIGN(Surveyor surveyor, Surveyor::create(workspace, options, 4));
  WEIR_TRY(surveyor.read_records());
  WEIR_TRY(surveyor.read_objects());
  WEIR_TRY(surveyor.read_addresses());
  WEIR_TRY(surveyor.read_documents());
  return std::move(surveyor).survey();
}

}  // namespace weir::app
