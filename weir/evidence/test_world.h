#pragma once

// A small organisation for tests, with habits written from the descriptions in science.md and not
// from the engine's own models: heavy tails, people unlike their peers, changes of regime,
// newsletters, marks that are missing.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>
#include <unordered_map>
#include <vector>

#include "weir/base/random.h"
#include "weir/event/act.h"
#include "weir/roster/people.h"

namespace weir::evidence::test {

inline constexpr Day kStart{std::chrono::days{14610}};  // 2010-01-01

struct WorldOptions {
  std::uint32_t people = 200;
  std::uint32_t years = 3;
  std::uint64_t seed = 1;
  std::uint32_t insiders = 0;
  double sends_per_year = 4;
  double request_days = 5;  // median lag between request and send
  double missing = 0.1;     // share of transmissions without a sensitivity
  bool roster = true;
  bool heavy_tails = true;  // sales people, bursts, changes of regime
  bool logons = false;      // a logon a working day
  std::uint32_t units = 10;
};

class World {
 public:
  explicit World(const WorldOptions& options) : options_(options), days_(options.years * 365 + 1) {
    for (std::uint32_t p = 0; p < options.people; ++p) live(p);
    for (auto& day : days_) {
      std::ranges::sort(day, [](const event::Act& a, const event::Act& b) {
        return std::tuple(a.person, a.time, a.id) < std::tuple(b.person, b.time, b.id);
      });
    }
  }

  std::size_t days() const { return days_.size(); }
  Day day(std::size_t i) const { return kStart + std::chrono::days{i}; }
  const std::vector<event::Act>& acts(std::size_t i) const { return days_[i]; }
  std::vector<event::Act>& acts(std::size_t i) { return days_[i]; }
  static event::PersonId person(std::uint32_t p) { return event::PersonId{1000 + p}; }
  bool is_insider(event::PersonId id) const {
    const std::uint64_t p = static_cast<std::uint64_t>(id) - 1000;
    return p < options_.insiders;
  }
  bool is_malicious(const event::RecordId& id) const { return id.high == 0xbad; }
  std::size_t size() const {
    std::size_t total = 0;
    for (const auto& day : days_) total += day.size();
    return total;
  }

  roster::People people() const {
    std::vector<roster::Person> all;
    for (std::uint32_t p = 0; options_.roster && p < options_.people; ++p) {
      roster::Person one;
      one.id = person(p);
      one.facts = {{roster::FactKind::unit, "unit" + std::to_string(unit(p)), {}},
                   {roster::FactKind::role, p % 3 == 0 ? "analyst" : "engineer", {}}};
      all.push_back(std::move(one));
    }
    return roster::People(std::move(all), {});
  }

 private:
  std::uint32_t unit(std::uint32_t p) const { return p % options_.units; }

  event::Act act(std::uint32_t p, std::size_t day, event::Activity activity, Random& random,
                 bool malicious = false) {
    event::Act made;
    made.id = {malicious ? 0xbadu : 0x600du, ++serial_};
    made.records = {made.id};
    made.person = person(p);
    const double hour = std::clamp(12.0 + 2.5 * random.normal(), 0.0, 23.9);
    made.time = Instant{day_start(day)} +
                std::chrono::milliseconds{static_cast<std::int64_t>(hour * 3'600'000.0)};
    made.activity = activity;
    return made;
  }
  static Instant day_start(std::size_t i) { return kStart + std::chrono::days{i}; }

  void put(std::size_t day, event::Act made) {
    if (day < days_.size()) days_[day].push_back(std::move(made));
  }

  event::Party party(std::uint64_t address, std::uint64_t domain, event::RecipientClass kind,
                     event::PartyRole role) {
    return {.address = event::AddressToken{address},
            .domain = event::DomainToken{domain},
            .role = role,
            .recipient_class = kind};
  }

  void mail(std::uint32_t p, double when, std::uint64_t address, std::uint64_t domain,
            event::RecipientClass kind, double sensitive, double off_role, Random& random,
            bool malicious = false) {
    if (when < 0) return;
    const auto day = static_cast<std::size_t>(when);
    event::Act made = act(p, day, event::Activity::mail_send, random, malicious);
    made.parties = {party(address, domain, kind, event::PartyRole::to)};
    made.bytes = static_cast<std::uint64_t>(random.lognormal(11.0, 1.2));
    const bool is_sensitive = random.chance(sensitive);
    const bool is_secret = random.chance(0.3);
    made.sensitivity = !is_sensitive ? event::Sensitivity::none
                       : is_secret   ? event::Sensitivity::secret
                                     : event::Sensitivity::confidential;
    if (random.chance(options_.missing)) made.sensitivity = event::Sensitivity::unknown;
    const bool off = random.chance(off_role);
    const std::uint32_t shift = 1 + random.below(options_.units - 1);
    const std::uint64_t place = 9000 + (unit(p) + (off ? shift : 0)) % options_.units;
    if (!random.chance(0.1)) {
      made.objects = {{.content = {serial_, 7}, .place = event::PlaceToken{place}}};
    }
    put(day, std::move(made));
  }

  void receive(std::uint32_t p, double when, std::uint64_t address, event::RecipientClass kind,
               Random& random, std::uint16_t flags = 0) {
    if (when < 0) return;
    const auto day = static_cast<std::size_t>(when);
    event::Act made = act(p, day, event::Activity::mail_receive, random);
    made.parties = {party(address, address / 1000, kind, event::PartyRole::from)};
    made.flags = flags;
    put(day, std::move(made));
  }

