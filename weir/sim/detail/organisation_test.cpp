#include "weir/sim/detail/organisation.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "weir/sim/detail/presence.h"

namespace weir::sim {
namespace {

using std::chrono::days;

constexpr Day kFrom{std::chrono::year{2012} / 1 / 1};
constexpr Day kTo{std::chrono::year{2022} / 1 / 1};

const Organisation& thousand_people() {
  static const Organisation kOrganisation = make_organisation(1000, kFrom, kTo, 11);
  return kOrganisation;
}

TEST(Organisation, LosesAboutOnePercentOfItsPeopleAMonthAndReplacesThem) {
  const Organisation& o = thousand_people();
  double leavers = 0;
  for (const Person& person : o.people) leavers += person.end < kTo ? 1 : 0;
  EXPECT_NEAR(leavers / 120 / 1000, parameters::kLeaversPerMonth, 0.001);
  for (const Day day : {kFrom, kFrom + days{1500}, kTo - days{1}}) {
    int there = 0;
    for (const Person& person : o.people) there += person.employed(day) ? 1 : 0;
    EXPECT_GT(there, 960);
    EXPECT_LE(there, 1000);
  }
}

TEST(Organisation, NeverHasTwoPeopleInOneSeat) {
  const Organisation& o = thousand_people();
  for (const Seat& seat : o.seats) {
    for (std::uint32_t i = seat.first_person + 1; i < seat.first_person + seat.people; ++i) {
      EXPECT_LE(o.people[i - 1].end, o.people[i].start);
    }
  }
}

TEST(Organisation, NoTwoPeopleShareAnIdentity) {
  std::set<std::string> seen;
  for (const Person& person : thousand_people().people) {
    for (const std::string& identity :
         {person.key, person.user_id, person.old_user_id, person.address, person.old_address,
          person.host, person.second_host}) {
      if (!identity.empty()) {
        EXPECT_TRUE(seen.insert(identity).second) << identity;
      }
    }
  }
}

TEST(Organisation, LinesOfManagersEndAtOnePersonAndNeverTurnBack) {
  const Organisation& o = thousand_people();
  for (const Day day : {kFrom, kFrom + days{2000}}) {
    for (std::uint32_t p = 0; p < o.people.size(); ++p) {
      if (!o.people[p].employed(day)) continue;
      std::uint32_t at = p;
      for (int steps = 0; at != kNone; ++steps) {
        ASSERT_LT(steps, 6) << o.people[p].key;
        at = o.manager(o.people[at], day);
      }
    }
  }
}

TEST(Organisation, HasTheSharesOfRolesThatWereMeasured) {
  const Organisation& o = thousand_people();
  std::map<std::string_view, double> share;
  for (const Seat& seat : o.seats) share[parameters::kRoles[seat.role].name] += 0.001;
  EXPECT_NEAR(share["Salesman"], 0.15, 0.04);
  EXPECT_NEAR(share["Production Line Worker"], 0.09, 0.03);
  EXPECT_NEAR(share["Manager"], 0.07, 0.03);
  EXPECT_GT(share.size(), 35u);
}

TEST(Organisation, MovesPeopleToOtherRolesAndDepartments) {
  const Organisation& o = thousand_people();
  double moves = 0;
  double years = 0;
  for (const Person& person : o.people) {
    if (person.leads) continue;
    moves += static_cast<double>(person.positions.size() - 1);
    years +=
        static_cast<double>((std::min(person.end, kTo) - std::max(person.start, kFrom)).count()) /
        365.25;
    for (std::size_t i = 1; i < person.positions.size(); ++i) {
      EXPECT_LT(person.positions[i - 1].from, person.positions[i].from);
      EXPECT_EQ(person.position(person.positions[i].from).department,
                person.positions[i].department);
    }
  }
  EXPECT_NEAR(moves / years, parameters::kMovesPerYear, 0.006);
}

TEST(Organisation, HasLookAlikesInTheStatedShares) {
  std::map<Archetype, double> share;
  double declared = 0;
  const double each = 1.0 / static_cast<double>(thousand_people().people.size());
  for (const Person& person : thousand_people().people) {
    share[person.traits.archetype] += each;
    declared += person.declared ? each : 0;
  }
  EXPECT_NEAR(share[Archetype::never_private], 0.45, 0.03);
  EXPECT_NEAR(share[Archetype::self_mailer], 0.035, 0.012);
  EXPECT_NEAR(share[Archetype::freelancer], 0.015, 0.009);
  EXPECT_NEAR(declared, parameters::kDeclaresMailbox, 0.03);
}

TEST(Organisation, AboutATenthOfPeopleLooksForAnotherJobInAYear) {
  double hunts = 0;
  double years = 0;
  for (const Person& person : thousand_people().people) {
    hunts += static_cast<double>(person.hunts.size());
    years +=
        static_cast<double>((std::min(person.end, kTo) - std::max(person.start, kFrom)).count()) /
        365.25;
  }
  EXPECT_NEAR(hunts / years, 0.10, 0.015);
}

TEST(Organisation, OneSeatAloneWorksToo) {
  const Organisation o = make_organisation(1, kFrom, kTo, 3);
  EXPECT_EQ(o.seats.size(), 1u);
  EXPECT_EQ(o.manager(o.people[0], kFrom), kNone);
}

TEST(Presence, FollowsWeekendsHolidaysAndEmployment) {
  const Organisation& o = thousand_people();
  const Day monday{std::chrono::year{2015} / 3 / 2};
  const Day sunday = monday - days{1};
  const Day christmas{std::chrono::year{2015} / 12 / 25};
  int on_monday = 0;
  int on_sunday = 0;
  int on_christmas = 0;
  for (const Person& person : o.people) {
    const WorkDays days_2015 = work_days(o, person, 2015);
    const auto works = [&](Day day) {
      const bool does = days_2015.test(
          static_cast<std::uint32_t>((day - Day{std::chrono::year{2015} / 1 / 1}).count()));
      EXPECT_TRUE(!does || person.employed(day));
      return does;
    };
    on_monday += works(monday) ? 1 : 0;
    on_sunday += works(sunday) ? 1 : 0;
    on_christmas += works(christmas) ? 1 : 0;
  }
  EXPECT_GT(on_monday, 800);
  EXPECT_LT(on_sunday, 80);
  EXPECT_LT(on_christmas, 80);
}

TEST(Presence, AShiftNeverLeavesItsWindow) {
  const Organisation& o = thousand_people();
  for (std::uint32_t p = 0; p < o.people.size(); p += 3) {
    for (int d = 0; d < 365; d += 5) {
      const Day day = Day{std::chrono::year{2016} / 1 / 1} + days{d};
      const WorkShift shift = shift_on(o, o.people[p], day);
      EXPECT_LT(shift.start, shift.end);
      EXPECT_EQ(window_of(shift.start), day);
      EXPECT_EQ(window_of(shift.end), day);
    }
  }
}

}  // namespace
}  // namespace weir::sim
