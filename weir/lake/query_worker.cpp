#include "weir/lake/detail/query_worker.h"

#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "weir/base/bytes.h"
#include "weir/base/text.h"
#include "weir/lake/detail/duck.h"
#include "weir/lake/detail/files.h"
#include "weir/lake/detail/query_views.h"
#include "weir/lake/detail/sandbox.h"

namespace weir::lake {
namespace {

namespace fs = std::filesystem;

// Beyond what queries may use: the stacks and heaps of the worker's threads.
constexpr std::uint64_t kOverheadBytes = 768u << 20;
constexpr std::size_t kWriteBytes = 256 * 1024;

enum class Part : std::uint8_t { error = 1, columns = 2, row = 3, end = 4 };

/// Writes the outcome's parts; the parent reads until the pipe closes.
class Outcome {
 public:
  explicit Outcome(int descriptor) : descriptor_(descriptor) {}

  ByteWriter begin(Part part) {
    if (buffer_.size() > kWriteBytes) flush();
    ByteWriter writer(buffer_);
    writer.fixed(part);
    return writer;
  }
  void flush() {
    std::string_view rest = buffer_;
    while (!rest.empty()) {
      const ssize_t n = ::write(descriptor_, rest.data(), rest.size());
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) ::_exit(1);  // the parent has gone
      rest.remove_prefix(static_cast<std::size_t>(n));
    }
    buffer_.clear();
  }

