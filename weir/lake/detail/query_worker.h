#pragma once

#include <string_view>

#include "weir/base/result.h"
#include "weir/lake/query.h"

namespace weir::lake {

/// The child's side of `run_query`: confines this process, runs the query, writes the outcome to
/// `descriptor`. Does not return to the code of the parent.
[[noreturn]] void query_worker(std::string_view sql, const QueryOptions& options, int descriptor);

/// The parent's side: the outcome from the bytes that the worker wrote, whatever they are.
Result<QueryResult> parse_outcome(std::string_view bytes);

}  // namespace weir::lake
