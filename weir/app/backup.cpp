#include "weir/app/backup.h"

#include <algorithm>
#include <cstdio>
#include <vector>

#include "weir/app/days.h"
#include "weir/base/bytes.h"
#include "weir/base/hash.h"
#include "weir/base/text.h"

namespace weir::app {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kListName = "backup.list";
constexpr std::string_view kListHeader = "weir backup 1";
constexpr std::uint64_t kMaxListBytes = 256u << 20;

struct Copied {
  std::uint64_t bytes = 0;
  std::string sum;
};

/// Copies and sums in one pass; the copy is on the disk afterwards. Empty `to`: only sums.
Result<Copied> copy_and_sum(const fs::path& from, const fs::path& to,
                            const std::atomic<bool>* stop) {
  WEIR_ASSIGN(File in, File::open_read(from));
  File out;
  if (!to.empty()) {
    std::error_code error;
    fs::create_directories(to.parent_path(), error);
    if (error) return fail(ErrorCode::io, "{}: {}", to.parent_path().string(), error.message());
    WEIR_ASSIGN(out, File::create(to));
  }
  Blake2bStream hash;
  Copied copied;
  std::vector<char> buffer(1 << 20);
  for (;;) {
    if (stop != nullptr && *stop) {
      return fail(ErrorCode::cancelled, "stopped on request; nothing was made");
    }
    WEIR_ASSIGN(const std::size_t n, in.read(buffer.data(), buffer.size()));
    if (n == 0) break;
    hash.update({buffer.data(), n});
    if (!to.empty()) WEIR_TRY(out.write({buffer.data(), n}));
    copied.bytes += n;
  }
  if (!to.empty()) WEIR_TRY(out.sync());
  const auto sum = hash.finish();
  copied.sum = to_hex(std::as_bytes(std::span(sum)));
  return copied;
}

/// A new folder that is built beside its place and moved there when all is well.
class Staging {
 public:
  static Result<Staging> create(const fs::path& given) {
    // "backups/today/" is the folder "backups/today": beside it, not in it.
    const fs::path target = given.has_filename() ? given : given.parent_path();
    std::error_code error;
    if (fs::exists(target, error)) {
      return fail(ErrorCode::already_exists, "{}: is there already; name a new folder",
                  target.string());
    }
    Staging staging(target);
    fs::remove_all(staging.folder_, error);
    fs::create_directories(staging.folder_, error);
    if (error) {
      return fail(ErrorCode::io, "{}: {}", staging.folder_.string(), error.message());
    }
    fs::permissions(staging.folder_, fs::perms::owner_all, error);
    return staging;
  }
  Staging(Staging&& other) noexcept
      : target_(std::move(other.target_)), folder_(std::exchange(other.folder_, {})) {}
  Staging& operator=(Staging&&) = delete;
  ~Staging() {
    std::error_code ignored;
    if (!folder_.empty()) fs::remove_all(folder_, ignored);
  }

  const fs::path& folder() const { return folder_; }
  Result<void> finish() {
    if (std::rename(folder_.c_str(), target_.c_str()) != 0) {
      return fail_errno(errno, target_.string());
    }
    folder_.clear();
    return sync_folder(fs::absolute(target_).parent_path());
  }

 private:
  explicit Staging(const fs::path& target)
      : target_(target), folder_(target.string() + ".partial") {}
  fs::path target_;
  fs::path folder_;
};

/// Every regular file below `folder`, relative to it, sorted.
Result<std::vector<fs::path>> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  if (!fs::exists(folder, error) && !error) return files;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    if (it->is_regular_file()) files.push_back(it->path().lexically_relative(folder));
  }
  if (error) return fail(ErrorCode::io, "{}: {}", folder.string(), error.message());
  std::ranges::sort(files);
  return files;
}

}  // namespace

