#pragma once

#include <span>
#include <vector>

#include "weir/base/result.h"
#include "weir/evidence/engine.h"
#include "weir/ledger/database.h"

namespace weir::app {

/// From where on a case opens, as of the last closed day.
struct Level {
  evidence::Hypothesis hypothesis{};
  evidence::Threshold threshold;
};

/// The engine's thresholds, and what its models' checks of themselves came to, beside its snapshot,
/// so that nobody has to read that to know them.
/// Not thread-safe.
class LevelStore {
 public:
  static Result<LevelStore> open(ledger::Database& database);

  /// By hypothesis; empty if no day was closed since this is kept.
  Result<std::vector<Level>> all();
  /// Replaces them; joins the caller's transaction.
  Result<void> set(std::span<const Level> levels);

  Result<std::vector<evidence::TailCheck>> checks();
  /// Replaces them; joins the caller's transaction.
  Result<void> set_checks(std::span<const evidence::TailCheck> checks);

 private:
  explicit LevelStore(ledger::Database& database) : database_(&database) {}
  ledger::Database* database_;
};

/// What `engine` says now, by hypothesis.
std::vector<Level> levels_of(const evidence::Engine& engine);

}  // namespace weir::app
