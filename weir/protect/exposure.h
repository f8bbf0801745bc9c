#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/result.h"

namespace weir::protect {

/// Which blocks of a document (`kBlockWords` words each) have been seen somewhere: kept for each
/// person and document, so that a document sent in small parts over months adds up. A value.
class Exposure {
 public:
  Exposure() = default;
  explicit Exposure(std::uint32_t blocks);

  std::uint32_t block_count() const { return blocks_; }
  /// Blocks that are exposed.
  std::uint32_t count() const;
  bool has(std::uint32_t block) const;
  /// A block beyond the document's end is ignored.
  void set(std::uint32_t block);
  /// Adds what `other` exposed; `invalid_argument` if it is of a document of another length.
  Result<void> merge(const Exposure& other);

  /// For storage: the count of blocks, then runs of unexposed and exposed ones. A few bytes mostly.
  std::string encode() const;
  /// `parse` unless it is what `encode` wrote.
  static Result<Exposure> decode(std::string_view bytes);

  friend bool operator==(const Exposure&, const Exposure&) = default;

 private:
  std::uint32_t blocks_ = 0;
  std::vector<std::uint64_t> bits_;
};

}  // namespace weir::protect
