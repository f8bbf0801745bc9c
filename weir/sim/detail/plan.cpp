#include "weir/sim/detail/plan.h"

#include <algorithm>
#include <utility>

#include "weir/sim/detail/purpose.h"

namespace weir::sim {

using namespace parameters;
using event::Activity;
using std::chrono::days;
using std::chrono::milliseconds;

milliseconds milliseconds_of(double count) {
  return milliseconds{static_cast<std::int64_t>(count * 86'400'000.0)};
}

Knobs::Knobs(const Options& options) {
  for (std::size_t i = 0; i < kRanges.size(); ++i) {
    const Range& range = kRanges[i];
    const auto which = static_cast<std::uint32_t>(i);
    const std::uint64_t of_world =
        range.knob < kFirstOfLogs ? std::to_underlying(options.world) : 0xffff;
    Random random = draw(options.seed, of_world, which, Purpose::scenario_parameters);
    const double u = random.uniform();
    values_[i] = options.held_out ? range.low + (range.high - range.low) * u : range.usual;
  }
  if (options.sends_per_year) {
    values_[static_cast<std::size_t>(Knob::sends_per_year)] = *options.sends_per_year;
  }
}

std::uint32_t Knobs::count(Knob knob, Random& random) const {
  return std::max(random.poisson((*this)[knob]), 1u);
}

bool PersonCalendar::works(Day day) {
  const int year = static_cast<int>(std::chrono::year_month_day{day}.year());
  const auto [found, is_new] = years_.try_emplace(year);
  if (is_new) found->second = work_days(organisation_, person_, year);
  const Day first{std::chrono::year{year} / std::chrono::January / 1};
  return found->second.test(static_cast<std::uint32_t>((day - first).count()));
}

std::optional<Instant> PersonCalendar::at_work(Instant when, double u) {
  const Day first = window_of(when);
  for (Day day = first; day < std::min(organisation_.to, person_.end); day += days{1}) {
    if (!works(day)) continue;
    const WorkShift shift = shift_on(organisation_, person_, day);
    if (when >= shift.end) continue;
    if (when >= shift.start) return when;
    const auto length = static_cast<double>((shift.end - shift.start).count());
    return shift.start + milliseconds{static_cast<std::int64_t>(u * length)};
  }
  return {};
}

std::vector<Day> PersonCalendar::work_days_in(Day from, Day to) {
  std::vector<Day> found;
  for (Day day = from; day < to; day += days{1}) {
    if (works(day)) found.push_back(day);
  }
  return found;
}

Plan::Plan(Stage& stage, std::uint32_t index, std::string_view scenario)
    : random(draw(stage.organisation.seed, 0, stage.organisation.people[index].number,
                  Purpose::insider_plan)),
      means(draw(stage.organisation.seed, 0, stage.organisation.people[index].number,
                 Purpose::insider_means)),
      insider{.person = index, .scenario = scenario},
      calendar(stage.organisation, stage.organisation.people[index]),
      stage_(stage),
      documents_(stage.organisation) {}

Day Plan::first_day() const { return std::max(organisation().from, person().start); }
Day Plan::last_day() const { return std::min(organisation().to, person().end); }

AgendaItem Plan::item(Activity activity, Instant time) const {
  return {.time = time, .person = insider.person, .activity = activity, .insider = true};
}

void Plan::act(std::string_view step, const AgendaItem& item, std::optional<Instant> requested) {
  insider.acts.push_back({step, item, requested});
}

void Plan::thinned_act(std::string_view step, const AgendaItem& item, double share,
                       std::optional<Instant> requested) {
  const bool kept = means.chance(share);
  insider.acts.push_back({step, item, requested, kept});
}

Document Plan::document(Day day, bool sensitive, bool foreign) {
  const std::uint32_t group = foreign ? documents_.foreign_group(random, person(), day)
                                      : documents_.own_group(random, person(), day);
  return documents_.with(random, group, day, sensitive);
}

AgendaItem Plan::copy(Instant time, Document document) const {
  AgendaItem made = item(Activity::file_copy, time);
  made.has_document = true;
  made.document = document;
  made.flags = event::kFlagRemovableMedia;
  return made;
}

AgendaItem Plan::print(Instant time, Document document) const {
  AgendaItem made = item(Activity::print, time);
  made.has_document = true;
  made.document = document;
  return made;
}

AgendaItem Plan::upload(Instant time, Document document) const {
  AgendaItem made = item(Activity::web_upload, time);
  made.has_party = true;
  made.has_document = true;
  made.party = {kCloudSites + person().number % 5, AddressKind::web_site};
  made.document = document;
  made.instance = event::AccountInstance::unclaimed;
  return made;
}

AgendaItem Plan::connect(Instant time) const {
  AgendaItem made = item(Activity::device_connect, time);
  made.flags = event::kFlagRemovableMedia;
  return made;
}

AgendaItem Plan::mail(Instant time, Address to, std::uint64_t nonce) const {
  AgendaItem made = item(Activity::mail_send, time);
  made.has_party = true;
  made.party = to;
  made.nonce = nonce;
  return made;
}

AgendaItem Plan::request(Instant time, Address from, std::uint64_t nonce) const {
  AgendaItem made = mail(time, from, nonce);
  made.activity = Activity::mail_receive;
  return made;
}

Instant Plan::evening(Day day) {
  const Zone zone = organisation().departments[person().position(day).department].zone;
  const std::uint32_t seconds = 19 * 3600 + 1800 + random.below(4 * 3600);
  return to_utc(zone, day, std::chrono::seconds{seconds});
}

Instant Plan::in_shift(Day day) {
  const WorkShift shift = shift_on(organisation(), person(), day);
  const auto length = static_cast<double>((shift.end - shift.start).count());
  return shift.start + milliseconds{static_cast<std::int64_t>(0.95 * random.uniform() * length)};
}

void Plan::leave_after(Day day) {
  Person& leaver = stage_.organisation.people[insider.person];
  leaver.end = day + days{1 + random.below(kBurstLeavesWithinDays)};
  std::erase_if(leaver.positions,
                [&](const Position& p) { return p.from >= leaver.end && p.from != leaver.start; });
  insider.leaves = true;
}

}  // namespace weir::sim
