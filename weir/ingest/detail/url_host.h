#pragma once

#include <string_view>

namespace weir::ingest {

/// "http://user@host:80/path" → "host", "[::1]:80" → "::1"; empty if there is none.
inline std::string_view url_host(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find_first_of("/?#\\"));
  const std::size_t at = url.rfind('@');
  if (at != std::string_view::npos) url.remove_prefix(at + 1);
  if (url.starts_with('[')) {
    const std::size_t close = url.find(']');
    return close == std::string_view::npos ? std::string_view() : url.substr(1, close - 1);
  }
  return url.substr(0, url.find(':'));
}

}  // namespace weir::ingest
