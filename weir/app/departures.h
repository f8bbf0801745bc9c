#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "weir/app/document_registry.h"
#include "weir/event/activity.h"

namespace weir::app {

/// What one person did with a protected document, one row an activity.
struct Departure {
  std::string person;  // pseudonym
  std::string activity;
  std::uint64_t records = 0;
  std::uint64_t addresses = 0;  // different ones outside the organisation
  std::string first, last;      // UTC, ISO 8601
  double share = 0;             // of the document, 0 to 1; all records together
};

/// All records in which a document was recognised, from the stored records: who did what with it,
/// to how many addresses outside, since when, and how much of it that makes. In order of the first
/// record. `limit_exceeded` if they are more than one query gives. Call it from a process without
/// other threads (`lake::run_query`).
Result<std::vector<Departure>> departures_of(Workspace& workspace,
                                             const ProtectedDocument& document,
                                             const std::atomic<bool>* stop);

}  // namespace weir::app
