// CERT's scenarios of people who take something and go: 1, 2 and 5.
#include <algorithm>
#include <utility>

#include "weir/sim/detail/scenarios.h"

namespace weir::sim {

namespace {

using namespace parameters;
using event::Activity;
using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::minutes;

/// `count` of the days, spread over them; all if there are fewer.
std::vector<Day> some_of(const std::vector<Day>& from, std::size_t count) {
  if (from.size() <= count) return from;
  std::vector<Day> chosen;
  for (std::size_t i = 0; i < count; ++i) chosen.push_back(from[i * from.size() / count]);
  return chosen;
}

/// The machine is started, something is plugged in, and files go onto it or to a site.
struct Sitting {
  Plan& plan;
  Day day;
  Instant time;

  void next(std::uint32_t least, std::uint32_t spread) {
    time += milliseconds{1'000 * (least + plan.random.below(spread))};
  }
  Document document(double sensitive, double foreign) const {
    const bool is_sensitive = plan.random.chance(sensitive);
    const bool is_foreign = plan.random.chance(foreign);
    return plan.document(day, is_sensitive, is_foreign);
  }
};

}  // namespace

Insider plan_cert_1(Stage& stage, std::uint32_t index) {
  Plan plan(stage, index, "cert-1");
  Random& random = plan.random;
  const double length = plan[Knob::cert_1_days];
  plan.insider.from = burst_start(plan, length);
  plan.insider.to = plan.insider.from + days{static_cast<int>(length)};
  plan.leave_after(plan.insider.to);
  const auto active = static_cast<std::uint32_t>(plan[Knob::cert_1_active_days] + 0.5);
  const std::uint32_t copies = plan.count(Knob::cert_1_copies);
  const std::uint64_t site = kCloudSites + 20 + random.below(2);
  for (std::uint32_t i = 0; i < active; ++i) {
    // First and last day are apart by the whole length, whatever the day of the week.
    const auto into = static_cast<int>((length - 1.0) * i / std::max(active - 1, 1u));
    const Day day = plan.insider.from + days{into};
    const bool after_hours = random.chance(plan[Knob::after_hours]);
    const std::uint32_t sittings = i == 0 ? 2 : 1;
    for (std::uint32_t s = 0; s < sittings; ++s) {
      Sitting at{plan, day, after_hours ? plan.evening(day) : plan.in_shift(day)};
      // Thinned worlds log the first logon and what is outside of hours.
      const bool written = after_hours || stage.organisation.kept.everything;
      plan.insider.acts.push_back({"logon", plan.item(Activity::logon, at.time), {}, written});
      at.next(60, 400);
      plan.act("connect", plan.connect(at.time));
      for (std::uint32_t c = i; c < copies && s == 0; c += active) {
        at.next(20, 90);
        plan.act("copy", plan.copy(at.time, at.document(plan[Knob::burst_sensitive], 0.3)));
      }
      if (i == 0 && s + 1 < sittings) continue;
      at.next(60, 300);
      if (i > 0) {
        AgendaItem upload = plan.upload(at.time, at.document(plan[Knob::burst_sensitive], 0.3));
        upload.party.id = site;
        plan.act("upload", upload);
      }
      at.next(60, 600);
      plan.insider.acts.push_back({"logoff", plan.item(Activity::logoff, at.time), {}, written});
    }
  }
  return std::move(plan.insider);
}

Insider plan_cert_2(Stage& stage, std::uint32_t index) {
  Plan plan(stage, index, "cert-2");
  Random& random = plan.random;
  const double length = plan[Knob::cert_2_days];
  plan.insider.from = burst_start(plan, length);
  plan.insider.to = plan.insider.from + days{static_cast<int>(length)};
  plan.leave_after(plan.insider.to);
  const std::vector<Day> present = plan.calendar.work_days_in(plan.insider.from, plan.insider.to);
  const std::vector<Day> active =
      some_of(present, static_cast<std::size_t>(plan[Knob::cert_2_active_days]));
  if (active.empty()) return std::move(plan.insider);
  const auto count = static_cast<double>(active.size());
  const std::uint32_t curriculum = random.bits32() >> 8;
  // Looking for work fills the first two thirds, taking things along the last two.
  for (std::size_t i = 0; i < active.size(); ++i) {
    const Day day = active[i];
    const bool looks = 3 * i < 2 * active.size();
    const bool takes = 3 * i >= active.size();
    const std::uint32_t visits =
        looks ? random.poisson(1.5 * plan[Knob::cert_2_visits] / count) : 0;
    for (std::uint32_t v = 0; v < visits; ++v) {
      AgendaItem visit = plan.item(Activity::web_visit, plan.in_shift(day));
      visit.has_party = true;
      visit.party = {kJobSites + random.below(6), AddressKind::web_site};
      plan.act("job site", visit);
    }
    const std::uint32_t mails = looks ? random.poisson(1.5 * plan[Knob::cert_2_mails] / count) : 0;
    for (std::uint32_t m = 0; m < mails; ++m) {
      const Address rival{random.bits64(), AddressKind::organisation};
      AgendaItem mail = plan.mail(plan.in_shift(day), rival, random.bits64());
      mail.has_document = true;
      mail.document = {Document::kPrivate, curriculum};
      plan.act("mail to a rival", mail);
    }
    if (!takes) continue;
    const std::uint32_t connects =
        std::max(random.poisson(1.5 * plan[Knob::cert_2_connects] / count), 1u);
    for (std::uint32_t c = 0; c < connects; ++c) {
      Sitting at{plan, day, plan.in_shift(day)};
      // Thinned worlds log one connect a day of everybody.
      const bool written = c == 0 || stage.organisation.kept.everything;
      plan.insider.acts.push_back({"connect", plan.connect(at.time), {}, written});
      const std::uint32_t files = 1 + random.poisson(1.5);
      for (std::uint32_t f = 0; f < files; ++f) {
        at.next(5, 60);
        plan.act("copy", plan.copy(at.time, at.document(plan[Knob::burst_sensitive],
                                                        plan[Knob::burst_foreign])));
      }
    }
  }
  return std::move(plan.insider);
}

std::vector<Insider> plan_cert_5(Stage& stage, std::span<const std::uint32_t> group, Day laid_off) {
  std::vector<Insider> insiders;
  Instant told{};
  for (const std::uint32_t index : group) {
    Plan plan(stage, index, "cert-5");
    plan.insider.from = laid_off;
    plan.insider.to = laid_off + days{1};
    // Told at ten in the morning, on the clock of most of them.
    if (insiders.empty()) {
      const std::uint32_t department = plan.person().position(laid_off).department;
      told = to_utc(stage.organisation.departments[department].zone, laid_off, minutes{600});
    }
    Sitting at{plan, laid_off, told};
    at.next(120, 1'800);
    const std::uint32_t uploads = plan.count(Knob::cert_5_uploads);
    for (std::uint32_t i = 0; i < uploads; ++i) {
      plan.act("upload", plan.upload(at.time, at.document(plan[Knob::burst_sensitive],
                                                          0.5 * plan[Knob::burst_foreign])));
      at.next(5, 25);
    }
    plan.leave_after(laid_off + days{1});
    insiders.push_back(std::move(plan.insider));
  }
  return insiders;
}

}  // namespace weir::sim
