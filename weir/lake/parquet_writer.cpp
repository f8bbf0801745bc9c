#include "weir/lake/detail/parquet_writer.h"

#include <algorithm>
#include <optional>

#include "weir/base/file.h"
#include "weir/base/hash.h"
#include "weir/lake/detail/columns.h"
#include "weir/lake/detail/files.h"

namespace weir::lake {
namespace {

namespace fs = std::filesystem;

// What DuckDB pulls rows from while it writes a file.
struct Job {
  RowSource* source = nullptr;
  std::uint64_t left = 0;
  event::Record record;
  std::uint32_t batch = 0;
  bool has_record = false;  // `record` was taken from the source and not yet written
  std::optional<Error> error;
  FileInfo info;

  Result<bool> advance() {
    if (left == 0) return false;
    WEIR_ASSIGN(const bool more, source->next(record, batch));
    if (more) --left;
    return more;
  }

  void count() {
    if (info.rows == 0) {
      info.min_time = info.max_time = record.time;
      info.min_batch = info.max_batch = batch;
    }
    ++info.rows;
    info.min_time = std::min(info.min_time, record.time);
    info.max_time = std::max(info.max_time, record.time);
    info.min_batch = std::min(info.min_batch, batch);
    info.max_batch = std::max(info.max_batch, batch);
  }
};

void bind(duckdb_bind_info info) {
  for (const ColumnType& column : column_types()) {
    duckdb_bind_add_result_column(info, column.name.c_str(), column.type.get());
  }
}

// Rows come in order from one place: a second thread would only take turns.
void init(duckdb_init_info info) { duckdb_init_set_max_threads(info, 1); }

void fill(duckdb_function_info info, duckdb_data_chunk chunk) {
  Job& job = **static_cast<Job**>(duckdb_function_get_extra_info(info));
  RowWriter writer(chunk);
  const idx_t capacity = duckdb_vector_size();
  for (idx_t row = 0; row < capacity; ++row) {
    if (!job.has_record) {
      const Result<bool> more = job.advance();
      if (!more) {
        job.error = more.error();
        duckdb_function_set_error(info, "the source of rows failed");
        return;
      }
      if (!*more) break;
    }
    job.has_record = false;
    job.count();
    writer.put(job.record, job.batch);
  }
  writer.finish();
}

// Level 1 and the encodings of Parquet 2 (delta, byte-stream split): smaller and twice as fast as
// DuckDB's defaults on records. The row group is DuckDB's own: days stay apart in month files.
std::string copy_statement(const fs::path& path, event::RecordClass record_class,
                           std::chrono::year_month month) {
  return fmt::format(
      "COPY (SELECT * FROM weir_rows()) TO {} (FORMAT parquet, COMPRESSION zstd, "
      "COMPRESSION_LEVEL 1, PARQUET_VERSION v2, ROW_GROUP_SIZE 122880, USE_TMP_FILE false, "
      "KV_METADATA {{weir_lake: '{}', class: '{}', month: '{}'}})",
      duck::quoted(path.string()), kLakeFormat, to_string(record_class), to_iso8601(month));
}

struct DestroyFunction {
  void operator()(duckdb_table_function function) const {
    duckdb_destroy_table_function(&function);
  }
};

}  // namespace

struct ParquetWriter::Impl {
  Options options;
  const FileSteps* steps = nullptr;
  Job* current = nullptr;  // read by `fill` through the registered function
  duck::Database database;
  duck::Connection connection;
};

ParquetWriter::ParquetWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ParquetWriter::ParquetWriter(ParquetWriter&&) noexcept = default;
ParquetWriter& ParquetWriter::operator=(ParquetWriter&&) noexcept = default;
ParquetWriter::~ParquetWriter() = default;

Result<ParquetWriter> ParquetWriter::create(const Options& options, const FileSteps& steps) {
  auto impl = std::make_unique<Impl>();
  impl->options = options;
  impl->steps = &steps;
  WEIR_ASSIGN(impl->database, duck::Database::open({.memory_bytes = options.memory_bytes}));
  WEIR_ASSIGN(impl->connection, impl->database.connect());

  const duck::Owned<duckdb_table_function, DestroyFunction> function(
      duckdb_create_table_function());
  duckdb_table_function_set_name(function.get(), "weir_rows");
  duckdb_table_function_set_extra_info(function.get(), static_cast<void*>(&impl->current), nullptr);
  duckdb_table_function_set_bind(function.get(), bind);
  duckdb_table_function_set_init(function.get(), init);
  duckdb_table_function_set_function(function.get(), fill);
  if (duckdb_register_table_function(impl->connection.handle(), function.get()) != DuckDBSuccess) {
    return fail(ErrorCode::internal, "DuckDB refused the function that gives it rows");
  }
  return ParquetWriter(std::move(impl));
}

Result<FileInfo> ParquetWriter::write(RowSource& source, event::RecordClass record_class,
                                      std::chrono::year_month month, const std::string& name,
                                      std::uint64_t max_rows) {
  Job job;
  job.source = &source;
  job.left = max_rows;
  WEIR_ASSIGN(job.has_record, job.advance());
  if (!job.has_record) return FileInfo{};
  job.info.record_class = record_class;
  job.info.month = month;
  const fs::path folder = month_folder(record_class, month);
  job.info.path = (folder / name).string();

  const fs::path& lake = impl_->options.folder;
  WEIR_TRY(impl_->steps->make_folder(lake, kTemporaryFolder));
  WEIR_TRY(impl_->steps->make_folder(lake, folder));
  // Other writers may be at files of the same name in other folders.
  const fs::path temporary =
      lake / kTemporaryFolder /
      fmt::format("{}-{}-{}", to_string(record_class), to_iso8601(month), name);
  // Made here because DuckDB would make it readable for everybody.
  WEIR_TRY(File::create(temporary));
  WEIR_TRY(impl_->steps->reached("parquet_write"));
  impl_->current = &job;
  Result<void> copied = impl_->connection.execute(copy_statement(temporary, record_class, month));
  impl_->current = nullptr;
  if (job.error) copied = std::unexpected(std::move(*job.error));
  if (!copied) {
    // What is left of it only takes space; the next writer removes it too.
    std::error_code ignored;
    fs::remove(temporary, ignored);
    return std::unexpected(std::move(copied).error().while_doing("writing " + job.info.path));
  }
  {
    WEIR_ASSIGN(const MappedFile written, MappedFile::open(temporary));
    job.info.bytes = written.bytes().size();
    job.info.checksum = checksum64(written.bytes());
  }
  WEIR_TRY(impl_->steps->publish(temporary, lake / job.info.path));
  return std::move(job.info);
}

}  // namespace weir::lake
