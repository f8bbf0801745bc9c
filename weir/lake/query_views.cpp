#include "weir/lake/detail/query_views.h"

#include <algorithm>
#include <optional>

#include "weir/base/text.h"
#include "weir/lake/detail/columns.h"
#include "weir/lake/detail/files.h"

namespace weir::lake {
namespace {

// Ids are text of 16 or 32 hex digits: many tools turn unsigned 64-bit numbers into something else.
constexpr const char* kMacros[] = {
    "CREATE MACRO weir_token(x) AS lpad(lower(to_hex(x)), 16, '0')",
    "CREATE MACRO weir_uid(x) AS replace(x::VARCHAR, '-', '')",
    "CREATE MACRO weir_flag(bits, one) AS (bits & one::USMALLINT) <> 0",
};

constexpr const char* kRecords = R"(
CREATE VIEW records AS SELECT
  weir_uid(uid) AS uid, time, year(time)::INTEGER AS year, month, time::DATE AS day,
  time + to_minutes(coalesce(timezone_offset, 0)) AS local_time, timezone_offset,
  claimed_time, logged_time, activity, class,
  weir_token(actor_user_uid) AS person, weir_token(device_uid) AS host,
  weir_token(account_uid) AS account, account_instance,
  traffic_bytes AS bytes, weir_uid(content_uid) AS content, confidentiality AS sensitivity,
  len(parties)::INTEGER AS parties, len(objects)::INTEGER AS objects,
  weir_flag(flags, 1) AS removable_media, weir_flag(flags, 2) AS encrypted,
  weir_flag(flags, 4) AS archive, weir_flag(flags, 8) AS renamed,
  weir_flag(flags, 16) AS reply, weir_flag(flags, 32) AS automatic,
  weir_flag(flags, 64) AS future_dated, weir_flag(flags, 128) AS skewed,
  weir_flag(flags, 256) AS own_personal_sender, weir_flag(flags, 512) AS inspected,
  weir_flag(flags, 1024) AS not_all_read, weir_flag(flags, 2048) AS recognised_later,
  len(documents)::INTEGER AS documents,
  source_uid AS source, source_offset, batch
FROM weir_stored)";

constexpr const char* kParties = R"(
CREATE VIEW parties AS SELECT
  weir_uid(uid) AS uid, time, year(time)::INTEGER AS year, month, activity, class,
  weir_token(actor_user_uid) AS person, confidentiality AS sensitivity,
  party.role AS role, party.class AS recipient_class, weir_token(party.address) AS address,
  weir_token(party.domain) AS domain, weir_token(party.person) AS party_person
FROM (SELECT *, unnest(parties) AS party FROM weir_stored))";

constexpr const char* kObjects = R"(
CREATE VIEW objects AS SELECT
  weir_uid(uid) AS uid, time, year(time)::INTEGER AS year, month, activity, class,
  weir_token(actor_user_uid) AS person, weir_uid(object.content) AS content,
  weir_token(object.place) AS place, object.bytes AS bytes,
  object.confidentiality AS sensitivity, weir_flag(object.flags, 2) AS encrypted,
  weir_flag(object.flags, 4) AS archive, weir_flag(object.flags, 8) AS renamed
FROM (SELECT *, unnest(objects) AS object FROM weir_stored))";

constexpr const char* kDocumentsView = R"(
CREATE VIEW documents AS SELECT
  weir_uid(uid) AS uid, time, year(time)::INTEGER AS year, month, activity, class,
  weir_token(actor_user_uid) AS person, found.document AS document, found.kind AS kind,
  found.confidentiality AS sensitivity, found.words AS words, found.unique_words AS unique_words,
  found.document_words AS document_words, found.blocks AS blocks
FROM (SELECT *, unnest(documents) AS found FROM weir_stored))";

/// All rows of `files`; those of older formats get the columns they lack.
std::string stored_rows(const std::filesystem::path& lake, std::span<const FileInfo> files) {
  std::vector<FileInfo> old;
  std::vector<FileInfo> current;
  for (const FileInfo& file : files) {
    (file.format < kFormatWithDocuments ? old : current).push_back(file);
  }
  // The folders say class and month, so a filter on them skips files unopened.
  const auto rows = [&](std::string_view columns, std::span<const FileInfo> some) {
    return fmt::format(
        "SELECT {} FROM read_parquet({}, hive_partitioning = true, "
        "hive_types = {{'class': VARCHAR, 'month': VARCHAR}})",
        columns, sql_file_list(lake, some));
  };
  if (old.empty() && current.empty()) return empty_rows_query();
  if (old.empty()) return rows("*", current);
  const std::string completed = rows("*, " + missing_documents(), old);
  return current.empty() ? completed
                         : fmt::format("{} UNION ALL BY NAME {}", rows("*", current), completed);
}

