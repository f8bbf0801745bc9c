#include "weir/sim/detail/twins.h"

#include <algorithm>
#include <bit>
#include <map>
#include <utility>

#include "weir/sim/detail/purpose.h"

namespace weir::sim {

namespace {

using namespace parameters;
using event::Activity;
using std::chrono::days;
using std::chrono::milliseconds;

/// Everything of one twin while it is being planned.
class TwinPlan {
 public:
  TwinPlan(const Organisation& o, const Insider& insider, std::uint32_t person)
      : o_(o),
        insider_(insider),
        person_(o.people[person]),
        documents_(o),
        calendar_(o, person_),
        random_(draw(o.seed, insider.person, person_.number, Purpose::twin)),
        twin_{.insider = insider.person, .person = person} {}

  Twin make() {
    // What happens within weeks stays together; what is spread over years is spread anew.
    const bool slow = insider_.to - insider_.from > days{200};
    const int together = static_cast<int>(random_.below(41)) - 20;
    for (const MaliciousAct& act : insider_.acts) {
      // Of another's account there is no innocent copy; and what is not in the log needs none.
      if (!act.written || act.item.person != insider_.person) continue;
      const Day window = window_of(act.item.time);
      const auto [day, is_new] = days_.try_emplace(window);
      if (is_new) {
        const int apart = static_cast<int>(random_.below(61)) - 30;
        day->second = work_day_near(window + days{slow ? apart : together});
      }
      if (day->second == kNever) continue;
      copy(act.item, window, day->second);
    }
    return std::move(twin_);
  }

 private:
  /// The first working day from `day` on, or from the person's first if that is later.
  Day work_day_near(Day day) {
    const Day end = std::min(person_.end, o_.to);
    for (Day at = std::max({day, person_.start, o_.from}); at < end; at += days{1}) {
      if (calendar_.works(at)) return at;
    }
    return kNever;
  }
  Address same_kind(Address theirs) {
    if (theirs.kind == AddressKind::employee) return theirs;
    if (theirs == o_.people[insider_.person].private_mailbox) return person_.private_mailbox;
    if (theirs.kind == AddressKind::web_site) {
      const bool cloud = theirs.id >= kCloudSites;
      return cloud ? Address{kCloudSites + person_.number % 5, AddressKind::web_site} : theirs;
    }
    const auto [ours, is_new] =
        recipients_.try_emplace(std::pair(theirs.kind, theirs.id), Address{0, theirs.kind});
    if (is_new) ours->second.id = random_.bits64();
    return ours->second;
  }
  /// One of the same size, to a factor of two. Found in a few dozen tries, else nearly so.
  template <class Choose>
  Document as_large(Document theirs, Choose choose) {
    const auto size = [&](Document document) {
      return std::bit_width(facts(o_.seed, document).bytes);
    };
    Document ours = choose();
    for (int tries = 0; tries < 80 && size(ours) != size(theirs); ++tries) ours = choose();
    return ours;
  }
  Document harmless(const AgendaItem& theirs, Day day) {
    const bool work = theirs.activity == Activity::print ||
                      theirs.activity == Activity::file_open ||
                      theirs.activity == Activity::file_copy;
    const bool is_ours = random_.chance(kPrivateWithDocument) || work;
    if (!theirs.document.is_ours() || !is_ours) {
      return as_large(theirs.document,
                      [&] { return Document{Document::kPrivate, random_.bits32() >> 8}; });
    }
    const bool foreign = random_.chance(work ? kForeignOpens : kPrivateForeign);
    const bool sensitive = random_.chance(kPrivateSensitive);
    return as_large(theirs.document, [&] {
      const std::uint32_t group = foreign ? documents_.foreign_group(random_, person_, day)
                                          : documents_.own_group(random_, person_, day);
      return work ? documents_.mostly_harmless(random_, group, day, kPrintsSensitive)
                  : documents_.with(random_, group, day, sensitive);
    });
  }
  void copy(const AgendaItem& theirs, Day their_day, Day day) {
    AgendaItem ours = theirs;
    ours.person = twin_.person;
    ours.nonce = random_.bits64();
    // As far into the shift, or after it, as the insider.
    const WorkShift their_shift = shift_on(o_, o_.people[insider_.person], their_day);
    const WorkShift shift = shift_on(o_, person_, day);
    const auto length = their_shift.end - their_shift.start;
    const auto into = theirs.time - their_shift.start;
    if (into >= milliseconds{0} && into < length) {
      const double share = static_cast<double>(into.count()) / static_cast<double>(length.count());
      const auto mine = static_cast<double>((shift.end - shift.start).count());
      ours.time = shift.start + milliseconds{static_cast<std::int64_t>(share * mine)};
    } else {
      ours.time = shift.start + into;
    }
    if (theirs.host_of == twin_.person) ours.host_of = kNone;
    if (theirs.has_party) ours.party = same_kind(theirs.party);
    if (theirs.has_account) ours.account = person_.private_mailbox;
    if (theirs.has_document) ours.document = harmless(theirs, day);
    if (theirs.instance == event::AccountInstance::unclaimed && person_.declared) {
      ours.instance = event::AccountInstance::declared;
    }
    const bool goes_out = event::is_egress(theirs.activity);
    twin_.acts += goes_out ? 1 : 0;
    const bool mailbox = theirs.has_party && theirs.party.kind == AddressKind::free_mail;
    if (theirs.activity == Activity::mail_send && mailbox) correspond(ours);
    twin_.items.push_back(ours);
  }
  /// The letters around a private mail, as often and as soon as around anybody's.
  void correspond(AgendaItem& send) {
    const bool prompted = random_.chance(kPrivatePrompted);
    const double lag = random_.lognormal(kPrivateLagLogDays, kPrivateLagSigma);
    const bool answered = random_.chance(kPrivateAnswered);
    const double answer_lag = random_.lognormal(kPrivateLagLogDays, kPrivateLagSigma);
    if (send.party == person_.private_mailbox) return;
    AgendaItem letter{.person = twin_.person,
                      .activity = Activity::mail_receive,
                      .has_party = true,
                      .insider = true,
                      .party = send.party};
    if (prompted) {
      send.flags |= event::kFlagReply;
      letter.time = send.time - milliseconds_of(std::min(lag, kLongestLagDays));
      letter.nonce = send.nonce + 1;
      twin_.items.push_back(letter);
    }
    if (answered) {
      letter.time = send.time + milliseconds_of(std::min(answer_lag, kLongestLagDays));
      letter.nonce = send.nonce + 2;
      letter.flags = event::kFlagReply;
      twin_.items.push_back(letter);
    }
  }

