#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/result.h"
#include "weir/evidence/case_draft.h"
#include "weir/evidence/decision.h"
#include "weir/ledger/database.h"

namespace weir::cases {

/// What somebody decided about a case, and when, and why.
struct Decision {
  evidence::Decision effect;  // whom and what it is about, and from which day on it counts
  int lane = 1;               // of the case
  std::string because;        // in the words of who decided
  std::string who;            // operating-system user
  Instant made{};
};

struct Case {
  std::uint64_t number = 0;  // 1, 2, 3 … in the order of opening
  std::string status;        // of its last decision: "open", "innocent", "confirmed", "unclear"
  /// Hash of the configuration it was opened under, as `weir config explain` shows it; may be
  /// empty.
  std::string config_hash;
  evidence::CaseDraft draft;
  std::vector<Decision> decisions = {};  // in the order in which they were made
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
  /// Forgets all cases: before the history is analyzed again from its beginning. Decisions stay,
  /// and are those of the same case when it is opened again, whatever its number is then.
  Result<void> clear();

  /// Writes a decision down; it changes nothing that was written before. What it is about is read
  /// from `one`. `invalid_argument` without a reason, or for times beyond the year 9999.
  Result<void> decide(const Case& one, const Decision& decision);
  /// Every decision, by the day from which on it counts, then in the order they were made.
  Result<std::vector<Decision>> decisions();

 private:
  explicit CaseStore(ledger::Database& database) : database_(&database) {}
  ledger::Database* database_;
};

}  // namespace weir::cases
