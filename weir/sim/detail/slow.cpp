#include <algorithm>
#include <utility>

#include "weir/sim/detail/purpose.h"
#include "weir/sim/detail/scenarios.h"

namespace weir::sim {

namespace {

using namespace parameters;
using event::Activity;
using std::chrono::days;
using std::chrono::minutes;

constexpr std::string_view kNames[] = {"D1 drip",  "D2 rotation", "D3 media", "D4 photographs",
                                       "D5 split", "D7 veteran",  "D8 decoy"};

enum class Means : std::uint8_t { mail, upload, print, media, none };

/// How documents of one insider leave, and between which mailboxes.
class Ways {
 public:
  Ways(Plan& plan, Slow kind)
      : plan_(plan), kind_(kind), prints_(plan.means.chance(plan[Knob::prints])) {}

  /// Fills the list of mailboxes; those of a drip are drawn with the plan.
  void rotate(Day from, Day to) {
    if (kind_ != Slow::rotation) return;
    plan_.insider.mailboxes.clear();
    // Of each two, one is the reader's and one an anonymous account of the insider's own.
    for (Day day = from; day < to; day += days{static_cast<int>(plan_[Knob::rotation_days])}) {
      plan_.insider.mailboxes.push_back({plan_.means.bits64(), AddressKind::free_mail});
      plan_.insider.mailboxes.push_back({plan_.means.bits64(), AddressKind::free_mail});
    }
  }
  Means next() {
    const double u = plan_.means.uniform();
    switch (kind_) {
      case Slow::media:
        // Mostly the one, now and then the other.
        return (u < 0.9) == prints_ ? Means::print : Means::media;
      case Slow::photographs:
        return Means::none;
      case Slow::split:
        if (u < plan_[Knob::upload_share]) return Means::upload;
        if (u < plan_[Knob::upload_share] + plan_[Knob::print_share]) return Means::print;
        return Means::mail;
      default:
        return Means::mail;
    }
  }
  /// The mailbox in use at that time; `own`: the account of the insider.
  Address in_use(Instant when, bool own) const {
    const auto age = window_of(when) - plan_.insider.from;
    const auto turn = static_cast<std::size_t>(std::max<std::int64_t>(age.count(), 0)) /
                      static_cast<std::size_t>(plan_[Knob::rotation_days]);
    const std::size_t last = plan_.insider.mailboxes.size() / 2 - 1;
    return plan_.insider.mailboxes[2 * std::min(turn, last) + (own ? 1 : 0)];
  }
  /// Sends it off by `means`; the act's step goes with it.
  void leave(Means means, Instant time, Address to, Document document, std::uint64_t nonce,
             std::optional<Instant> requested) {
    switch (means) {
      case Means::mail: {
        AgendaItem send = plan_.mail(time, to, nonce);
        send.has_document = true;
        send.document = document;
        if (kind_ == Slow::rotation) choose_account(send);
        plan_.act("send", send, requested);
        return;
      }
      case Means::upload:
        plan_.act("upload", plan_.upload(time, document), requested);
        return;
      case Means::print:
        plan_.act("print", plan_.print(time, document), requested);
        return;
      case Means::media:
        plan_.act("connect", plan_.connect(time - minutes{2}), requested);
        plan_.act("copy", plan_.copy(time, document), requested);
        return;
      case Means::none:
        return;
    }
  }

 private:
  /// From the work mailbox to the reader's, from it to the insider's own, or from that one.
  void choose_account(AgendaItem& send) {
    const bool from_own = plan_.means.chance(plan_[Knob::own_account]);
    const bool to_own = plan_.means.chance(0.3);
    send.party = in_use(send.time, false);
    if (from_own) {
      send.has_account = true;
      send.account = in_use(send.time, true);
      send.flags = event::kFlagOwnPersonalSender;
      send.instance = event::AccountInstance::unclaimed;
    } else if (to_own) {
      send.party = in_use(send.time, true);
    }
  }

