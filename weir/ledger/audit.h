#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/result.h"
#include "weir/base/time.h"
#include "weir/ledger/database.h"

namespace weir::ledger {

struct AuditEntry {
  std::uint64_t number = 0;  // from 1, without gaps
  Instant when{};
  std::string actor = {};    // operating-system user or service, never a watched person
  std::string action = {};   // "roster.import", "case.open", "query" …
  std::string subject = {};  // pseudonym, case number, file … ; no real name
  std::string details = {};  // JSON object
};

/// The audit log: entry n carries BLAKE2b-256(hash of n−1, entry n), so that no entry can be
/// changed, dropped or moved without every later hash changing. The newest hash is also appended
/// to an anchor file, which belongs on another host: without it the end can be cut off unseen,
/// and `verify` says so. Format: docs/formats/audit.md.
class AuditLog {
 public:
  static Result<AuditLog> open(Database& database, std::optional<std::filesystem::path> anchor);

  /// Joins the caller's transaction if one is open. `entry.number` is not looked at: the entry gets
  /// the next one.
  Result<void> append(const AuditEntry& entry);

  struct Verdict {
    std::uint64_t entries = 0;
    bool intact = true;
    bool anchored = false;  // the anchor file exists and its heads are those of the chain
    /// The last entry that the anchor vouches for; later ones could be cut off unseen.
    std::uint64_t anchored_through = 0;
    /// What does not hold, with the entry's number; or, if `intact`, what could not be checked
    /// ("no anchor …"). Empty: all is well.
    std::string problem;
  };
  Result<Verdict> verify();
  /// The newest `count` entries, oldest of them first.
  Result<std::vector<AuditEntry>> last(std::size_t count);

  /// The newest entry of this action; empty if there is none.
  Result<std::optional<AuditEntry>> newest(std::string_view action);

  struct ChainHead {
    std::uint64_t number = 0;  // of the newest entry
    Instant when;
    std::string hash;  // hexadecimal, as the anchor file has it
  };
  /// As it is stored, without following the chain; empty if there is no entry.
  Result<std::optional<ChainHead>> chain_head();

  /// How often `actor` did `action` at `since` or later.
  Result<std::uint64_t> count(std::string_view action, std::string_view actor, Instant since);

  /// Appends the newest head to the anchor file, unless it is its last line already. Call after
  /// commit. Nothing to do without an anchor file or entries.
  Result<void> anchor();

 private:
  AuditLog(Database& database, std::optional<std::filesystem::path> anchor)
      : database_(&database), anchor_(std::move(anchor)) {}
  Database* database_;
  std::optional<std::filesystem::path> anchor_;
};

}  // namespace weir::ledger
