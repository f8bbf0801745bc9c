#include "weir/sim/detail/insiders.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace weir::sim {
namespace {

constexpr Day kFrom{std::chrono::year{2012} / 1 / 1};
constexpr Day kTo{std::chrono::year{2022} / 1 / 1};

double median(std::vector<double> values) {
  std::ranges::nth_element(values, values.begin() + std::ssize(values) / 2);
  return values[values.size() / 2];
}

class Drip : public ::testing::Test {
 protected:
  Drip() : organisation_(make_organisation(600, kFrom, kTo, 21)) {
    const Options options{
        .world = World::drip, .people = 600, .from = kFrom, .years = 10, .insiders = 120};
    insiders_ = plan_insiders(options, organisation_).value();
  }
  template <class Do>
  void for_each_send(Do act_on) const {
    for (const Insider& insider : insiders_) {
      for (const MaliciousAct& act : insider.acts) {
        if (act.step == "send") act_on(insider, act);
      }
    }
  }

  Organisation organisation_;
  std::vector<Insider> insiders_;
};

TEST_F(Drip, SendsAtTheRateAskedFor) {
  ASSERT_EQ(insiders_.size(), 120u);
  double sends = 0;
  double years = 0;
  for_each_send([&](const Insider&, const MaliciousAct&) { ++sends; });
  for (const Insider& insider : insiders_) {
    years += static_cast<double>((insider.to - insider.from).count()) / 365.25;
  }
  EXPECT_NEAR(sends / years, 4.0, 0.3);
}

TEST_F(Drip, FollowsRequestsAfterDaysAndNeverBefore) {
  std::vector<double> lags;
  double sends = 0;
  for_each_send([&](const Insider&, const MaliciousAct& act) {
    ++sends;
    if (!act.requested) return;
    const auto lag = act.item.time - *act.requested;
    EXPECT_GT(lag.count(), 0);
    lags.push_back(static_cast<double>(lag.count()) / 86'400'000.0);
  });
  EXPECT_NEAR(static_cast<double>(lags.size()) / sends, 0.90, 0.02);
  // Five days, and the wait for the next working day.
  EXPECT_GT(median(lags), 4.5);
  EXPECT_LT(median(lags), 7.5);
}

TEST_F(Drip, SendsSensitiveDocumentsOfOtherGroups) {
  double sends = 0;
  double sensitive = 0;
  double foreign = 0;
  for_each_send([&](const Insider& insider, const MaliciousAct& act) {
    const Person& person = organisation_.people[insider.person];
    ++sends;
    sensitive += is_sensitive(facts(21, act.item.document)) ? 1 : 0;
    const std::uint32_t department = act.item.document.group / parameters::kGroupsPerDepartment;
    const bool own = department == person.position(window_of(act.item.time)).department ||
                     department == person.traits.project;
    foreign += own ? 0 : 1;
  });
  EXPECT_NEAR(sensitive / sends, 0.70, 0.03);
  EXPECT_NEAR(foreign / sends, 0.60, 0.03);
}

TEST_F(Drip, HappensAtWorkAndWithinEmployment) {
  for_each_send([&](const Insider& insider, const MaliciousAct& act) {
    const Person& person = organisation_.people[insider.person];
    const Day day = window_of(act.item.time);
    const WorkShift shift = shift_on(organisation_, person, day);
    EXPECT_TRUE(person.employed(day));
    EXPECT_GE(act.item.time, shift.start);
    EXPECT_LT(act.item.time, shift.end);
  });
}

TEST(Burst, TakesFilesWithinTenDaysAndLeavesSoonAfter) {
  Organisation o = make_organisation(300, kFrom, kTo, 22);
  const Options options{
      .world = World::burst, .people = 300, .from = kFrom, .years = 10, .insiders = 20};
  const std::vector<Insider> insiders = plan_insiders(options, o).value();
  ASSERT_EQ(insiders.size(), 20u);
  for (const Insider& insider : insiders) {
    const Person& person = o.people[insider.person];
    EXPECT_GE(insider.acts.size(), 10u);
    for (const MaliciousAct& act : insider.acts) {
      EXPECT_GE(window_of(act.item.time), insider.from);
      EXPECT_LT(window_of(act.item.time), insider.to);
    }
    EXPECT_GT(person.end, insider.to);
    EXPECT_LE(person.end, insider.to + std::chrono::days{parameters::kBurstLeavesWithinDays});
  }
}

TEST(Insiders, AreRefusedWhereNobodyStaysLongEnough) {
  Organisation o = make_organisation(2, kFrom, kFrom + std::chrono::days{365}, 22);
  for (Person& person : o.people) person.end = kFrom + std::chrono::days{3};
  const Options options{
      .world = World::drip, .people = 2, .from = kFrom, .years = 1, .insiders = 2};
  const auto planned = plan_insiders(options, o);
  ASSERT_FALSE(planned);
  EXPECT_EQ(
      planned.error().message,
      "--insiders 2: only 0 people are there long enough; choose fewer insiders or more people");
}

}  // namespace
}  // namespace weir::sim
