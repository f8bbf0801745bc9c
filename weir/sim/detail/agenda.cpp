#include "weir/sim/detail/agenda.h"

#include <algorithm>

#include "weir/sim/detail/purpose.h"

namespace weir::sim {

namespace {

using namespace parameters;
using event::Activity;
using std::chrono::days;
using std::chrono::milliseconds;

constexpr double kMillisecondsPerDay = 86'400'000.0;

milliseconds of_days(double count) {
  return milliseconds{
      static_cast<std::int64_t>(std::min(count, kLongestLagDays) * kMillisecondsPerDay)};
}

Day first_of(int year) { return Day{std::chrono::year{year} / std::chrono::January / 1}; }

/// Writes one person's items and keeps those of one year.
class Writer {
 public:
  Writer(const Organisation& organisation, const Presence& presence, std::uint32_t person, int year,
         std::vector<AgendaItem>& out)
      : organisation_(organisation),
        presence_(presence),
        documents_(organisation),
        contacts_(organisation),
        index_(person),
        person_(organisation.people[person]),
        from_(std::max(first_of(year), organisation.from)),
        to_(std::min(first_of(year + 1), organisation.to)),
        out_(out) {}

  void private_mail(int year);
  void webmail(int year);
  void visits(int year);
  void requests(int year);
  void job_hunts();
  void leaving();
  void nights_on_call();
  void forward_rule();

 private:
  void keep(AgendaItem item) {
    const Day window = window_of(item.time);
    if (window < from_ || window >= to_ || !person_.employed(window) || item.time >= person_.end)
      return;
    item.person = index_;
    out_.push_back(item);
  }
  /// A moment of the first working day from `day` on; `kNever` if there is none soon.
  Instant at_work(Day day, double u) const {
    // Not there at all: nothing is put off to the first day at work.
    if (!person_.employed(day) || day < organisation_.from) return kNever;
    const Day found = presence_.next_work_day(index_, day);
    if (found == kNever) return kNever;
    const WorkShift shift = shift_on(organisation_, person_, found);
    return shift.start + milliseconds{static_cast<std::int64_t>(
                             u * static_cast<double>((shift.end - shift.start).count()))};
  }
  Document document(Random& random, Day day, double sensitive, double foreign) const {
    const bool is_foreign = random.chance(foreign);
    const bool is_sensitive = random.chance(sensitive);
    const std::uint32_t group = is_foreign ? documents_.foreign_group(random, person_, day)
                                           : documents_.own_group(random, person_, day);
    return documents_.with(random, group, day, is_sensitive);
  }
  bool present_between(Day from, Day to) const { return from < to_ && to > from_; }

