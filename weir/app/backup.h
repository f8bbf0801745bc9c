#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>

#include "weir/app/workspace.h"

namespace weir::app {

struct BackupReport {
  std::size_t files = 0;
  std::uint64_t bytes = 0;
};

/// Copies everything a workspace is made of into the new folder `target`: ledger and vault as
/// consistent copies, Parquet files, the state, weir.yaml, records kept aside, and a list of all
/// with BLAKE2b-256 sums (`backup.list`). Holds the writer's lock meanwhile. The folder appears
/// under its name only when it is complete and on the disk. host.key goes with it: guard a backup
/// like the workspace. `cancelled` soon after `stop` is true; then nothing is left.
Result<BackupReport> backup(Workspace& workspace, const std::filesystem::path& target,
                            const std::atomic<bool>* stop = nullptr);

/// Makes the workspace `target` (new) out of a backup, after comparing every file with the list:
/// `corrupt` names what differs or is missing, and then nothing is made.
Result<BackupReport> restore(const std::filesystem::path& source,
                             const std::filesystem::path& target,
                             const std::atomic<bool>* stop = nullptr);

}  // namespace weir::app