 private:
  int descriptor_;
  std::string buffer_;
};

std::string_view first_word(std::string_view sql) {
  sql = trim(sql);
  std::size_t end = 0;
  while (end < sql.size() && ((sql[end] | 0x20) >= 'a' && (sql[end] | 0x20) <= 'z')) ++end;
  return sql.substr(0, end);
}

struct DestroyExtracted {
  void operator()(duckdb_extracted_statements statements) const {
    duckdb_destroy_extracted(&statements);
  }
};

/// "records, parties, objects, documents, people"
std::string table_names(const QueryOptions& options) {
  std::string names = "records, parties, objects, documents";
  for (const QueryTable& table : options.tables) names += ", " + table.name;
  return names;
}

// What DuckDB says, in terms of what the user may do about it.
Error explained(std::string_view message, const QueryOptions& options) {
  const auto says = [&](std::string_view words) { return message.find(words) != message.npos; };
  Error error{ErrorCode::invalid_argument, std::string(message)};
  const bool names_a_path =
      says("Table with name") && (says("/") || says(".parquet") || says(".csv"));
  if (says("Permission Error") || says("disabled by configuration") || names_a_path) {
    error.code = ErrorCode::permission_denied;
    error.message = fmt::format("a query sees the tables {} and nothing outside them: {}",
                                table_names(options), message);
  } else if (says("Out of Memory") || says("bad_alloc") || says("could not allocate") ||
             says("failed to allocate")) {
    error.code = ErrorCode::limit_exceeded;
    error.message = fmt::format(
        "the query needs more than its {} MB of memory; ask for less at a time, for example one "
        "year ({})",
        options.memory_bytes >> 20, message.substr(0, message.find('\n')));
  } else if (says("Corrupt") || says("No magic bytes") || says("No files found") ||
             says("Invalid Parquet")) {
    error.code = ErrorCode::corrupt;
    error.message = fmt::format("{}; `weir lake verify` lists all that is damaged", message);
  }
  return error;
}

/// `columns` of the answer; an error unless `sql` is a single SELECT.
Result<void> require_one_select(duck::Connection& connection, const std::string& sql,
                                const QueryOptions& options, std::vector<std::string>& columns) {
  constexpr std::string_view kOnlySelect =
      "a query is one SELECT (or FROM, WITH, VALUES, DESCRIBE, SHOW TABLES, SUMMARIZE)";
  if (equals_ignoring_case(first_word(sql), "pragma")) {
    return fail(ErrorCode::invalid_argument, "{}, and not PRAGMA", kOnlySelect);
  }
  duckdb_extracted_statements raw = nullptr;
  const idx_t count = duckdb_extract_statements(connection.handle(), sql.c_str(), &raw);
  const duck::Owned<duckdb_extracted_statements, DestroyExtracted> statements(raw);
  if (count == 0) {
    const char* message = duckdb_extract_statements_error(raw);
    return fail(ErrorCode::invalid_argument, "{}",
                message != nullptr ? message : "there is no query");
  }
  if (count > 1)
    return fail(ErrorCode::invalid_argument, "{}, and not {} statements", kOnlySelect, count);
  duckdb_prepared_statement prepared = nullptr;
  const duckdb_state state =
      duckdb_prepare_extracted_statement(connection.handle(), raw, 0, &prepared);
  const duck::StatementHandle statement(prepared);
  if (state != DuckDBSuccess) {
    const char* message = duckdb_prepare_error(prepared);
    return std::unexpected(
        explained(message != nullptr ? message : "the query is not valid", options));
  }
  if (duckdb_prepared_statement_type(prepared) != DUCKDB_STATEMENT_TYPE_SELECT) {
    return fail(ErrorCode::invalid_argument, "{}", kOnlySelect);
  }
  if (duckdb_nparams(prepared) > 0) {
    return fail(ErrorCode::invalid_argument, "a query has no parameters; write the values into it");
  }
  const idx_t width = duckdb_prepared_statement_column_count(prepared);
  for (idx_t i = 0; i < width; ++i) {
    const char* name = duckdb_prepared_statement_column_name(prepared, i);
    columns.emplace_back(name != nullptr ? name : "");
    duckdb_free(const_cast<char*>(name));
  }
  return {};
}

// The statement again with its columns as text, which DuckDB writes for all of its types. As a
// string, it may end in semicolons and comments.
std::string as_text(std::string_view sql) {
  return fmt::format("SELECT CAST(COLUMNS(*) AS VARCHAR) FROM query({})", duck::quoted(sql));
}

void put_cell(ByteWriter& writer, duckdb_vector vector, const std::uint64_t* valid, idx_t row) {
  const bool is_null = valid != nullptr && ((valid[row / 64] >> (row % 64)) & 1) == 0;
  writer.fixed(static_cast<std::uint8_t>(is_null));
  if (is_null) return;
  duckdb_string_t text = static_cast<duckdb_string_t*>(duckdb_vector_get_data(vector))[row];
  writer.text({duckdb_string_t_data(&text), duckdb_string_t_length(text)});
}

Result<void> prepare_database(duck::Connection& connection, const fs::path& lake,
                              const QueryOptions& options) {
  for (const QueryTable& table : options.tables) WEIR_TRY(create_table(connection, table));
  WEIR_TRY(connection.execute("SET TimeZone = 'UTC'"));
  if (!options.files.empty()) {
    WEIR_TRY(connection.execute("SET allowed_paths = " + sql_file_list(lake, options.files)));
  }
  WEIR_TRY(connection.execute("SET enable_external_access = false"));
  WEIR_TRY(create_views(connection, lake, options.files));
  return connection.execute("SET lock_configuration = true");
}

Result<void> run(const std::string& sql, const QueryOptions& options, Outcome& outcome) {
  const fs::path lake = fs::absolute(options.lake_folder).lexically_normal();
  std::vector<fs::path> paths;
  for (const FileInfo& file : options.files) paths.push_back(lake / file.path);
  constexpr int kThreads = 2;
  WEIR_TRY(limit_resources(
      {.memory_bytes = options.memory_bytes + kOverheadBytes,
       .cpu_seconds = static_cast<std::uint64_t>(options.time_limit.count()) * kThreads + 1}));
  WEIR_ASSIGN(const bool confined, allow_reading_only(paths));

  WEIR_ASSIGN(const duck::Database database,
              duck::Database::open({.memory_bytes = options.memory_bytes, .threads = kThreads}));
  WEIR_ASSIGN(duck::Connection connection, database.connect());
  if (Result<void> prepared = prepare_database(connection, lake, options); !prepared) {
    Error error = std::move(prepared).error();
    const Error known = explained(error.message, options);
    if (known.code == ErrorCode::corrupt || known.code == ErrorCode::limit_exceeded) error = known;
    return std::unexpected(std::move(error).while_doing("preparing the query"));
  }

  std::vector<std::string> columns;
  WEIR_TRY(require_one_select(connection, sql, options, columns));
  Result<duck::Stream> stream = connection.stream(as_text(sql));
  if (!stream) return std::unexpected(explained(stream.error().message, options));

  ByteWriter header = outcome.begin(Part::columns);
  header.varint(columns.size());
  for (const std::string& name : columns) header.text(name);
  std::uint64_t rows = 0;
  bool truncated = false;
  while (!truncated) {
    const Result<duckdb_data_chunk> chunk = stream->next();
    if (!chunk) return std::unexpected(explained(chunk.error().message, options));
    if (*chunk == nullptr) break;
    std::vector<duckdb_vector> vectors;
    std::vector<const std::uint64_t*> valid;
    for (idx_t i = 0; i < columns.size(); ++i) {
      vectors.push_back(duckdb_data_chunk_get_vector(*chunk, i));
      valid.push_back(duckdb_vector_get_validity(vectors.back()));
    }
    for (idx_t row = 0; row < duckdb_data_chunk_get_size(*chunk); ++row) {
      if (rows == options.max_rows) {
        truncated = true;
        break;
      }
      ++rows;
      ByteWriter writer = outcome.begin(Part::row);
      for (std::size_t i = 0; i < columns.size(); ++i) put_cell(writer, vectors[i], valid[i], row);
    }
  }
  ByteWriter end = outcome.begin(Part::end);
  end.fixed(static_cast<std::uint8_t>(truncated));
  end.fixed(static_cast<std::uint8_t>(confined));
  return {};
}

}  // namespace

