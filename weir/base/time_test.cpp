#include "weir/base/time.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

using namespace std::chrono_literals;
using std::chrono::minutes;

Day day(int y, unsigned m, unsigned d) {
  return Day{std::chrono::year{y} / std::chrono::month{m} / std::chrono::day{d}};
}

TEST(Time, ReadsWhatItWrites) {
  const Instant when = day(2026, 11, 2) + 22h + 14min + 5s + 123ms;
  EXPECT_EQ(to_iso8601(when), "2026-11-02T22:14:05.123Z");
  EXPECT_EQ(to_iso8601(Instant(day(1969, 12, 31) + 1s)), "1969-12-31T00:00:01Z");
  EXPECT_EQ(to_iso8601(day(987, 6, 5)), "0987-06-05");
  EXPECT_EQ(to_iso8601(std::chrono::year{2026} / 11), "2026-11");
  for (const Instant instant : {when, Instant(day(1969, 12, 31) + 23h), Instant(day(1, 1, 1))}) {
    EXPECT_EQ(parse_iso8601(to_iso8601(instant))->utc, instant);
  }
}

TEST(Time, ReadsTheFormsOfIso8601) {
  const Instant noon = day(2026, 11, 2) + 12h;
  for (const char* text : {"2026-11-02T12:00:00Z", "2026-11-02 12:00:00", "2026-11-02t12:00z",
                           "2026-11-02T14:00:00+02:00", "2026-11-02T06:30:00.000-0530",
                           "2026-11-02T13:00+01", "2026-11-02T11:59:60Z"}) {
    const auto time = parse_iso8601(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(time->utc, noon) << text;
  }
  EXPECT_EQ(parse_iso8601("2026-11-02")->utc, Instant(day(2026, 11, 2)));
  EXPECT_EQ(parse_iso8601("2026-11-02T12:00:00.1239999Z")->utc, noon + 123ms);
}

TEST(Time, SaysWhetherTheTextGaveAnOffset) {
  EXPECT_FALSE(parse_iso8601("2026-11-02T12:00:00")->offset);
  EXPECT_EQ(parse_iso8601("2026-11-02T12:00:00Z")->offset, minutes{0});
  EXPECT_EQ(parse_iso8601("2026-11-02T12:00:00-05:30")->offset, minutes{-330});
}

TEST(Time, RefusesWhatIsNoTime) {
  for (const char* text :
       {"", "2026", "2026-13-01", "2026-02-29", "0000-01-01", "2026-11-02T", "2026-11-02T24:00:00Z",
        "2026-11-02T12:60:00Z", "2026-11-02T12:00:61Z", "2026-11-02T12:00:00.Z",
        "2026-11-02T12:00:00+", "2026-11-02T12:00:00+24:00", "2026-11-02T12:00:00+1:00",
        "2026-11-02T12:00:00Zx", " 2026-11-02", "2026-11-02T12:00:00+01:00 ", "26-11-02"}) {
    EXPECT_FALSE(parse_iso8601(text)) << text;
  }
}

TEST(Time, ReadsLeapDaysAndBareDays) {
  EXPECT_EQ(parse_day("2024-02-29"), day(2024, 2, 29));
  EXPECT_FALSE(parse_day("2023-02-29"));
  EXPECT_FALSE(parse_day("2024-02-29T00:00:00Z"));
  EXPECT_FALSE(parse_day(""));
}

TEST(Time, WeeksBeginOnMondayAlsoBefore1970) {
  EXPECT_EQ(week_number(day(1969, 12, 29)), 0);
  EXPECT_EQ(week_number(day(1970, 1, 4)), 0);
  EXPECT_EQ(week_number(day(1970, 1, 5)), 1);
  EXPECT_EQ(week_number(day(1969, 12, 28)), -1);
  EXPECT_EQ(week_number(day(1969, 12, 22)), -1);
  EXPECT_EQ(week_number(day(1969, 12, 21)), -2);
}

TEST(Time, DaysAndMonthsAreThoseOfUtc) {
  EXPECT_EQ(day_of(day(2026, 11, 2) + 23h + 59min), day(2026, 11, 2));
  EXPECT_EQ(day_of(Instant(-1ms)), day(1969, 12, 31));
  EXPECT_EQ(month_of(day(2026, 11, 30)), std::chrono::year{2026} / 11);
  EXPECT_EQ(first_day(std::chrono::year{2026} / 11), day(2026, 11, 1));
  EXPECT_GT(system_now(), Instant(day(2020, 1, 1)));
}

}  // namespace
}  // namespace weir
