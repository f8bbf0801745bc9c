#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "weir/base/result.h"

namespace weir::sim {

/// Compresses text into zstd frames. A file may be any number of frames one after the other, so
/// threads compress parts of it independently. Not thread-safe.
class Packer {
 public:
  Packer();
  ~Packer();
  Packer(Packer&&) noexcept;
  Packer& operator=(Packer&&) noexcept;

  /// Appends one frame that holds `text`.
  Result<void> pack(std::string_view text, std::string& out);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace weir::sim
