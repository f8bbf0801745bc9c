#pragma once

#include <filesystem>
#include <string_view>

#include "weir/base/result.h"

namespace weir::app {

/// A folder for one simulated world, removed with what is in it unless it is to be kept.
class RunFolder {
 public:
  /// `keep/name`, to stay there; with an empty `keep` one among the temporary files, under a name
  /// of its own.
  RunFolder(const std::filesystem::path& keep, std::string_view name);
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;
  ~RunFolder();

  /// For its owner alone. `already_exists` if there is one to keep.
  Result<void> make();
  const std::filesystem::path& path() const { return path_; }

 private:
  bool keep_;
  bool made_ = false;
  std::filesystem::path path_;
};

}  // namespace weir::app
