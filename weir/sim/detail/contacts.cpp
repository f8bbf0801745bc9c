#include "weir/sim/detail/contacts.h"

#include "weir/sim/detail/purpose.h"

namespace weir::sim {

namespace {

using namespace parameters;

AddressKind kind_for(double u, const Role& role) {
  if (u < role.free_mail) return AddressKind::free_mail;
  if (u < role.free_mail + kPartnerContact) return AddressKind::partner;
  return AddressKind::organisation;
}

/// Departments' subjects must not meet people's numbers, which stay below 64 million.
constexpr std::uint32_t kDepartmentSubject = 0x80000000;

}  // namespace

Address Contacts::business(Random& random, const Person& person, Day day) const {
  const Position& position = person.position(day);
  const Role& role = kRoles[position.role];
  const bool is_new = random.chance(kNewContact);
  const double u = random.uniform();
  const std::uint64_t id = random.bits64();
  if (is_new) {
    const double kind = random.uniform();
    const bool disposable = random.chance(kDisposableContact);
    return {id, disposable ? AddressKind::disposable : kind_for(kind, role)};
  }
  const auto place = static_cast<std::uint32_t>(u * u * person.traits.circle);
  Random of_place = draw(organisation_.seed, place, person.number, Purpose::contact);
  const bool shared = of_place.chance(kSharedContact);
  const std::uint32_t days = kContactDays + of_place.below(kContactDaysSpread);
  const std::uint32_t phase = of_place.below(days);
  const auto age = static_cast<std::uint64_t>((day - organisation_.from).count()) + phase;
  const std::uint64_t generation = 1 + age / days;
  Random of_holder =
      draw(organisation_.seed, (shared ? place % 40 : place) | generation << 32,
           shared ? kDepartmentSubject | position.department : person.number, Purpose::contact);
  const std::uint64_t holder = of_holder.bits64();
  const double kind = of_holder.uniform();
  return {holder, kind_for(kind, role)};
}

Address Contacts::friend_of(Random& random, const Person& person, Day day) const {
  const double u = random.uniform();
  Random of_person = draw(organisation_.seed, 0, person.number, Purpose::friends);
  const std::uint32_t friends = 1 + of_person.below(6);
  const auto place = static_cast<std::uint32_t>(u * u * friends);
  Random of_place = draw(organisation_.seed, 1 + place, person.number, Purpose::friends);
  const std::uint32_t days = 700 + of_place.below(3000);
  const std::uint32_t phase = of_place.below(days);
  const auto age = static_cast<std::uint64_t>((day - organisation_.from).count() + 400) + phase;
  Random of_holder = draw(organisation_.seed, (1 + place) | (1 + age / days) << 32, person.number,
                          Purpose::friends);
  const std::uint64_t holder = of_holder.bits64();
  const bool at_work = of_holder.chance(0.10);
  return {holder, at_work ? AddressKind::organisation : AddressKind::free_mail};
}

Address Contacts::client_of(Random& random, const Person& person) const {
  const bool second = random.chance(0.25);
  Random of_client = draw(organisation_.seed, second ? 101 : 100, person.number, Purpose::friends);
  const std::uint64_t holder = of_client.bits64();
  const bool small = of_client.chance(0.60);
  return {holder, small ? AddressKind::free_mail : AddressKind::organisation};
}

std::uint32_t Contacts::colleague(Random& random, const Person& person, Day day) const {
  const bool near = random.chance(0.7);
  const auto& seats = organisation_.departments[person.position(day).department].seats;
  const std::uint32_t all = organisation_.seats_on(day);
  const std::uint32_t pick = random.bits32();
  if (near && !seats.empty()) {
    return organisation_.incumbent(seats[pick % seats.size()], day);
  }
  return organisation_.incumbent(pick % all, day);
}

}  // namespace weir::sim
