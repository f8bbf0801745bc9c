#include "weir/lake/detail/files.h"

#include <algorithm>
#include <unordered_set>

#include "weir/lake/detail/duck.h"

namespace weir::lake {
namespace fs = std::filesystem;

fs::path month_folder(event::RecordClass record_class, std::chrono::year_month month) {
  return fs::path(fmt::format("class={}", to_string(record_class))) /
         fmt::format("month={}", to_iso8601(month));
}

Result<std::vector<std::string>> parquet_files(const fs::path& lake) {
  std::vector<std::string> out;
  std::error_code error;
  if (!fs::exists(lake, error)) return out;
  for (fs::recursive_directory_iterator entry(lake, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry.depth() == 0 && !entry->path().filename().string().starts_with("class=")) {
      entry.disable_recursion_pending();
      continue;
    }
    if (entry->path().extension() == ".parquet") {
      out.push_back(entry->path().lexically_relative(lake).string());
    }
  }
  if (error) return fail_errno(error.value(), lake.string());
  std::ranges::sort(out);
  return out;
}

Result<std::vector<std::string>> unknown_files(const fs::path& lake,
                                               std::span<const FileInfo> files) {
  std::unordered_set<std::string_view> known;
  for (const FileInfo& file : files) known.insert(file.path);
  WEIR_ASSIGN(std::vector<std::string> found, parquet_files(lake));
  std::erase_if(found, [&](const std::string& path) { return known.contains(path); });
  return found;
}

Result<void> require_on_disk(const fs::path& lake, std::span<const FileInfo> files) {
  for (const FileInfo& file : files) {
    std::error_code error;
    if (fs::exists(lake / file.path, error)) continue;
    if (error) return fail_errno(error.value(), (lake / file.path).string());
    return fail(ErrorCode::corrupt,
                "lake file {}: is missing; `weir lake verify` lists all that is damaged, a backup "
                "brings it back",
                file.path);
  }
  return {};
}

std::string sql_file_list(const fs::path& lake, std::span<const FileInfo> files) {
  std::string out = "[";
  for (const FileInfo& file : files) {
    if (out.size() > 1) out += ", ";
    out += duck::quoted((lake / file.path).string());
  }
  return out += ']';
}

}  // namespace weir::lake
