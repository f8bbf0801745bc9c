#include "weir/sim/detail/shock.h"

#include <fmt/format.h>

#include "weir/sim/detail/purpose.h"

namespace weir::sim {

using namespace parameters;
using std::chrono::days;

namespace {

void move_home(Organisation& o) {
  for (Person& person : o.people) {
    Random random = draw(o.seed, 1, person.number, Purpose::shock);
    const bool goes = random.chance(kRemoteShare);
    const double later = kRemoteLaterMinutes + kRemoteLaterSpread * random.normal();
    const Day day = std::max(o.shock_from, person.start);
    if (!goes || kRoles[person.position(day).role].shift != Shift::office) continue;
    person.remote_from = o.shock_from + days{random.below(5)};
    person.remote_later = later;
    person.remote_host =
        fmt::format("nb-{:05}-{}", person.seat, person.number % kMostIncumbents + 1);
  }
}

}  // namespace

void apply_shock(Shock shock, Organisation& o) {
  if (shock == Shock::none) return;
  Random random = draw(o.seed, 0, 0, Purpose::shock);
  const double middle = 0.45 + 0.10 * random.uniform();
  const std::uint32_t length = kOutageShockLeast + random.below(kOutageShockSpread);
  const auto span = static_cast<double>((o.to - o.from).count());
  o.shock_from = o.from + days{static_cast<int>(middle * span)};
  o.shock_to = o.to;
  switch (shock) {
    case Shock::none:
      return;
    case Shock::merger:
      merge_in(o, o.shock_from, 1 + static_cast<std::uint32_t>(kMergerShare * o.first_seats));
      return;
    case Shock::outage:
      o.shock_to = std::min(o.to, o.shock_from + days{length});
      o.silent_source = static_cast<int>(random.below(5));
      return;
    case Shock::remote_work:
      move_home(o);
      return;
    case Shock::mail_migration:
      o.form_after = AddressForm::migrated;
      return;
    case Shock::provider_swap:
      o.form_after = AddressForm::other_provider;
      return;
  }
}

}  // namespace weir::sim
