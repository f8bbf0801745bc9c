#include "weir/lake/detail/duck.h"

#include <utility>

namespace weir::lake::duck {
namespace {

Error error_of(duckdb_result& result) {
  const char* message = duckdb_result_error(&result);
  return error_from(duckdb_result_error_type(&result),
                    message != nullptr ? message : "no reason given");
}

struct DestroyConfig {
  void operator()(duckdb_config config) const { duckdb_destroy_config(&config); }
};

}  // namespace

Error error_from(duckdb_error_type type, std::string_view message) {
  const auto says = [&](std::string_view words) { return message.find(words) != message.npos; };
  ErrorCode code = ErrorCode::internal;
  if (says("No space left on device") || says("File too large")) {
    code = ErrorCode::no_space;
  } else {
    switch (type) {
      case DUCKDB_ERROR_OUT_OF_MEMORY:
        code = ErrorCode::limit_exceeded;
        break;
      case DUCKDB_ERROR_PERMISSION:
        code = ErrorCode::permission_denied;
        break;
      case DUCKDB_ERROR_IO:
        code = ErrorCode::io;
        break;
      case DUCKDB_ERROR_INTERRUPT:
        code = ErrorCode::cancelled;
        break;
      default:
        break;
    }
  }
  // A statement that was prepared shows its line twice.
  const std::size_t line = message.find("\n\nLINE ");
  const std::size_t again = line == message.npos ? line : message.find("\n\nLINE ", line + 1);
  return {code, std::string(message.substr(0, again))};
}

std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') out += '\'';
    out += c;
  }
  return out += '\'';
}

Stream::Stream(Stream&& other) noexcept
    : result_(std::exchange(other.result_, {})),
      open_(std::exchange(other.open_, false)),
      chunk_(std::move(other.chunk_)) {}

Stream& Stream::operator=(Stream&& other) noexcept {
  std::swap(result_, other.result_);
  std::swap(open_, other.open_);
  std::swap(chunk_, other.chunk_);
  return *this;
}

Stream::~Stream() {
  chunk_.reset();
  if (open_) duckdb_destroy_result(&result_);
}

Result<duckdb_data_chunk> Stream::next() {
  for (;;) {
    chunk_.reset(duckdb_fetch_chunk(result_));
    if (chunk_ == nullptr) {
      const char* message = duckdb_result_error(&result_);
      if (message != nullptr && *message != '\0') return std::unexpected(error_of(result_));
      return nullptr;
    }
    if (duckdb_data_chunk_get_size(chunk_.get()) > 0) return chunk_.get();
  }
}

Result<void> Connection::execute(const std::string& sql) {
  duckdb_result result{};
  const duckdb_state state = duckdb_query(connection_.get(), sql.c_str(), &result);
  Result<void> outcome;
  if (state != DuckDBSuccess) outcome = std::unexpected(error_of(result));
  duckdb_destroy_result(&result);
  return outcome;
}

Result<Stream> Connection::stream(const std::string& sql) {
  duckdb_prepared_statement raw = nullptr;
  const duckdb_state prepared = duckdb_prepare(connection_.get(), sql.c_str(), &raw);
  const StatementHandle statement(raw);
  if (prepared != DuckDBSuccess) {
    return std::unexpected(error_from(DUCKDB_ERROR_INVALID, duckdb_prepare_error(raw)));
  }
  return stream(raw);
}

Result<Stream> Connection::stream(duckdb_prepared_statement statement) {
  Stream out;
  out.open_ = true;
  // The C interface calls this deprecated without offering another way to stream.
  if (duckdb_execute_prepared_streaming(statement, &out.result_) != DuckDBSuccess) {
    return std::unexpected(error_of(out.result_));
  }
  return out;
}

Result<std::uint64_t> Connection::number(const std::string& sql) {
  WEIR_ASSIGN(Stream rows, stream(sql));
  WEIR_ASSIGN(duckdb_data_chunk chunk, rows.next());
  if (chunk == nullptr) return fail(ErrorCode::internal, "a query for one number gave no row");
  duckdb_vector column = duckdb_data_chunk_get_vector(chunk, 0);
  return static_cast<std::uint64_t>(
      *static_cast<const std::int64_t*>(duckdb_vector_get_data(column)));
}

Result<Database> Database::open(const DatabaseOptions& options) {
  duckdb_config raw_config = nullptr;
  if (duckdb_create_config(&raw_config) != DuckDBSuccess) {
    return fail(ErrorCode::internal, "DuckDB could not make a configuration");
  }
  const Owned<duckdb_config, DestroyConfig> config(raw_config);
  const std::string memory = fmt::format("{}B", options.memory_bytes);
  const std::string threads = std::to_string(options.threads);
  const std::pair<const char*, const char*> settings[] = {
      {"autoinstall_known_extensions", "false"},
      {"autoload_known_extensions", "false"},
      {"allow_community_extensions", "false"},
      {"allow_persistent_secrets", "false"},
      {"memory_limit", memory.c_str()},
      {"threads", threads.c_str()},
      {"temp_directory", ""},
  };
  for (const auto& [name, value] : settings) {
    if (duckdb_set_config(config.get(), name, value) != DuckDBSuccess) {
      return fail(ErrorCode::internal, "this DuckDB does not know the setting {}", name);
    }
  }
  duckdb_database raw = nullptr;
  char* message = nullptr;
  if (duckdb_open_ext(nullptr, &raw, config.get(), &message) != DuckDBSuccess) {
    Error error =
        error_from(DUCKDB_ERROR_INVALID, message != nullptr ? message : "no reason given");
    duckdb_free(message);
    return std::unexpected(std::move(error).while_doing("starting DuckDB"));
  }
  Database database;
  database.database_.reset(raw);
  return database;
}

Result<Connection> Database::connect() const {
  duckdb_connection raw = nullptr;
  if (duckdb_connect(database_.get(), &raw) != DuckDBSuccess) {
    return fail(ErrorCode::internal, "DuckDB refused a connection");
  }
  Connection connection;
  connection.connection_.reset(raw);
  return connection;
}

}  // namespace weir::lake::duck
