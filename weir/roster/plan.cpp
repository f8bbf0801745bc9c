#include "weir/roster/detail/plan.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "weir/base/entropy.h"
#include "weir/roster/detail/checks.h"
#include "weir/roster/detail/pseudonym.h"
#include "weir/roster/detail/timeline.h"

namespace weir::roster::detail {
namespace {

constexpr std::size_t kErrorsShown = 20;

/// One person of the file on the way to a Change.
struct Group {
  std::uint64_t key_token = 0;
  std::vector<const Row*> rows;
  Timeline timeline;
  const Known* base = nullptr;  // as a roster knows them
  std::vector<const Known*> provisional;
  event::PersonId id{};
};

std::unexpected<Error> refuse(const std::string& name, std::vector<std::string> errors) {
  std::string text = fmt::format("{}: refused, nothing was imported:", name);
  const std::size_t shown = std::min(errors.size(), kErrorsShown);
  for (std::size_t i = 0; i < shown; ++i) text += "\n  " + errors[i];
  if (errors.size() > shown) text += fmt::format("\n  … and {} more", errors.size() - shown);
  return std::unexpected(Error{ErrorCode::invalid_argument, std::move(text)});
}

std::vector<Group> group_rows(const RosterFile& file, const vault::Vault& vault) {
  std::vector<Group> groups;
  std::unordered_map<std::uint64_t, std::size_t> index;
  for (const Row& row : file.rows) {
    const std::uint64_t token = vault.user_token(row.person);
    const auto [found, fresh] = index.try_emplace(token, groups.size());
    if (fresh) {
      groups.emplace_back();
      groups.back().key_token = token;
    }
    groups[found->second].rows.push_back(&row);
  }
  return groups;
}

/// Which provisional person a roster's person turns out to be. Where two people of the file had
/// the identity one after the other, the first takes over what was seen under it.
void find_provisional(std::vector<Group>& groups, const State& state, const vault::Vault& vault,
                      std::vector<std::string>& problems) {
  std::unordered_map<std::uint64_t, const Known*> by_token[3];
  for (const auto& [id, known] : state.people) {
    if (!known.person.provisional) continue;
    for (const Claim& claim : known.claims) {
      by_token[static_cast<std::size_t>(claim.kind)][claim.token] = &known;
    }
  }
  if (by_token[0].empty() && by_token[1].empty() && by_token[2].empty()) return;
  struct Taken {
    Group* by;
    Day from;
  };
  std::unordered_map<const Known*, Taken> taken;
  for (Group& group : groups) {
    const Period always;
    for (const Claim& claim : claims_of(group.timeline, nullptr, always, vault)) {
      const auto& known = by_token[static_cast<std::size_t>(claim.kind)];
      const auto found = known.find(claim.token);
      if (found == known.end()) continue;
      const auto [place, fresh] =
          taken.try_emplace(found->second, Taken{&group, claim.period.from});
      if (fresh || place->second.by == &group) continue;
      if (claim.period.from < place->second.from) place->second = {&group, claim.period.from};
      problems.push_back(fmt::format(
          "{}: an identity that was seen before this import had several holders; what was seen "
          "under it stays with the first of them",
          group.rows.front()->where));
    }
  }
  for (const auto& [known, by] : taken) by.by->provisional.push_back(known);
  for (Group& group : groups) {
    std::ranges::sort(group.provisional, {}, &Known::number);
  }
}

void add_managers(std::vector<Fact>& facts, const Group& group,
                  const std::unordered_map<std::uint64_t, event::PersonId>& person_of_key,
                  const vault::Vault& vault, std::vector<std::string>& problems) {
  for (std::size_t i = 0; i < group.timeline.entries.size(); ++i) {
    const Row& row = *group.timeline.entries[i].row;
    if (row.manager.empty()) continue;
    const auto found = person_of_key.find(vault.user_token(row.manager));
    if (found == person_of_key.end()) {
      problems.push_back(
          fmt::format("{}: the manager is nobody's 'person' key; left without a "
                      "manager",
                      row.where));
      continue;
    }
    facts.push_back({FactKind::manager,
                     fmt::format("{}", static_cast<std::uint64_t>(found->second)),
                     group.timeline.period(i)});
  }
}

void add_addresses(Change& change, const Group& group, const vault::Vault& vault) {
  std::vector<std::uint64_t> declared;
  if (group.timeline.keeps_earlier && group.base != nullptr) declared = group.base->declared;
  for (const Row* row : group.rows) {
    for (const std::string& address : row->addresses) {
      change.addresses.emplace_back(vault.address_token(address), address);
    }
    for (const std::string& address : row->declared_addresses) {
      change.addresses.emplace_back(vault.address_token(address), address);
      declared.push_back(static_cast<std::uint64_t>(vault.address_token(address)));
    }
  }
  std::ranges::sort(declared);
  const auto doubled = std::ranges::unique(declared);
  declared.erase(doubled.begin(), doubled.end());
  change.known.declared = std::move(declared);
}

/// Who the group is: someone a roster named before, a provisional person, or somebody new.
Known choose_person(Group& group, State& state, Change& change) {
  Known known;
  if (group.base != nullptr) {
    known.person.id = group.base->person.id;
    known.person.pseudonym = group.base->person.pseudonym;
    known.number = group.base->number;
  } else if (!group.provisional.empty()) {
    const Known& oldest = *group.provisional.front();
    known.person.id = oldest.person.id;
    known.person.pseudonym = oldest.person.pseudonym;
    known.number = oldest.number;
  } else {
    known.person.id = new_person_id(state.people);
    known.person.pseudonym = new_pseudonym(state.pseudonyms, unpredictable64);
    known.number = ++state.last_number;
  }
  for (const Known* other : group.provisional) {
    if (other->person.id != known.person.id) change.absorbed.push_back(other->person.id);
  }
  known.key_token = group.key_token;
  return known;
}

bool differs(const Known& before, const Known& after) {
  return before.person.employment != after.person.employment ||
         before.person.facts != after.person.facts || before.claims != after.claims ||
         before.declared != after.declared || before.identity != after.identity;
}

}  // namespace

std::uint64_t token_of(const vault::Vault& vault, IdentityKind kind, std::string_view canonical) {
  switch (kind) {
    case IdentityKind::user_id:
      return vault.user_token(canonical);
    case IdentityKind::mail_address:
      return static_cast<std::uint64_t>(vault.address_token(canonical));
    case IdentityKind::host:
      return static_cast<std::uint64_t>(vault.host_token(canonical));
  }
  return 0;
}

Result<Plan> make_plan(const RosterFile& file, const std::string& name, State& state,
                       const vault::Vault& vault) {
  std::vector<std::string> errors = file.errors;
  Plan plan{.changes = {}, .problems = file.problems};
  std::vector<Group> groups = group_rows(file, vault);
  for (Group& group : groups) {
    if (const auto known = state.person_of_key.find(group.key_token);
        known != state.person_of_key.end()) {
      group.base = &state.people.at(known->second);
    }
    group.timeline = make_timeline(group.rows, errors, plan.problems);
    settle_snapshot(group.timeline, group.base);
  }
  find_provisional(groups, state, vault, plan.problems);

  std::unordered_map<std::uint64_t, event::PersonId> person_of_key;
  for (const auto& [key, id] : state.person_of_key) person_of_key[key] = event::PersonId{id};
  Places places;
  for (Group& group : groups) {
    Change change;
    change.known = choose_person(group, state, change);
    group.id = change.known.person.id;
    person_of_key[group.key_token] = group.id;
    places[static_cast<std::uint64_t>(group.id)] = group.rows.front()->where;
    plan.changes.push_back(std::move(change));
  }
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const Group& group = groups[i];
    Change& change = plan.changes[i];
    Known& known = change.known;
    known.person.employment = employment_of(group.timeline, group.base);
    if (known.person.employment.from >= known.person.employment.to) {
      errors.push_back(
          fmt::format("{}: 'end' is before 'start'", group.timeline.entries.back().row->where));
    }
    std::vector<Fact> facts = facts_of(group.timeline);
    add_managers(facts, group, person_of_key, vault, plan.problems);
    known.person.facts = with_earlier(std::move(facts), group.timeline, group.base);
    known.claims = claims_of(group.timeline, group.base, known.person.employment, vault);
    add_addresses(change, group, vault);
    change.identity_json = identity_json(group.timeline);
    known.identity = vault.content_hash(change.identity_json);
    change.added = group.base == nullptr;
    change.changed = change.added || !change.absorbed.empty() || differs(*group.base, known);
  }
  check_claims(plan.changes, state, places, errors);
  check_declared(plan.changes, state, places, errors);
  check_managers(plan.changes, state, places, errors);
  if (!errors.empty()) return refuse(name, std::move(errors));
  return plan;
}

}  // namespace weir::roster::detail
