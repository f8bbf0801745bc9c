#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "weir/base/result.h"

namespace weir::app::detail {

/// One value of a YAML file with the line it starts on. Plain data: it copies like a string.
struct YamlNode {
  enum class Kind { null, scalar, sequence, map };

  Kind kind = Kind::null;
  std::string text = {};  // of a scalar
  bool quoted = false;    // "1" is a text, 1 is a number
  int line = 0;           // from 1
  /// Of a sequence or a map, in the file's order.
  std::vector<YamlNode> items = {};
  /// Where it is a value of a map.
  std::string key = {};
  int key_line = 0;

  bool is_null() const { return kind == Kind::null; }
  /// "a list", for messages.
  std::string_view kind_name() const;
};

struct YamlLimits {
  std::size_t bytes = 256u << 10;
  std::size_t depth = 16;
  std::size_t nodes = 20'000;
};

/// The one document in `text`. `parse` with "FILE:LINE: what and the way out" for anything that is
/// not plain YAML: tabs as indentation, anchors, aliases and tags (a small file must not be able to
/// stand for a large one), a key that occurs twice, a second document, bytes that are no UTF-8.
/// An empty text is a null node.
Result<YamlNode> parse_yaml(std::string_view text, std::string_view file_name,
                            const YamlLimits& limits);

}  // namespace weir::app::detail
