#pragma once

#include <cstdint>

#include "weir/base/result.h"
#include "weir/event/record.h"

namespace weir::lake {

/// Records in order of their RowKey, one after the other.
class RowSource {
 public:
  virtual ~RowSource() = default;
  /// False at the end. `record`'s buffers are reused.
  virtual Result<bool> next(event::Record& record, std::uint32_t& batch) = 0;
};

}  // namespace weir::lake
