#pragma once

#include <string>
#include <utility>
#include <vector>

#include "weir/base/result.h"
#include "weir/roster/detail/state.h"
#include "weir/roster/roster.h"
#include "weir/roster/roster_file.h"
#include "weir/vault/vault.h"

namespace weir::roster::detail {

/// What an import will write of one person.
struct Change {
  Known known;
  bool added = false;    // not known from a roster before
  bool changed = false;  // else only counted
  /// Provisional people who turned out to be this one.
  std::vector<event::PersonId> absorbed;
  /// For the vault.
  std::string identity_json;
  std::vector<std::pair<event::AddressToken, std::string>> addresses;
};

struct Plan {
  std::vector<Change> changes;
  std::vector<std::string> problems;
};

/// Works out what `file` means for the roster, or why it must be refused as a whole. Writes
/// nothing: only new ids and pseudonyms are drawn.
Result<Plan> make_plan(const RosterFile& file, const std::string& name, State& state,
                       const vault::Vault& vault);

std::uint64_t token_of(const vault::Vault& vault, IdentityKind kind, std::string_view canonical);

}  // namespace weir::roster::detail