  const Organisation& o_;
  const Insider& insider_;
  const Person& person_;
  Documents documents_;
  PersonCalendar calendar_;
  Random random_;
  Twin twin_;
  std::map<Day, Day> days_;
  std::map<std::pair<AddressKind, std::uint64_t>, Address> recipients_;
};

/// Whether that person was there for so much of the insider's time.
bool covers(const Organisation& o, const Person& person, const Insider& insider, double share) {
  const Day from = std::max({insider.from, person.start, o.from});
  const Day to = std::min({insider.to, person.end, o.to});
  const auto both = static_cast<double>((to - from).count());
  return both >= share * static_cast<double>((insider.to - insider.from).count());
}

}  // namespace

Result<std::vector<Twin>> plan_twins(const Options& options, const Organisation& o,
                                     const std::vector<Insider>& insiders) {
  std::vector<Twin> twins;
  if (options.twins == 0) return twins;
  std::vector<bool> taken(o.people.size());
  for (const Insider& insider : insiders) taken[insider.person] = true;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> order;
  for (std::uint32_t i = 0; i < o.people.size(); ++i) {
    Random random = draw(o.seed, 0, o.people[i].number, Purpose::twin);
    order.emplace_back(random.bits64(), i);
  }
  std::ranges::sort(order);
  const auto find = [&](const Insider& insider) {
    const Person& original = o.people[insider.person];
    const Family family = o.departments[original.position(insider.from).department].family;
    // Of the same kind of department and there all the time; less if need be.
    for (const auto& [share, same_family] :
         {std::pair(0.9, true), std::pair(0.9, false), std::pair(0.5, false)}) {
      for (const auto& [key, index] : order) {
        const Person& person = o.people[index];
        const Archetype archetype = person.traits.archetype;
        if (taken[index] || person.leads || !covers(o, person, insider, share)) continue;
        if (archetype != Archetype::ordinary && archetype != Archetype::never_private) continue;
        const Position& position = person.position(std::max(insider.from, person.start));
        if (same_family && o.departments[position.department].family != family) continue;
        taken[index] = true;
        return index;
      }
    }
    return kNone;
  };
  for (const Insider& insider : insiders) {
    for (std::uint32_t t = 0; t < options.twins; ++t) {
      const std::uint32_t person = find(insider);
      if (person == kNone) {
        return fail(ErrorCode::invalid_argument,
                    "--twins {}: there are only people for {} twins; choose fewer twins or more "
                    "people",
                    options.twins, twins.size());
      }
      twins.push_back(TwinPlan(o, insider, person).make());
    }
  }
  return twins;
}

}  // namespace weir::sim
