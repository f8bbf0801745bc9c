#include "weir/ingest/detail/walk.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "weir/base/text.h"

namespace weir::ingest {
namespace {

namespace fs = std::filesystem;

bool is_maildir(const fs::path& folder) {
  std::error_code ignored;
  return fs::is_directory(folder / "cur", ignored) && fs::is_directory(folder / "new", ignored);
}

void list_folder(const fs::path& folder, std::vector<InputFile>& files,
                 std::vector<std::string>& problems) {
  std::vector<fs::path> entries;
  std::error_code error;
  fs::directory_iterator it(folder, error);
  while (!error && it != fs::directory_iterator()) {
    entries.push_back(it->path());
    it.increment(error);
  }
  if (error) {
    problems.push_back(fmt::format("{}: {}", printable(folder.string(), 1000), error.message()));
  }
  std::ranges::sort(entries);
  for (const fs::path& entry : entries) {
    std::error_code ignored;
    const bool is_hidden = entry.filename().native().starts_with('.');
    if (fs::is_directory(fs::symlink_status(entry, ignored))) {
      if (!is_hidden || is_maildir(entry)) list_folder(entry, files, problems);
    } else if (!is_hidden && fs::is_regular_file(entry, ignored)) {
      files.push_back({entry, fs::file_size(entry, ignored)});
    }
  }
}

}  // namespace

std::vector<InputFile> list_inputs(const std::vector<fs::path>& inputs,
                                   std::vector<std::string>& problems) {
  std::vector<InputFile> files;
  for (const fs::path& input : inputs) {
    std::error_code error;
    if (input != "-" && fs::is_directory(input, error)) {
      list_folder(input, files, problems);
    } else {
      const std::uintmax_t bytes = fs::file_size(input, error);
      files.push_back({input, error ? 0 : bytes});
    }
  }
  return files;
}

}  // namespace weir::ingest
