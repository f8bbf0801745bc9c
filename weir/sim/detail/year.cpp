#include "weir/sim/detail/year.h"

#include <algorithm>
#include <thread>

#include "weir/sim/detail/purpose.h"

namespace weir::sim {

namespace {

/// Agenda items have their own disturbances, so that an insider's acts leave the rest of that
/// person's log as it would be.
Random disturbance_of(const Organisation& organisation, const AgendaItem& item) {
  const Purpose purpose = item.insider ? Purpose::insider_disturbance : Purpose::agenda_disturbance;
  return draw(organisation.seed, static_cast<std::uint64_t>(item.time.time_since_epoch().count()),
              organisation.people[item.person].number, purpose);
}

}  // namespace

void Year::prepare_part(int year, std::uint32_t first, std::uint32_t last, Part& part) const {
  for (std::uint32_t person = first; person < last; ++person) {
    append_agenda(organisation_, presence_, person, year, part.agenda);
    disturbances_.append_late_days(person, year, part.late);
  }
}

void Year::prepare(int year, const std::vector<AgendaItem>& planned, int threads) {
  first_ = Day{std::chrono::year{year} / std::chrono::January / 1};
  presence_.prepare(year);
  const auto people = static_cast<std::uint32_t>(organisation_.people.size());
  const auto workers = static_cast<std::uint32_t>(threads);
  const std::uint32_t share = (people + workers - 1) / workers;
  std::vector<Part> parts(workers);
  {
    std::vector<std::jthread> running;
    for (std::uint32_t t = 0; t < workers; ++t) {
      running.emplace_back([&, t] {
        const std::uint32_t first = std::min(t * share, people);
        const std::uint32_t last = std::min(first + share, people);
        presence_.fill(first, last);
        prepare_part(year, first, last, parts[t]);
      });
    }
  }

  constexpr std::size_t kDays = 366;
  agenda_.assign(kDays, {});
  late_.assign(kDays, {});
  late_arrivals_.assign(kDays, {});
  const auto slot = [&](Day day) { return static_cast<std::size_t>((day - first_).count()); };
  const auto enter = [&](const AgendaItem& item) {
    const Day day = window_of(item.time);
    if (day >= first_ && slot(day) < kDays) agenda_[slot(day)].push_back(item);
  };
  for (const Part& part : parts) {
    std::ranges::for_each(part.agenda, enter);
    for (const LateDay& late : part.late) {
      late_[slot(late.day)].push_back(late);
      late_arrivals_[slot(late.arrival)].push_back(late);
    }
  }
  std::ranges::for_each(planned, enter);
}

void Year::add_agenda(Day day, EventBuffer& buffer) const {
  const Instant latest = window_start(day) + std::chrono::hours{24} - std::chrono::milliseconds{1};
  for (const AgendaItem& item : agenda_[static_cast<std::size_t>((day - first_).count())]) {
    const Person& person = organisation_.people[item.person];
    if (!person.employed(day) || item.time >= person.end) continue;
    Random random = disturbance_of(organisation_, item);
    add_event(item, organisation_, buffer);
    disturbances_.apply(buffer, random, latest);
  }
}

void Year::fill(Day day, EventBuffer& buffer) const {
  const auto slot = static_cast<std::size_t>((day - first_).count());
  const Routine::Day today = routine_.prepare(day);
  auto late = late_[slot].begin();
  const auto people = static_cast<std::uint32_t>(organisation_.people.size());
  for (std::uint32_t person = 0; person < people; ++person) {
    if (!presence_.works(person, day)) continue;
    while (late != late_[slot].end() && late->person < person) ++late;
    const bool is_late = late != late_[slot].end() && late->person == person;
    routine_.add(person, today, is_late ? Routine::Part::without_endpoint : Routine::Part::all,
                 buffer);
  }
  for (const LateDay& delivery : late_arrivals_[slot]) {
    if (!presence_.works(delivery.person, delivery.day)) continue;
    const std::size_t before = buffer.size();
    routine_.add(delivery.person, routine_.prepare(delivery.day), Routine::Part::only_endpoint,
                 buffer);
    // They come in the order they were written, soon after the machine is back.
    auto arrival = window_start(day) + std::chrono::hours{5};
    for (Event& event : buffer.events().subspan(before)) {
      event.arrival = arrival;
      arrival += std::chrono::milliseconds{5};
    }
  }
  add_agenda(day, buffer);
}

}  // namespace weir::sim
