#pragma once

#include <string>
#include <vector>

#include "weir/roster/detail/state.h"
#include "weir/roster/roster_file.h"
#include "weir/vault/vault.h"

namespace weir::roster::detail {

/// The rows of one person, by the day from which they hold.
struct Timeline {
  struct Entry {
    const Row* row = nullptr;
    Day from;
  };
  std::vector<Entry> entries;
  /// The first row says since when it holds, so what was known of earlier days stays.
  bool keeps_earlier = false;

  Day first() const { return entries.front().from; }
  Period period(std::size_t entry) const {
    return {entries[entry].from, entry + 1 < entries.size() ? entries[entry + 1].from : Day::max()};
  }
};

/// Sorts the rows of one person and finds rows that contradict each other (`errors`) or say the
/// same twice (`problems`).
Timeline make_timeline(std::vector<const Row*> rows, std::vector<std::string>& errors,
                       std::vector<std::string>& problems);

/// Adjusts a snapshot's beginning: where nothing is known of earlier days it held always.
void settle_snapshot(Timeline& timeline, const Known* base);

/// `base`: what is known already, or null.
Period employment_of(const Timeline& timeline, const Known* base);
std::vector<Claim> claims_of(const Timeline& timeline, const Known* base, Period employment,
                             const vault::Vault& vault);
/// All facts but managers.
std::vector<Fact> facts_of(const Timeline& timeline);
/// Puts earlier facts of `base` in front, sorts and joins what touches.
std::vector<Fact> with_earlier(std::vector<Fact> facts, const Timeline& timeline,
                               const Known* base);

/// What the vault seals of the person: key, names, identities.
std::string identity_json(const Timeline& timeline);

}  // namespace weir::roster::detail
