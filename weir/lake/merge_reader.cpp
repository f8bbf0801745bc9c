#include "weir/lake/detail/merge_reader.h"

#include <algorithm>
#include <utility>

#include "weir/lake/detail/files.h"

namespace weir::lake {
namespace {

std::int32_t first_day_of(const FileInfo& file) {
  return static_cast<std::int32_t>(day_of(file.min_time).time_since_epoch().count());
}

std::string conditions(const RowFilter& filter, const FileInfo& file) {
  if (filter.matches_all(file)) return "";
  std::string out =
      fmt::format(" WHERE batch > {} AND batch <= {}", filter.after_batch, filter.through_batch);
  // Bounds outside the file's own are left out: they need not be times DuckDB can say.
  if (filter.from > file.min_time) {
    out +=
        fmt::format(" AND time >= make_timestamp_ms({})", filter.from.time_since_epoch().count());
  }
  if (filter.to <= file.max_time) {
    out += fmt::format(" AND time < make_timestamp_ms({})", filter.to.time_since_epoch().count());
  }
  return out;
}

}  // namespace

bool RowFilter::may_match(const FileInfo& file) const {
  return file.max_time >= from && file.min_time < to && file.max_batch > after_batch &&
         file.min_batch <= through_batch;
}

bool RowFilter::matches_all(const FileInfo& file) const {
  return file.min_time >= from && file.max_time < to && file.min_batch > after_batch &&
         file.max_batch <= through_batch;
}

struct MergeReader::Cursor {
  std::string path;
  duck::Connection connection;
  duck::Stream stream;
  RowReader rows;
  idx_t row = 0;
  RowKey key;

  Error damaged(Error error) const {
    if (error.code == ErrorCode::limit_exceeded) return error;
    return {ErrorCode::corrupt,
            fmt::format("lake file {}: {}; `weir lake verify` lists all that is damaged, a backup "
                        "brings it back",
                        path, error.message)};
  }

  /// False at the end of the file.
  Result<bool> fetch() {
    Result<duckdb_data_chunk> chunk = stream.next();
    if (!chunk) return std::unexpected(damaged(std::move(chunk).error()));
    if (*chunk == nullptr) return false;
    rows.attach(*chunk);
    row = 0;
    key = rows.key(0);
    return true;
  }

  Result<bool> advance() {
    if (++row < rows.size()) {
      key = rows.key(row);
      return true;
    }
    return fetch();
  }
};

MergeReader::MergeReader(const duck::Database& database, std::filesystem::path lake,
                         std::vector<FileInfo> files, const RowFilter& filter)
    : database_(&database), lake_(std::move(lake)), pending_(std::move(files)), filter_(filter) {
  std::erase_if(pending_, [&](const FileInfo& file) { return !filter_.may_match(file); });
  std::ranges::sort(pending_, std::ranges::greater{}, &FileInfo::min_time);
}

MergeReader::~MergeReader() = default;

Result<void> MergeReader::open(const FileInfo& file) {
  auto cursor = std::make_unique<Cursor>();
  cursor->path = file.path;
  WEIR_ASSIGN(cursor->connection, database_->connect());
  Result<duck::Stream> stream = cursor->connection.stream(fmt::format(
      "SELECT {} FROM read_parquet({}, hive_partitioning = false){}", column_list(file.format),
      duck::quoted((lake_ / file.path).string()), conditions(filter_, file)));
  if (!stream) return std::unexpected(cursor->damaged(std::move(stream).error()));
  cursor->stream = std::move(*stream);
  WEIR_ASSIGN(const bool has_rows, cursor->fetch());
  if (!has_rows) return {};
  heap_.push_back(std::move(cursor));
  std::ranges::push_heap(heap_, std::ranges::greater{}, [](const auto& c) { return c->key; });
  return {};
}

Result<void> MergeReader::open_due_files() {
  while (!pending_.empty() &&
         (heap_.empty() || first_day_of(pending_.back()) <= heap_.front()->key.day)) {
    const FileInfo file = std::move(pending_.back());
    pending_.pop_back();
    WEIR_TRY(open(file));
  }
  return {};
}

// The least one has a new key: let it sink to its place (cheaper than pop and push).
void MergeReader::sift_down() {
  std::size_t at = 0;
  for (;;) {
    std::size_t least = at;
    for (std::size_t child = 2 * at + 1; child <= 2 * at + 2 && child < heap_.size(); ++child) {
      if (heap_[child]->key < heap_[least]->key) least = child;
    }
    if (least == at) return;
    std::swap(heap_[at], heap_[least]);
    at = least;
  }
}

Result<bool> MergeReader::next(event::Record& record, std::uint32_t& batch) {
  if (!pending_.empty()) WEIR_TRY(open_due_files());
  if (heap_.empty()) return false;
  Cursor& least = *heap_.front();
  if (Result<void> read = least.rows.read(least.row, record, batch); !read) {
    return std::unexpected(std::move(read).error().while_doing("lake file " + least.path));
  }
  WEIR_ASSIGN(const bool more, least.advance());
  if (!more) {
    std::swap(heap_.front(), heap_.back());
    heap_.pop_back();
  }
  if (heap_.size() > 1) sift_down();
  return true;
}

}  // namespace weir::lake
