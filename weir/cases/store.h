#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/result.h"
#include "weir/evidence/case_draft.h"
#include "weir/ledger/database.h"

namespace weir::cases {

struct Case {
  std::uint64_t number = 0;  // 1, 2, 3 … in the order of opening
  std::string status;        // "open"
  /// Hash of the configuration it was opened under, as `weir config explain` shows it; may be
  /// empty.
  std::string config_hash;
  evidence::CaseDraft draft;
};

/// Cases in the ledger, whole: what was said when a case opened can be read years later, whatever
/// the engine has learnt since. A damaged row is `corrupt`, naming the case. Not thread-safe.
class CaseStore {
 public:
  static Result<CaseStore> open(ledger::Database& database);

  /// All or none; joins the caller's transaction if one is open. Numbers follow the order given.
  /// `invalid_argument` for a draft that could not be read back (times beyond the year 9999).
  Result<std::vector<std::uint64_t>> add(const std::vector<evidence::CaseDraft>& drafts,
                                         std::string_view config_hash = {});
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
