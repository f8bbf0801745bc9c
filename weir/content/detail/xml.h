#pragma once

#include <string>
#include <string_view>

#include "weir/content/detail/reading.h"

namespace weir::content {

/// The attributes of one element.
class XmlAttributes {
 public:
  explicit XmlAttributes(const char* const* pairs) : pairs_(pairs) {}
  /// Value of the first attribute of that local name, whatever its prefix; empty if there is none.
  std::string_view get(std::string_view wanted) const;
  /// Calls `each(local_name, value)`.
  template <class Each>
  void for_each(Each each) const;

 private:
  const char* const* pairs_;
};

/// Names come without their prefix: which one a file binds to a namespace is its own choice.
class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  virtual void start(std::string_view name, const XmlAttributes& attributes) = 0;
  virtual void end(std::string_view name) = 0;
  virtual void text(std::string_view text) = 0;
};

/// Runs `handler` over `bytes`, by expat. Declared entities are not expanded and nothing outside
/// the file is opened: a file that declares some, or is not well-formed, gives a finding, and the
/// text of what is left of it becomes a part of its own, tags taken off. True if all was read.
bool parse_xml(Reading& reading, const Place& place, std::string_view bytes, XmlHandler& handler);

/// `bytes` without what stands between < and >, the five entities and character references decoded.
std::string strip_markup(std::string_view bytes);

std::string_view local_name(std::string_view name);

template <class Each>
void XmlAttributes::for_each(Each each) const {
  for (const char* const* pair = pairs_; *pair != nullptr; pair += 2) {
    each(local_name(pair[0]), std::string_view(pair[1]));
  }
}

}  // namespace weir::content
