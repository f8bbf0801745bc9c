#include <algorithm>
#include <utility>

#include "weir/sim/detail/scenarios.h"

namespace weir::sim {

using namespace parameters;
using event::Activity;
using std::chrono::days;
using std::chrono::milliseconds;

Day first_burst_day(const Organisation& o, const Person& person) {
  return std::max({o.from, person.start, o.from + (o.to - o.from) / 5});
}

Day burst_start(Plan& plan, double length) {
  const Day first = first_burst_day(plan.organisation(), plan.person());
  const auto span =
      static_cast<double>((plan.last_day() - first).count()) - length - kBurstLeavesWithinDays - 1;
  const double at = plan.random.uniform();
  return first + days{static_cast<int>(at * std::max(span, 0.0))};
}

Insider plan_burst(Stage& stage, std::uint32_t index) {
  Plan plan(stage, index, "burst before leaving");
  Random& random = plan.random;
  Insider& insider = plan.insider;
  insider.from = burst_start(plan, kBurstDays);
  insider.to = insider.from + days{kBurstDays};
  plan.leave_after(insider.to);

  const double many = random.lognormal(plan[Knob::burst_files_log], kBurstFilesSigma);
  const bool by_upload = random.chance(plan[Knob::burst_by_upload]);
  const auto count = static_cast<std::uint32_t>(std::clamp(many, 10.0, 500.0));
  std::vector<Day> present = plan.calendar.work_days_in(insider.from, insider.to);
  // Who has no working day in these ten comes in for it.
  if (present.empty()) present.push_back(insider.from + days{3});
  const auto sittings =
      std::min<std::uint32_t>(1 + random.below(5), static_cast<std::uint32_t>(present.size()));
  for (std::uint32_t s = 0; s < sittings; ++s) {
    const Day day = present[s * present.size() / sittings];
    const WorkShift shift = shift_on(stage.organisation, plan.person(), day);
    Instant time = shift.start + (shift.end - shift.start) * (30 + random.below(45)) / 100;
    if (!by_upload) plan.act("connect", plan.connect(time));
    for (std::uint32_t i = s; i < count; i += sittings) {
      const bool sensitive = random.chance(plan[Knob::burst_sensitive]);
      const bool foreign = random.chance(plan[Knob::burst_foreign]);
      const Document document = plan.document(day, sensitive, foreign);
      const std::uint32_t pause = 4'000 + random.below(60'000);
      time += milliseconds{pause};
      AgendaItem access = plan.item(Activity::file_open, time);
      access.has_document = true;
      access.document = document;
      plan.thinned_act("access", access, stage.organisation.kept.opens);
      const Instant taken = time + milliseconds{2'500};
      if (by_upload) {
        plan.act("upload", plan.upload(taken, document));
      } else {
        plan.act("copy", plan.copy(taken, document));
      }
    }
  }
  return std::move(plan.insider);
}

}  // namespace weir::sim
