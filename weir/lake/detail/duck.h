#pragma once

#include <duckdb.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

#include "weir/base/result.h"

/// DuckDB's C interface with owners and errors. Nothing here outlives its Database.
namespace weir::lake::duck {

struct DatabaseOptions {
  std::uint64_t memory_bytes = 1u << 30;
  int threads = 1;
};

struct CloseDatabase {
  void operator()(duckdb_database database) const { duckdb_close(&database); }
};
struct Disconnect {
  void operator()(duckdb_connection connection) const { duckdb_disconnect(&connection); }
};
struct DestroyChunk {
  void operator()(duckdb_data_chunk chunk) const { duckdb_destroy_data_chunk(&chunk); }
};
struct DestroyStatement {
  void operator()(duckdb_prepared_statement statement) const { duckdb_destroy_prepare(&statement); }
};
struct DestroyType {
  void operator()(duckdb_logical_type type) const { duckdb_destroy_logical_type(&type); }
};

template <class Handle, class Deleter>
using Owned = std::unique_ptr<std::remove_pointer_t<Handle>, Deleter>;
using ChunkHandle = Owned<duckdb_data_chunk, DestroyChunk>;
using StatementHandle = Owned<duckdb_prepared_statement, DestroyStatement>;
using TypeHandle = Owned<duckdb_logical_type, DestroyType>;

/// Rows as they are computed: only a few chunks are in memory. Move-only.
class Stream {
 public:
  Stream() = default;
  Stream(Stream&& other) noexcept;
  Stream& operator=(Stream&& other) noexcept;
  ~Stream();

  /// The next chunk (never empty), or null at the end. It is valid until the next call.
  Result<duckdb_data_chunk> next();
  idx_t column_count() { return duckdb_column_count(&result_); }
  std::string_view column_name(idx_t column) { return duckdb_column_name(&result_, column); }

 private:
  friend class Connection;
  duckdb_result result_{};
  bool open_ = false;
  ChunkHandle chunk_;
};

class Connection {
 public:
  Result<void> execute(const std::string& sql);
  Result<Stream> stream(const std::string& sql);
  /// Runs an already prepared statement.
  Result<Stream> stream(duckdb_prepared_statement statement);
  /// The single integer that `sql` yields.
  Result<std::uint64_t> number(const std::string& sql);
  duckdb_connection handle() const { return connection_.get(); }

 private:
  friend class Database;
  Owned<duckdb_connection, Disconnect> connection_;
};

/// One in-memory instance that loads no extension, spills nowhere and keeps no state.
class Database {
 public:
  static Result<Database> open(const DatabaseOptions& options);
  Result<Connection> connect() const;

 private:
  Owned<duckdb_database, CloseDatabase> database_;
};

/// DuckDB's error as ours; `what` says what was being done.
Error error_from(duckdb_error_type type, std::string_view message);

/// 'text' with quotes doubled.
std::string quoted(std::string_view text);

}  // namespace weir::lake::duck
