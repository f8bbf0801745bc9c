#include "weir/app/status.h"

#include <gmock/gmock.h>

#include "weir/app/test_workspace.h"
#include "weir/base/columns.h"
#include "weir/base/text.h"

namespace weir::app {
namespace {

using std::chrono::days;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Day kMonday = *parse_day("2024-01-01");

class StatusTest : public WorkspaceTest {
 protected:
  /// Mail and prints in turn, one a day each, as if they had been ingested.
  void store(int mails, int prints) {
    auto lake = workspace_->open_lake(false);
    ASSERT_TRUE(lake) << lake.error().message;
    for (int i = 0; i < std::max(mails, prints); ++i) {
      event::Record record;
      record.time = record.claimed_time = record.seen = Instant{kMonday + days{i}};
      record.person = event::PersonId{1};
      record.id.low = 2 * static_cast<std::uint64_t>(i) + 1;
      record.activity = event::Activity::mail_send;
      if (i < mails) {
        ASSERT_TRUE(lake->append(record));
      }
      record.id.low = 2 * static_cast<std::uint64_t>(i) + 2;
      record.activity = event::Activity::print;
      if (i < prints) {
        ASSERT_TRUE(lake->append(record));
      }
    }
    ASSERT_TRUE(lake->commit({}));
    ASSERT_TRUE(lake->roll());
    ASSERT_TRUE(workspace_->note_now("ingest", "", "{}"));
  }
  Status status(Instant now = system_now()) {
    auto taken = status_of(*workspace_, now);
    EXPECT_TRUE(taken) << taken.error().message;
    return taken ? *taken : Status{};
  }
};

TEST_F(StatusTest, AnEmptyWorkspaceNeedsAttention) {
  const Status empty = status();
  EXPECT_FALSE(empty.last_ingest);
  EXPECT_FALSE(empty.last_closed);
  EXPECT_EQ(empty.lake_records, 0u);
  ASSERT_TRUE(empty.audit_head);
  EXPECT_EQ(empty.audit_head->number, 1u) << "of making it";
  EXPECT_EQ(empty.audit_head->hash.size(), 64u);
  EXPECT_THAT(empty.attention, ElementsAre(HasSubstr("nothing was ingested yet")));
}

TEST_F(StatusTest, ASourceThatFallsSilentIsLateAndOneThatSpeaksSeldomIsNot) {
  store(40, 59);
  EXPECT_FALSE(status().sources.at(1).is_late);
  EXPECT_FALSE(status().sources.at(0).is_late) << "nineteen days, and it speaks once a day";
  store(40, 62);
  const Status late = status();
  ASSERT_EQ(late.sources.size(), 2u);
  EXPECT_TRUE(late.sources[0].is_late);
  EXPECT_FALSE(late.sources[1].is_late);
  EXPECT_THAT(late.attention, ElementsAre(HasSubstr("email: nothing since 2024-02-09"),
                                          HasSubstr("no day is closed yet")));
  EXPECT_EQ(late.lake_records, 102u);
  EXPECT_EQ(late.records_waiting, 102u);
  EXPECT_EQ(late.days_waiting, 62);
}

TEST_F(StatusTest, AnOldIngestIsTold) {
  store(3, 3);
  const Status old = status(system_now() + days{5});
  EXPECT_THAT(old.attention, testing::Contains(HasSubstr("nothing was ingested since")));
}

TEST_F(StatusTest, ThresholdsAreThoseThatWereKeptLast) {
  const std::vector<Level> kept = {
      {evidence::Hypothesis::slow_drip, {9.5, evidence::Basis::model}},
      {evidence::Hypothesis::burst, {7.25, evidence::Basis::observed}}};
  {
    auto store = LevelStore::open(workspace_->ledger());
    ASSERT_TRUE(store);
    EXPECT_THAT(store->all().value(), IsEmpty());
    ASSERT_TRUE(store->set(std::vector<Level>{{evidence::Hypothesis::sabotage, {.nats = 1}}}));
    ASSERT_TRUE(store->set(kept));
    EXPECT_THAT(store->checks().value(), IsEmpty());
    ASSERT_TRUE(store->set_checks(std::vector<evidence::TailCheck>{{"prints", 500, 0.008, 0.0004},
                                                                   {"uploads", 500, 0.031, 0}}));
  }
  const Status now = status();
  ASSERT_EQ(now.levels.size(), 2u);
  EXPECT_EQ(now.levels[1].threshold.basis, evidence::Basis::observed);
  const std::string text = render_status(now, 80);
  EXPECT_THAT(text, HasSubstr("slow drip"));
  EXPECT_THAT(text, HasSubstr("7.2  what was observed"));
  EXPECT_THAT(text, HasSubstr("2 models of days checked: twice as often"));
  EXPECT_THAT(text, HasSubstr("uploads (0.01"));
  EXPECT_THAT(text, Not(HasSubstr("prints")));
  for (const std::string_view line : split(text, '\n')) EXPECT_LE(columns(line), 80u) << line;
  EXPECT_THAT(status_json(now), HasSubstr(R"("basis": "observed")"));
  EXPECT_THAT(status_json(now), HasSubstr(R"("holds": false)"));
}

}  // namespace
}  // namespace weir::app
