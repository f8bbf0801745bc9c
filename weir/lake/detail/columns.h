#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/result.h"
#include "weir/event/record.h"
#include "weir/lake/detail/duck.h"
#include "weir/lake/manifest.h"

/// A record as a row of Parquet and back (docs/formats/lake.md lists the columns).
namespace weir::lake {

inline constexpr int kFormatWithDocuments = 2;
static_assert(kLakeFormat == kFormatWithDocuments);

/// The order of rows in a file and of records that are read: what `read` promises.
struct RowKey {
  std::int32_t day = 0;
  std::uint64_t person = 0;
  std::int64_t time = 0;
  event::RecordId id;
  friend auto operator<=>(const RowKey&, const RowKey&) = default;
};
RowKey key_of(const event::Record& record);

/// The columns of a file of this format for a SELECT, in the order the reader below expects them.
std::string column_list(int format);
/// What stands for the column `documents` in files that have none.
std::string missing_documents();

struct ColumnType {
  std::string name;
  duck::TypeHandle type;
};
/// What the writer below fills; text of a small vocabulary is an ENUM, which Parquet stores as a
/// dictionary of strings.
std::vector<ColumnType> column_types();

/// A SELECT with these columns, and those the folders add (class, month), that gives no row.
std::string empty_rows_query();

/// Fills an output chunk of DuckDB's row by row.
class RowWriter {
 public:
  explicit RowWriter(duckdb_data_chunk chunk);
  void put(const event::Record& record, std::uint32_t batch);
  /// Once, after the last `put`.
  void finish();

 private:
  struct List {
    duckdb_vector vector{};
    idx_t used = 0;
    idx_t reserved = 0;
    std::vector<void*> fields;
    std::vector<duckdb_vector> children;
  };
  void reserve(List& list, idx_t needed);
  void put_parties(const std::vector<event::Party>& parties);
  void put_objects(const std::vector<event::Object>& objects);
  void put_documents(const std::vector<event::DocumentMatch>& documents);

  duckdb_data_chunk chunk_;
  std::vector<duckdb_vector> vectors_;
  std::vector<void*> data_;
  List parties_;
  List objects_;
  List documents_;
  idx_t row_ = 0;
};

/// A chunk with the single column `uid`.
class IdColumn {
 public:
  explicit IdColumn(duckdb_data_chunk chunk)
      : ids_(static_cast<const duckdb_hugeint*>(
            duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 0)))),
        size_(duckdb_data_chunk_get_size(chunk)) {}
  idx_t size() const { return size_; }
  event::RecordId operator[](idx_t row) const;

 private:
  const duckdb_hugeint* ids_;
  idx_t size_;
};

/// Reads rows of a chunk whose columns are a `column_list`.
class RowReader {
 public:
  void attach(duckdb_data_chunk chunk);
  idx_t size() const { return size_; }
  RowKey key(idx_t row) const;
  /// `unsupported` if the row uses a word this version does not know.
  Result<void> read(idx_t row, event::Record& record, std::uint32_t& batch) const;

 private:
  struct Column {
    const void* data = nullptr;
    std::uint64_t* valid = nullptr;
  };
  struct ListColumn {
    Column entries;
    std::vector<Column> fields;
  };
  static Column column_of(duckdb_vector vector);
  static ListColumn list_of(duckdb_vector vector, std::size_t fields);

  idx_t size_ = 0;
  std::vector<Column> columns_;
  ListColumn parties_;
  ListColumn objects_;
  ListColumn documents_;
};

}  // namespace weir::lake
