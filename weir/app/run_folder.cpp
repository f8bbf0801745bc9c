#include "weir/app/run_folder.h"

#include "weir/base/entropy.h"

namespace weir::app {

RunFolder::RunFolder(const std::filesystem::path& keep, std::string_view name)
    : keep_(!keep.empty()),
      path_(keep_ ? keep / name
                  : std::filesystem::temp_directory_path() /
                        fmt::format("weir-evaluate-{:016x}", unpredictable64())) {}

RunFolder::~RunFolder() {
  std::error_code ignored;
  if (made_ && !keep_) std::filesystem::remove_all(path_, ignored);
}

Result<void> RunFolder::make() {
  std::error_code error;
  if (keep_) std::filesystem::create_directories(path_.parent_path(), error);
  if (!error) made_ = std::filesystem::create_directory(path_, error);
  if (error) return fail_errno(error.value(), path_.string());
  if (!made_)
    return fail(ErrorCode::already_exists,
                "{} is there already; move it away, or choose another folder", path_.string());
  std::filesystem::permissions(path_, std::filesystem::perms::owner_all, error);
  return {};
}

}  // namespace weir::app
