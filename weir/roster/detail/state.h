#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "weir/base/result.h"
#include "weir/ledger/database.h"
#include "weir/roster/people.h"
#include "weir/roster/roster.h"

namespace weir::roster::detail {

/// That a person had an identity during a period, as a roster said it.
struct Claim {
  IdentityKind kind{};
  std::uint64_t token = 0;
  Period period;
  friend bool operator==(const Claim&, const Claim&) = default;
};

/// One person as the ledger keeps them.
struct Known {
  Person person;
  std::uint64_t number = 0;             // order of creation
  std::uint64_t key_token = 0;          // of the organisation's own key; 0: provisional
  Hash128 identity;                     // of what the vault holds sealed, to see a change of name
  std::vector<Claim> claims;            // by (kind, token, from)
  std::vector<std::uint64_t> declared;  // address tokens, ascending
};

using PersonMap = std::unordered_map<std::uint64_t, Known>;
using AliasMap = std::unordered_map<std::uint64_t, event::PersonId>;

/// Everything the roster's tables say.
struct State {
  PersonMap people;
  std::unordered_map<std::uint64_t, std::uint64_t> person_of_key;
  AliasMap aliases;
  std::unordered_set<std::string> pseudonyms;
  std::uint64_t last_number = 0;
};

Result<void> migrate(ledger::Database& database);
Result<State> load(ledger::Database& database);

/// Writes people, replacing what the tables say of them. Lives within one transaction.
class Writer {
 public:
  static Result<Writer> open(ledger::Database& database);
  Result<void> put(const Known& known);
  /// `old` turned out to be `survivor`: takes it out and points to the survivor.
  Result<void> alias(event::PersonId old, event::PersonId survivor);

 private:
  Writer() = default;
  ledger::Statement put_person_, drop_person_, drop_facts_, drop_claims_, drop_declared_, put_fact_,
      put_claim_, put_declared_, move_aliases_, put_alias_;
};

/// A random id of at most 53 bits, so that readers of JSON keep it exact.
event::PersonId new_person_id(const PersonMap& people);

}  // namespace weir::roster::detail
