#include "weir/sim/detail/organisation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <unordered_set>

#include "weir/sim/detail/purpose.h"
#include "weir/sim/detail/traits.h"

namespace weir::sim {

namespace {

using namespace parameters;

constexpr std::uint32_t kPresident = 0;
constexpr std::uint32_t kDirector = 2;
constexpr std::uint32_t kManager = 3;

constexpr std::string_view kSites[kZones][2] = {{"Lerova", "Tamire"}, {"Kesalo", "Kesalo"}};
constexpr std::string_view kEntities[kZones] = {"Aldermoor Works", "Aldermoor Overseas"};
constexpr std::string_view kMergedSite = "Dorime";
constexpr std::string_view kMergedEntity = "Brackwater";
constexpr std::string_view kGroupNames[kFamilies][kGroupsPerDepartment] = {
    {"projects", "designs"}, {"offers", "customers"},  {"processes", "quality"},
    {"personnel", "boards"}, {"contracts", "tenders"}, {"ledgers", "forecasts"}};

std::uint32_t draw_role(std::uint64_t seed, std::uint32_t seat) {
  Random random = draw(seed, 0, seat, Purpose::seat_role);
  std::uint32_t total = 0;
  for (const Role& role : kRoles) total += role.per_mille;
  std::uint32_t left = random.below(total);
  for (std::uint32_t i = 0; i < kRoles.size(); ++i) {
    if (left < kRoles[i].per_mille) return i;
    left -= kRoles[i].per_mille;
  }
  return kRoles.size() - 1;
}

/// Where people sit who were there from the beginning, and those whom a merger brings.
struct Side {
  std::uint32_t first_seat = 0;
  std::uint32_t first_department = 0;
  Day opens;  // the day from which its seats are taken
  bool is_merged = false;
};

void make_departments(Organisation& o, const Side& side) {
  std::vector<std::vector<std::uint32_t>> members(kFamilies);
  for (std::uint32_t s = side.first_seat; s < o.seats.size(); ++s) {
    members[static_cast<std::size_t>(kRoles[o.seats[s].role].family)].push_back(s);
  }
  for (std::uint32_t f = 0; f < kFamilies; ++f) {
    if (members[f].empty()) continue;
    const auto count = static_cast<std::uint32_t>(members[f].size()) / kSeatsPerDepartment + 1;
    const auto first = static_cast<std::uint32_t>(o.departments.size());
    for (std::uint32_t i = 0; i < count; ++i) {
      Random random = draw(o.seed, 0, first + i, Purpose::department);
      Department department;
      department.name = fmt::format("{}-{}{}", kFamilyNames[f], side.is_merged ? "b" : "", i + 1);
      department.family = static_cast<Family>(f);
      department.zone = random.chance(kDepartmentsOverseas) ? Zone::america : Zone::europe;
      const auto zone = static_cast<std::size_t>(department.zone);
      department.site = kSites[zone][random.below(2)];
      department.entity = kEntities[zone];
      if (side.is_merged) {
        department.site = kMergedSite;
        department.entity = kMergedEntity;
      }
      o.departments.push_back(std::move(department));
    }
    for (std::size_t i = 0; i < members[f].size(); ++i) {
      const auto d = first + static_cast<std::uint32_t>(i % count);
      o.seats[members[f][i]].department = d;
      o.departments[d].seats.push_back(members[f][i]);
    }
  }
}

/// Member → team → department → family → president.
void make_hierarchy(Organisation& o, const Side& side) {
  std::uint32_t president = kNone;
  std::vector<std::uint32_t> heads(kFamilies, kNone);
  for (const Department& department : std::span(o.departments).subspan(side.first_department)) {
    if (department.seats.empty()) continue;
    const auto family = static_cast<std::size_t>(department.family);
    const std::uint32_t head = department.seats[0];
    if (heads[family] == kNone) heads[family] = head;
    for (std::size_t i = 0; i < department.seats.size(); ++i) {
      const std::size_t team_head = i / kSeatsPerTeam * kSeatsPerTeam;
      Seat& seat = o.seats[department.seats[i]];
      seat.manager = i == 0           ? (head == heads[family] ? kNone : heads[family])
                     : i == team_head ? head
                                      : department.seats[team_head];
      // A team of one is no team, except that somebody must head the department.
      if (i == team_head && (i == 0 || i + 1 < department.seats.size())) {
        seat.role = head == heads[family] && i == 0 ? kDirector : kManager;
      }
    }
  }
  president = heads[static_cast<std::size_t>(Family::administration)];
  for (const std::uint32_t head : heads) {
    if (head == kNone) continue;
    if (president == kNone) president = head;
    if (head != president) o.seats[head].manager = president;
  }
  if (side.is_merged) {
    // Their head answers to the head of the whole.
    for (std::uint32_t s = 0; s < side.first_seat; ++s) {
      if (o.seats[s].manager == kNone) o.seats[president].manager = s;
    }
    return;
  }
  if (o.seats.size() >= 20) o.seats[president].role = kPresident;
}

Day days_later(Day day, double days) {
  return day + std::chrono::days{static_cast<int>(std::min(days, 40'000.0))};
}

void add_moves(Organisation& o, Person& person) {
  Random random = draw(o.seed, 0, person.number, Purpose::moves);
  Day at = std::max(person.start, o.from);
  for (int i = 0; i < 16; ++i) {
    const double wait = random.exponential(kMovesPerYear / 365.25);
    const bool changes_department = random.chance(kMoveChangesDepartment);
    const std::uint32_t any_department =
        random.below(static_cast<std::uint32_t>(o.departments.size()));
    const std::uint32_t first_role = random.below(kRoles.size());
    at = days_later(at, wait);
    // Moves take effect on the first of a month.
    at = first_day(month_of(at) + std::chrono::months{1});
    if (at >= o.to || at >= person.end) return;
    Position next = person.positions.back();
    next.from = at;
    if (changes_department) next.department = any_department;
    for (std::uint32_t k = 0; k < kRoles.size(); ++k) {
      const auto r = (first_role + k) % static_cast<std::uint32_t>(kRoles.size());
      if (kRoles[r].per_mille > 0 && kRoles[r].family == o.departments[next.department].family) {
        next.role = r;
        break;
      }
    }
    person.positions.push_back(next);
  }
}

void fill_seat(Organisation& o, std::uint32_t s, const Side& side) {
  Seat& seat = o.seats[s];
  seat.first_person = static_cast<std::uint32_t>(o.people.size());
  constexpr double kLeaversPerDay = kLeaversPerMonth * 12.0 / 365.25;
  Day free_from = side.opens;
  for (std::uint32_t n = 0; n < kMostIncumbents && free_from < o.to; ++n) {
    Person person;
    person.number = s * kMostIncumbents + n;
    person.seat = s;
    Random random = draw(o.seed, 0, person.number, Purpose::tenure);
    const double worked_before = random.exponential(kLeaversPerDay);
    const double stays = random.exponential(kLeaversPerDay);
    const double vacancy = random.lognormal(kVacancyLogDays, kVacancySigma);
    const Day first = free_from;
    person.start =
        n == 0 && !side.is_merged
            ? first - std::chrono::days{static_cast<int>(std::min(worked_before, 12'000.0)) + 1}
            : first;
    person.end = days_later(first, stays + 14.0);
    free_from = days_later(person.end, vacancy + 1.0);
    if (person.end >= o.to) person.end = kNever;
    person.positions.push_back({person.start, seat.department, seat.role});
    o.people.push_back(std::move(person));
    ++seat.people;
  }
}

void name_person(Organisation& o, Person& person, std::unordered_set<std::string>& taken,
                 std::string_view domain) {
  Random random = draw(o.seed, 0, person.number, Purpose::names);
  const std::uint32_t n = person.number % kMostIncumbents;
  const std::string first = proper_name(random, 2);
  const std::string last = proper_name(random, 3);
  const std::string former = proper_name(random, 3);
  const auto lower = [](std::string text) {
    std::ranges::transform(text, text.begin(),
                           [](char c) { return c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
  };
  person.key = fmt::format("e{:05}-{}", person.seat, n + 1);
  person.name = first + " " + last;
  // The numbers of seats are unique, names are not.
  person.user_id =
      fmt::format("{}{}{:05}{}", lower(first)[0], lower(last).substr(0, 3), person.seat, n + 1);
  const auto unused = [&](const std::string& local) {
    std::string address = fmt::format("{}@{}", local, domain);
    for (int k = 2; !taken.insert(address).second; ++k) {
      address = fmt::format("{}{}@{}", local, k, domain);
    }
    return address;
  };
  person.address = unused(lower(first) + "." + lower(last));
  person.host = fmt::format("ws-{:05}-{}", person.seat, n + 1);
  person.second_host = fmt::format("lab-{:05}-{}", person.seat, n + 1);

  const Day earliest = std::max(person.start, o.from);
  const Day latest = std::min(person.end, o.to);
  const double wait = random.exponential(kRenamesPerYear / 365.25);
  const Day renamed = days_later(earliest, wait + 1.0);
  if (renamed >= latest) return;
  person.renamed = renamed;
  person.old_address = unused(lower(first) + "." + lower(former));
  person.old_user_id =
      fmt::format("{}{}{:05}{}x", lower(first)[0], lower(former).substr(0, 3), person.seat, n + 1);
}

void settle(Organisation& o, const Side& side) {
  for (std::uint32_t s = side.first_seat; s < o.seats.size(); ++s) {
    o.seats[s].role = draw_role(o.seed, s);
  }
  make_departments(o, side);
  make_hierarchy(o, side);
  const std::size_t first_person = o.people.size();
  for (std::uint32_t s = side.first_seat; s < o.seats.size(); ++s) fill_seat(o, s, side);
  std::unordered_set<std::string> taken;
  for (Person& person : std::span(o.people).subspan(first_person)) {
    person.leads = kRoles[o.seats[person.seat].role].per_mille == 0;
    name_person(o, person, taken, side.is_merged ? kMergedDomain : kOwnDomain);
    if (!person.leads) add_moves(o, person);
    draw_traits(o, person);
  }
}

}  // namespace

const Position& Person::position(Day day) const {
  const Position* found = &positions.front();
  for (const Position& p : positions) {
    if (p.from <= day) found = &p;
  }
  return *found;
}

std::uint32_t Organisation::incumbent(std::uint32_t seat, Day day) const {
  const Seat& s = seats[seat];
  for (std::uint32_t i = s.first_person; i < s.first_person + s.people; ++i) {
    if (people[i].employed(day)) return i;
  }
  return kNone;
}

std::uint32_t Organisation::manager(const Person& person, Day day) const {
  const std::uint32_t department = person.position(day).department;
  std::uint32_t seat = seats[person.seat].manager;
  if (department != seats[person.seat].department && !departments[department].seats.empty()) {
    seat = departments[department].seats.front();
  }
  // Whose chief's seat is empty answers to the next above.
  while (seat != kNone) {
    const std::uint32_t found = incumbent(seat, day);
    if (found != kNone && &people[found] != &person) return found;
    seat = seats[seat].manager;
  }
  return kNone;
}

std::string group_name(const Organisation& organisation, std::uint32_t group) {
  const Department& department = organisation.departments[group / kGroupsPerDepartment];
  return department.name + "/" +
         std::string(kGroupNames[static_cast<std::size_t>(department.family)]
                                [group % kGroupsPerDepartment]);
}

void merge_in(Organisation& o, Day day, std::uint32_t people) {
  const Side side{.first_seat = static_cast<std::uint32_t>(o.seats.size()),
                  .first_department = static_cast<std::uint32_t>(o.departments.size()),
                  .opens = day,
                  .is_merged = true};
  o.seats.resize(o.seats.size() + people);
  settle(o, side);
}

Organisation make_organisation(std::uint32_t people, Day from, Day to, std::uint64_t seed) {
  Organisation o;
  o.from = from;
  o.to = to;
  o.seed = seed;
  o.seats.resize(people);
  settle(o, {.first_seat = 0, .first_department = 0, .opens = from});
  o.first_seats = static_cast<std::uint32_t>(o.seats.size());
  o.first_departments = static_cast<std::uint32_t>(o.departments.size());
  return o;
}

}  // namespace weir::sim
