#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "weir/ingest/detail/ocsf_said.h"

namespace weir::ingest {

/// Takes the JSON of one event apart (simdjson On-Demand). Every value is looked at once, in the
/// order in which it stands; what is not known is skipped, but must still be JSON.
///
/// Not thread-safe; the views in `said` live until the next call and as long as the line.
class OcsfParser {
 public:
  static constexpr unsigned kMaxDepth = 32;

  explicit OcsfParser(const Limits& limits);
  OcsfParser(OcsfParser&&) noexcept;
  OcsfParser& operator=(OcsfParser&&) noexcept;
  ~OcsfParser();

  /// At least `LineSplitter::kPadding` bytes behind `line` must be readable.
  std::optional<ParseError> parse(std::string_view line, OcsfSaid& said);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace weir::ingest