  Plan& plan_;
  Slow kind_;
  bool prints_;
};

/// Harmless mails with files of one's own: to the reader's mailbox and to three others.
void write_decoys(Plan& plan, Day from, Day to) {
  Random random = draw(plan.organisation().seed, 0, plan.person().number, Purpose::decoy);
  Address others[3];
  for (Address& other : others) other = {random.bits64(), AddressKind::free_mail};
  Instant at = from + std::chrono::hours{12};
  for (;;) {
    const double wait = random.exponential(plan[Knob::decoys_per_year] / 365.25);
    at += milliseconds_of(std::min(wait, 20'000.0));
    if (window_of(at) >= to) return;
    const double moment = random.uniform();
    const bool to_reader = random.chance(plan[Knob::decoy_to_handler]);
    const std::uint32_t other = random.below(3);
    const bool with_file = random.chance(0.6);
    const std::uint32_t file = random.bits32() >> 8;
    const std::uint64_t nonce = random.bits64();
    const bool answered = random.chance(0.4);
    const double lag = random.lognormal(kPrivateLagLogDays, kPrivateLagSigma);
    const auto time = plan.calendar.at_work(at, moment);
    if (!time) return;
    const Address party = to_reader ? plan.insider.mailboxes.front() : others[other];
    AgendaItem mail = plan.mail(*time, party, nonce);
    mail.has_document = with_file;
    mail.document = {Document::kPrivate, file};
    plan.insider.decoys.push_back(mail);
    if (!answered) continue;
    AgendaItem answer =
        plan.request(*time + milliseconds_of(std::min(lag, kLongestLagDays)), party, nonce + 1);
    answer.flags = event::kFlagReply;
    plan.insider.decoys.push_back(answer);
  }
}

/// From when on the person is at it; drawn for all, used by those who may begin late.
void choose_start(Plan& plan, Slow kind) {
  const bool from_start = plan.random.chance(plan[Knob::from_start]);
  const double start = plan.random.uniform();
  plan.insider.from = plan.first_day();
  plan.insider.to = plan.last_day();
  const auto span = static_cast<double>((plan.insider.to - plan.insider.from).count());
  if (kind == Slow::veteran || from_start) return;
  plan.insider.from += days{static_cast<int>(0.6 * start * span)};
}

}  // namespace

Insider plan_slow(Stage& stage, std::uint32_t person, Slow kind) {
  Plan plan(stage, person, kNames[std::to_underlying(kind)]);
  Random& random = plan.random;
  Insider& insider = plan.insider;
  choose_start(plan, kind);
  const bool two_mailboxes = random.chance(plan[Knob::two_mailboxes]);
  insider.mailboxes.push_back({random.bits64(), AddressKind::free_mail});
  const Address second{random.bits64(), AddressKind::free_mail};
  if (two_mailboxes) insider.mailboxes.push_back(second);
  Ways ways(plan, kind);
  ways.rotate(insider.from, insider.to);
  if (kind == Slow::decoy) {
    const auto lead =
        std::min<double>(plan[Knob::decoy_lead_days],
                         0.4 * static_cast<double>((insider.to - insider.from).count()));
    write_decoys(plan, insider.from, insider.to);
    insider.from += days{static_cast<int>(lead)};
  }
  if (kind == Slow::photographs || kind == Slow::media) insider.mailboxes.resize(1);

  Instant asked = insider.from + std::chrono::hours{12};
  for (;;) {
    const double wait = random.exponential(plan[Knob::sends_per_year] / 365.25);
    asked += milliseconds_of(std::min(wait, 20'000.0));
    if (window_of(asked) >= insider.to) break;
    const bool prompted = random.chance(plan[Knob::prompted]);
    const double lag = random.lognormal(plan[Knob::lag_log_days], plan[Knob::lag_sigma]);
    const double moment = random.uniform();
    const auto box = random.below(static_cast<std::uint32_t>(insider.mailboxes.size()));
    const auto other_box = random.below(static_cast<std::uint32_t>(insider.mailboxes.size()));
    const bool same_box = random.chance(0.8);
    const bool sensitive = random.chance(plan[Knob::sensitive]);
    const bool foreign = random.chance(plan[Knob::foreign]);
    const bool opens = random.chance(plan[Knob::opens_first]) || kind == Slow::photographs;
    const bool open_is_logged = random.chance(stage.organisation.kept.opens);
    const std::uint32_t minutes_before = 3 + random.below(40);

    // An unprompted one has its own time and no request.
    const Instant due = prompted ? asked + milliseconds_of(std::min(lag, kLongestLagDays)) : asked;
    const std::optional<Instant> time = plan.calendar.at_work(due, moment);
    const Day day = time ? window_of(*time) : insider.from;
    const Document document = plan.document(day, sensitive, foreign);
    const std::uint64_t nonce = random.bits64();
    const Means means = ways.next();

    // Who photographs a screen is not asked by mail either.
    const bool by_mail = prompted && kind != Slow::photographs;
    const Address reader = kind == Slow::rotation ? ways.in_use(asked, false)
                                                  : insider.mailboxes[same_box ? box : other_box];
    if (by_mail) insider.requests.push_back(plan.request(asked, reader, nonce + 1));
    if (!time) continue;
    const auto requested = by_mail ? std::optional(asked) : std::nullopt;
    if (opens) {
      AgendaItem access = plan.item(Activity::file_open, *time - minutes{minutes_before});
      access.has_document = true;
      access.document = document;
      const bool after_request = !requested || access.time > *requested;
      // Thinned worlds log few opens of documents; an insider's are treated alike.
      if (after_request) insider.acts.push_back({"access", access, requested, open_is_logged});
    }
    ways.leave(means, *time, insider.mailboxes[box], document, nonce, requested);
  }
  if (kind == Slow::photographs) insider.mailboxes.clear();
  return std::move(plan.insider);
}

}  // namespace weir::sim
