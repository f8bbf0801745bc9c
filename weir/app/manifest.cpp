#include "weir/app/manifest.h"

#include <utility>

namespace weir::app {
namespace {

constexpr ledger::Migration kMigrations[] = {{1, R"(
  CREATE TABLE lake_file (
    path TEXT PRIMARY KEY, class INTEGER NOT NULL, year INTEGER NOT NULL, month INTEGER NOT NULL,
    rows INTEGER NOT NULL, bytes INTEGER NOT NULL, checksum INTEGER NOT NULL,
    min_time INTEGER NOT NULL, max_time INTEGER NOT NULL,
    min_batch INTEGER NOT NULL, max_batch INTEGER NOT NULL) STRICT;
  CREATE TABLE lake_rolled (one INTEGER PRIMARY KEY CHECK (one = 1), segment INTEGER NOT NULL) STRICT;
  INSERT INTO lake_rolled VALUES (1, 0);
  CREATE TABLE lake_progress (
    source INTEGER PRIMARY KEY, offset INTEGER NOT NULL, tail INTEGER NOT NULL) STRICT;
)"},
                                             {2, R"(
  ALTER TABLE lake_file ADD COLUMN format INTEGER NOT NULL DEFAULT 1;
)"}};

std::int64_t count_of(Instant when) { return when.time_since_epoch().count(); }

Instant instant(std::int64_t ms) { return Instant{std::chrono::milliseconds{ms}}; }

}  // namespace

Result<LedgerManifest> LedgerManifest::open(ledger::Database database) {
  WEIR_TRY(database.migrate("lake", kMigrations));
  return LedgerManifest(std::move(database));
}

Result<std::vector<lake::FileInfo>> LedgerManifest::files() {
  WEIR_ASSIGN(auto rows,
              database_.prepare("SELECT path, class, year, month, rows, bytes, checksum, "
                                "min_time, max_time, min_batch, max_batch, format "
                                "FROM lake_file ORDER BY path"));
  std::vector<lake::FileInfo> files;
  for (;;) {
    WEIR_ASSIGN(const bool found, rows.step());
    if (!found) return files;
    files.push_back({.path = rows.text(0),
                     .record_class = static_cast<event::RecordClass>(rows.integer(1)),
                     .month = std::chrono::year{static_cast<int>(rows.integer(2))} /
                              std::chrono::month{static_cast<unsigned>(rows.integer(3))},
                     .rows = rows.number(4),
                     .bytes = rows.number(5),
                     .checksum = rows.number(6),
                     .min_time = instant(rows.integer(7)),
                     .max_time = instant(rows.integer(8)),
                     .min_batch = static_cast<std::uint32_t>(rows.number(9)),
                     .max_batch = static_cast<std::uint32_t>(rows.number(10)),
                     .format = static_cast<int>(rows.integer(11))});
  }
}

Result<std::uint64_t> LedgerManifest::rolled_through() {
  WEIR_ASSIGN(auto row, database_.prepare("SELECT segment FROM lake_rolled"));
  WEIR_ASSIGN(const bool found, row.step());
  return found ? row.number(0) : 0;
}

Result<void> LedgerManifest::replace(std::span<const std::string> removed,
                                     std::span<const lake::FileInfo> added,
                                     std::uint64_t rolled_through,
                                     std::span<const lake::SourceProgress> progress) {
  WEIR_ASSIGN(auto transaction, database_.begin());
  WEIR_ASSIGN(auto remove, database_.prepare("DELETE FROM lake_file WHERE path = ?"));
  for (const std::string& path : removed) {
    remove.bind(1, std::string_view(path));
    WEIR_TRY(remove.run());
  }
  WEIR_ASSIGN(auto add,
              database_.prepare("INSERT INTO lake_file VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"));
  for (const lake::FileInfo& file : added) {
    add.bind(1, std::string_view(file.path))
        .bind(2, static_cast<int>(std::to_underlying(file.record_class)))
        .bind(3, static_cast<int>(file.month.year()))
        .bind(4, static_cast<std::int64_t>(static_cast<unsigned>(file.month.month())))
        .bind(5, file.rows)
        .bind(6, file.bytes)
        .bind(7, file.checksum)
        .bind(8, count_of(file.min_time))
        .bind(9, count_of(file.max_time))
        .bind(10, std::uint64_t{file.min_batch})
        .bind(11, std::uint64_t{file.max_batch})
        .bind(12, file.format);
    WEIR_TRY(add.run());
  }
  WEIR_ASSIGN(auto rolled, database_.prepare("UPDATE lake_rolled SET segment = ?"));
  rolled.bind(1, rolled_through);
  WEIR_TRY(rolled.run());
  WEIR_ASSIGN(auto keep, database_.prepare("INSERT INTO lake_progress VALUES (?,?,?) ON CONFLICT "
                                           "(source) DO UPDATE SET offset = excluded.offset, "
                                           "tail = excluded.tail"));
  for (const lake::SourceProgress& one : progress) {
    keep.bind(1, one.source_key).bind(2, one.offset).bind(3, one.tail_checksum);
    WEIR_TRY(keep.run());
  }
  return transaction.commit();
}

Result<std::vector<lake::SourceProgress>> LedgerManifest::progress() {
  WEIR_ASSIGN(auto rows, database_.prepare("SELECT source, offset, tail FROM lake_progress"));
  std::vector<lake::SourceProgress> all;
  for (;;) {
    WEIR_ASSIGN(const bool found, rows.step());
    if (!found) return all;
    all.push_back({rows.number(0), rows.number(1), rows.number(2)});
  }
}

}  // namespace weir::app
