#include "weir/sim/detail/routine.h"

#include <algorithm>
#include <cmath>

#include "weir/sim/detail/purpose.h"

namespace weir::sim {

namespace {

using namespace parameters;
using event::Activity;
using std::chrono::milliseconds;

template <std::size_t N>
std::uint32_t choose(Random& random, const std::array<double, N>& shares) {
  const double u = random.uniform();
  double sum = 0;
  for (std::uint32_t i = 0; i + 1 < N; ++i) {
    sum += shares[i];
    if (u < sum) return i;
  }
  return N - 1;
}

}  // namespace

/// One person's day while it is being made.
class PersonDay {
 public:
  PersonDay(const Routine& routine, std::uint32_t person, const Routine::Day& day,
            Routine::Part part, EventBuffer& buffer)
      : routine_(routine),
        organisation_(routine.organisation_),
        index_(person),
        person_(organisation_.people[person]),
        role_(kRoles[person_.position(day.day).role]),
        shift_(shift_on(organisation_, person_, day.day)),
        day_(day.day),
        busy_(day.busy),
        part_(part),
        kept_(organisation_.kept),
        full_(kept_.everything),
        disturbance_(random_for(Purpose::disturbance)),
        latest_(window_start(day.day) + std::chrono::hours{24} - milliseconds{1}),
        buffer_(buffer) {}

  void logons();
  void mail();
  void inbound();
  void files();
  void device();
  void egress();
  void lookups();
  void web();

 private:
  Random random_for(Purpose purpose) const {
    return draw(organisation_.seed, stream_of(day_), person_.number, purpose);
  }

  /// A moment of the working day, seldom during lunch.
  Instant moment(Random& random) const {
    const auto length = static_cast<double>((shift_.end - shift_.start).count());
    double u = random.uniform();
    const double again = random.uniform();
    if (u > 0.46 && u < 0.54 && again < 0.6) u = again / 0.6;
    return shift_.start + milliseconds{static_cast<std::int64_t>(u * length)};
  }
  Event& begin(Activity activity, Instant time) {
    Event& event = buffer_.add(activity, index_, std::min(time, latest_));
    event.zone = shift_.zone;
    return event;
  }
  /// What was begun is complete: let it into the log, or not.
  void finish() {
    const Event& event = buffer_.newest();
    const bool endpoint = source_of(event.activity) == Source::endpoint;
    const bool other_part = (part_ == Routine::Part::without_endpoint && endpoint) ||
                            (part_ == Routine::Part::only_endpoint && !endpoint);
    if (other_part || event.time >= person_.end) {
      buffer_.drop_newest();
      return;
    }
    routine_.disturbances_.apply(buffer_, disturbance_, latest_);
  }
  void attach(Document document, bool on_share) {
    const DocumentFacts f = facts(organisation_.seed, document, organisation_.marking);
    buffer_.object(document, document.is_ours() && (on_share || f.place_known));
    buffer_.newest().bytes += f.bytes;
  }
  Document business_document(Random& random, double keep_sensitive) const {
    const std::uint32_t group = routine_.documents_.own_group(random, person_, day_);
    return routine_.documents_.mostly_harmless(random, group, day_, keep_sensitive);
  }
  void send(Random& random, bool outside);
  void receive(Random& random, bool automatic);