  const Organisation& organisation_;
  const Presence& presence_;
  Documents documents_;
  Contacts contacts_;
  std::uint32_t index_;
  const Person& person_;
  Day from_, to_;
  std::vector<AgendaItem>& out_;
};

/// How one kind of writer of private mail behaves.
struct PrivateHabits {
  double to_self, with_file, with_document, sensitive, foreign;
  double prompted, lag_log_days, lag_sigma, answered;
};
constexpr PrivateHabits kOrdinary = {kPrivateToSelf,     kPrivateWithFile, kPrivateWithDocument,
                                     kPrivateSensitive,  kPrivateForeign,  kPrivatePrompted,
                                     kPrivateLagLogDays, kPrivateLagSigma, kPrivateAnswered};
constexpr PrivateHabits kSelfMailer = {1.0,
                                       1.0,
                                       kSelfMailWithDocument,
                                       kSelfMailSensitive,
                                       kSelfMailForeign,
                                       0.0,
                                       kPrivateLagLogDays,
                                       kPrivateLagSigma,
                                       kSelfMailReturns};
constexpr PrivateHabits kFreelancer = {0.0,
                                       0.9,
                                       kFreelanceWithDocument,
                                       kFreelanceSensitive,
                                       0.1,
                                       kFreelancePrompted,
                                       kFreelanceLagLogDays,
                                       kFreelanceLagSigma,
                                       kFreelanceAnswered};

const PrivateHabits& habits_of(Archetype archetype) {
  if (archetype == Archetype::self_mailer) return kSelfMailer;
  if (archetype == Archetype::freelancer) return kFreelancer;
  return kOrdinary;
}

void Writer::private_mail(int year) {
  const Traits& traits = person_.traits;
  if (traits.private_per_year <= 0) return;
  const PrivateHabits& habits = habits_of(traits.archetype);
  Random random =
      draw(organisation_.seed, static_cast<std::uint64_t>(year), person_.number, Purpose::personal);
  const std::uint32_t count = random.poisson(traits.private_per_year);
  for (std::uint32_t i = 0; i < count; ++i) {
    const Day day = first_of(year) + days{random.below(365)};
    const double moment = random.uniform();
    AgendaItem send{.activity = Activity::mail_send, .has_party = true};
    send.nonce = random.bits64();
    const bool to_self = random.chance(habits.to_self);
    send.party = to_self ? person_.private_mailbox
                 : traits.archetype == Archetype::freelancer
                     ? contacts_.client_of(random, person_)
                     : contacts_.friend_of(random, person_, day);
    send.has_document = random.chance(habits.with_file);
    const bool is_ours = random.chance(habits.with_document);
    if (send.has_document && is_ours) {
      send.document = document(random, day, habits.sensitive, habits.foreign);
    } else {
      send.document = {Document::kPrivate, random.bits32() >> 8};
    }
    const bool prompted = random.chance(habits.prompted);
    const double lag = random.lognormal(habits.lag_log_days, habits.lag_sigma);
    const bool answered = random.chance(habits.answered);
    const double answer_lag = random.lognormal(habits.lag_log_days, habits.lag_sigma);
    const bool with_content = random.chance(0.3);
    const std::uint32_t content = random.bits32() >> 8;

    send.time = at_work(day, moment);
    if (send.time == kNever) continue;
    AgendaItem letter{.activity = Activity::mail_receive, .has_party = true, .party = send.party};
    if (prompted && !to_self) {
      send.flags = event::kFlagReply;
      letter.time = send.time - of_days(lag);
      letter.nonce = send.nonce + 1;
      keep(letter);
    }
    if (answered) {
      letter.time = send.time + of_days(answer_lag);
      letter.nonce = send.nonce + 2;
      letter.flags = event::kFlagReply;
      letter.has_document = with_content || to_self;
      letter.document = to_self ? send.document : Document{Document::kOutside, content};
      keep(letter);
    }
    keep(send);
  }
}

void Writer::webmail(int year) {
  const double rate = person_.traits.private_per_year * kWebmailPerPrivateMail;
  if (!organisation_.more_logs || rate <= 0) return;
  Random random =
      draw(organisation_.seed, static_cast<std::uint64_t>(year), person_.number, Purpose::webmail);
  const std::uint32_t count = random.poisson(rate);
  for (std::uint32_t i = 0; i < count; ++i) {
    const Day day = first_of(year) + days{random.below(365)};
    const double moment = random.uniform();
    AgendaItem item{.activity = Activity::mail_send, .has_party = true, .has_account = true};
    item.flags = event::kFlagOwnPersonalSender;
    item.account = person_.private_mailbox;
    item.instance =
        person_.declared ? event::AccountInstance::declared : event::AccountInstance::unclaimed;
    item.nonce = random.bits64();
    item.party = contacts_.friend_of(random, person_, day);
    item.has_document = random.chance(kWebmailWithFile);
    const bool is_ours = random.chance(kWebmailWithDocument);
    const std::uint32_t own_file = random.bits32() >> 8;
    if (item.has_document && is_ours) {
      item.document = document(random, day, kPrivateSensitive, kPrivateForeign);
    } else {
      item.document = {Document::kPrivate, own_file};
    }
    item.time = at_work(day, moment);
    if (item.time != kNever) keep(item);
  }
}

void Writer::visits(int year) {
  if (!organisation_.more_logs) return;
  Random random =
      draw(organisation_.seed, static_cast<std::uint64_t>(year), person_.number, Purpose::visits);
  const bool helps = kRoles[person_.position(first_of(year)).role].name == "IT Administrator";
  const std::uint32_t count = random.poisson(helps ? kVisitsOfAdministrators : kVisitsPerYear);
  for (std::uint32_t i = 0; i < count; ++i) {
    const Day day = first_of(year) + days{random.below(365)};
    const double moment = 0.95 * random.uniform();
    const std::uint32_t minutes = 3 + random.below(40);
    const std::uint32_t opens = random.poisson(helps ? 0.2 : 1.0);
    const std::uint32_t colleague = contacts_.colleague(random, person_, day);
    const Instant start = at_work(day, moment);
    if (start == kNever || colleague == kNone || colleague == index_) continue;
    const std::uint32_t host = colleague;
    keep({.time = start, .activity = Activity::logon, .host_of = host});
    for (std::uint32_t o = 0; o < opens; ++o) {
      AgendaItem item{.activity = Activity::file_open, .has_document = true, .host_of = host};
      item.time = start + milliseconds{60'000 + random.below(120'000)};
      item.document = document(random, day, 0.15, 0.05);
      const bool written = random.chance(organisation_.kept.opens);
      if (written) keep(item);
    }
    keep({.time = start + std::chrono::minutes{minutes},
          .activity = Activity::logoff,
          .host_of = host});
  }
}

void Writer::requests(int year) {
  Random random =
      draw(organisation_.seed, static_cast<std::uint64_t>(year), person_.number, Purpose::requests);
  const std::uint32_t count = random.poisson(kRequestsPerYear);
  for (std::uint32_t i = 0; i < count; ++i) {
    const Day day = first_of(year) + days{random.below(365)};
    const std::uint32_t milliseconds_in = random.below(15 * 3'600'000);
    const double from = random.uniform();
    const std::uint64_t id = random.bits64();
    const Address known = contacts_.friend_of(random, person_, day);
    AgendaItem item{.activity = Activity::mail_receive, .has_party = true};
    item.nonce = random.bits64();
    // Mail from outside comes from early morning till late at night.
    item.time = window_start(day) + std::chrono::hours{4} + milliseconds{milliseconds_in};
    item.party = from < kRequestFromFriend ? known
                 : from < kRequestFromFriend + kRequestFromStranger
                     ? Address{id, AddressKind::free_mail}
                     : Address{id, AddressKind::organisation};
    keep(item);
  }
}

void Writer::job_hunts() {
  for (const Person::Hunt& hunt : person_.hunts) {
    if (!present_between(hunt.from, hunt.to)) continue;
    Random random =
        draw(organisation_.seed, stream_of(hunt.from), person_.number, Purpose::job_hunt);
    const auto length = static_cast<std::uint32_t>((hunt.to - hunt.from).count());
    const std::uint32_t mails = random.poisson(kHuntMails);
    const std::uint32_t curriculum = random.bits32() >> 8;
    for (std::uint32_t i = 0; i < mails; ++i) {
      const Day day = hunt.from + days{random.below(std::max(length, 1u))};
      const double moment = random.uniform();
      const bool agency = random.chance(0.25);
      AgendaItem item{.activity = Activity::mail_send, .has_party = true, .has_document = true};
      item.nonce = random.bits64();
      item.party = {random.bits64(), agency ? AddressKind::free_mail : AddressKind::organisation};
      item.document = {Document::kPrivate, curriculum};
      const bool answered = random.chance(0.5);
      const double lag = random.lognormal(1.0, 0.8);
      item.time = at_work(day, moment);
      if (item.time == kNever) continue;
      if (answered) {
        AgendaItem answer{.time = item.time + of_days(lag),
                          .activity = Activity::mail_receive,
                          .has_party = true};
        answer.flags = event::kFlagReply;
        answer.party = item.party;
        answer.nonce = item.nonce + 1;
        keep(answer);
      }
      keep(item);
    }
    const std::uint32_t visits = random.poisson(kHuntVisitsPerDay * length);
    for (std::uint32_t i = 0; i < visits; ++i) {
      const Day day = hunt.from + days{random.below(std::max(length, 1u))};
      const double moment = random.uniform();
      AgendaItem item{.activity = Activity::web_visit, .has_party = true};
      item.party = {kJobSites + random.below(6), AddressKind::web_site};
      item.time = at_work(day, moment);
      if (item.time != kNever) keep(item);
    }
  }
}

void Writer::leaving() {
  if (person_.end == kNever || !present_between(person_.end - days{14}, person_.end)) return;
  Random random = draw(organisation_.seed, 0, person_.number, Purpose::leaver);
  const bool takes = random.chance(kLeaverTakesFiles);
  const double files = random.lognormal(kLeaverFilesLog, kLeaverFilesSigma);
  if (!takes) return;
  const Day day = person_.end - days{1 + random.below(14)};
  const double moment = random.uniform();
  Instant time = at_work(day, moment);
  if (time == kNever) return;
  const auto count = static_cast<std::uint32_t>(std::clamp(files, 1.0, 60.0));
  keep({.time = time, .activity = Activity::device_connect, .flags = event::kFlagRemovableMedia});
  for (std::uint32_t i = 0; i < count; ++i) {
    time += milliseconds{2'000 + random.below(60'000)};
    AgendaItem item{.time = time, .activity = Activity::file_copy, .has_document = true};
    item.flags = event::kFlagRemovableMedia;
    const bool own_file = random.chance(0.4);
    const std::uint32_t number = random.bits32() >> 8;
    item.document = document(random, day, kLeaverSensitive, 0.02);
    if (own_file) item.document = {Document::kPrivate, number};
    keep(item);
  }
}