Result<BackupReport> backup(Workspace& workspace, const fs::path& target,
                            const std::atomic<bool>* stop) {
  WEIR_ASSIGN(Staging staging, Staging::create(target));
  const fs::path& folder = staging.folder();
  WEIR_ASSIGN(lake::Lake lake, workspace.open_lake(false));  // the lock, and no journal left over
  WEIR_TRY(lake.require_files());

  WEIR_ASSIGN(const auto lake_files, workspace.manifest().files());
  for (const lake::FileInfo& file : lake_files) {
    WEIR_TRY(copy_and_sum(workspace.lake_folder() / file.path, folder / "lake" / file.path, stop));
  }
  WEIR_ASSIGN(DayStore days, DayStore::open(workspace.ledger()));
  WEIR_ASSIGN(const auto checkpoint, days.last());
  if (checkpoint) {
    WEIR_TRY(copy_and_sum(workspace.state_folder() / checkpoint->snapshot,
                          folder / "state" / checkpoint->snapshot, stop));
  }
  WEIR_ASSIGN(const auto aside, files_below(workspace.aside_folder()));
  for (const fs::path& name : aside) {
    WEIR_TRY(copy_and_sum(workspace.aside_folder() / name, folder / "aside" / name, stop));
  }
  std::error_code error;
  const fs::path protect = workspace.protect_folder();
  // Nobody may change the index while its files are copied.
  std::optional<FileLock> index_lock;
  if (fs::exists(protect / "index", error)) {
    WEIR_ASSIGN(index_lock, FileLock::acquire(protect / "index" / "lock"));
  }
  WEIR_ASSIGN(const auto index_files, files_below(protect));
  for (const fs::path& name : index_files) {
    if (name.filename() == "lock") continue;
    WEIR_TRY(copy_and_sum(protect / name, folder / "protect" / name, stop));
  }
  WEIR_TRY(copy_and_sum(workspace.folder / "weir.yaml", folder / "weir.yaml", stop));
  WEIR_TRY(workspace.ledger().backup_to(folder / "ledger.db"));
  fs::create_directory(folder / "vault", error);
  if (error) return fail(ErrorCode::io, "{}: {}", (folder / "vault").string(), error.message());
  WEIR_TRY(workspace.vault().backup_to(folder / "vault"));

  BackupReport report;
  std::string list(kListHeader);
  list += '\n';
  WEIR_ASSIGN(const auto copies, files_below(folder));
  for (const fs::path& name : copies) {
    WEIR_ASSIGN(const Copied copied, copy_and_sum(folder / name, {}, stop));
    list += fmt::format("{} {} {}\n", copied.sum, copied.bytes, name.string());
    ++report.files;
    report.bytes += copied.bytes;
  }
  WEIR_TRY(write_file_atomic(folder / kListName, list));
  WEIR_TRY(staging.finish());
  return report;
}

Result<BackupReport> restore(const fs::path& source, const fs::path& target,
                             const std::atomic<bool>* stop) {
  auto list = read_file(source / kListName, kMaxListBytes);
  if (!list) {
    return fail(list.error().code, "{}: not a complete backup ({})", source.string(),
                list.error().message);
  }
  WEIR_ASSIGN(Staging staging, Staging::create(target));
  const auto lines = split(*list, '\n');
  if (lines.front() != kListHeader) {
    return fail(ErrorCode::unsupported, "{}: not a backup that this version reads",
                (source / kListName).string());
  }
  BackupReport report;
  for (std::size_t i = 1; i + 1 < lines.size(); ++i) {
    const std::size_t first = lines[i].find(' ');
    const std::size_t second = lines[i].find(' ', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) {
      return fail(ErrorCode::corrupt, "{}:{}: not a line of a backup's list",
                  (source / kListName).string(), i + 1);
    }
    const fs::path name = fs::path(lines[i].substr(second + 1)).lexically_normal();
    if (name.is_absolute() || name.empty() || *name.begin() == "..") {
      return fail(ErrorCode::corrupt, "{}:{}: names a file outside the backup",
                  (source / kListName).string(), i + 1);
    }
    WEIR_ASSIGN(const Copied copied, copy_and_sum(source / name, staging.folder() / name, stop));
    if (copied.sum != lines[i].substr(0, first)) {
      return fail(ErrorCode::corrupt, "{}: not what was backed up; nothing was restored",
                  (source / name).string());
    }
    ++report.files;
    report.bytes += copied.bytes;
  }
  std::error_code error;
  for (const char* name : {"lake", "state", "aside"}) {
    fs::create_directories(staging.folder() / name, error);
    if (error) return fail(ErrorCode::io, "{}: {}", name, error.message());
  }
  WEIR_TRY(staging.finish());
  return report;
}

}  // namespace weir::app
