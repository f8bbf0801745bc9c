#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "weir/sim/detail/scenarios.h"

namespace weir::sim {

namespace {

using namespace parameters;
using event::Activity;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

/// What was asked for, and how soon it was sent.
struct Task {
  std::string_view what;
  Day month;        // in which it was asked
  double at_least;  // days
  double at_most;
  bool look_up;  // a person or an address is looked up first
  bool foreign;  // the document is of a group that is not the person's
};
constexpr std::array<Task, 5> kTasks = {{
    {"biography of a named person", Day{std::chrono::year{2012} / 8 / 1}, 2.0, 7.0, true, true},
    {"plans of branch offices", Day{std::chrono::year{2015} / 3 / 1}, 19.0, 23.0, false, true},
    {"attacks on companies", Day{std::chrono::year{2021} / 5 / 1}, 0.5, 4.0, false, true},
    {"training material", Day{std::chrono::year{2022} / 3 / 1}, 2.0, 12.0, false, false},
    {"owner of a home address", Day{std::chrono::year{2022} / 6 / 1}, 0.05, 0.5, true, true},
}};

/// Appears under a new user id and address in a department of the other legal entity.
void change_employer(Stage& stage, Plan& plan) {
  const Organisation& o = stage.organisation;
  Person& person = stage.organisation.people[plan.insider.person];
  const Department& old = o.departments[person.positions.front().department];
  std::uint32_t found = kNone;
  const auto all = static_cast<std::uint32_t>(o.departments.size());
  const std::uint32_t first = plan.means.below(all);
  for (std::uint32_t i = 0; i < all; ++i) {
    const std::uint32_t d = (first + i) % all;
    if (o.departments[d].entity == old.entity || o.departments[d].seats.empty()) continue;
    if (found == kNone || o.departments[d].family == old.family) found = d;
  }
  const Day at = first_day(std::chrono::year{2016} / 1 +
                           std::chrono::months{static_cast<int>(plan.means.below(48))});
  plan.insider.moved = at;
  std::erase_if(person.positions, [&](const Position& p) { return p.from != person.start; });
  Position next = person.positions.front();
  next.from = at;
  // A tiny organisation may have one entity only: then the name and the address change.
  if (found != kNone) next.department = found;
  const Family family = o.departments[next.department].family;
  for (std::uint32_t r = 0; r < kRoles.size() && kRoles[next.role].family != family; ++r) {
    if (kRoles[r].per_mille > 0 && kRoles[r].family == family) next.role = r;
  }
  person.positions.push_back(next);
  person.renamed = at;
  const std::size_t at_sign = person.address.find('@');
  // Numbers of seats are unique, so nobody else has these.
  person.old_user_id = person.user_id + "w";
  person.old_address = fmt::format("{}.{:05}{}", person.address.substr(0, at_sign), person.seat,
                                   person.address.substr(at_sign));
}

class Case {
 public:
  explicit Case(Plan& plan) : plan_(plan) {
    // Several anonymous mailboxes, each for some years, some of them the person's own.
    for (int i = 0; i < 5; ++i) {
      plan.insider.mailboxes.push_back({plan.means.bits64(), AddressKind::free_mail});
    }
  }

  /// Tries days from `month` on until the answer can keep its time.
  bool commit(const Task& task, Day month) {
    for (int tries = 0; tries < 200; ++tries) {
      const Day day = month + days{plan_.random.below(28)};
      const std::uint32_t minute = plan_.random.below(5 * 60);
      const double lag =
          task.at_least + (task.at_most - task.at_least) * 0.9 * plan_.random.uniform();
      const double moment = plan_.random.uniform();
      const Instant asked = day + hours{9} + minutes{minute};
      const auto sent = plan_.calendar.at_work(asked + milliseconds_of(lag), moment);
      if (!sent || *sent - asked > milliseconds_of(task.at_most)) continue;
      if (task.at_most < 1 && day_of(*sent) != day) continue;
      write(task, asked, *sent);
      return true;
    }
    return false;
  }

 private:
  void write(const Task& task, Instant asked, Instant sent) {
    Random& random = plan_.random;
    const bool sensitive = random.chance(plan_[Knob::sensitive]);
    const Document document = plan_.document(window_of(sent), sensitive, task.foreign);
    const std::uint64_t nonce = random.bits64();
    // The mailbox in use changes with the years; now and then the one before is used again.
    const auto year = static_cast<int>(std::chrono::year_month_day{day_of(asked)}.year());
    const auto in_use = static_cast<std::size_t>(std::clamp((year - 2012) / 3, 0, 3));
    const std::size_t box = in_use > 0 && random.chance(0.2) ? in_use - 1 : in_use;
    const Address reader = plan_.insider.mailboxes[box];
    plan_.insider.requests.push_back(plan_.request(asked, reader, nonce + 1));
    const Instant before = std::max(asked + minutes{2}, sent - minutes{5 + random.below(25)});
    if (task.look_up) {
      AgendaItem look_up = plan_.item(Activity::record_lookup, before);
      look_up.has_party = true;
      look_up.party = {random.bits64(), AddressKind::organisation};
      plan_.thinned_act("look up", look_up, plan_.organisation().kept.lookups, asked);
    }
    AgendaItem access = plan_.item(Activity::file_open, before + minutes{1});
    access.has_document = true;
    access.document = document;
    plan_.thinned_act("access", access, plan_.organisation().kept.opens, asked);
    AgendaItem send = plan_.mail(sent, reader, nonce);
    send.has_document = true;
    send.document = document;
    if (random.chance(plan_[Knob::own_account])) {
      send.has_account = true;
      send.account = plan_.insider.mailboxes[box + 1];
      send.flags = event::kFlagOwnPersonalSender;
      send.instance = event::AccountInstance::unclaimed;
    }
    plan_.act("send", send, asked);
    plan_.insider.acts.back().about = task.what;
  }

  Plan& plan_;
};

}  // namespace

Insider plan_public_case(Stage& stage, std::uint32_t index) {
  Plan plan(stage, index, "D9 public case");
  change_employer(stage, plan);
  Person& person = stage.organisation.people[index];
  person.away_from = Day{std::chrono::year{2017} / 2 / 1} + days{plan.means.below(300)};
  person.away_to = person.away_from + days{12};
  plan.insider.from = kCaseFrom;
  plan.insider.to = kCaseTo;
  Case the_case(plan);
  for (const Task& task : kTasks) the_case.commit(task, task.month);
  const auto span = static_cast<std::uint32_t>((kCaseTo - kCaseFrom).count()) - 60;
  for (std::uint32_t i = 0; i < stage.options.unreported; ++i) {
    const Task& task = kTasks[plan.random.below(kTasks.size())];
    the_case.commit(task, kCaseFrom + days{plan.random.below(span)});
  }
  return std::move(plan.insider);
}

}  // namespace weir::sim
