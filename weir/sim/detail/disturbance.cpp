#include "weir/sim/detail/disturbance.h"

#include <algorithm>
#include <utility>

#include "weir/sim/detail/purpose.h"

namespace weir::sim {

namespace {

using namespace parameters;
using std::chrono::days;
using std::chrono::milliseconds;

Day first_of(int year) { return Day{std::chrono::year{year} / std::chrono::January / 1}; }

}  // namespace

Disturbances::Disturbances(const Organisation& organisation) : organisation_(organisation) {
  const int first = static_cast<int>(std::chrono::year_month_day{organisation.from}.year());
  const int last = static_cast<int>(std::chrono::year_month_day{organisation.to}.year());
  for (std::uint32_t source = 0; source < kSources; ++source) {
    for (int year = first; year <= last; ++year) {
      Random random =
          draw(organisation.seed, static_cast<std::uint64_t>(year), source, Purpose::outage);
      const std::uint32_t outages = random.poisson(kOutagesPerYear);
      for (std::uint32_t i = 0; i < outages; ++i) {
        const std::uint32_t minute = random.below(365 * 24 * 60);
        const double length = random.exponential(1.0 / kOutageDays);
        const Instant from = first_of(year) + std::chrono::minutes{minute};
        outages_[source].push_back({from, from + milliseconds{static_cast<std::int64_t>(
                                                     std::min(length, 10.0) * 86'400'000.0)}});
      }
    }
  }
  if (organisation.silent_source >= 0) {
    outages_[static_cast<std::size_t>(organisation.silent_source)].push_back(
        {organisation.shock_from, organisation.shock_to});
  }
}

bool Disturbances::is_lost(Source source, Instant when) const {
  return std::ranges::any_of(outages_[static_cast<std::size_t>(source)], [&](const Outage& outage) {
    return outage.from <= when && when < outage.to;
  });
}

Instant Disturbances::written(const Person& person, Source source, Instant when) const {
  if (source != Source::endpoint) return when;
  const Traits& traits = person.traits;
  return traits.skewed_from <= when && when < traits.skewed_to ? when + traits.skew : when;
}

void Disturbances::apply(EventBuffer& buffer, Random& random, Instant latest) const {
  const double twice = random.uniform();
  const Event& said = buffer.newest();
  const Source source = source_of(said.activity);
  if (is_lost(source, said.time)) {
    buffer.drop_newest();
    return;
  }
  const Instant happened = said.time;
  buffer.newest().time = written(organisation_.people[said.person], source, happened);
  if (twice < kDeliveredTwice) {
    const std::uint32_t later = random.below(3'600'000);
    Event& again = buffer.add_again();
    again.arrival = std::min(again.arrival + milliseconds{later}, latest);
  } else if (twice < kDeliveredTwice + kSecondSource && source == Source::mail) {
    // The archive stamps a mail when it gets it, a moment after the gateway.
    const std::uint32_t later = 400 + random.below(4'000);
    if (happened + milliseconds{later} > latest) return;
    Event& again = buffer.add_again();
    again.time += milliseconds{later};
    again.arrival += milliseconds{later};
    again.host = 2;
  }
}

void Disturbances::append_late_days(std::uint32_t person, int year,
                                    std::vector<LateDay>& out) const {
  const Person& who = organisation_.people[person];
  Random random =
      draw(organisation_.seed, static_cast<std::uint64_t>(year), who.number, Purpose::late);
  const std::uint32_t count =
      random.poisson(who.traits.traveller ? kLateDaysTraveller : kLateDaysPerYear);
  const auto first = static_cast<std::ptrdiff_t>(out.size());
  for (std::uint32_t i = 0; i < count; ++i) {
    const Day day = first_of(year) + days{random.below(365)};
    const Day arrival = day + days{1 + random.below(kLateDaysMost)};
    if (arrival < first_of(year + 1) && arrival < organisation_.to)
      out.push_back({day, arrival, person});
  }
  std::ranges::sort(out.begin() + first, out.end(), {},
                    [](const LateDay& late) { return std::pair(late.day, late.arrival); });
  const auto same_day = [](const LateDay& a, const LateDay& b) { return a.day == b.day; };
  out.erase(std::unique(out.begin() + first, out.end(), same_day), out.end());
}

}  // namespace weir::sim