  const Routine& routine_;
  const Organisation& organisation_;
  std::uint32_t index_;
  const Person& person_;
  const Role& role_;
  WorkShift shift_;
  Day day_;
  double busy_;
  Routine::Part part_;
  const Kept& kept_;
  bool full_;
  Random disturbance_;
  Instant latest_;
  EventBuffer& buffer_;
};

void PersonDay::logons() {
  Random random = random_for(Purpose::logon);
  const bool second_host = person_.traits.second_host && random.chance(kSecondHostUse);
  if (kept_.logons < 1 && !random_for(Purpose::thin).chance(kept_.logons)) return;
  const bool failed = random.chance(kFailedLogon);
  const bool unlocks = random.chance(kSecondLogon);
  const double u = random.uniform();
  const auto host = static_cast<std::uint8_t>(second_host ? 1 : 0);
  if (failed) {
    begin(Activity::logon_failed, shift_.start - milliseconds{9'000}).host = host;
    finish();
  }
  begin(Activity::logon, shift_.start).host = host;
  finish();
  if (full_ && unlocks) {
    const auto length = static_cast<double>((shift_.end - shift_.start).count());
    begin(Activity::logon,
          shift_.start + milliseconds{static_cast<std::int64_t>((0.4 + 0.4 * u) * length)});
    finish();
  }
  if (!kept_.logoffs) return;
  begin(Activity::logoff, shift_.end).host = host;
  finish();
}

void PersonDay::send(Random& random, bool outside) {
  const Instant time = moment(random);
  Event& event = begin(Activity::mail_send, time);
  event.host = 2;
  event.digest[0] = random.bits64();
  event.digest[1] = random.bits64();
  if (role_.name == "Administrative Assistant" && random.chance(kSendsForBoss)) {
    event.sender = organisation_.manager(person_, day_);
  }
  const double text = random.lognormal(kMailLogBytes, kMailBytesSigma);
  event.bytes = static_cast<std::uint64_t>(text);
  if (random.chance(kReplyShare)) event.flags |= event::kFlagReply;

  const std::uint32_t wanted = 1 + choose(random, kRecipients);
  for (std::uint32_t i = 0; i < wanted; ++i) {
    const auto role = i == 0 || random.chance(0.5) ? event::PartyRole::to : event::PartyRole::cc;
    if (outside && (i == 0 || random.chance(kFurtherOutsideRecipient))) {
      buffer_.party(routine_.contacts_.business(random, person_, day_), role);
    } else {
      const std::uint32_t colleague = routine_.contacts_.colleague(random, person_, day_);
      if (colleague != kNone && colleague != index_) {
        buffer_.party({colleague, AddressKind::employee}, role);
      }
    }
  }
  if (buffer_.newest().parties == 0) {
    buffer_.drop_newest();
    return;
  }
  const std::uint32_t attachments = choose(random, kAttachments);
  for (std::uint32_t i = 0; i < attachments; ++i) {
    const Document document = business_document(random, outside ? kBusinessSendsSensitive : 1.0);
    attach(document, false);
  }
  const bool plain = outside && attachments == 0;
  if (plain && kept_.plain_mail < 1 && !random.chance(kept_.plain_mail)) {
    buffer_.drop_newest();
    return;
  }
  finish();
}

void PersonDay::mail() {
  Random random = random_for(Purpose::mail);
  double rate = role_.mails_per_day * person_.traits.mail_factor * busy_;
  if (is_weekend(day_)) rate *= 0.25;
  // Gamma-Poisson: the day's mood is one for all kinds of mail, so their counts rise together.
  const double shape = std::max(rate, 0.2) / (person_.traits.dispersion - 1.0);
  const double mood = random.gamma(shape, 1.0);
  const std::uint32_t outside = random.poisson(rate * mood * role_.outside);
  const std::uint32_t inside = random.poisson(rate * mood * (1.0 - role_.outside) * kept_.internal);
  for (std::uint32_t i = 0; i < outside; ++i) send(random, true);
  for (std::uint32_t i = 0; i < inside; ++i) send(random, false);
}

void PersonDay::receive(Random& random, bool automatic) {
  const Instant time = moment(random);
  Event& event = begin(Activity::mail_receive, time);
  event.host = 2;
  event.digest[0] = random.bits64();
  event.digest[1] = random.bits64();
  const double text = random.lognormal(kMailLogBytes, kMailBytesSigma);
  event.bytes = static_cast<std::uint64_t>(text);
  if (automatic) {
    event.flags |= event::kFlagAutomatic;
    // A dozen lists a person is on, and the odd new one.
    const std::uint64_t list =
        random.chance(0.03) ? random.bits32() : person_.number + random.below(12);
    buffer_.party({list << 20, AddressKind::newsletter}, event::PartyRole::from);
    finish();
    return;
  }
  if (random.chance(kReplyShare)) event.flags |= event::kFlagReply;
  buffer_.party(routine_.contacts_.business(random, person_, day_), event::PartyRole::from);
  if (random.chance(1.0 - kAttachments[0]))
    attach({Document::kOutside, random.bits32() >> 8}, false);
  finish();
}

void PersonDay::inbound() {
  Random random = random_for(Purpose::inbound);
  const double rate = role_.mails_per_day * person_.traits.mail_factor * busy_ * role_.outside;
  const double weekend = is_weekend(day_) ? 0.25 : 1.0;
  const std::uint32_t people = random.poisson(rate * weekend * kInboundPerOutbound * kept_.inbound);
  const std::uint32_t automatic = random.poisson(kNewslettersPerDay * kept_.newsletters);
  for (std::uint32_t i = 0; i < people; ++i) receive(random, false);
  for (std::uint32_t i = 0; i < automatic; ++i) receive(random, true);
}

void PersonDay::files() {
  Random random = random_for(Purpose::files);
  const double rate = role_.opens_per_day * busy_;
  const std::uint32_t own =
      random.negative_binomial(rate * (1.0 - kForeignOpens) * kept_.opens, 2.0);
  const std::uint32_t foreign = random.negative_binomial(rate * kForeignOpens * kept_.opens, 1.0);
  for (std::uint32_t i = 0; i < own + foreign; ++i) {
    const bool is_own = i < own;
    const std::uint32_t group = is_own ? routine_.documents_.own_group(random, person_, day_)
                                       : routine_.documents_.foreign_group(random, person_, day_);
    const bool writes = full_ && random.chance(0.25);
    const Instant time = moment(random);
    begin(writes ? Activity::file_write : Activity::file_open, time);
    attach(routine_.documents_.mostly_harmless(random, group, day_, is_own ? 1.0 : 0.6), true);
    finish();
  }
}

void PersonDay::device() {
  if (person_.traits.connects <= 0) return;
  Random random = random_for(Purpose::device);
  const std::uint32_t connects = random.negative_binomial(person_.traits.connects, 1.5);
  if (connects == 0) return;
  const bool copies = random.chance(kCopyDay);
  if (!copies && !kept_.idle_connects) return;
  const double many = random.lognormal(kCopiesLog, kCopiesSigma);
  const std::uint32_t written = full_ ? connects : 1;
  Instant time{};
  for (std::uint32_t i = 0; i < written; ++i) {
    time = moment(random);
    const double minutes = random.lognormal(2.5, 1.1);
    const bool disconnects = full_ && !random.chance(kDisconnectMissing);
    begin(Activity::device_connect, time).flags |= event::kFlagRemovableMedia;
    finish();
    if (!disconnects) continue;
    const auto later = milliseconds{static_cast<std::int64_t>(std::min(minutes, 300.0) * 60'000.0)};
    begin(Activity::device_disconnect, time + later).flags |= event::kFlagRemovableMedia;
    finish();
  }
  if (!copies) return;
  const auto count = static_cast<std::uint32_t>(std::clamp(many, 1.0, 300.0));
  for (std::uint32_t i = 0; i < count; ++i) {
    time += milliseconds{1'000 + random.below(20'000)};
    begin(Activity::file_copy, time).flags |= event::kFlagRemovableMedia;
    attach(business_document(random, kPrintsSensitive), false);
    finish();
  }
}

void PersonDay::egress() {
  Random random = random_for(Purpose::egress);
  const double at_home = person_.remote_from <= day_ ? kRemotePrints : 1.0;
  const double prints_rate = role_.prints_per_day * busy_ * at_home;
  const std::uint32_t prints = random.negative_binomial(prints_rate, 0.8);
  const std::uint32_t uploads = random.poisson(kUploadsPerDay);
  const std::uint32_t shares = random.poisson(kCloudSharesPerDay);
  for (std::uint32_t i = 0; i < prints; ++i) {
    const Instant time = moment(random);
    begin(Activity::print, time);
    attach(business_document(random, kPrintsSensitive), false);
    finish();
  }
  for (std::uint32_t i = 0; i < uploads; ++i) {
    const Instant time = moment(random);
    const bool to_cloud = random.chance(kPrivateUpload);
    const std::uint64_t site = random.below(40);
    Event& event = begin(Activity::web_upload, time);
    if (to_cloud) {
      event.instance =
          person_.declared ? event::AccountInstance::declared : event::AccountInstance::unclaimed;
    }
    buffer_.party({to_cloud ? kCloudSites + person_.number % 5 : 100 + site, AddressKind::web_site},
                  event::PartyRole::site);
    if (to_cloud) {
      attach({Document::kPrivate, random.bits32() >> 8}, false);
    } else {
      attach(business_document(random, kBusinessSendsSensitive), false);
    }
    finish();
  }
  for (std::uint32_t i = 0; i < shares; ++i) {
    const Instant time = moment(random);
    begin(Activity::cloud_share, time).instance = event::AccountInstance::corporate;
    buffer_.party(routine_.contacts_.business(random, person_, day_), event::PartyRole::to);
    attach(business_document(random, kBusinessSendsSensitive), false);
    finish();
  }
}

void PersonDay::lookups() {
  if (role_.lookups_per_day <= 0) return;
  Random random = random_for(Purpose::lookup);
  const std::uint32_t count =
      random.negative_binomial(role_.lookups_per_day * busy_ * kept_.lookups, 1.0);
  for (std::uint32_t i = 0; i < count; ++i) {
    const Instant time = moment(random);
    const Address subject{random.bits64(), AddressKind::organisation};
    begin(Activity::record_lookup, time);
    buffer_.party(subject, event::PartyRole::subject);
    finish();
  }
}

void PersonDay::web() {
  if (!full_) return;
  Random random = random_for(Purpose::web);
  const std::uint32_t pages = random.negative_binomial(kPagesPerDay, 3.0);
  for (std::uint32_t i = 0; i < pages; ++i) {
    const Instant time = moment(random);
    const double u = random.uniform();
    const bool usual = random.chance(0.8);
    // Everybody has some sixty usual sites and now and then others; few sites have most visits.
    const auto rank = static_cast<std::uint32_t>(u * u * u * (usual ? 60 : kWebSites));
    const std::uint32_t site = usual ? (rank * 97 + person_.number * 31) % kWebSites : rank;
    const bool downloads = random.chance(0.01);
    Event& event = begin(downloads ? Activity::web_download : Activity::web_visit, time);
    event.bytes = 2'000 + (random.bits32() >> 14);
    buffer_.party({site, AddressKind::web_site}, event::PartyRole::site);
    finish();
  }
}

Routine::Routine(const Organisation& organisation, const Disturbances& disturbances)
    : organisation_(organisation),
      disturbances_(disturbances),
      documents_(organisation),
      contacts_(organisation) {}

Routine::Day Routine::prepare(weir::Day day) const {
  Random random = draw(organisation_.seed, stream_of(day), 0, Purpose::common_day);
  Day result{.day = day};
  result.busy = random.lognormal(-0.5 * kCommonDaySigma * kCommonDaySigma, kCommonDaySigma);
  const weir::Day later = day + std::chrono::days{kQuarterEndDays};
  const auto month = static_cast<unsigned>(month_of(day).month());
  if (month % 3 == 0 && month_of(later) != month_of(day)) result.busy *= kQuarterEndFactor;
  return result;
}

void Routine::add(std::uint32_t person, const Day& day, Part part, EventBuffer& buffer) const {
  PersonDay today(*this, person, day, part, buffer);
  today.logons();
  today.mail();
  today.inbound();
  today.files();
  today.device();
  today.egress();
  today.lookups();
  today.web();
}

}  // namespace weir::sim
