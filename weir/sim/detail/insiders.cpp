#include "weir/sim/detail/insiders.h"

#include <algorithm>
#include <map>

#include "weir/sim/detail/purpose.h"

namespace weir::sim {

namespace {

using namespace parameters;
using event::Activity;
using std::chrono::days;
using std::chrono::milliseconds;

constexpr double kMillisecondsPerDay = 86'400'000.0;

milliseconds of_days(double count) {
  return milliseconds{static_cast<std::int64_t>(count * kMillisecondsPerDay)};
}

/// The working days of one person, over all years.
class PersonCalendar {
 public:
  PersonCalendar(const Organisation& organisation, const Person& person)
      : organisation_(organisation), person_(person) {}

  bool works(Day day) {
    const int year = static_cast<int>(std::chrono::year_month_day{day}.year());
    const auto [found, is_new] = years_.try_emplace(year);
    if (is_new) found->second = work_days(organisation_, person_, year);
    const Day first{std::chrono::year{year} / std::chrono::January / 1};
    return found->second.test(static_cast<std::uint32_t>((day - first).count()));
  }
  /// The first moment at work that is not before `when`: `when` itself during a shift, else a
  /// moment of the next one, `u` of the way through. Empty if none comes before the end.
  std::optional<Instant> at_work(Instant when, double u) {
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

 private:
  const Organisation& organisation_;
  const Person& person_;
  std::map<int, WorkDays> years_;
};

/// All people in an order that depends on the seed alone.
std::vector<std::uint32_t> shuffled(const Organisation& organisation) {
  std::vector<std::pair<std::uint64_t, std::uint32_t>> keys;
  for (std::uint32_t i = 0; i < organisation.people.size(); ++i) {
    Random random =
        draw(organisation.seed, 0, organisation.people[i].number, Purpose::insider_choice);
    keys.emplace_back(random.bits64(), i);
  }
  std::ranges::sort(keys);
  std::vector<std::uint32_t> order;
  for (const auto& key : keys) order.push_back(key.second);
  return order;
}

Day first_day_of(const Organisation& o, const Person& person) {
  return std::max(o.from, person.start);
}
/// Bursts do not come in the first fifth, so that there is a life before them.
Day first_burst_day(const Organisation& o, const Person& person) {
  return std::max(first_day_of(o, person), o.from + (o.to - o.from) / 5);
}
Day last_day_of(const Organisation& o, const Person& person) { return std::min(o.to, person.end); }

Insider plan_drip(const Options& options, const Organisation& o, std::uint32_t index) {
  const Person& person = o.people[index];
  const Documents documents(o);
  PersonCalendar calendar(o, person);
  Random random = draw(o.seed, 0, person.number, Purpose::insider_plan);
  Insider insider{.person = index, .scenario = "D1 drip"};
  const bool from_start = random.chance(kDripFromStart);
  const double start = random.uniform();
  const bool two_mailboxes = random.chance(kDripTwoMailboxes);
  insider.mailboxes.push_back({random.bits64(), AddressKind::free_mail});
  const Address second{random.bits64(), AddressKind::free_mail};
  if (two_mailboxes) insider.mailboxes.push_back(second);

  insider.to = last_day_of(o, person);
  insider.from = first_day_of(o, person);
  const auto span = static_cast<double>((insider.to - insider.from).count());
  if (!from_start) insider.from += days{static_cast<int>(0.6 * start * span)};

  Instant asked = insider.from + std::chrono::hours{12};
  for (;;) {
    const double wait = random.exponential(options.sends_per_year / 365.25);
    asked += of_days(std::min(wait, 20'000.0));
    if (window_of(asked) >= insider.to) break;
    const bool prompted = random.chance(kDripPrompted);
    const double lag = random.lognormal(kDripLagLogDays, kDripLagSigma);
    const double moment = random.uniform();
    const auto box = random.below(static_cast<std::uint32_t>(insider.mailboxes.size()));
    const auto other_box = random.below(static_cast<std::uint32_t>(insider.mailboxes.size()));
    const bool same_box = random.chance(0.8);
    const bool sensitive = random.chance(kDripSensitive);
    const bool foreign = random.chance(kDripForeign);
    const bool opens = random.chance(kDripOpensFirst);
    const bool open_is_logged = random.chance(kKeepOpens);
    const std::uint32_t minutes_before = 3 + random.below(40);

    // An unprompted one has its own time and no request.
    const Instant due = prompted ? asked + of_days(std::min(lag, kLongestLagDays)) : asked;
    const std::optional<Instant> time = calendar.at_work(due, moment);
    const Day day = time ? window_of(*time) : insider.from;
    const std::uint32_t group = foreign ? documents.foreign_group(random, person, day)
                                        : documents.own_group(random, person, day);
    const Document document = documents.with(random, group, day, sensitive);
    const std::uint64_t nonce = random.bits64();

    AgendaItem request{.time = asked,
                       .person = index,
                       .activity = Activity::mail_receive,
                       .has_party = true,
                       .insider = true,
                       .party = insider.mailboxes[same_box ? box : other_box],
                       .nonce = nonce + 1};
    if (prompted) insider.requests.push_back(request);
    if (!time) continue;
    const auto requested = prompted ? std::optional(asked) : std::nullopt;
    AgendaItem send{.time = *time,
                    .person = index,
                    .activity = Activity::mail_send,
                    .has_party = true,
                    .has_document = true,
                    .insider = true,
                    .party = insider.mailboxes[box],
                    .document = document,
                    .nonce = nonce};
    // Thinned worlds log few opens of documents; an insider's are treated alike.
    if (opens && (options.full_detail || open_is_logged)) {
      AgendaItem access{.time = *time - std::chrono::minutes{minutes_before},
                        .person = index,
                        .activity = Activity::file_open,
                        .has_document = true,
                        .insider = true,
                        .document = document};
      const bool after_request = !requested || access.time > *requested;
      if (after_request) insider.acts.push_back({"access", access, requested});
    }
    insider.acts.push_back({"send", send, requested});
  }
  return insider;
}

Insider plan_burst(const Options& options, Organisation& o, std::uint32_t index) {
  Person& person = o.people[index];
  const Documents documents(o);
  Random random = draw(o.seed, 0, person.number, Purpose::insider_plan);
  Insider insider{.person = index, .scenario = "burst before leaving"};
  const Day first = first_burst_day(o, person);
  const auto span = static_cast<double>((last_day_of(o, person) - first).count()) - kBurstDays -
                    kBurstLeavesWithinDays - 1;
  const double at = random.uniform();
  insider.from = first + days{static_cast<int>(at * std::max(span, 0.0))};
  insider.to = insider.from + days{kBurstDays};
  person.end = insider.to + days{1 + random.below(kBurstLeavesWithinDays)};
  std::erase_if(person.positions,
                [&](const Position& p) { return p.from >= person.end && p.from != person.start; });

  const double many = random.lognormal(kBurstFilesLog, kBurstFilesSigma);
  const bool by_upload = random.chance(kBurstByUpload);
  const auto count = static_cast<std::uint32_t>(std::clamp(many, 10.0, 500.0));
  PersonCalendar calendar(o, person);
  std::vector<Day> present;
  for (Day day = insider.from; day < insider.to; day += days{1}) {
    if (calendar.works(day)) present.push_back(day);
  }
  // Who has no working day in these ten comes in for it.
  if (present.empty()) present.push_back(insider.from + days{3});
  const auto sittings =
      std::min<std::uint32_t>(1 + random.below(5), static_cast<std::uint32_t>(present.size()));
  const Address cloud{kCloudSites + person.number % 5, AddressKind::web_site};
  for (std::uint32_t s = 0; s < sittings; ++s) {
    const Day day = present[s * present.size() / sittings];
    const WorkShift shift = shift_on(o, person, day);
    Instant time = shift.start + (shift.end - shift.start) * (30 + random.below(45)) / 100;
    if (!by_upload) {
      AgendaItem connect{.time = time,
                         .person = index,
                         .activity = Activity::device_connect,
                         .insider = true,
                         .flags = event::kFlagRemovableMedia};
      insider.acts.push_back({"connect", connect, {}});
    }
    for (std::uint32_t i = s; i < count; i += sittings) {
      const bool sensitive = random.chance(kBurstSensitive);
      const bool foreign = random.chance(kBurstForeign);
      const std::uint32_t group = foreign ? documents.foreign_group(random, person, day)
                                          : documents.own_group(random, person, day);
      const Document document = documents.with(random, group, day, sensitive);
      const std::uint32_t pause = 4'000 + random.below(60'000);
      const bool open_is_logged = random.chance(kKeepOpens);
      time += milliseconds{pause};
      AgendaItem item{.time = time,
                      .person = index,
                      .activity = Activity::file_open,
                      .has_document = true,
                      .insider = true,
                      .document = document};
      if (options.full_detail || open_is_logged) insider.acts.push_back({"access", item, {}});
      item.time += milliseconds{2'500};
      if (by_upload) {
        item.activity = Activity::web_upload;
        item.instance = event::AccountInstance::unclaimed;
        item.has_party = true;
        item.party = cloud;
      } else {
        item.activity = Activity::file_copy;
        item.flags = event::kFlagRemovableMedia;
      }
      insider.acts.push_back({by_upload ? "upload" : "copy", item, {}});
    }
  }
  return insider;
}

}  // namespace

Result<std::vector<Insider>> plan_insiders(const Options& options, Organisation& organisation) {
  std::vector<Insider> insiders;
  if (options.world != World::drip && options.world != World::burst) return insiders;
  const bool drip = options.world == World::drip;
  const auto span = static_cast<double>((organisation.to - organisation.from).count());
  // Who stays longest comes first only where nobody stays long enough: 60 %, then 30 %, then any.
  const std::vector<std::uint32_t> order = shuffled(organisation);
  std::vector<bool> taken(organisation.people.size());
  for (const double least : {0.6, 0.3, 0.05}) {
    for (const std::uint32_t index : order) {
      if (insiders.size() == options.insiders) break;
      const Person& person = organisation.people[index];
      const Day first =
          drip ? first_day_of(organisation, person) : first_burst_day(organisation, person);
      const auto stays = static_cast<double>((last_day_of(organisation, person) - first).count());
      if (taken[index] || stays < (drip ? least * span : 60.0) || (!drip && person.leads)) continue;
      taken[index] = true;
      insiders.push_back(drip ? plan_drip(options, organisation, index)
                              : plan_burst(options, organisation, index));
    }
  }
  if (insiders.size() < options.insiders) {
    return fail(
        ErrorCode::invalid_argument,
        "--insiders {}: only {} people are there long enough; choose fewer insiders or more people",
        options.insiders, insiders.size());
  }
  return insiders;
}

}  // namespace weir::sim