void Writer::nights_on_call() {
  if (!person_.traits.on_call) return;
  for (Day day = from_; day < to_; day += days{1}) {
    const auto turn = static_cast<std::uint64_t>(week_number(day)) + person_.number;
    if (turn % 4 != 0) continue;
    Random random = draw(organisation_.seed, stream_of(day), person_.number, Purpose::on_call);
    const bool called = random.chance(kOnCallNight);
    const std::uint32_t minute = 20 * 60 + random.below(8 * 60);
    const std::uint32_t opens = random.poisson(1.5);
    if (!called) continue;
    const Zone zone = organisation_.departments[person_.position(day).department].zone;
    const Instant start = to_utc(zone, day, std::chrono::minutes{minute});
    keep({.time = start, .activity = Activity::logon});
    for (std::uint32_t i = 0; i < opens; ++i) {
      const Instant time = start + milliseconds{60'000 + random.below(2'400'000)};
      AgendaItem item{.time = time, .activity = Activity::file_open, .has_document = true};
      item.document = document(random, day, 0.15, 0.05);
      keep(item);
    }
    keep({.time = start + std::chrono::minutes{45}, .activity = Activity::logoff});
  }
}

void Writer::forward_rule() {
  Random random = draw(organisation_.seed, 0, person_.number, Purpose::forward_rule);
  const double wait = random.exponential(kForwardRulesPerYear / 365.25);
  const double moment = random.uniform();
  const Day day = std::max(person_.start, organisation_.from) +
                  days{static_cast<int>(std::min(wait, 40'000.0))};
  if (!present_between(day - days{61}, day + days{61})) return;
  AgendaItem item{
      .activity = Activity::forward_rule, .has_party = true, .party = person_.private_mailbox};
  item.time = at_work(day, moment);
  if (item.time != kNever) keep(item);
}

}  // namespace

void append_agenda(const Organisation& organisation, const Presence& presence, std::uint32_t person,
                   int year, std::vector<AgendaItem>& out) {
  Writer writer(organisation, presence, person, year, out);
  // What was begun last year may go on, and what comes next year may have been asked for.
  for (const int around : {year - 1, year, year + 1}) writer.private_mail(around);
  // A day's window may belong to the year before.
  for (const int around : {year - 1, year}) {
    writer.webmail(around);
    writer.visits(around);
  }
  writer.requests(year - 1);
  writer.requests(year);
  writer.job_hunts();
  writer.leaving();
  writer.nights_on_call();
  writer.forward_rule();
}

}  // namespace weir::sim
