#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "weir/base/file.h"
#include "weir/base/result.h"
#include "weir/base/time.h"
#include "weir/ingest/format.h"

namespace weir::ingest {

/// Keeps records that could not be read, as JSON lines (docs/ingest.md), for somebody to look at:
/// one file a run, made with the first of them, mode 0600. The folder as a whole keeps a size
/// limit; what does not fit any more is left out.
class AsideFile {
 public:
  /// An empty `folder`: nothing is kept.
  AsideFile(std::filesystem::path folder, std::uint64_t max_bytes, Instant now);

  /// False if it was left out.
  Result<bool> add(std::string_view file, std::string_view format, ParseError reason,
                   std::uint64_t line, std::uint64_t offset, std::string_view raw);
  /// Makes what was added last. To be called before the source's offset is.
  Result<void> flush();

 private:
  Result<void> open();

  std::filesystem::path folder_;
  std::uint64_t max_bytes_;
  Instant now_;
  std::optional<File> file_;
  std::uint64_t bytes_ = 0;  // in the folder, and in `buffer_`
  std::string buffer_;
};

}  // namespace weir::ingest
