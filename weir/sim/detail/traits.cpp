#include "weir/sim/detail/traits.h"

#include <algorithm>
#include <cmath>

#include "weir/sim/detail/purpose.h"

namespace weir::sim {

namespace {

using namespace parameters;

void draw_private_life(Random& random, Person& person) {
  Traits& t = person.traits;
  const double kind = random.uniform();
  const double own_rate = random.gamma(kPrivateShape, kPrivatePerYear);
  const double high_rate = random.gamma(2.0, 1.0);
  if (kind < kNeverPrivate) {
    t.archetype = Archetype::never_private;
  } else if (kind < kNeverPrivate + kSelfMailers) {
    t.archetype = Archetype::self_mailer;
    t.private_per_year = high_rate * kSelfMailsPerYear;
  } else if (kind < kNeverPrivate + kSelfMailers + kFreelancers) {
    t.archetype = Archetype::freelancer;
    t.private_per_year = high_rate * kFreelanceSendsPerYear;
  } else {
    t.private_per_year = own_rate;
  }
  person.private_mailbox = {random.bits64(), AddressKind::free_mail};
  person.declared = random.chance(kDeclaresMailbox);
}

void draw_week(Random& random, Person& person, Shift shift) {
  Traits& t = person.traits;
  const double weekend = random.uniform();
  const double rarely = random.uniform();
  if (weekend < kOftenAtWeekends) {
    t.weekend_rate = 0.25 + 0.5 * rarely;
  } else if (weekend < kEverAtWeekends) {
    t.weekend_rate = 0.01 + 0.10 * rarely;
  }
  const bool part_time = random.chance(kPartTime);
  const std::uint32_t day_off = random.below(5);
  const std::uint32_t second_day_off = random.below(5);
  if (part_time) {
    t.workdays = static_cast<std::uint8_t>(t.workdays & ~(1u << day_off) & ~(1u << second_day_off));
  }
  if (shift == Shift::guard) {
    // Five days of seven, the free ones anywhere.
    const std::uint32_t first_free = random.below(7);
    t.workdays =
        static_cast<std::uint8_t>(0x7f & ~(1u << first_free) & ~(1u << (first_free + 1) % 7));
    t.weekend_rate = 0;
  }
  const double start = random.normal();
  const double spread = random.lognormal(kOwnStartLogMinutes, kOwnStartSigma);
  const double length = random.normal();
  t.start_minute = std::clamp(kStartMinute + kStartSpreadMinutes * start, 375.0, 660.0);
  t.start_spread = std::min(spread, 60.0);
  t.day_minutes = std::clamp(kDayMinutes + kDayMinutesSpread * length, 420.0, 620.0);
}

void draw_hunts(const Organisation& o, Person& person) {
  Random random = draw(o.seed, 0, person.number, Purpose::job_hunt);
  const Day first = std::max(person.start, o.from);
  const Day last = std::min(person.end, o.to);
  const bool before_leaving = random.chance(kHuntBeforeLeaving);
  const std::uint32_t lead = random.below(40);
  Day quiet_from = last;
  if (person.end != kNever && before_leaving) {
    const Day to = person.end - std::chrono::days{20 + lead};
    const Day from = to - std::chrono::days{kHuntDays};
    quiet_from = from;
    if (to > first) person.hunts.push_back({std::max(from, first), to});
  }
  Day at = first;
  for (int i = 0; i < 20; ++i) {
    const double wait = random.exponential(kHuntWithoutLeaving / 365.25);
    at += std::chrono::days{static_cast<int>(std::min(wait, 40'000.0)) + 1};
    const Day to = at + std::chrono::days{kHuntDays};
    if (to >= quiet_from) break;
    person.hunts.push_back({at, to});
    at = to;
  }
  std::ranges::sort(person.hunts, {}, &Person::Hunt::from);
}

void draw_skew(const Organisation& o, Random& random, Traits& t) {
  const bool skewed = random.chance(kSkewedHosts);
  const double at = random.uniform();
  const std::uint32_t days = 20 + random.below(70);
  const std::uint32_t seconds = 120 + random.below(kSkewMinutes * 60 - 120);
  const bool slow = random.chance(0.7);
  if (!skewed) return;
  const auto span = static_cast<double>((o.to - o.from).count());
  const Day from = o.from + std::chrono::days{static_cast<int>(at * span)};
  t.skewed_from = from;
  t.skewed_to = from + std::chrono::days{days};
  t.skew = std::chrono::seconds{seconds} * (slow ? -1 : 1);
}

}  // namespace

void draw_traits(const Organisation& o, Person& person) {
  Random random = draw(o.seed, 0, person.number, Purpose::traits);
  const Shift shift = kRoles[o.seats[person.seat].role].shift;
  Traits& t = person.traits;
  draw_private_life(random, person);
  draw_week(random, person, shift);
  t.mail_factor = random.lognormal(-0.5 * kOwnRateSigma * kOwnRateSigma, kOwnRateSigma);
  t.dispersion = kDispersionLow + (kDispersionHigh - kDispersionLow) * random.uniform();
  const double circle = random.lognormal(kCircleLog, kCircleSigma);
  t.circle = static_cast<std::uint32_t>(std::clamp(circle, 6.0, 600.0));
  const bool uses_media = random.chance(kDeviceUsers);
  const double connects = random.lognormal(kConnectsLog, kConnectsSigma);
  if (uses_media) t.connects = std::min(connects, 12.0);
  t.on_call = random.chance(kOnCall);
  t.traveller = random.chance(kTravellers) && shift == Shift::office;
  t.second_host = random.chance(kSecondHost);
  const bool on_project = random.chance(kOnForeignProject);
  const std::uint32_t project = random.below(static_cast<std::uint32_t>(o.departments.size()));
  if (on_project) t.project = project;
  draw_skew(o, random, t);
  draw_hunts(o, person);
}

}  // namespace weir::sim
