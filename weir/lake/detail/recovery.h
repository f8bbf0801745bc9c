#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "weir/base/result.h"
#include "weir/lake/detail/file_steps.h"
#include "weir/lake/manifest.h"

/// What a writer does on opening a lake that may have crashed.
namespace weir::lake {

/// Removes temporary files and, if nobody reads, the Parquet files a crash or a merge left behind:
/// those that `files` does not list and whose rows are in the journal or in listed files. Others
/// stay, for `verify` to name. `corrupt` if the lake holds rolls that the manifest never heard of:
/// an old or foreign ledger must not cost files.
Result<void> remove_left_over_files(const std::filesystem::path& lake,
                                    std::span<const FileInfo> files, std::uint64_t rolled_through,
                                    const FileSteps& steps);

/// Drops segments up to `rolled_through`, cuts the unacknowledged tail off the last one, and gives
/// the numbers of those that hold commits. A last frame that is whole in length and wrong in
/// content is kept aside as "000007-4096.torn": a power cut may have torn it, but so may a disk
/// have lost an acknowledged commit. `corrupt` if a segment is missing or damaged elsewhere.
Result<std::vector<std::uint64_t>> recover_journal(const std::filesystem::path& journal,
                                                   std::uint64_t rolled_through,
                                                   const FileSteps& steps);

/// Names of the tails kept aside.
Result<std::vector<std::string>> files_kept_aside(const std::filesystem::path& journal);

/// "m000003-0.parquet"
std::string merged_name(std::uint64_t number, std::uint64_t part);
/// One more than any merged file in `folder` has, listed or not.
Result<std::uint64_t> next_merge_number(const std::filesystem::path& folder);

}  // namespace weir::lake
