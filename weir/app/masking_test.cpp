#include "weir/app/masking.h"

#include <gtest/gtest.h>

namespace weir::app {
namespace {

using event::Activity;
using evidence::Detail;
using evidence::sight_of;

std::vector<event::Act> acts() {
  std::vector<event::Act> all;
  for (const Activity activity : {Activity::mail_receive, Activity::mail_send, Activity::print}) {
    event::Act act;
    act.activity = activity;
    act.host = event::HostToken{7};
    act.account_instance = event::AccountInstance::unclaimed;
    act.sensitivity = event::Sensitivity::secret;
    act.documents.push_back({.document = 1, .blocks = {}});
    act.objects.push_back(
        {.content = {}, .place = event::PlaceToken{3}, .sensitivity = event::Sensitivity::secret});
    all.push_back(act);
  }
  return all;
}

evidence::Sight without(auto what) {
  return static_cast<evidence::Sight>(evidence::kEverything & ~sight_of(what));
}

std::vector<event::Act> seen_by(evidence::Sight sight) {
  std::vector<event::Act> all = acts();
  restrict_to(sight, all);
  return all;
}

TEST(Masking, LeavesEverythingToThoseWhoSeeEverything) {
  const auto all = seen_by(evidence::kEverything);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[2].objects, acts()[2].objects);
  EXPECT_EQ(all[2].documents, acts()[2].documents);
}

TEST(Masking, TakesClassesAndMessagesReceivedAway) {
  EXPECT_EQ(seen_by(without(event::RecordClass::print)).size(), 2u);
  const auto sent = seen_by(without(Detail::messages_received));
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(sent[0].activity, Activity::mail_send);
  EXPECT_TRUE(seen_by(0).empty());
}

TEST(Masking, TakesDetailsAwayOneByOne) {
  const event::Act act = seen_by(without(Detail::sensitivity)).front();
  EXPECT_EQ(act.sensitivity, event::Sensitivity::unknown);
  EXPECT_EQ(act.objects[0].sensitivity, event::Sensitivity::unknown);
  EXPECT_TRUE(act.documents.empty());
  EXPECT_EQ(act.objects[0].place, event::PlaceToken{3});
  EXPECT_EQ(seen_by(without(Detail::places)).front().objects[0].place, event::PlaceToken{});
  EXPECT_EQ(seen_by(without(Detail::hosts)).front().host, event::HostToken{});
  EXPECT_EQ(seen_by(without(Detail::accounts)).front().account_instance,
            event::AccountInstance::unknown);
}

}  // namespace
}  // namespace weir::app
