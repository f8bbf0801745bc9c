#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "weir/base/result.h"

namespace weir::ingest {

/// Addresses and sites of which nothing may be stored.
class Exclusions {
 public:
  /// Addresses are "council@example.com" or "*@union.example", which covers the sub-domains too;
  /// sites are host names and cover their sub-domains. `invalid_argument` names a malformed one.
  static Result<Exclusions> create(const std::vector<std::string>& addresses,
                                   const std::vector<std::string>& sites);

  bool has_address(std::string_view canonical_address) const;
  bool has_site(std::string_view canonical_host) const;

 private:
  std::vector<std::string> addresses_;  // sorted
  std::vector<std::string> domains_;
  std::vector<std::string> sites_;
};

}  // namespace weir::ingest
