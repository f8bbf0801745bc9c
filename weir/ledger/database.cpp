#include "weir/ledger/database.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "weir/base/file.h"

namespace weir::ledger {
namespace {

namespace fs = std::filesystem;

std::string file_of(sqlite3* database) {
  const char* name = sqlite3_db_filename(database, "main");
  return name == nullptr ? "ledger" : name;
}

std::unexpected<Error> fail_sqlite(int rc, const std::string& file, std::string_view said) {
  switch (rc & 0xff) {
    case SQLITE_FULL:
      return fail(ErrorCode::no_space, "{}: the disk is full; make room and try again", file);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return fail(ErrorCode::conflict,
                  "{}: another process is writing to it; wait for it to end and try again ({})",
                  file, said);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return fail(ErrorCode::corrupt, "{}: not a ledger, or damaged ({}); restore it from a backup",
                  file, said);
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return fail(
          ErrorCode::permission_denied,
          "{}: cannot be opened or written ({}); look at the owner and mode of the file and "
          "its folder",
          file, said);
    case SQLITE_IOERR:
    case SQLITE_PROTOCOL:
      return fail(ErrorCode::io, "{}: {}", file, said);
    case SQLITE_TOOBIG:
      return fail(ErrorCode::limit_exceeded, "{}: {}", file, said);
    case SQLITE_INTERRUPT:
      return fail(ErrorCode::cancelled, "{}: {}", file, said);
    case SQLITE_CONSTRAINT:
      if (rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY ||
          rc == SQLITE_CONSTRAINT_ROWID) {
        return fail(ErrorCode::already_exists, "{}: {}", file, said);
      }
      return fail(ErrorCode::invalid_argument, "{}: {}", file, said);
    default:
      return fail(ErrorCode::internal, "{}: {} (SQLite {})", file, said, rc);
  }
}

std::unexpected<Error> fail_now(sqlite3* database, int rc) {
  return fail_sqlite(rc, file_of(database), sqlite3_errmsg(database));
}

/// Makes an empty file only its owner may read, before SQLite would make one by the umask. An
/// existing file is not even opened: closing it again would drop this process's locks on it.
Result<void> make_private(const fs::path& path, bool may_exist) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) {
    if (errno == EEXIST && may_exist) return {};
    return fail_errno(errno, path.string());
  }
  ::close(fd);
  return {};
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Statement& Statement::bind(int index, std::int64_t value) {
  const int rc = sqlite3_bind_int64(statement_.get(), index, value);
  if (bind_error_ == SQLITE_OK) bind_error_ = rc;
  return *this;
}

Statement& Statement::bind(int index, std::uint64_t value) {
  return bind(index, static_cast<std::int64_t>(value));
}

Statement& Statement::bind(int index, double value) {
  const int rc = sqlite3_bind_double(statement_.get(), index, value);
  if (bind_error_ == SQLITE_OK) bind_error_ = rc;
  return *this;
}

Statement& Statement::bind(int index, std::string_view text) {
  // A null pointer would bind NULL, and an empty view may have one.
  const char* data = text.empty() ? "" : text.data();
  const int rc = sqlite3_bind_text64(statement_.get(), index, data, text.size(), SQLITE_TRANSIENT,
                                     SQLITE_UTF8);
  if (bind_error_ == SQLITE_OK) bind_error_ = rc;
  return *this;
}

Statement& Statement::bind_blob(int index, std::string_view bytes) {
  const char* data = bytes.empty() ? "" : bytes.data();
  const int rc = sqlite3_bind_blob64(statement_.get(), index, data, bytes.size(), SQLITE_TRANSIENT);
  if (bind_error_ == SQLITE_OK) bind_error_ = rc;
  return *this;
}

Statement& Statement::bind_null(int index) {
  const int rc = sqlite3_bind_null(statement_.get(), index);
  if (bind_error_ == SQLITE_OK) bind_error_ = rc;
  return *this;
}

Result<bool> Statement::step() {
  sqlite3_stmt* const statement = statement_.get();
  sqlite3* const database = sqlite3_db_handle(statement);
  if (bind_error_ != SQLITE_OK) {
    const int rc = bind_error_;
    reset();
    return fail_sqlite(rc, file_of(database), sqlite3_errstr(rc));
  }
  const int rc = sqlite3_step(statement);
  if (rc == SQLITE_ROW) return true;
  if (rc == SQLITE_DONE) return false;
  const std::unexpected<Error> error = fail_now(database, rc);
  // A failed statement would keep its locks, and a rollback would fail on them.
  reset();
  return error;
}

Result<void> Statement::run() {
  for (;;) {
    WEIR_ASSIGN(const bool row, step());
    if (!row) break;
  }
  reset();
  return {};
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
  bind_error_ = SQLITE_OK;
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::uint64_t Statement::number(int column) const {
  return static_cast<std::uint64_t>(integer(column));
}

double Statement::real(int column) const { return sqlite3_column_double(statement_.get(), column); }

std::string Statement::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  if (data == nullptr) return {};
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

std::string Statement::blob(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  if (data == nullptr) return {};
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

void Database::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

Result<Database> Database::open(const fs::path& path, const Options& options) {
  if (options.read_only) {
    std::error_code error;
    if (!fs::exists(path, error))
      return fail(ErrorCode::not_found, "{}: no such file", path.string());
  } else {
    WEIR_TRY(make_private(path, true));
  }
  sqlite3* raw = nullptr;
  const int flags = (options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) |
                    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int rc = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
  Database database;
  database.database_.reset(raw);
  if (rc != SQLITE_OK) return fail_sqlite(rc, path.string(), sqlite3_errstr(rc));

  sqlite3_busy_timeout(raw, options.busy_timeout_ms);
  // The file is data, not a program: a schema someone slipped in must not run functions.
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  if (!options.read_only) {
    WEIR_ASSIGN(Statement journal, database.prepare("PRAGMA journal_mode=WAL"));
    WEIR_ASSIGN(const bool row, journal.step());
    if (!row || journal.text(0) != "wal") {
      return fail(
          ErrorCode::unsupported,
          "{}: SQLite cannot keep a write-ahead log here; put the workspace on a local disk",
          path.string());
    }
  }
  WEIR_TRY(database.execute("PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"));
  return database;
}

Result<void> Database::execute(std::string_view sql) {
  const int rc = sqlite3_exec(database_.get(), std::string(sql).c_str(), nullptr, nullptr, nullptr);
  if (rc != SQLITE_OK) return fail_now(database_.get(), rc);
  return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* raw = nullptr;
  const int rc = sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                    SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  if (rc != SQLITE_OK) return fail_now(database_.get(), rc);
  if (raw == nullptr) return fail(ErrorCode::invalid_argument, "an empty SQL statement");
  Statement statement;
  statement.statement_.reset(raw);
  return statement;
}

bool Database::in_transaction() const { return sqlite3_get_autocommit(database_.get()) == 0; }

Result<Transaction> Database::begin() {
  WEIR_TRY(execute("BEGIN IMMEDIATE"));
  return Transaction(*this);
}

Result<int> Database::schema_version(std::string_view component) {
  {
    WEIR_ASSIGN(Statement table,
                prepare("SELECT 1 FROM sqlite_schema WHERE type='table' AND name='weir_schema'"));
    WEIR_ASSIGN(const bool exists, table.step());
    if (!exists) return 0;
  }
  WEIR_ASSIGN(Statement version, prepare("SELECT version FROM weir_schema WHERE component=?"));
  WEIR_ASSIGN(const bool row, version.bind(1, component).step());
  return row ? static_cast<int>(version.integer(0)) : 0;
}

Result<void> Database::migrate(std::string_view component, std::span<const Migration> migrations) {
  for (std::size_t i = 0; i < migrations.size(); ++i) {
    WEIR_ASSERT(migrations[i].to == static_cast<int>(i) + 1);
  }
  const int newest = static_cast<int>(migrations.size());
  WEIR_ASSIGN(int version, schema_version(component));
  while (version < newest) {
    WEIR_ASSIGN(Transaction transaction, begin());
    // Another process may have taken this step while we waited for the lock.
    WEIR_ASSIGN(version, schema_version(component));
    if (version >= newest) break;
    WEIR_TRY(
        execute("CREATE TABLE IF NOT EXISTS weir_schema("
                "component TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID"));
    const Migration& step = migrations[static_cast<std::size_t>(version)];
    if (Result<void> done = execute(step.sql); !done) {
      return std::unexpected(std::move(done).error().while_doing(
          fmt::format("bringing the tables of '{}' to version {}", component, step.to)));
    }
    WEIR_ASSIGN(Statement mark, prepare("INSERT OR REPLACE INTO weir_schema VALUES(?, ?)"));
    WEIR_TRY(mark.bind(1, component).bind(2, step.to).run());
    WEIR_TRY(transaction.commit());
    version = step.to;
  }
  if (version > newest) {
    return fail(
        ErrorCode::unsupported,
        "{}: written by a newer weir (its tables of '{}' have version {}, this one knows up "
        "to {}); use the newer weir, or restore a backup made before it",
        file_of(database_.get()), component, version, newest);
  }
  return {};
}

Result<void> Database::checkpoint() {
  const int rc = sqlite3_wal_checkpoint_v2(database_.get(), "main", SQLITE_CHECKPOINT_TRUNCATE,
                                           nullptr, nullptr);
  if (rc != SQLITE_OK) return fail_now(database_.get(), rc);
  return {};
}

Result<void> Database::backup_to(const fs::path& path) {
  WEIR_TRY(make_private(path, false));
  sqlite3* raw = nullptr;
  int rc =
      sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE, nullptr);
  const std::unique_ptr<sqlite3, Close> target(raw);
  if (rc == SQLITE_OK) {
    sqlite3_backup* const backup = sqlite3_backup_init(raw, "main", database_.get(), "main");
    if (backup == nullptr) {
      rc = sqlite3_extended_errcode(raw);
    } else {
      // In one go: a copy in steps starts over each time another process writes.
      sqlite3_backup_step(backup, -1);
      rc = sqlite3_backup_finish(backup);
    }
  }
  if (rc == SQLITE_OK) return {};
  std::error_code ignored;
  fs::remove(path, ignored);
  return fail_sqlite(rc, path.string(), sqlite3_errstr(rc));
}

Transaction::Transaction(Transaction&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)) {}

Transaction::~Transaction() {
  if (database_ == nullptr) return;
  // SQLite has rolled back by itself after some errors (a full disk).
  if (database_->in_transaction()) (void)database_->execute("ROLLBACK");
}

Result<void> Transaction::commit() {
  WEIR_TRY(database_->execute("COMMIT"));
  database_ = nullptr;
  return {};
}

}  // namespace weir::ledger
