#include "weir/sim/detail/year.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace weir::sim {
namespace {

using event::Activity;
using std::chrono::days;

constexpr int kYear = 2014;
constexpr Day kFrom{std::chrono::year{kYear} / 1 / 1};
constexpr Day kTo{std::chrono::year{kYear + 1} / 1 / 1};

/// A year of events of 200 people, walked through once and counted.
struct Counts {
  Organisation organisation = make_organisation(200, kFrom, kTo, 31);
  double person_days = 0;
  double work_days = 0;
  double events = 0;
  double outside_mails = 0;
  double expected_outside_mails = 0;
  double weekend_mails = 0;
  double late = 0;
  double skewed = 0;
  double attachments = 0;
  std::map<Activity, double> by_activity;
  /// Mails to outside on each working day, of people who write many.
  std::map<std::uint32_t, std::vector<double>> daily;
  std::set<std::uint32_t> private_writers;
  std::set<std::uint32_t> device_users;

  Counts() {
    const Disturbances disturbances(organisation);
    const Routine routine(organisation, disturbances);
    Year year(organisation, disturbances, routine);
    year.prepare(kYear, {}, 2);
    EventBuffer buffer;
    Presence presence(organisation);
    presence.prepare(kYear);
    presence.fill(0, static_cast<std::uint32_t>(organisation.people.size()));
    for (Day day = kFrom; day < kTo; day += days{1}) {
      buffer.clear();
      year.fill(day, buffer);
      count(day, buffer, presence);
    }
  }

  void count(Day day, EventBuffer& buffer, const Presence& presence) {
    std::map<std::uint32_t, double> today;
    for (const Event& event : buffer.events()) {
      ++events;
      ++by_activity[event.activity];
      EXPECT_TRUE(organisation.people[event.person].employed(window_of(event.time)));
      EXPECT_EQ(window_of(event.arrival), day);
      late += day_of(event.arrival) - day_of(event.time) > days{1} ? 1 : 0;
      skewed += event.arrival < event.time ? 1 : 0;
      if (event.activity == Activity::device_connect) device_users.insert(event.person);
      if (event.activity != Activity::mail_send) continue;
      bool outside = false;
      for (const EventParty& party : buffer.parties(event)) {
        outside |= party.address.kind != AddressKind::employee;
        if (party.address == organisation.people[event.person].private_mailbox)
          private_writers.insert(event.person);
      }
      if (!outside) continue;
      ++today[event.person];
      ++outside_mails;
      attachments += event.objects > 0 ? 1 : 0;
      weekend_mails += is_weekend(day) ? 1 : 0;
    }
    for (std::uint32_t p = 0; p < organisation.people.size(); ++p) {
      const Person& person = organisation.people[p];
      if (person.employed(day)) ++person_days;
      if (!presence.works(p, day)) continue;
      ++work_days;
      const parameters::Role& role = parameters::kRoles[person.position(day).role];
      const double expected = role.mails_per_day * role.outside * person.traits.mail_factor;
      expected_outside_mails += expected * (is_weekend(day) ? 0.25 : 1.0);
      if (expected > 4 && !is_weekend(day)) daily[p].push_back(today[p]);
    }
  }
};

// One test, because each test is a process and the year would be made again for each.
TEST(Year, HasTheStatedRates) {
  const Counts counts;
  const double per_day = counts.events / counts.person_days;
  EXPECT_GT(per_day, 3.0);
  EXPECT_LT(per_day, 6.0);

  // Busy quarter ends and private mail come on top of what the roles say.
  const double ratio = counts.outside_mails / counts.expected_outside_mails;
  EXPECT_GT(ratio, 0.97);
  EXPECT_LT(ratio, 1.15);
  EXPECT_LT(counts.weekend_mails / counts.outside_mails, 0.03);
  // Mail of job hunters and private mail carry more.
  EXPECT_NEAR(counts.attachments / counts.outside_mails, 0.215, 0.04);

  // Outages take some logons, nights on call add some.
  EXPECT_NEAR(counts.by_activity.at(Activity::logon) / counts.work_days, 1.0, 0.05);
  EXPECT_GT(counts.late, 0);
  EXPECT_LT(counts.late / counts.events, 0.01);
  EXPECT_LT(counts.skewed / counts.events, 0.01);

  const auto people = static_cast<double>(counts.organisation.people.size());
  EXPECT_NEAR(static_cast<double>(counts.device_users.size()) / people, 0.265, 0.08);
  for (const std::uint32_t person : counts.private_writers) {
    EXPECT_NE(counts.organisation.people[person].traits.archetype, Archetype::never_private);
  }
  using enum Activity;
  for (const Activity activity :
       {mail_send, mail_receive, web_visit, web_upload, file_open, file_copy, logon, logon_failed,
        logoff, device_connect, print, record_lookup, cloud_share}) {
    EXPECT_TRUE(counts.by_activity.contains(activity)) << event::to_string(activity);
  }

  // Daily counts vary as in life, variance two to six times the mean, and not as in CERT.
  std::vector<double> dispersion;
  for (const auto& [person, values] : counts.daily) {
    if (values.size() < 100) continue;
    double mean = 0;
    double square = 0;
    const auto count = static_cast<double>(values.size());
    for (const double value : values) mean += value / count;
    for (const double value : values) square += (value - mean) * (value - mean) / count;
    dispersion.push_back(square / mean);
  }
  ASSERT_GT(dispersion.size(), 10u);
  std::ranges::sort(dispersion);
  EXPECT_GT(dispersion.front(), 1.0);
  EXPECT_GT(dispersion[dispersion.size() / 2], 1.8);
  EXPECT_LT(dispersion.back(), 7.5);
}

/// The agenda alone, of many people and few years.
struct Agenda {
  Organisation organisation = make_organisation(2000, kFrom, kTo, 32);
  std::map<Archetype, double> sends, years;
  double requests = 0;
  double all_years = 0;

