#include "weir/ingest/detail/walk.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <system_error>

#include "weir/base/text.h"

namespace weir::ingest {
namespace {

namespace fs = std::filesystem;

bool is_maildir(const fs::path& folder) {
  std::error_code ignored;
  return fs::is_directory(folder / "cur", ignored) && fs::is_directory(folder / "new", ignored);
}

bool is_weirs_own(std::string_view name) {
  constexpr std::array<std::string_view, 5> kNames = {
      "answers.json", "documents.csv", "organisation.yaml", "roster.csv", "weir.yaml"};
  return std::ranges::find(kNames, name) != kNames.end() || name.ends_with(".expected.json");
}

/// Keys, Parquet files, and the bad records kept aside, which would be kept aside once more.
bool is_workspace(const fs::path& folder) {
  std::error_code ignored;
  return fs::exists(folder / "ledger.db", ignored) && fs::is_directory(folder / "vault", ignored);
}

void list_folder(const fs::path& folder, Inputs& inputs) {
  if (is_workspace(folder)) {
    inputs.left_out.push_back(folder.string());
    return;
  }
  std::vector<fs::path> entries;
  std::error_code error;
  fs::directory_iterator it(folder, error);
  while (!error && it != fs::directory_iterator()) {
    entries.push_back(it->path());
    it.increment(error);
  }
  if (error) {
    inputs.problems.push_back(
        fmt::format("{}: {}", printable(folder.string(), 1000), error.message()));
  }
  std::ranges::sort(entries);
  for (const fs::path& entry : entries) {
    std::error_code ignored;
    const bool is_hidden = entry.filename().native().starts_with('.');
    if (fs::is_directory(fs::symlink_status(entry, ignored))) {
      if (!is_hidden || is_maildir(entry)) list_folder(entry, inputs);
    } else if (!is_hidden && fs::is_regular_file(entry, ignored)) {
      if (is_weirs_own(entry.filename().native())) {
        inputs.left_out.push_back(entry.string());
      } else {
        inputs.files.push_back({entry, fs::file_size(entry, ignored)});
      }
    }
  }
}

}  // namespace

Inputs list_inputs(const std::vector<fs::path>& inputs) {
  Inputs listed;
  for (const fs::path& input : inputs) {
    std::error_code error;
    if (input != "-" && fs::is_directory(input, error)) {
      list_folder(input, listed);
    } else {
      const std::uintmax_t bytes = fs::file_size(input, error);
      listed.files.push_back({input, error ? 0 : bytes});
    }
  }
  return listed;
}

}  // namespace weir::ingest
