#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "weir/base/result.h"
#include "weir/evidence/case_draft.h"
#include "weir/ledger/database.h"

namespace weir::cases {

struct Case {
  std::uint64_t number = 0;  // 1, 2, 3 … in the order of opening
  std::string status;        // "open"
  evidence::CaseDraft draft;
};

/// Cases in the ledger. Not thread-safe.
class CaseStore {
 public:
  static Result<CaseStore> open(ledger::Database& database);

  /// Joins the caller's transaction if one is open. Numbers follow the order given.
  Result<std::vector<std::uint64_t>> add(const std::vector<evidence::CaseDraft>& drafts);
  Result<std::optional<Case>> find(std::uint64_t number);
  /// By lane, then weight over threshold, largest first.
  Result<std::vector<Case>> all();
  /// Forgets all cases: before the history is analyzed again from its beginning.
  Result<void> clear();

 private:
  explicit CaseStore(ledger::Database& database) : database_(&database) {}
  ledger::Database* database_;
};

}  // namespace weir::cases
