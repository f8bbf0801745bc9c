#pragma once

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

/// A small table that a query can see beside the records (people, acts, cases).
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
};

struct QueryResult {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  // as text
  std::vector<bool> is_null;                   // row-major, beside `rows`
  bool truncated = false;                      // more than max_rows
};

/// Runs one SELECT over the views `records`, `parties`, `objects` (docs/query.md) and the given
/// tables, in a child process that can read the listed files and nothing else, write nothing, and
/// is killed at its memory or time limit. `invalid_argument` for anything but one SELECT;
/// `permission_denied` for a query that names another file; `limit_exceeded` at a limit.
Result<QueryResult> run_query(std::string_view sql, const QueryOptions& options);

}  // namespace weir::lake
