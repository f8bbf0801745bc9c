#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "weir/lake/manifest.h"

/// Where things lie in the lake's folder.
namespace weir::lake {

inline constexpr std::string_view kJournalFolder = "journal";
inline constexpr std::string_view kTemporaryFolder = "tmp";
inline constexpr std::string_view kWriterLock = "writer.lock";
inline constexpr std::string_view kReadersLock = "readers.lock";

/// "class=email/month=2012-03"
std::filesystem::path month_folder(event::RecordClass record_class, std::chrono::year_month month);

/// Parquet files on the disk, as the manifest names them, in order of name.
Result<std::vector<std::string>> parquet_files(const std::filesystem::path& lake);

/// The Parquet files on the disk that `files` does not list.
Result<std::vector<std::string>> unknown_files(const std::filesystem::path& lake,
                                               std::span<const FileInfo> files);

/// `corrupt` names the first of `files` that is not on the disk, and the way out.
Result<void> require_on_disk(const std::filesystem::path& lake, std::span<const FileInfo> files);

/// "['/lake/a.parquet', …]" for read_parquet.
std::string sql_file_list(const std::filesystem::path& lake, std::span<const FileInfo> files);

}  // namespace weir::lake
