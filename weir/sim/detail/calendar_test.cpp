#include "weir/sim/detail/calendar.h"

#include <gtest/gtest.h>

namespace weir::sim {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

Day on(int y, unsigned m, unsigned d) { return Day{year{y} / month{m} / day{d}}; }

TEST(Calendar, SummerTimeBeginsAndEndsAtTheRightSecond) {
  EXPECT_EQ(offset_at(Zone::europe, on(2021, 3, 28) + 1h - 1ms), 60min);
  EXPECT_EQ(offset_at(Zone::europe, on(2021, 3, 28) + 1h), 120min);
  EXPECT_EQ(offset_at(Zone::europe, on(2021, 10, 31) + 1h - 1ms), 120min);
  EXPECT_EQ(offset_at(Zone::europe, on(2021, 10, 31) + 1h), 60min);
  EXPECT_EQ(offset_at(Zone::america, on(2021, 3, 14) + 7h - 1ms), -300min);
  EXPECT_EQ(offset_at(Zone::america, on(2021, 3, 14) + 7h), -240min);
  EXPECT_EQ(offset_at(Zone::america, on(2021, 11, 7) + 6h - 1ms), -240min);
  EXPECT_EQ(offset_at(Zone::america, on(2021, 11, 7) + 6h), -300min);
}

TEST(Calendar, FollowsTheOldRulesInOldYears) {
  EXPECT_EQ(offset_at(Zone::america, on(2006, 3, 20)), -300min);
  EXPECT_EQ(offset_at(Zone::america, on(2006, 4, 10)), -240min);
  EXPECT_EQ(offset_at(Zone::europe, on(1995, 10, 10)), 60min);
}

TEST(Calendar, LocalTimesComeBackAsTheyWere) {
  for (const Zone zone : {Zone::europe, Zone::america}) {
    for (int d = 0; d < 800; ++d) {
      const Day day = on(2019, 1, 1) + days{d};
      const Instant utc = to_utc(zone, day, 9h + 30min);
      EXPECT_EQ(utc + offset_at(zone, utc), Instant{day + 9h + 30min});
    }
  }
}

TEST(Calendar, ASkippedTimeComesAnHourLaterAndARepeatedOneFirst) {
  EXPECT_EQ(to_utc(Zone::europe, on(2021, 3, 28), 2h + 30min), on(2021, 3, 28) + 1h + 30min);
  EXPECT_EQ(to_utc(Zone::europe, on(2021, 10, 31), 2h + 30min), on(2021, 10, 31) + 30min);
}

TEST(Calendar, AWindowsClockAgreesWithTheSlowOne) {
  for (int d = 0; d < 800; ++d) {
    const Day window = on(2019, 12, 1) + days{d};
    const WindowClock clock(window);
    for (int quarter = 0; quarter < 96; ++quarter) {
      const Instant when = window_start(window) + quarter * 15min;
      EXPECT_EQ(clock.offset(Zone::europe, when), offset_at(Zone::europe, when)) << d;
      EXPECT_EQ(clock.offset(Zone::america, when), offset_at(Zone::america, when)) << d;
      EXPECT_EQ(window_of(when), window);
    }
  }
}

TEST(Calendar, KnowsMovingHolidays) {
  EXPECT_TRUE(is_holiday(Zone::europe, on(2021, 4, 2)));     // Good Friday
  EXPECT_TRUE(is_holiday(Zone::europe, on(2024, 5, 20)));    // Whit Monday
  EXPECT_TRUE(is_holiday(Zone::america, on(2021, 11, 25)));  // Thanksgiving
  EXPECT_FALSE(is_holiday(Zone::europe, on(2021, 11, 25)));
  EXPECT_TRUE(is_holiday(Zone::america, on(2022, 9, 5)));  // Labor Day
}

TEST(Calendar, HasSomeTenHolidaysOnWeekdaysInEachZone) {
  for (const Zone zone : {Zone::europe, Zone::america}) {
    int count = 0;
    for (Day day = on(2010, 1, 1); day < on(2020, 1, 1); day += days{1}) {
      if (is_holiday(zone, day) && !is_weekend(day)) ++count;
    }
    EXPECT_GE(count, 80);
    EXPECT_LE(count, 120);
  }
}

}  // namespace
}  // namespace weir::sim
