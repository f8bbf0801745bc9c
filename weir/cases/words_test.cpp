#include "weir/cases/detail/words.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "weir/base/random.h"
#include "weir/cases/detail/sample_case.h"
#include "weir/cases/detail/timeline.h"

namespace weir::cases::detail {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST(Nats, CarryTheirSignAndOneDigit) {
  EXPECT_EQ(nats_words(1.36), "+1.4");
  EXPECT_EQ(nats_words(-0.3), "−0.3");
  EXPECT_EQ(nats_words(-0.04), "0.0");
  EXPECT_EQ(nats_words(std::numeric_limits<double>::quiet_NaN()), "0.0");
  EXPECT_EQ(nats_words(std::numeric_limits<double>::infinity()), "+1000000000.0");
}

TEST(Tenths, AddUpToTheRoundedSumAndNoneIsOffByATenth) {
  Random random(1, 2, 3, 4);
  for (int round = 0; round < 200; ++round) {
    std::vector<double> values;
    for (int i = 0; i < 12; ++i) values.push_back(random.normal() * 3);
    const std::vector<long> tenths = tenths_that_add_up(values);
    const double sum = std::accumulate(values.begin(), values.end(), 0.0);
    EXPECT_EQ(std::accumulate(tenths.begin(), tenths.end(), 0L), std::lround(sum * 10));
    for (std::size_t i = 0; i < values.size(); ++i) {
      EXPECT_LT(std::abs(static_cast<double>(tenths[i]) - values[i] * 10), 1.0);
    }
  }
}

TEST(Sum, AddsUpHoweverManyRowsAreListed) {
  const evidence::CaseDraft draft = slow_leak_case().draft;
  for (const std::size_t listed : {0u, 1u, 10u, 14u, 100u}) {
    const Sum sum = sum_of(draft, listed);
    const long rows = std::accumulate(sum.listed.begin(), sum.listed.end(), sum.more + sum.faded);
    EXPECT_EQ(rows, sum.total);
    EXPECT_EQ(sum.total, std::lround(draft.nats * 10));
    EXPECT_EQ(sum.unexplained, 0);
    EXPECT_EQ(sum.listed.size() + sum.more_acts, 14u + 31u);
  }
}

TEST(Sum, NamesWhatTheDraftDoesNotAccountFor) {
  evidence::CaseDraft draft = slow_leak_case().draft;
  draft.nats -= 2;
  const Sum sum = sum_of(draft, 10);
  EXPECT_EQ(sum.unexplained, -20);
  EXPECT_EQ(sum.total, std::lround(draft.nats * 10));
}

TEST(Summary, SaysWhoWhatWhereSinceWhenAndHowMarked) {
  EXPECT_EQ(summary(slow_leak_case(), sample_names()),
            "Kestrel-207: 14 sends to one unclaimed address since 2019, 12 of them marked "
            "confidential or higher.");
}

TEST(Summary, MixesChannelsAndNamesThePeriodWithinAYear) {
  EXPECT_EQ(summary(burst_case(), sample_names()),
            "Alder-12: 6 acts to one unclaimed address from 2026-11-12 to 2026-11-18, all of them "
            "marked confidential or higher.");
}

TEST(Names, FallBackToTheStartOfTheToken) {
  EXPECT_EQ(person_name({}, event::PersonId{0x3f9a000000000001}), "person 3f9a…");
  EXPECT_EQ(address_name({}, event::AddressToken{0x3f9a000000000001}), "address 3f9a…");
}

evidence::CaseDraft draft_at(std::initializer_list<std::string_view> days) {
  evidence::CaseDraft draft;
  for (const std::string_view day : days) {
    evidence::Contribution act;
    act.time = *parse_day(day);
    draft.contributions.push_back(act);
  }
  return draft;
}

TEST(Timeline, CountsByYearMonthOrDayAndShowsGaps) {
  EXPECT_THAT(timeline(draft_at({"2019-05-01", "2021-06-01", "2021-07-01"})),
              ElementsAre(Pair("2019", 1), Pair("2020", 0), Pair("2021", 2)));
  EXPECT_THAT(timeline(draft_at({"2020-02-01", "2019-12-31"})),
              ElementsAre(Pair("2019-12", 1), Pair("2020-01", 0), Pair("2020-02", 1)));
  EXPECT_THAT(timeline(draft_at({"2019-12-31", "2020-01-01"})),
              ElementsAre(Pair("2019-12-31", 1), Pair("2020-01-01", 1)));
  EXPECT_THAT(timeline({}), ElementsAre());
}

TEST(Timeline, DoesNotDrawGapsOfCenturies) {
  EXPECT_EQ(timeline(draft_at({"0001-01-01", "9999-12-31"})).size(), 2u);
}

}  // namespace
}  // namespace weir::cases::detail
