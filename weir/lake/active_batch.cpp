#include "weir/lake/detail/active_batch.h"

#include <string>

#include "weir/base/file.h"
#include "weir/base/text.h"

namespace weir::lake {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFile = "batch.lock";

}  // namespace

Result<ActiveBatch> ActiveBatch::announce(const fs::path& lake, std::uint32_t batch) {
  // Readers hold it for a moment only.
  WEIR_ASSIGN(SharedLock lock,
              SharedLock::acquire(lake / kFile, SharedLock::Mode::exclusive, /*wait=*/true));
  WEIR_ASSIGN(File file, File::create(lake / kFile));
  WEIR_TRY(file.write(std::to_string(batch)));
  return ActiveBatch(std::move(lock));
}

Result<ActiveBatch::Seen> ActiveBatch::look(const fs::path& lake) {
  Seen seen;
  std::error_code error;
  seen.changed = fs::last_write_time(lake / kFile, error);
  if (error) return seen;  // nobody ever wrote
  const auto lock = SharedLock::acquire(lake / kFile, SharedLock::Mode::shared, /*wait=*/false);
  if (lock) return seen;
  if (lock.error().code != ErrorCode::conflict) return std::unexpected(lock.error());
  WEIR_ASSIGN(const std::string content, read_file(lake / kFile, 64));
  // Locked and not yet written: the writer has stored nothing.
  const auto batch = parse_u64(content);
  seen.batch = batch ? static_cast<std::uint32_t>(*batch) : 0xffffffff;
  return seen;
}

}  // namespace weir::lake
