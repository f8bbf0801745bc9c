#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "weir/content/detail/reading.h"

namespace weir::content {

/// What stands in markup beside its text: outlines of SVG and OpenDocument drawings, which may be
/// letters, and files within "data:" addresses. Ask it of each element and attribute.
class Outlines {
 public:
  void element(std::string_view local_name);
  void attribute(std::string_view local_name, std::string_view value);
  /// Reads the files; a finding if the outlines are as many as a passage of letters has.
  void finish(Reading& reading, const Place& place);

 private:
  std::size_t marks_ = 0;
  bool in_svg_ = false;
  std::vector<std::string> addresses_;
};

}  // namespace weir::content