  void live(std::uint32_t p) {
    Random random(options_.seed, 1, p, 77);
    const auto all = static_cast<double>(days_.size());
    const double years = all / 365.0;
    const std::uint64_t base = (std::uint64_t{p} + 1) * 100'000;
    using event::RecipientClass;
    const bool insider = p < options_.insiders;

    // Work with files of one's own unit, now and then of another.
    const std::uint32_t opens = random.poisson(40 * years);
    for (std::uint32_t i = 0; i < opens; ++i) {
      const auto day = static_cast<std::size_t>(random.uniform() * all);
      event::Act made = act(p, day, event::Activity::file_open, random);
      const std::uint32_t other = random.chance(0.03) ? random.below(options_.units) : unit(p);
      made.objects = {{.content = {}, .place = event::PlaceToken{9000 + other}}};
      put(day, std::move(made));
    }
    for (std::size_t day = 0; options_.logons && day < days_.size(); ++day) {
      if (day % 7 >= 5) continue;
      event::Act made = act(p, day, event::Activity::logon, random);
      made.host = event::HostToken{base};
      put(day, std::move(made));
    }
    // Requests of strangers; ordinary people get them too.
    const std::uint32_t strangers = random.poisson(8 * years);
    for (std::uint32_t i = 0; i < strangers; ++i) {
      const std::uint64_t address = base + 50'000 + random.below(30);
      receive(p, random.uniform() * all, address, RecipientClass::free_mail, random);
    }
    const std::uint32_t newsletters = random.poisson(12 * years);
    for (std::uint32_t i = 0; i < newsletters; ++i) {
      receive(p, random.uniform() * all, base + 60'000 + random.below(5), RecipientClass::other,
              random, event::kFlagAutomatic);
    }

    const double kind = random.uniform();
    const double own_marks = 0.02 + 0.10 * random.uniform();
    if (kind < 0.035 && !insider) {
      const double rate = random.gamma(2.0, 30.0);
      const std::uint32_t sends = random.poisson(rate * years);
      for (std::uint32_t i = 0; i < sends; ++i) {
        mail(p, random.uniform() * all, base, 1, RecipientClass::free_mail, 0.5, 0.05, random);
      }
    } else if (kind < 0.05 && !insider) {
      const std::uint32_t jobs = random.poisson(20 * years);
      for (std::uint32_t i = 0; i < jobs; ++i) {
        const std::uint64_t client = base + random.below(4);
        const double asked = random.uniform() * all;
        receive(p, asked, client, RecipientClass::free_mail, random);
        const double lag = random.lognormal(std::numbers::ln2, 0.9);
        mail(p, asked + lag, client, 1, RecipientClass::free_mail, 0.12, 0.08, random);
      }
    } else if (kind < 0.55) {
      const double rate = random.gamma(0.6, 5.0);
      const std::uint32_t sends = random.poisson(rate * years);
      for (std::uint32_t i = 0; i < sends; ++i) {
        const std::uint64_t address = base + random.below(12);
        const double when = random.uniform() * all;
        if (random.chance(0.3)) {
          const double lag = random.exponential(0.7);
          receive(p, when - lag, address, RecipientClass::free_mail, random);
        }
        mail(p, when, address, 1, RecipientClass::free_mail, own_marks, 0.08, random);
      }
    }
    if (options_.heavy_tails) sell(p, base, all, own_marks, random);

    if (!insider) return;
    const std::uint32_t sends = random.poisson(options_.sends_per_year * years);
    for (std::uint32_t i = 0; i < sends; ++i) {
      const std::uint64_t handler = base + 70'000 + i / 30;
      const double asked = random.uniform() * all;
      const double lag = random.lognormal(std::log(options_.request_days), 0.9);
      if (random.chance(0.9)) receive(p, asked, handler, RecipientClass::free_mail, random);
      mail(p, asked + lag, handler, 2, RecipientClass::free_mail, 0.7, 0.6, random, true);
    }
  }

  // A tenth of the people deal with customers: much mail to addresses of their own, answers within
  // a day, busy seasons, and shares of marked documents that differ from person to person.
  void sell(std::uint32_t p, std::uint64_t base, double all, double own_marks, Random& random) {
    using event::RecipientClass;
    if (!random.chance(0.1)) return;
    const double rate = random.lognormal(std::log(60.0), 1.0);
    const double marks = random.chance(0.2) ? 3.0 * own_marks : own_marks;
    const double change = random.uniform() * all;
    const std::uint32_t mails = random.poisson(std::min(rate, 600.0) * all / 365.0);
    for (std::uint32_t i = 0; i < mails; ++i) {
      double when = random.uniform() * all;
      // A change of job: three quarters of it after one day; and one very busy month.
      if (random.chance(0.5)) when = change + random.uniform() * (all - change);
      if (random.chance(0.1)) when = change + random.uniform() * 30.0;
      const std::uint64_t customer = base + 80'000 + random.below(40);
      if (random.chance(0.6)) {
        receive(p, when - random.exponential(1.0), customer, RecipientClass::other, random);
      }
      mail(p, when, customer, customer, RecipientClass::other, marks, 0.1, random);
    }
  }

  WorldOptions options_;
  std::vector<std::vector<event::Act>> days_;
  std::uint64_t serial_ = 0;
};

}  // namespace weir::evidence::test
