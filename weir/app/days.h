#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "weir/base/result.h"
#include "weir/base/time.h"
#include "weir/ledger/database.h"

namespace weir::app {

/// What closing one day came to.
struct ClosedDay {
  Day day;
  /// Records of batches up to this one were there when the day was closed.
  std::uint32_t through_batch = 0;
  std::uint64_t records = 0;
  std::uint64_t acts = 0;
  std::uint64_t seen_before = 0;
  std::uint64_t too_late = 0;
  std::uint64_t cases = 0;
};

/// Which days are closed, and which snapshot stands for the last of them. Not thread-safe.
class DayStore {
 public:
  static Result<DayStore> open(ledger::Database& database);

  struct Checkpoint {
    Day day;
    std::uint32_t through_batch = 0;
    std::string snapshot;     // file name in state/
    std::string config_hash;  // of the settings the days were closed under
    std::uint64_t people_watched = 0;
  };
  Result<std::optional<Checkpoint>> last();
  Result<std::vector<ClosedDay>> all();
  /// Joins the caller's transaction.
  Result<void> add(std::span<const ClosedDay> days, const Checkpoint& checkpoint);
  Result<void> clear();

 private:
  explicit DayStore(ledger::Database& database) : database_(&database) {}
  ledger::Database* database_;
};

}  // namespace weir::app
