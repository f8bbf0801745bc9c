#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "weir/app/workspace.h"
#include "weir/base/result.h"
#include "weir/base/time.h"
#include "weir/ingest/pipeline.h"
#include "weir/lake/lake.h"

namespace weir::app {

struct IngestSettings {
  std::vector<std::string> inputs;  // files, folders, or "-"
  std::string format;               // empty: told by the content
  bool from_start = false;
  bool inspect = true;  // look for protected documents in mail that leaves
  /// Read again, and store what documents registered since are in the records.
  bool reinspect = false;
  Clock clock;
  const std::atomic<bool>* stop = nullptr;
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;
};

struct IngestOutcome {
  ingest::IngestReport read;  // empty if stopped
  lake::Lake::RollReport stored;
  double seconds = 0;
  bool cancelled = false;  // what is stored is kept
};

/// Reads logs and mail into the lake of a workspace, rolls the journal and notes it in the audit
/// log: what `weir ingest` does. `invalid_argument` for a format that nobody knows.
Result<IngestOutcome> ingest_files(Workspace& workspace, const IngestSettings& settings);

}  // namespace weir::app
