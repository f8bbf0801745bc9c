#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include "weir/base/result.h"

/// Confining the calling process for good. Linux only.
namespace weir::lake {

struct Confinement {
  std::uint64_t memory_bytes = 0;  // beyond what is mapped now
  std::uint64_t cpu_seconds = 0;
};

/// Limits of the process: memory, processor time, no written files, no core dump; and no way to
/// gain privileges. Ends with its parent.
Result<void> limit_resources(const Confinement& limits);

/// From now on this process can open the given files to read and no other path for anything, and
/// reach nobody over the network as far as the kernel can keep it from it. False if the kernel has
/// no Landlock: then nothing was confined.
Result<bool> allow_reading_only(std::span<const std::filesystem::path> files);

}  // namespace weir::lake
