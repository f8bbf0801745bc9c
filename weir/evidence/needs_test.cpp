#include "weir/evidence/needs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace weir::evidence {
namespace {

using event::RecordClass;

TEST(Needs, EveryHypothesisLooksAtSomethingThatIsSaidInWords) {
  for (std::uint8_t h = 0; h < kHypothesisCount; ++h) {
    const std::vector<Need> all = needs(Hypothesis{h});
    ASSERT_FALSE(all.empty());
    std::set<std::string_view> words;
    for (const Need& need : all) {
      EXPECT_FALSE(need.what.empty());
      EXPECT_NE(need.any_of, 0) << need.what;
      EXPECT_EQ(need.any_of & ~kEveryClass, 0) << need.what;
      EXPECT_EQ(need.all_of & kEveryClass, 0) << need.what;
      EXPECT_TRUE(need.met_by(kEverything)) << need.what;
      EXPECT_FALSE(need.met_by(0)) << need.what;
      words.insert(need.what);
    }
    EXPECT_EQ(words.size(), all.size());
    EXPECT_TRUE(can_be_asked(Hypothesis{h}, kEverything));
    EXPECT_FALSE(can_be_asked(Hypothesis{h}, 0));
  }
}

TEST(Needs, ADetailIsOfNoUseWithoutTheRecordsItStandsIn) {
  const Sight inbound = sight_of(Detail::messages_received);
  const Sight mail = sight_of(RecordClass::email);
  std::size_t by_mail = 0;
  for (const Need& need : needs(Hypothesis::slow_drip)) {
    if (need.all_of != inbound) continue;
    ++by_mail;
    EXPECT_FALSE(need.met_by(inbound));
    EXPECT_FALSE(need.met_by(mail));
    EXPECT_TRUE(need.met_by(inbound | mail));
  }
  EXPECT_EQ(by_mail, 2u);
}

TEST(Needs, AQuestionWithoutWhatIsEssentialIsNotAsked) {
  // Logons say nothing of ways out, nor of whose computer it was unless they name it.
  const Sight logons = sight_of(RecordClass::authentication);
  EXPECT_FALSE(can_be_asked(Hypothesis::slow_drip, logons));
  EXPECT_FALSE(can_be_asked(Hypothesis::odd_hours, logons));
  EXPECT_FALSE(can_be_asked(Hypothesis::other_account, logons));
  EXPECT_TRUE(can_be_asked(Hypothesis::other_account, logons | sight_of(Detail::hosts)));
  EXPECT_TRUE(can_be_asked(Hypothesis::sabotage, logons));
  EXPECT_TRUE(can_be_asked(Hypothesis::slow_drip, sight_of(RecordClass::print)));
}

}  // namespace
}  // namespace weir::evidence
