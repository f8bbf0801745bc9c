#include "weir/lake/detail/recovery.h"

#include <algorithm>

#include "weir/base/file.h"
#include "weir/base/text.h"
#include "weir/lake/detail/files.h"
#include "weir/lake/detail/journal.h"

namespace weir::lake {
namespace {

namespace fs = std::filesystem;

Result<std::vector<std::string>> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  if (!fs::exists(folder, error)) return names;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  if (error) return fail_errno(error.value(), folder.string());
  std::ranges::sort(names);
  return names;
}

Result<void> cut_tail(const fs::path& path, const journal::Segment& segment, std::string_view bytes,
                      const FileSteps& steps) {
  if (segment.tail == journal::Tail::damaged) {
    const fs::path aside =
        path.parent_path() / fmt::format("{}-{}.torn", path.stem().string(), segment.good_bytes);
    WEIR_TRY(steps.reached("journal_keep_aside"));
    WEIR_TRY(write_file_atomic(aside, bytes.substr(segment.good_bytes)));
  }
  WEIR_TRY(steps.reached("journal_cut"));
  WEIR_ASSIGN(File file, File::open_append(path));
  WEIR_TRY(file.truncate(segment.good_bytes));
  return file.sync();
}

// True if the segment holds commits; else it is removed.
Result<bool> recover_last(const fs::path& path, std::uint64_t number, const FileSteps& steps) {
  bool keep = false;
  {
    WEIR_ASSIGN(const MappedFile file, MappedFile::open(path));
    WEIR_ASSIGN(const journal::Segment segment,
                journal::parse(file.bytes(), number, path.string()));
    keep = !segment.frames.empty();
    if (segment.tail == journal::Tail::damaged || (keep && segment.tail != journal::Tail::clean)) {
      WEIR_TRY(cut_tail(path, segment, file.bytes(), steps));
    }
  }
  if (!keep) WEIR_TRY(steps.remove(path));
  return keep;
}

// A merged file holds nothing that the listed files of its month do not, if those are there.
bool is_superseded(const fs::path& lake, const fs::path& merged, std::span<const FileInfo> files) {
  bool month_is_listed = false;
  for (const FileInfo& file : files) {
    if (fs::path(file.path).parent_path() != merged.parent_path()) continue;
    std::error_code error;
    if (!fs::exists(lake / file.path, error)) return false;
    month_is_listed = true;
  }
  return month_is_listed;
}

}  // namespace

Result<void> remove_left_over_files(const fs::path& lake, std::span<const FileInfo> files,
                                    std::uint64_t rolled_through, const FileSteps& steps) {
  WEIR_ASSIGN(const std::vector<std::string> temporary, names_in(lake / kTemporaryFolder));
  for (const std::string& name : temporary) WEIR_TRY(steps.remove(lake / kTemporaryFolder / name));

  WEIR_ASSIGN(const std::vector<std::string> unknown, unknown_files(lake, files));
  if (unknown.empty()) return {};
  WEIR_ASSIGN(const std::vector<std::uint64_t> segments,
              journal::list_segments(lake / kJournalFolder));
  std::vector<std::string> explained;
  for (const std::string& path : unknown) {
    const auto number = parse_u64(fs::path(path).stem().string());
    if (number && *number > rolled_through && !std::ranges::binary_search(segments, *number)) {
      return fail(ErrorCode::corrupt,
                  "{}: the manifest does not list it and no journal segment {} is there to make it "
                  "again: the ledger is older than the lake or belongs to another; restore both "
                  "from the same backup",
                  (lake / path).string(), *number);
    }
    if (number || is_superseded(lake, path, files)) explained.push_back(path);
  }
  const auto nobody_reads = SharedLock::acquire(lake / kReadersLock, SharedLock::Mode::exclusive,
                                                /*wait=*/false);
  if (!nobody_reads) return {};
  for (const std::string& path : explained) WEIR_TRY(steps.remove(lake / path));
  return {};
}

Result<std::vector<std::uint64_t>> recover_journal(const fs::path& journal,
                                                   std::uint64_t rolled_through,
                                                   const FileSteps& steps) {
  WEIR_ASSIGN(std::vector<std::uint64_t> segments, journal::list_segments(journal));
  for (const std::uint64_t number : segments) {
    if (number <= rolled_through) WEIR_TRY(steps.remove(journal / journal::segment_name(number)));
  }
  std::erase_if(segments, [&](std::uint64_t number) { return number <= rolled_through; });
  std::uint64_t expected = rolled_through + 1;
  for (const std::uint64_t number : segments) {
    if (number != expected) {
      return fail(ErrorCode::corrupt,
                  "{}: is missing, and {} is there; restore it from a backup, or move away all "
                  "segments from {} on and ingest again what they held",
                  (journal / journal::segment_name(expected)).string(),
                  journal::segment_name(number), journal::segment_name(number));
    }
    ++expected;
  }
  if (segments.empty()) return segments;
  const std::uint64_t last = segments.back();
  WEIR_ASSIGN(const bool keep, recover_last(journal / journal::segment_name(last), last, steps));
  if (!keep) segments.pop_back();
  return segments;
}

Result<std::vector<std::string>> files_kept_aside(const fs::path& journal) {
  WEIR_ASSIGN(std::vector<std::string> names, names_in(journal));
  std::erase_if(names, [](const std::string& name) { return !name.ends_with(".torn"); });
  return names;
}

std::string merged_name(std::uint64_t number, std::uint64_t part) {
  return fmt::format("m{:06}-{}.parquet", number, part);
}

Result<std::uint64_t> next_merge_number(const fs::path& folder) {
  WEIR_ASSIGN(const std::vector<std::string> names, names_in(folder));
  std::uint64_t highest = 0;
  for (const std::string& name : names) {
    if (!name.starts_with("m")) continue;
    const auto number = parse_u64(std::string_view(name).substr(1, name.find('-') - 1));
    if (number) highest = std::max(highest, *number);
  }
  return highest + 1;
}

}  // namespace weir::lake
