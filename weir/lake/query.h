#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/result.h"
#include "weir/lake/manifest.h"

namespace weir::lake {

/// A small table that a query can see beside the records (people, acts, cases). A column whose
/// every value is a number is one of numbers (empty: none); ids of 16 digits stay text.
struct QueryTable {
  std::string name;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

struct QueryOptions {
  std::filesystem::path lake_folder;
  std::vector<FileInfo> files;
  std::vector<QueryTable> tables;
  std::uint64_t memory_bytes = 1u << 30;
  std::chrono::seconds time_limit{60};
  std::uint64_t max_rows = 100'000;
  /// Once true, the query ends with `cancelled`.
  const std::atomic<bool>* stop = nullptr;
};

struct QueryResult {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  // as text
  std::vector<bool> is_null;                   // row-major, beside `rows`
  bool truncated = false;                      // more than max_rows
  /// False on a kernel without Landlock: then only DuckDB's own settings kept the query to its
  /// files.
  bool confined_by_kernel = false;
};

/// Runs one SELECT over the views `records`, `parties`, `objects`, `documents` (docs/query.md) and
/// the given tables, in a child process that can read the listed files and nothing else, write
/// nothing, and is killed at its memory or time limit. `invalid_argument` for anything but one
/// SELECT; `permission_denied` for a query that names another file; `limit_exceeded` at a limit.
///
/// The child is forked and not a new program: call this from a process that has no other thread at
/// that moment (no writer's Lake, no Lake that has read), or it may hang until its time limit.
/// Hold a read-only Lake meanwhile, and take `files` from it, so that no file goes away.
Result<QueryResult> run_query(std::string_view sql, const QueryOptions& options);

}  // namespace weir::lake
