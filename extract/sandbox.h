#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "weir/base/result.h"

namespace weir::extract {

/// Leaves of the file system only what iconv and poppler load late, read-only, for this process and
/// all it forks. The version of Landlock that does so, 0 if the kernel has none.
int restrict_files();

/// Processor time, address space (0: as it is), open files; no core dumps, no written files.
Result<void> limit_resources(std::chrono::milliseconds time, std::uint64_t memory_bytes);

/// Allows from here on what a reader needs (memory, reading, clocks, writing to what is open) and
/// nothing else: sockets and files for writing are refused, any other call kills the process. Not
/// to be undone.
Result<void> restrict_calls();

/// "seccomp, Landlock 7"
std::string describe_protection(int landlock);

}  // namespace weir::extract
