#include "weir/app/days.h"

namespace weir::app {
namespace {

constexpr ledger::Migration kMigrations[] = {{1, R"(
  CREATE TABLE closed_day (
    day INTEGER PRIMARY KEY, through_batch INTEGER NOT NULL, records INTEGER NOT NULL,
    acts INTEGER NOT NULL, seen_before INTEGER NOT NULL, too_late INTEGER NOT NULL,
    cases INTEGER NOT NULL) STRICT;
  CREATE TABLE checkpoint (
    one INTEGER PRIMARY KEY CHECK (one = 1), day INTEGER NOT NULL, through_batch INTEGER NOT NULL,
    snapshot TEXT NOT NULL, config_hash TEXT NOT NULL,
    people_watched INTEGER NOT NULL) STRICT;
)"}};

std::int64_t count_of(Day day) { return day.time_since_epoch().count(); }

Day day_from(std::int64_t count) { return Day{std::chrono::days{count}}; }

}  // namespace

Result<DayStore> DayStore::open(ledger::Database& database) {
  WEIR_TRY(database.migrate("days", kMigrations));
  return DayStore(database);
}

Result<std::optional<DayStore::Checkpoint>> DayStore::last() {
  WEIR_ASSIGN(
      auto row,
      database_->prepare(
          "SELECT day, through_batch, snapshot, config_hash, people_watched FROM checkpoint"));
  WEIR_ASSIGN(const bool found, row.step());
  if (!found) return std::nullopt;
  return Checkpoint{.day = day_from(row.integer(0)),
                    .through_batch = static_cast<std::uint32_t>(row.number(1)),
                    .snapshot = row.text(2),
                    .config_hash = row.text(3),
                    .people_watched = row.number(4)};
}

Result<std::vector<ClosedDay>> DayStore::all() {
  WEIR_ASSIGN(auto rows,
              database_->prepare("SELECT day, through_batch, records, acts, seen_before, "
                                 "too_late, cases FROM closed_day ORDER BY day"));
  std::vector<ClosedDay> days;
  for (;;) {
    WEIR_ASSIGN(const bool found, rows.step());
    if (!found) return days;
    days.push_back({.day = day_from(rows.integer(0)),
                    .through_batch = static_cast<std::uint32_t>(rows.number(1)),
                    .records = rows.number(2),
                    .acts = rows.number(3),
                    .seen_before = rows.number(4),
                    .too_late = rows.number(5),
                    .cases = rows.number(6)});
  }
}

Result<void> DayStore::add(std::span<const ClosedDay> days, const Checkpoint& checkpoint) {
  WEIR_ASSIGN(auto add, database_->prepare("INSERT INTO closed_day VALUES (?,?,?,?,?,?,?)"));
  for (const ClosedDay& one : days) {
    add.bind(1, count_of(one.day))
        .bind(2, std::uint64_t{one.through_batch})
        .bind(3, one.records)
        .bind(4, one.acts)
        .bind(5, one.seen_before)
        .bind(6, one.too_late)
        .bind(7, one.cases);
    WEIR_TRY(add.run());
  }
  WEIR_ASSIGN(auto point,
              database_->prepare("INSERT OR REPLACE INTO checkpoint VALUES (1,?,?,?,?,?)"));
  point.bind(1, count_of(checkpoint.day))
      .bind(2, std::uint64_t{checkpoint.through_batch})
      .bind(3, std::string_view(checkpoint.snapshot))
      .bind(4, std::string_view(checkpoint.config_hash))
      .bind(5, checkpoint.people_watched);
  return point.run();
}

Result<void> DayStore::clear() {
  return database_->execute("DELETE FROM closed_day; DELETE FROM checkpoint;");
}

}  // namespace weir::app
