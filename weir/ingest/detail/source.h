#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "weir/base/result.h"
#include "weir/ingest/format.h"

namespace weir::ingest {

/// An open input and what is known of it.
struct Source {
  std::unique_ptr<ByteSource> bytes;
  bool is_compressed = false;
  /// Bytes of the file itself that were read so far; owned by `bytes`.
  const std::uint64_t* raw_bytes = nullptr;
};

/// As `open_source`, but begins `offset` bytes into a file (which then is taken as not compressed).
Result<Source> open_source_at(const std::filesystem::path& path, std::uint64_t offset);

}  // namespace weir::ingest
