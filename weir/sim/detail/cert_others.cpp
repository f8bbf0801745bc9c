// CERT's scenarios at other people's machines: 3 and 4.
#include <algorithm>
#include <cmath>
#include <utility>

#include "weir/sim/detail/scenarios.h"

namespace weir::sim {

namespace {

using namespace parameters;
using event::Activity;
using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::minutes;

/// Somebody of the same department, else anybody, who is there that day.
std::uint32_t colleague_of(Plan& plan, Day day) {
  const Organisation& o = plan.organisation();
  const auto& near = o.departments[plan.person().position(day).department].seats;
  const std::uint32_t all = o.seats_on(day);
  for (int tries = 0; tries < 50; ++tries) {
    const bool is_near = plan.random.chance(0.7) && !near.empty();
    const std::uint32_t pick = plan.random.bits32();
    const std::uint32_t found = o.incumbent(is_near ? near[pick % near.size()] : pick % all, day);
    if (found != kNone && found != plan.insider.person) return found;
  }
  return kNone;
}

AgendaItem visit(Plan& plan, Activity activity, Instant time, std::uint64_t site) {
  AgendaItem made = plan.item(activity, time);
  made.has_party = true;
  made.party = {site, AddressKind::web_site};
  return made;
}

}  // namespace

Insider plan_cert_3(Stage& stage, std::uint32_t index) {
  Plan plan(stage, index, "cert-3");
  Random& random = plan.random;
  Day first = burst_start(plan, 5);
  const std::vector<Day> present = plan.calendar.work_days_in(first, first + days{30});
  if (!present.empty()) first = present.front();
  const Day next = present.size() > 1 ? present[1] : first + days{1};
  plan.insider.from = first;
  plan.insider.to = next + days{1};
  plan.leave_after(plan.insider.to);
  const std::uint32_t boss = stage.organisation.manager(plan.person(), first);
  const std::uint32_t victim = boss != kNone ? boss : colleague_of(plan, first);

  // A tool from the web, on a stick, to the boss's machine.
  const std::uint64_t site = 5'500 + random.below(400);
  Instant time = plan.in_shift(first);
  // Thinned worlds log nobody's pages.
  const bool pages = stage.organisation.kept.everything;
  for (int i = 0; i < 5; ++i) {
    const std::uint64_t page = site + random.below(3);
    plan.insider.acts.push_back({"web", visit(plan, Activity::web_visit, time, page), {}, pages});
    time += milliseconds{20'000 + random.below(90'000)};
  }
  plan.insider.acts.push_back(
      {"download", visit(plan, Activity::web_download, time, site), {}, pages});
  time += minutes{2};
  plan.act("connect", plan.connect(time));
  time += minutes{1};
  const std::uint32_t tool = random.bits32() >> 8;
  plan.act("copy", plan.copy(time, {Document::kPrivate, tool}));
  time = std::max(time + minutes{10}, plan.evening(first));
  const auto at_the_boss = [&](std::string_view step, AgendaItem item) {
    item.host_of = victim;
    plan.act(step, item);
  };
  at_the_boss("logon", plan.item(Activity::logon, time));
  at_the_boss("connect", plan.connect(time + minutes{1}));
  at_the_boss("logoff", plan.item(Activity::logoff, time + minutes{9}));

  // The next day, in the boss's name: the log then says that the boss did it.
  const auto as_the_boss = [&](std::string_view step, AgendaItem item) {
    item.person = victim;
    plan.act(step, item);
  };
  time = plan.in_shift(next);
  as_the_boss("logon", plan.item(Activity::logon, time));
  const std::uint32_t mails = plan.count(Knob::cert_3_mails);
  for (std::uint32_t i = 0; i < mails; ++i) {
    time += milliseconds{30'000 + random.below(90'000)};
    AgendaItem mail = plan.item(Activity::mail_send, time);
    mail.nonce = random.bits64();
    mail.colleagues = static_cast<std::uint8_t>(40 + random.below(80));
    as_the_boss("mass mail", mail);
  }
  as_the_boss("logoff", plan.item(Activity::logoff, time + minutes{3}));
  return std::move(plan.insider);
}

Insider plan_cert_4(Stage& stage, std::uint32_t index) {
  Plan plan(stage, index, "cert-4");
  Random& random = plan.random;
  const double length = plan[Knob::cert_4_days];
  plan.insider.from = burst_start(plan, length);
  plan.insider.to = plan.insider.from + days{static_cast<int>(length) + 1};
  plan.insider.mailboxes.push_back(plan.person().private_mailbox);
  const auto active = static_cast<std::uint32_t>(plan[Knob::cert_4_active_days]);
  const double opens = plan[Knob::cert_4_opens] / active;
  const double mails = plan[Knob::cert_4_mails] / active;
  Day before = plan.insider.from - days{1};
  for (std::uint32_t i = 0; i < active; ++i) {
    // The gaps shrink: the square root brings the later days closer together.
    const double through = std::sqrt((i + 0.5) / active);
    const Day wanted =
        std::max(plan.insider.from + days{static_cast<int>(through * length)}, before + days{1});
    const std::vector<Day> present = plan.calendar.work_days_in(wanted, wanted + days{20});
    if (present.empty() || present.front() >= plan.last_day()) break;
    const Day day = before = present.front();
    for (int v = 0; v < 2; ++v) {
      const std::uint32_t victim = colleague_of(plan, day);
      if (victim == kNone) continue;
      Instant time = plan.in_shift(day);
      const auto there = [&](AgendaItem item) {
        item.host_of = victim;
        return item;
      };
      plan.act("logon", there(plan.item(Activity::logon, time)));
      const std::uint32_t files = std::max(random.poisson(opens / 2.0), 1u);
      const std::uint32_t sends = random.poisson(mails / 2.0);
      for (std::uint32_t f = 0; f < std::max(files, sends); ++f) {
        time += milliseconds{20'000 + random.below(200'000)};
        const bool sensitive = random.chance(0.4);
        const bool foreign = random.chance(0.4);
        const Document document = plan.document(day, sensitive, foreign);
        AgendaItem open = there(plan.item(Activity::file_open, time));
        open.has_document = true;
        open.document = document;
        plan.thinned_act("access", open, stage.organisation.kept.opens);
        if (f >= sends) continue;
        AgendaItem home =
            plan.mail(time + minutes{1}, plan.person().private_mailbox, random.bits64());
        home.has_document = true;
        home.document = document;
        plan.act("mail home", home);
      }
      plan.act("logoff", there(plan.item(Activity::logoff, time + minutes{4})));
    }
  }
  plan.insider.to = std::max(plan.insider.to, before + days{1});
  return std::move(plan.insider);
}

}  // namespace weir::sim
