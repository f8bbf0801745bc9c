#include "weir/app/status.h"

#include <algorithm>
#include <array>

#include "weir/app/days.h"
#include "weir/app/document_registry.h"
#include "weir/base/bytes.h"
#include "weir/base/text.h"
#include "weir/cases/store.h"

namespace weir::app {
namespace {

namespace fs = std::filesystem;
using std::chrono::days;

constexpr days kIngestEvery{3};
constexpr std::int64_t kCloseEvery = 2;

std::uint64_t bytes_of(const fs::path& file) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(file, error);
  return error ? 0 : size;
}

template <class Each>
void each_file(const fs::path& folder, Each each) {
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->is_regular_file(error)) each(entry->path());
  }
}

/// Silent for a week, and for twenty times what is usual between two records.
bool is_late(Instant newest_here, Instant newest, Instant oldest_here, std::uint64_t records) {
  const auto silence = newest - newest_here;
  const auto usual = (newest_here - oldest_here) / static_cast<std::int64_t>(records);
  return silence > days{7} && silence > 20 * usual;
}

void look_at_lake(const Workspace& workspace, const std::vector<lake::FileInfo>& files,
                  Status& status) {
  struct Sum {
    std::uint64_t records = 0;
    Instant oldest = Instant::max();
    Instant newest = Instant::min();
  };
  std::array<Sum, event::kRecordClassCount> sums;
  Instant newest = Instant::min();
  std::uint64_t missing = 0;
  for (const lake::FileInfo& file : files) {
    status.lake_records += file.rows;
    status.lake_bytes += file.bytes;
    Sum& sum = sums[std::to_underlying(file.record_class)];
    sum.records += file.rows;
    sum.oldest = std::min(sum.oldest, file.min_time);
    sum.newest = std::max(sum.newest, file.max_time);
    newest = std::max(newest, file.max_time);
    std::error_code error;
    if (!fs::exists(workspace.lake_folder() / file.path, error)) ++missing;
  }
  status.lake_files = files.size();
  if (missing > 0) {
    status.attention.push_back(fmt::format(
        "{} of the lake {} not there: `weir lake verify` says which, a backup brings them back",
        counted(missing, "file"), missing == 1 ? "is" : "are"));
  }
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const Sum& sum = sums[i];
    if (sum.records == 0) continue;
    const auto source = static_cast<event::RecordClass>(i);
    const bool late = is_late(sum.newest, newest, sum.oldest, sum.records);
    status.sources.push_back({source, sum.records, sum.newest, late});
    if (!late) continue;
    status.attention.push_back(
        fmt::format("{}: nothing since {}, while others have records up to {}", to_string(source),
                    to_iso8601(day_of(sum.newest)), to_iso8601(day_of(newest))));
  }
}

void look_at_days(const Workspace& workspace, const std::vector<lake::FileInfo>& files,
                  const std::optional<DayStore::Checkpoint>& checkpoint, Status& status) {
  if (checkpoint) {
    status.last_closed = checkpoint->day;
    status.people_watched = checkpoint->people_watched;
    std::error_code error;
    if (!fs::exists(workspace.state_folder() / checkpoint->snapshot, error)) {
      status.attention.push_back(
          fmt::format("state/{} is not there: `weir analyze --again` rebuilds it from the lake",
                      checkpoint->snapshot));
    }
    if (checkpoint->config_hash != to_hex(workspace.config.hash())) {
      status.attention.emplace_back(
          "weir.yaml was changed after the last analysis: `weir analyze` says if it matters");
    }
  }
  if (files.empty()) return;
  Day first = Day::max();
  Day last = Day::min();
  for (const lake::FileInfo& file : files) {
    first = std::min(first, day_of(file.min_time));
    last = std::max(last, day_of(file.max_time));
    const bool is_open = !checkpoint || day_of(file.max_time) > checkpoint->day;
    if (is_open || file.max_batch > checkpoint->through_batch) status.records_waiting += file.rows;
  }
  const Day next = checkpoint ? checkpoint->day + days{1} : first;
  const Day end = std::min(last, day_of(status.now) - days{1});
  status.days_waiting = std::max<std::int64_t>(0, (end - next).count() + 1);
  if (!checkpoint) {
    status.attention.emplace_back("no day is closed yet: `weir analyze` closes them");
  } else if (status.days_waiting >= kCloseEvery) {
    status.attention.push_back(
        fmt::format("{} wait to be closed: run `weir analyze` every night",
                    counted(static_cast<std::uint64_t>(status.days_waiting), "day")));
  }
}

}  // namespace

Result<Status> status_of(Workspace& workspace, Instant now) {
  Status status{};
  status.now = now;
  status.false_cases_per_week = workspace.config.false_cases_per_week;

  WEIR_ASSIGN(const auto ingest, workspace.audit().newest("ingest"));
  if (ingest) status.last_ingest = ingest->when;
  if (!status.last_ingest) {
    status.attention.emplace_back("nothing was ingested yet: `weir ingest` reads logs and mail");
  } else if (now - *status.last_ingest > kIngestEvery) {
    status.attention.push_back(
        fmt::format("nothing was ingested since {}", to_iso8601(day_of(*status.last_ingest))));
  }

  WEIR_ASSIGN(const std::vector<lake::FileInfo> files, workspace.manifest().files());
  WEIR_ASSIGN(DayStore day_store, DayStore::open(workspace.ledger()));
  WEIR_ASSIGN(const auto checkpoint, day_store.last());
  look_at_lake(workspace, files, status);
  look_at_days(workspace, files, checkpoint, status);

  WEIR_ASSIGN(LevelStore levels, LevelStore::open(workspace.ledger()));
  WEIR_ASSIGN(status.levels, levels.all());
  WEIR_ASSIGN(status.checks, levels.checks());
  WEIR_ASSIGN(cases::CaseStore case_store, cases::CaseStore::open(workspace.ledger()));
  WEIR_ASSIGN(const std::vector<cases::Case> all, case_store.all());
  status.cases = all.size();
  for (const cases::Case& one : all) {
    ++status.cases_by_hypothesis[std::string(to_string(one.draft.hypothesis))];
  }

  const auto registry = DocumentRegistry::open(workspace);
  const Result<void> indexed =
      registry ? (*registry)->require_index() : Result<void>(std::unexpected(registry.error()));
  if (!indexed) status.attention.push_back(indexed.error().message);

  WEIR_ASSIGN(status.audit_head, workspace.audit().chain_head());
  std::error_code error;
  const auto& anchor = workspace.config.audit_anchor;
  if (anchor && !fs::exists(*anchor, error)) {
    status.attention.push_back(
        fmt::format("the anchor of the audit log is not there: {}", printable(anchor->string())));
  }
  for (const char* name : {"ledger.db", "ledger.db-wal"}) {
    status.ledger_bytes += bytes_of(workspace.folder / name);
  }
  each_file(workspace.state_folder(),
            [&](const fs::path& file) { status.state_bytes += bytes_of(file); });
  each_file(workspace.aside_folder(), [&](const fs::path&) { ++status.aside_files; });
  return status;
}

}  // namespace weir::app
