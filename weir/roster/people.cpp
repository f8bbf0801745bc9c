#include "weir/roster/people.h"

#include <algorithm>
#include <tuple>

#include "weir/base/text.h"

namespace weir::roster {

People::People(std::vector<Person> people,
               std::unordered_map<std::uint64_t, event::PersonId> declared,
               const std::unordered_map<std::uint64_t, event::PersonId>& aliases)
    : people_(std::move(people)), declared_(std::move(declared)) {
  std::ranges::sort(people_, {}, &Person::id);
  for (std::size_t i = 0; i < people_.size(); ++i) {
    std::ranges::sort(people_[i].facts, {}, [](const Fact& fact) {
      return std::tuple(fact.kind, fact.period.from, std::string_view(fact.value));
    });
    index_.emplace(static_cast<std::uint64_t>(people_[i].id), i);
  }
  for (const auto& [old, survivor] : aliases) {
    if (const auto found = index_.find(static_cast<std::uint64_t>(survivor));
        found != index_.end()) {
      index_.emplace(old, found->second);
    }
  }
}

const Person* People::find(event::PersonId person) const {
  const auto found = index_.find(static_cast<std::uint64_t>(person));
  return found == index_.end() ? nullptr : &people_[found->second];
}

event::PersonId People::survivor(event::PersonId person) const {
  const Person* const known = find(person);
  return known == nullptr ? person : known->id;
}

Facts People::on(event::PersonId person, Day day) const {
  Facts facts;
  const Person* const known = find(person);
  if (known == nullptr) return facts;
  facts.employed = known->employment.contains(day);
  for (const Fact& fact : known->facts) {
    if (!fact.period.contains(day)) continue;
    switch (fact.kind) {
      case FactKind::entity:
        facts.entity = fact.value;
        break;
      case FactKind::unit:
        facts.unit = fact.value;
        break;
      case FactKind::role:
        facts.role = fact.value;
        break;
      case FactKind::site:
        facts.site = fact.value;
        break;
      case FactKind::timezone:
        facts.timezone = fact.value;
        break;
      case FactKind::manager:
        facts.manager = event::PersonId{parse_u64(fact.value).value_or(0)};
        break;
      case FactKind::access:
        break;
    }
  }
  return facts;
}

event::PersonId People::declared_by(event::AddressToken address) const {
  const auto found = declared_.find(static_cast<std::uint64_t>(address));
  return found == declared_.end() ? event::kNobody : found->second;
}

std::vector<event::AddressToken> People::declared() const {
  std::vector<event::AddressToken> addresses;
  for (const auto& [address, person] : declared_) {
    addresses.push_back(event::AddressToken{address});
  }
  std::ranges::sort(addresses);
  return addresses;
}

std::vector<std::pair<event::PersonId, event::PersonId>> People::aliases() const {
  std::vector<std::pair<event::PersonId, event::PersonId>> pairs;
  for (const auto& [id, place] : index_) {
    const event::PersonId survivor = people_[place].id;
    if (event::PersonId{id} != survivor) pairs.emplace_back(event::PersonId{id}, survivor);
  }
  std::ranges::sort(pairs);
  return pairs;
}

}  // namespace weir::roster
