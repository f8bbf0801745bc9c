#include "weir/ingest/detail/known_people.h"

#include <utility>

namespace weir::ingest {

KnownPeople::KnownPeople(roster::People people, Scope scope, Zone zone)
    : people_(std::move(people)), scope_(std::move(scope)), default_zone_(std::move(zone)) {}

const KnownPerson& KnownPeople::on(event::PersonId person, Day day) {
  KnownPerson& known = known_[std::to_underlying(person) & (known_.size() - 1)];
  if (known.person == person && known.day == day) return known;
  known = {.person = person,
           .day = day,
           .classes = scope_.classes_of_strangers(),
           .zone = &default_zone_};
  const roster::Person* found = person == event::kNobody ? nullptr : people_.find(person);
  if (found == nullptr) return known;
  const roster::Facts facts = people_.on(person, day);
  known.classes = scope_.classes_of(found, facts);
  known.zone = zone_of(facts.timezone);
  return known;
}

Zone* KnownPeople::zone_of(std::string_view name) {
  if (name.empty()) return &default_zone_;
  const auto [zone, is_new] = zones_.try_emplace(std::string(name));
  if (is_new) {
    if (Result<Zone> opened = Zone::find(zone->first)) {
      zone->second = std::make_unique<Zone>(std::move(*opened));
    }
  }
  return zone->second ? zone->second.get() : &default_zone_;
}

}  // namespace weir::ingest
