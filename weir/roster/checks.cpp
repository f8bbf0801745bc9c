#include "weir/roster/detail/checks.h"

#include <algorithm>
#include <tuple>
#include <unordered_set>

#include "weir/base/text.h"

namespace weir::roster::detail {
namespace {

/// No organisation is deeper; a longer walk has run into a circle further up.
constexpr int kMaxManagerSteps = 200;

std::string_view describe(IdentityKind kind) {
  switch (kind) {
    case IdentityKind::user_id:
      return "a user id";
    case IdentityKind::mail_address:
      return "a mail address";
    case IdentityKind::host:
      return "a host";
  }
  return "an identity";
}

/// Calls `see(known)` for everybody as they will be after the import.
template <class See>
void for_everybody(const std::vector<Change>& changes, const State& state, See see) {
  std::unordered_set<std::uint64_t> done;
  for (const Change& change : changes) {
    done.insert(static_cast<std::uint64_t>(change.known.person.id));
    for (const event::PersonId absorbed : change.absorbed) {
      done.insert(static_cast<std::uint64_t>(absorbed));
    }
    see(change.known);
  }
  for (const auto& [id, known] : state.people) {
    if (!done.contains(id)) see(known);
  }
}

std::string place_of(const Places& places, const Known& known) {
  const auto found = places.find(static_cast<std::uint64_t>(known.person.id));
  return found != places.end() ? found->second : known.person.pseudonym;
}

}  // namespace

void check_claims(const std::vector<Change>& changes, const State& state, const Places& places,
                  std::vector<std::string>& errors) {
  struct Held {
    const Claim* claim;
    const Known* by;
  };
  std::vector<Held> all;
  for_everybody(changes, state, [&](const Known& known) {
    // What a provisional person has, a roster may always take.
    if (known.person.provisional) return;
    for (const Claim& claim : known.claims) all.push_back({&claim, &known});
  });
  std::ranges::sort(all, {}, [](const Held& held) {
    return std::tuple(held.claim->kind, held.claim->token, held.claim->period.from,
                      held.by->person.id);
  });
  for (std::size_t i = 1, longest = 0; i < all.size(); ++i) {
    const Claim& a = *all[longest].claim;
    const Claim& b = *all[i].claim;
    if (a.kind != b.kind || a.token != b.token) {
      longest = i;
      continue;
    }
    if (b.period.from < a.period.to && all[i].by != all[longest].by) {
      std::string first = place_of(places, *all[longest].by);
      std::string second = place_of(places, *all[i].by);
      if (second < first) std::swap(first, second);
      errors.push_back(fmt::format(
          "{}: claims {} that {} has at the same time{}", second, describe(b.kind), first,
          b.kind == IdentityKind::host ? "; leave out computers that people share"
                                       : "; give both rows the days ('start', 'end', 'from')"));
    }
    if (b.period.to > a.period.to) longest = i;
  }
}

void check_declared(const std::vector<Change>& changes, const State& state, const Places& places,
                    std::vector<std::string>& errors) {
  std::unordered_map<std::uint64_t, const Known*> declared;
  for_everybody(changes, state, [&](const Known& known) {
    for (const std::uint64_t token : known.declared) {
      const auto [other, fresh] = declared.try_emplace(token, &known);
      if (!fresh) {
        errors.push_back(
            fmt::format("{}: declares an address that {} declared; an address can be "
                        "one person's own",
                        place_of(places, known), place_of(places, *other->second)));
      }
    }
  });
  for_everybody(changes, state, [&](const Known& known) {
    if (known.person.provisional) return;
    for (const Claim& claim : known.claims) {
      if (claim.kind != IdentityKind::mail_address) continue;
      const auto found = declared.find(claim.token);
      if (found == declared.end()) continue;
      errors.push_back(
          fmt::format("{}: declares an address as private that is a work address of {}",
                      place_of(places, *found->second), place_of(places, known)));
      declared.erase(found);
    }
  });
}

void check_managers(const std::vector<Change>& changes, const State& state, const Places& places,
                    std::vector<std::string>& errors) {
  std::unordered_map<std::uint64_t, const Known*> people;
  for_everybody(changes, state, [&](const Known& known) {
    people.emplace(static_cast<std::uint64_t>(known.person.id), &known);
  });
  const auto manager_of = [&](const Known& known, Day day) -> const Known* {
    for (const Fact& fact : known.person.facts) {
      if (fact.kind != FactKind::manager || !fact.period.contains(day)) continue;
      const auto found = people.find(parse_u64(fact.value).value_or(0));
      return found == people.end() ? nullptr : found->second;
    }
    return nullptr;
  };
  // A circle is closed on the day when its last link begins, so walking from every link on its
  // first day finds every circle there ever is.
  for_everybody(changes, state, [&](const Known& known) {
    for (const Fact& fact : known.person.facts) {
      if (fact.kind != FactKind::manager) continue;
      const Known* above = &known;
      int steps = 0;
      do {
        above = manager_of(*above, fact.period.from);
        ++steps;
      } while (above != nullptr && above != &known && steps < kMaxManagerSteps);
      if (above != &known) continue;
      errors.push_back(
          fmt::format("{}: is their own manager, by way of {} others; correct the "
                      "'manager' column",
                      place_of(places, known), steps - 1));
      return;
    }
  });
}

}  // namespace weir::roster::detail
