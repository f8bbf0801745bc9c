#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "weir/ingest/format.h"

namespace weir::ingest {

/// For tests: a text as a source, at most `step` bytes a read, with an error behind it if wanted.
class TextSource final : public ByteSource {
 public:
  explicit TextSource(std::string_view text, std::size_t step = SIZE_MAX,
                      std::optional<Error> error = {})
      : rest_(text), step_(step), error_(std::move(error)) {}

  Result<std::size_t> read(char* buffer, std::size_t size) override {
    if (rest_.empty() && error_) return std::unexpected(*error_);
    const std::size_t n = rest_.copy(buffer, std::min(size, step_));
    rest_.remove_prefix(n);
    return n;
  }

 private:
  std::string_view rest_;
  std::size_t step_;
  std::optional<Error> error_;
};

}  // namespace weir::ingest
