#include "weir/ingest/detail/zone.h"

#include <gtest/gtest.h>

namespace weir::ingest {
namespace {

Instant at(std::string_view text) { return parse_iso8601(text)->utc; }

Zone berlin() { return Zone::find("Europe/Berlin").value(); }

TEST(Zone, ReadsWinterAndSummerTime) {
  Zone zone = berlin();
  EXPECT_EQ(zone.from_local(at("2021-01-15T12:00:00")).utc, at("2021-01-15T11:00:00Z"));
  EXPECT_EQ(zone.from_local(at("2021-07-15T12:00:00")).utc, at("2021-07-15T10:00:00Z"));
  EXPECT_EQ(zone.from_local(at("2021-07-15T12:00:00")).offset, std::chrono::minutes{120});
}

TEST(Zone, TakesTheFirstOfATimeShownTwice) {
  EXPECT_EQ(berlin().from_local(at("2021-10-31T02:30:00")).utc, at("2021-10-31T00:30:00Z"));
}

TEST(Zone, ShiftsATimeThatWasJumpedOverForward) {
  // 02:30 never was: the clock went from 02:00 to 03:00, and 03:30 is 01:30 UTC.
  EXPECT_EQ(berlin().from_local(at("2021-03-28T02:30:00")).utc, at("2021-03-28T01:30:00Z"));
}

TEST(Zone, GivesTheSameAnswerWhateverWasAskedBefore) {
  // Across both changes of a year, a warm zone against a fresh one.
  Zone warm = berlin();
  for (Instant local = at("2021-03-20T00:00:00"); local < at("2021-11-10T00:00:00");
       local += std::chrono::minutes{97}) {
    EXPECT_EQ(warm.from_local(local).utc, berlin().from_local(local).utc) << to_iso8601(local);
  }
}

TEST(Zone, KeepsMilliseconds) {
  EXPECT_EQ(berlin().from_local(at("1969-12-31T23:59:59.250")).utc, at("1969-12-31T22:59:59.250Z"));
}

TEST(Zone, RefusesANameThatIsNone) {
  for (const char* name : {"Europe/Atlantis", "", "../../etc/passwd"}) {
    const Result<Zone> zone = Zone::find(name);
    ASSERT_FALSE(zone) << name;
    EXPECT_EQ(zone.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(zone.error().message.find("Europe/Berlin"), std::string::npos);
  }
}

}  // namespace
}  // namespace weir::ingest
