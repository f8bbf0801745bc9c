#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "weir/app/levels.h"
#include "weir/app/workspace.h"
#include "weir/ledger/audit.h"

namespace weir::app {

/// Is everything running? Of a workspace at one moment.
struct Status {
  Instant now;
  std::optional<Instant> last_ingest;
  struct Source {
    event::RecordClass record_class{};
    std::uint64_t records = 0;
    Instant newest;        // of the records' own times
    bool is_late = false;  // others have newer ones, and this one is never silent for so long
  };
  std::vector<Source> sources;  // those with records, by class

  std::optional<Day> last_closed;
  std::int64_t days_waiting = 0;      // with or without records, up to yesterday
  std::uint64_t records_waiting = 0;  // at most so many: of days not closed, or late
  std::uint64_t people_watched = 0;
  double false_cases_per_week = 0;
  std::vector<Level> levels;  // empty: no day was closed since they are kept
  std::vector<evidence::TailCheck> checks;

  std::uint64_t cases = 0;
  std::map<std::string, std::uint64_t> cases_by_hypothesis;

  std::optional<ledger::AuditLog::ChainHead> audit_head;
  std::uint64_t lake_files = 0;
  std::uint64_t lake_records = 0;
  std::uint64_t lake_bytes = 0;
  std::uint64_t ledger_bytes = 0;  // with what is not yet merged into it
  std::uint64_t state_bytes = 0;
  std::uint64_t aside_files = 0;  // of records that could not be read

  /// What somebody should look at, each with the way out. Empty: all is well.
  std::vector<std::string> attention;
};

/// Looks at lists and sizes only, however large the workspace: damage inside of files is for `weir
/// lake verify` and `weir audit verify`. What is damaged here stands under `attention`; an error
/// means that the ledger itself cannot be read.
Result<Status> status_of(Workspace& workspace, Instant now);

/// At most `width` columns.
std::string render_status(const Status& status, int width);
std::string status_json(const Status& status);

}  // namespace weir::app
