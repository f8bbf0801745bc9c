#include "weir/event/activity.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace weir::event {
namespace {

TEST(Activity, EveryNameReadsBackToItsActivity) {
  std::set<std::string_view> names;
  for (std::uint8_t i = 0; i < kActivityCount; ++i) {
    const auto activity = static_cast<Activity>(i);
    names.insert(to_string(activity));
    EXPECT_EQ(activity_from(to_string(activity)), activity) << to_string(activity);
  }
  EXPECT_EQ(names.size(), kActivityCount);
}

TEST(Activity, StoredNumbersDoNotChange) {
  EXPECT_EQ(static_cast<int>(Activity::mail_send), 1);
  EXPECT_EQ(static_cast<int>(Activity::file_copy), 8);
  EXPECT_EQ(static_cast<int>(Activity::device_connect), 15);
  EXPECT_EQ(static_cast<int>(Activity::forward_rule), 21);
}

TEST(Activity, UnknownNamesAreRefused) {
  EXPECT_FALSE(activity_from(""));
  EXPECT_FALSE(activity_from("Mail_Send"));
  EXPECT_FALSE(record_class_from("emails"));
}

TEST(Activity, NumbersOutOfRangeHaveAName) {
  EXPECT_EQ(to_string(static_cast<Activity>(200)), "unknown");
  EXPECT_EQ(to_string(static_cast<RecordClass>(200)), "unknown");
}

TEST(Activity, EveryClassReadsBackAndIsUsed) {
  std::set<RecordClass> used;
  for (std::uint8_t i = 0; i < kActivityCount; ++i) used.insert(class_of(static_cast<Activity>(i)));
  EXPECT_EQ(used.size(), kRecordClassCount);
  for (const RecordClass record_class : used) {
    EXPECT_EQ(record_class_from(to_string(record_class)), record_class);
  }
}

TEST(Activity, OnlyWhatCarriesContentOutIsEgress) {
  for (const Activity activity : {Activity::mail_send, Activity::web_upload, Activity::cloud_share,
                                  Activity::print, Activity::forward_rule, Activity::file_copy}) {
    EXPECT_TRUE(is_egress(activity)) << to_string(activity);
  }
  for (const Activity activity : {Activity::mail_receive, Activity::web_visit, Activity::logon,
                                  Activity::file_open, Activity::record_lookup}) {
    EXPECT_FALSE(is_egress(activity)) << to_string(activity);
  }
}

}  // namespace
}  // namespace weir::event