  Agenda() {
    Presence presence(organisation);
    presence.prepare(kYear);
    presence.fill(0, static_cast<std::uint32_t>(organisation.people.size()));
    std::vector<AgendaItem> items;
    for (std::uint32_t p = 0; p < organisation.people.size(); ++p) {
      const Person& person = organisation.people[p];
      items.clear();
      append_agenda(organisation, presence, p, kYear, items);
      const auto there = std::min(person.end, kTo) - std::max(person.start, kFrom);
      const double in_years = static_cast<double>(there.count()) / 365.0;
      years[person.traits.archetype] += in_years;
      all_years += in_years;
      if (!person.hunts.empty()) {
        years[person.traits.archetype] -= in_years;
        continue;
      }
      for (const AgendaItem& item : items) {
        if (item.activity == Activity::mail_send) ++sends[person.traits.archetype];
        const bool never = person.traits.archetype == Archetype::never_private;
        if (never && item.activity == Activity::mail_receive) ++requests;
      }
    }
  }
};

TEST(Agenda, PrivateMailComesAtTheStatedRates) {
  const Agenda agenda;
  const auto rate = [&](Archetype archetype) {
    return agenda.sends.at(archetype) / agenda.years.at(archetype);
  };
  EXPECT_FALSE(agenda.sends.contains(Archetype::never_private));
  // Vacations near the year's end and a few without a working day soon take some.
  EXPECT_NEAR(rate(Archetype::ordinary), parameters::kPrivatePerYear, 0.6);
  EXPECT_NEAR(rate(Archetype::self_mailer), parameters::kSelfMailsPerYear, 6.0);
  EXPECT_NEAR(rate(Archetype::freelancer), parameters::kFreelanceSendsPerYear, 8.0);
  EXPECT_NEAR(agenda.requests / agenda.years.at(Archetype::never_private),
              parameters::kRequestsPerYear, 0.5);
}

}  // namespace
}  // namespace weir::sim