void query_worker(std::string_view sql, const QueryOptions& options, int descriptor) {
  Outcome outcome(descriptor);
  const Result<void> done = run(std::string(sql), options, outcome);
  if (!done) {
    ByteWriter writer = outcome.begin(Part::error);
    writer.fixed(done.error().code);
    writer.text(done.error().message);
  }
  outcome.flush();
  // Not exit: what the parent would do at its end is not the worker's to do.
  ::_exit(0);
}

Result<QueryResult> parse_outcome(std::string_view bytes) {
  ByteReader in(bytes);
  QueryResult result;
  while (in.ok() && !in.at_end()) {
    switch (in.fixed<Part>()) {
      case Part::error: {
        Error error;
        error.code = in.fixed<ErrorCode>();
        error.message = in.text();
        if (in.ok() && error.code <= ErrorCode::internal) return std::unexpected(std::move(error));
        break;
      }
      case Part::columns:
        for (std::uint64_t left = in.varint(); in.ok() && left > 0; --left) {
          result.columns.emplace_back(in.text());
        }
        continue;
      case Part::row: {
        std::vector<std::string>& row = result.rows.emplace_back();
        for (std::size_t i = 0; in.ok() && i < result.columns.size(); ++i) {
          const bool is_null = in.fixed<std::uint8_t>() != 0;
          result.is_null.push_back(is_null);
          row.emplace_back(is_null ? std::string_view() : in.text());
        }
        continue;
      }
      case Part::end:
        result.truncated = in.fixed<std::uint8_t>() != 0;
        result.confined_by_kernel = in.fixed<std::uint8_t>() != 0;
        if (in.ok() && in.at_end()) return result;
        break;
    }
    break;
  }
  return fail(ErrorCode::limit_exceeded,
              "the query worker ended before its answer did: it ran out of memory or processor "
              "time; ask for less at a time");
}

}  // namespace weir::lake
