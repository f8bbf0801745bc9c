#include "weir/app/levels.h"

#include <utility>

namespace weir::app {
namespace {

constexpr ledger::Migration kMigrations[] = {{1, R"(
  CREATE TABLE level (
    hypothesis INTEGER PRIMARY KEY, nats REAL NOT NULL, basis INTEGER NOT NULL) STRICT;
)"},
                                             {2, R"(
  CREATE TABLE tail_check (
    feature TEXT PRIMARY KEY, person_windows REAL NOT NULL, at_hundredth REAL NOT NULL,
    at_thousandth REAL NOT NULL) STRICT;
)"}};

}  // namespace

Result<LevelStore> LevelStore::open(ledger::Database& database) {
  WEIR_TRY(database.migrate("levels", kMigrations));
  return LevelStore(database);
}

Result<std::vector<Level>> LevelStore::all() {
  WEIR_ASSIGN(auto rows,
              database_->prepare("SELECT hypothesis, nats, basis FROM level ORDER BY hypothesis"));
  std::vector<Level> levels;
  for (;;) {
    WEIR_ASSIGN(const bool found, rows.step());
    if (!found) return levels;
    levels.push_back({.hypothesis = static_cast<evidence::Hypothesis>(rows.integer(0)),
                      .threshold = {.nats = rows.real(1),
                                    .basis = static_cast<evidence::Basis>(rows.integer(2))}});
  }
}

Result<void> LevelStore::set(std::span<const Level> levels) {
  WEIR_TRY(database_->execute("DELETE FROM level;"));
  WEIR_ASSIGN(auto add, database_->prepare("INSERT INTO level VALUES (?, ?, ?)"));
  for (const Level& level : levels) {
    add.bind(1, std::int64_t{std::to_underlying(level.hypothesis)})
        .bind(2, level.threshold.nats)
        .bind(3, std::int64_t{std::to_underlying(level.threshold.basis)});
    WEIR_TRY(add.run());
  }
  return {};
}

Result<std::vector<evidence::TailCheck>> LevelStore::checks() {
  WEIR_ASSIGN(auto rows, database_->prepare("SELECT feature, person_windows, at_hundredth, "
                                            "at_thousandth FROM tail_check ORDER BY rowid"));
  std::vector<evidence::TailCheck> checks;
  for (;;) {
    WEIR_ASSIGN(const bool found, rows.step());
    if (!found) return checks;
    checks.push_back({.feature = std::string(rows.text(0)),
                      .person_windows = rows.real(1),
                      .at_hundredth = rows.real(2),
                      .at_thousandth = rows.real(3)});
  }
}

Result<void> LevelStore::set_checks(std::span<const evidence::TailCheck> checks) {
  WEIR_TRY(database_->execute("DELETE FROM tail_check;"));
  WEIR_ASSIGN(auto add, database_->prepare("INSERT INTO tail_check VALUES (?, ?, ?, ?)"));
  for (const evidence::TailCheck& check : checks) {
    add.bind(1, check.feature)
        .bind(2, check.person_windows)
        .bind(3, check.at_hundredth)
        .bind(4, check.at_thousandth);
    WEIR_TRY(add.run());
  }
  return {};
}

std::vector<Level> levels_of(const evidence::Engine& engine) {
  std::vector<Level> levels;
  for (std::uint8_t h = 0; h < evidence::kHypothesisCount; ++h) {
    const evidence::Hypothesis hypothesis{h};
    levels.push_back({hypothesis, engine.threshold(hypothesis)});
  }
  return levels;
}

}  // namespace weir::app
