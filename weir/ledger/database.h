#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "weir/base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace weir::ledger {

/// A prepared statement, to be bound and run as often as needed. Parameters are numbered from 1,
/// columns from 0; values bound are copied and stay bound until bound again. A statement left in
/// the middle of its rows holds a read lock: read to the end or `reset`. Not thread-safe; must not
/// outlive its Database. Unsigned 64-bit numbers are stored as the signed number of the same bits.
class Statement {
 public:
  Statement& bind(int index, std::int64_t value);
  Statement& bind(int index, std::uint64_t value);
  Statement& bind(int index, int value) { return bind(index, std::int64_t{value}); }
  Statement& bind(int index, double value);
  Statement& bind(int index, std::string_view text);
  Statement& bind_blob(int index, std::string_view bytes);
  Statement& bind_null(int index);

  /// True: a row is there to read; false: done.
  Result<bool> step();
  /// Runs to the end and resets, so that it can be bound again.
  Result<void> run();
  void reset();

  std::int64_t integer(int column) const;
  std::uint64_t number(int column) const;
  double real(int column) const;
  std::string text(int column) const;
  std::string blob(int column) const;
  bool is_null(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int bind_error_ = 0;  // the first since the last step, which reports it
};

class Transaction;

/// One step of a component's schema: `sql` brings version `to`−1 to `to`.
struct Migration {
  int to = 0;
  std::string_view sql;
};

/// One SQLite file: WAL, synchronous=FULL, foreign keys on. A committed transaction is on the
/// disk. Not thread-safe: one per thread; several processes may open the same file.
class Database {
 public:
  struct Options {
    bool read_only = false;
    /// How long to wait for another process's lock before `conflict`.
    int busy_timeout_ms = 10'000;
  };

  /// Creates the file if need be (mode 0600), unless read-only.
  static Result<Database> open(const std::filesystem::path& path, const Options& options);
  static Result<Database> open(const std::filesystem::path& path) { return open(path, {}); }

  /// One or more statements without parameters or results.
  Result<void> execute(std::string_view sql);
  Result<Statement> prepare(std::string_view sql);
  /// BEGIN IMMEDIATE; rolled back unless `commit` is called. Neither moves with the other: this
  /// object must stay where it is until the transaction has ended.
  Result<Transaction> begin();
  /// Is a transaction of this connection open, whoever began it?
  bool in_transaction() const;

  /// Brings the tables of `component` ("roster", "cases" …) to the last version listed, each step
  /// in its own transaction; the version reached is kept in table `weir_schema`. `unsupported` if
  /// the file was written by a newer Weir.
  Result<void> migrate(std::string_view component, std::span<const Migration> migrations);
  /// 0 if the component never was there.
  Result<int> schema_version(std::string_view component);

  /// Moves what is in the write-ahead log into the file and empties the log, so that bytes deleted
  /// under `PRAGMA secure_delete` are in neither. `conflict` while another process reads.
  Result<void> checkpoint();

  /// A consistent copy while others write (SQLite's online backup), mode 0600. `already_exists` if
  /// there is a file at `path`.
  Result<void> backup_to(const std::filesystem::path& path);

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  std::unique_ptr<sqlite3, Close> database_;
};

class Transaction {
 public:
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  /// On error nothing was committed.
  Result<void> commit();

 private:
  friend class Database;
  explicit Transaction(Database& database) : database_(&database) {}
  Database* database_;  // null once committed
};

}  // namespace weir::ledger