std::string quoted_name(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"') out += '"';
    out += c;
  }
  return out += '"';
}

enum class CellType { integer, real, text };

// Numbers as somebody would write them, and nothing else: "007" and ids of hex digits stay text.
CellType type_of(std::string_view cell) {
  constexpr std::size_t kIdDigits = 16;
  const std::string_view digits = cell.starts_with('-') ? cell.substr(1) : cell;
  const bool leading_zero = digits.size() > 1 && digits[0] == '0' && digits[1] != '.';
  if (digits.empty() || digits[0] < '0' || digits[0] > '9' || leading_zero ||
      cell.size() >= kIdDigits) {
    return CellType::text;
  }
  if (parse_u64(digits)) return CellType::integer;
  const bool plain =
      std::ranges::all_of(digits, [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
  return plain && parse_double(cell) ? CellType::real : CellType::text;
}

const char* column_type(const QueryTable& table, std::size_t column) {
  std::optional<CellType> type;
  for (const std::vector<std::string>& row : table.rows) {
    if (column >= row.size() || row[column].empty()) continue;
    const CellType cell = type_of(row[column]);
    type = type ? std::max(*type, cell) : cell;
  }
  switch (type.value_or(CellType::text)) {
    case CellType::integer:
      return "BIGINT";
    case CellType::real:
      return "DOUBLE";
    case CellType::text:
      break;
  }
  return "VARCHAR";
}

struct DestroyAppender {
  void operator()(duckdb_appender appender) const { duckdb_appender_destroy(&appender); }
};

}  // namespace

Result<void> create_views(duck::Connection& connection, const std::filesystem::path& lake,
                          std::span<const FileInfo> files) {
  for (const char* macro : kMacros) WEIR_TRY(connection.execute(macro));
  WEIR_TRY(connection.execute("CREATE VIEW weir_stored AS " + stored_rows(lake, files)));
  for (const char* view : {kRecords, kParties, kObjects, kDocumentsView}) {
    WEIR_TRY(connection.execute(view));
  }
  return {};
}

Result<void> create_table(duck::Connection& connection, const QueryTable& table) {
  std::string columns;
  std::vector<bool> is_text;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const std::string_view type = column_type(table, i);
    is_text.push_back(type == "VARCHAR");
    columns += fmt::format("{}{} {}", i > 0 ? ", " : "", quoted_name(table.columns[i]), type);
  }
  WEIR_TRY(
      connection.execute(fmt::format("CREATE TABLE {} ({})", quoted_name(table.name), columns)));

  duckdb_appender raw = nullptr;
  const duckdb_state made =
      duckdb_appender_create(connection.handle(), nullptr, table.name.c_str(), &raw);
  const duck::Owned<duckdb_appender, DestroyAppender> appender(raw);
  bool good = made == DuckDBSuccess;
  for (std::size_t r = 0; good && r < table.rows.size(); ++r) {
    const std::vector<std::string>& row = table.rows[r];
    for (std::size_t i = 0; good && i < table.columns.size(); ++i) {
      const std::string_view cell = i < row.size() ? std::string_view(row[i]) : std::string_view();
      // An empty cell of a column of numbers is one without a number.
      good = (cell.empty() && !is_text[i]
                  ? duckdb_append_null(raw)
                  : duckdb_append_varchar_length(raw, cell.data(), cell.size())) == DuckDBSuccess;
    }
    good = good && duckdb_appender_end_row(raw) == DuckDBSuccess;
  }
  if (good) good = duckdb_appender_close(raw) == DuckDBSuccess;
  if (!good) {
    const char* message = raw != nullptr ? duckdb_appender_error(raw) : nullptr;
    return fail(ErrorCode::internal, "table {}: {}", table.name,
                message != nullptr ? message : "no reason given");
  }
  return {};
}

}  // namespace weir::lake
