#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

#include "weir/base/text.h"

namespace weir::ingest {

/// What stands behind the last "@"; empty if there is none.
inline std::string_view mail_domain(std::string_view address) {
  const std::size_t at = address.rfind('@');
  return at == std::string_view::npos ? std::string_view() : address.substr(at + 1);
}

/// Is `name` the same as `domain` or one of its sub-domains? Letters' case does not matter.
inline bool is_under(std::string_view name, std::string_view domain) {
  if (domain.empty() || name.size() < domain.size()) return false;
  const std::size_t front = name.size() - domain.size();
  return equals_ignoring_case(name.substr(front), domain) && (front == 0 || name[front - 1] == '.');
}

inline bool is_under_any(std::string_view name, std::span<const std::string> domains) {
  return std::ranges::any_of(domains, [&](const std::string& d) { return is_under(name, d); });
}

}  // namespace weir::ingest
