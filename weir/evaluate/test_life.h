#pragma once

// A few people of whom only the sends matter, for tests of rivals.

#include <algorithm>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "weir/base/random.h"
#include "weir/evaluate/rival.h"

namespace weir::evaluate::test {

inline constexpr Day kStart{std::chrono::days{14610}};  // 2010-01-01

/// Collects what comes.
class Alarms : public AlarmSink {
 public:
  double floor() const override { return 0; }
  void take(const Alarm& alarm) override {
    all.push_back({alarm.person, alarm.day, alarm.score});
    cited.emplace_back(alarm.cited.begin(), alarm.cited.end());
  }
  struct One {
    event::PersonId person;
    Day day;
    double score;
  };
  /// Largest score of the person; 0 for none.
  double most(event::PersonId person) const {
    double most = 0;
    for (const One& one : all) {
      if (one.person == person) most = std::max(most, one.score);
    }
    return most;
  }
  std::vector<One> all;
  std::vector<std::vector<CitedAct>> cited;
};

class Life {
 public:
  explicit Life(std::size_t days) : days_(days) {}

  static event::PersonId person(std::uint64_t p) { return event::PersonId{1000 + p}; }

  event::Act& add(std::size_t day, std::uint64_t p, event::Activity activity, double hour = 10) {
    event::Act act;
    act.id = {1, ++serial_};
    act.records = {act.id};
    act.person = person(p);
    act.time = Instant{kStart + std::chrono::days{day}} +
               std::chrono::milliseconds{static_cast<std::int64_t>(hour * 3'600'000)};
    act.activity = activity;
    days_[day].push_back(std::move(act));
    return days_[day].back();
  }
  event::Act& send(std::size_t day, std::uint64_t p, std::uint64_t address,
                   event::Sensitivity sensitivity, double hour = 10) {
    event::Act& act = add(day, p, event::Activity::mail_send, hour);
    act.parties = {{.address = event::AddressToken{address},
                    .domain = event::DomainToken{9},
                    .role = event::PartyRole::to,
                    .recipient_class = event::RecipientClass::free_mail}};
    act.sensitivity = sensitivity;
    act.bytes = 10'000;
    return act;
  }
  /// `count` people who log on, open files and write to a few outside addresses.
  void routine(std::uint64_t count, std::uint64_t seed = 1) {
    for (std::uint64_t p = 0; p < count; ++p) {
      Random random(seed, 0, static_cast<std::uint32_t>(p), 1);
      for (std::size_t day = 0; day < days_.size(); ++day) {
        if (day % 7 == 1 || day % 7 == 2) continue;  // a weekend
        add(day, p, event::Activity::logon, 8);
        const std::uint32_t opens = random.poisson(3);
        for (std::uint32_t i = 0; i < opens; ++i) add(day, p, event::Activity::file_open, 11);
        if (random.chance(0.2)) {
          const std::uint32_t to = random.below(5);
          send(day, p, 10'000 * (p + 1) + to, event::Sensitivity::none, 12);
        }
      }
    }
  }
  roster::People people(std::uint64_t count, std::uint64_t declared_address = 0) const {
    std::vector<roster::Person> all;
    for (std::uint64_t p = 0; p < count; ++p) {
      roster::Person one;
      one.id = person(p);
      one.facts = {{roster::FactKind::unit, "unit" + std::to_string(p % 2), {}}};
      all.push_back(std::move(one));
    }
    return roster::People(std::move(all), {{declared_address, person(0)}});
  }
  /// All days through one rival.
  Alarms watch(const RivalSpec& spec, const roster::People& people) {
    Alarms alarms;
    const auto rival = make_rival(spec);
    History history(spec.variant);
    for (std::size_t day = 0; day < days_.size(); ++day) {
      const Day when = kStart + std::chrono::days{day};
      history.close_day(when, acts(day), people);
      rival->close_day({.day = when, .acts = days_[day], .people = people, .history = history},
                       alarms);
    }
    return alarms;
  }
  std::span<const event::Act> acts(std::size_t day) {
    std::ranges::sort(days_[day], {}, [](const event::Act& act) {
      return std::tuple(act.person, act.time, act.id);
    });
    return days_[day];
  }
  std::size_t days() const { return days_.size(); }

 private:
  std::vector<std::vector<event::Act>> days_;
  std::uint64_t serial_ = 0;
};

}  // namespace weir::evaluate::test
