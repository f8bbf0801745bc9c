#include "weir/ledger/audit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "weir/base/file.h"

namespace weir::ledger {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const Instant kNoon = Day{std::chrono::year{2026} / 11 / 2} + std::chrono::hours{12};

/// A log of five entries with an anchor after the third and the fifth.
class AuditTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              fmt::format("weir-audit-{}-{}", ::getpid(),
                          testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::create_directories(folder_);
    database_ = Database::open(folder_ / "ledger.db").value();
  }
  void TearDown() override { fs::remove_all(folder_); }

  AuditLog anchored() { return AuditLog::open(database_, folder_ / "anchor").value(); }
  AuditLog unanchored() { return AuditLog::open(database_, {}).value(); }
  void write_five(AuditLog& log) {
    for (int i = 1; i <= 5; ++i) {
      ASSERT_TRUE(log.append({.when = kNoon + std::chrono::minutes(i),
                              .actor = "root",
                              .action = "case.open",
                              .subject = fmt::format("case {}", i),
                              .details = "{}"}));
      if (i == 3 || i == 5) {
        ASSERT_TRUE(log.anchor());
      }
    }
  }
  void tamper(std::string_view sql) { ASSERT_TRUE(database_.execute(sql)); }

  fs::path folder_;
  Database database_;
};

TEST_F(AuditTest, NumbersEntriesFromOneAndGivesBackTheNewest) {
  AuditLog log = anchored();
  write_five(log);
  const std::vector<AuditEntry> last = log.last(2).value();
  ASSERT_EQ(last.size(), 2u);
  EXPECT_EQ(last[0].number, 4u);
  EXPECT_EQ(last[1].number, 5u);
  EXPECT_EQ(last[1].when, kNoon + std::chrono::minutes(5));
  EXPECT_EQ(last[1].actor, "root");
  EXPECT_EQ(last[1].action, "case.open");
  EXPECT_EQ(last[1].subject, "case 5");
  EXPECT_EQ(last[1].details, "{}");
  EXPECT_EQ(log.last(100).value().size(), 5u);
}

TEST_F(AuditTest, CountsWhatSomebodyDidSince) {
  AuditLog log = unanchored();
  write_five(log);
  EXPECT_EQ(log.count("case.open", "root", kNoon).value(), 5u);
  EXPECT_EQ(log.count("case.open", "root", kNoon + std::chrono::minutes(4)).value(), 2u);
  EXPECT_EQ(log.count("case.open", "ann", kNoon).value(), 0u);
  EXPECT_EQ(log.count("case", "root", kNoon).value(), 0u);
}

TEST_F(AuditTest, VerifiesAnUntouchedLog) {
  AuditLog log = anchored();
  write_five(log);
  const AuditLog::Verdict verdict = log.verify().value();
  EXPECT_TRUE(verdict.intact);
  EXPECT_TRUE(verdict.anchored);
  EXPECT_EQ(verdict.anchored_through, 5u);
  EXPECT_EQ(verdict.entries, 5u);
  EXPECT_EQ(verdict.problem, "");
}

TEST_F(AuditTest, SaysPlainlyThatThereIsNoAnchor) {
  AuditLog log = unanchored();
  write_five(log);
  const AuditLog::Verdict verdict = log.verify().value();
  EXPECT_TRUE(verdict.intact);
  EXPECT_FALSE(verdict.anchored);
  EXPECT_THAT(verdict.problem, HasSubstr("no anchor"));
}

TEST_F(AuditTest, FindsADeletedEntry) {
  AuditLog log = unanchored();
  write_five(log);
  tamper("DELETE FROM audit WHERE number=2");
  const AuditLog::Verdict verdict = log.verify().value();
  EXPECT_FALSE(verdict.intact);
  EXPECT_THAT(verdict.problem, HasSubstr("entry 2 is missing"));
}

TEST_F(AuditTest, FindsAGapThatWasClosedByRenumbering) {
  AuditLog log = unanchored();
  write_five(log);
  tamper("DELETE FROM audit WHERE number=2");
  for (int i = 3; i <= 5; ++i)
    tamper(fmt::format("UPDATE audit SET number={} WHERE number={}", i - 1, i));
  const AuditLog::Verdict verdict = log.verify().value();
  EXPECT_FALSE(verdict.intact);
  EXPECT_THAT(verdict.problem, HasSubstr("entry 2"));
}

TEST_F(AuditTest, FindsReorderedEntries) {
  AuditLog log = unanchored();
  write_five(log);
  tamper("UPDATE audit SET number=100 WHERE number=2");
  tamper("UPDATE audit SET number=2 WHERE number=3");
  tamper("UPDATE audit SET number=3 WHERE number=100");
  EXPECT_FALSE(log.verify().value().intact);
}

TEST_F(AuditTest, FindsARewrittenFieldWhicheverItIs) {
  for (const char* change :
       {"time_ms=time_ms+1", "actor='nobody'", "action='case.close'", "subject='case 9'",
        "details='[]'", "hash=zeroblob(32)", "actor='roo', action='tcase.open'"}) {
    SetUp();
    tamper("DROP TABLE IF EXISTS audit");
    tamper("DROP TABLE IF EXISTS weir_schema");
    AuditLog log = unanchored();
    write_five(log);
    tamper(fmt::format("UPDATE audit SET {} WHERE number=3", change));
    const AuditLog::Verdict verdict = log.verify().value();
    EXPECT_FALSE(verdict.intact) << change;
    EXPECT_THAT(verdict.problem, HasSubstr("entry 3")) << change;
  }
}

TEST_F(AuditTest, AnAnchorShowsThatTheEndWasCutOff) {
  AuditLog log = anchored();
  write_five(log);
  tamper("DELETE FROM audit WHERE number>3");
  const AuditLog::Verdict verdict = log.verify().value();
  EXPECT_FALSE(verdict.intact);
  EXPECT_FALSE(verdict.anchored);
  EXPECT_THAT(verdict.problem, HasSubstr("cut off after entry 3"));
}

TEST_F(AuditTest, WithoutAnAnchorACutEndCannotBeSeenAndVerifyAdmitsIt) {
  AuditLog log = unanchored();
  write_five(log);
  tamper("DELETE FROM audit WHERE number>3");
  const AuditLog::Verdict verdict = log.verify().value();
  EXPECT_TRUE(verdict.intact);
  EXPECT_THAT(verdict.problem, HasSubstr("no anchor: entries cut off the end would not be seen"));
}

TEST_F(AuditTest, AnAnchorShowsThatTheWholeLogWasWrittenAnew) {
  AuditLog log = anchored();
  write_five(log);
  tamper("DELETE FROM audit");
  AuditLog forger = unanchored();
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(forger.append({.when = kNoon, .actor = "innocent"}));
  EXPECT_TRUE(forger.verify().value().intact);
  const AuditLog::Verdict verdict = log.verify().value();
  EXPECT_FALSE(verdict.intact);
  EXPECT_THAT(verdict.problem, HasSubstr("entry 3"));
  EXPECT_THAT(verdict.problem, HasSubstr("rewritten"));
}

TEST_F(AuditTest, SaysHowFarTheAnchorReaches) {
  AuditLog log = anchored();
  write_five(log);
  ASSERT_TRUE(log.append({.when = kNoon, .actor = "root"}));
  const AuditLog::Verdict verdict = log.verify().value();
  EXPECT_TRUE(verdict.anchored);
  EXPECT_EQ(verdict.entries, 6u);
  EXPECT_EQ(verdict.anchored_through, 5u);
}

TEST_F(AuditTest, AnchorsAHeadOnlyOnce) {
  AuditLog log = anchored();
  write_five(log);
  const std::string before = read_file(folder_ / "anchor", 1u << 20).value();
  ASSERT_TRUE(log.anchor());
  EXPECT_EQ(read_file(folder_ / "anchor", 1u << 20).value(), before);
}

TEST_F(AuditTest, AnUnfinishedAnchorLineDoesNotSwallowTheNext) {
  AuditLog log = anchored();
  write_five(log);
  const fs::path anchor = folder_ / "anchor";
  const std::string whole = read_file(anchor, 1u << 20).value();
  ASSERT_TRUE(write_file_atomic(anchor, whole.substr(0, whole.size() - 30)));
  EXPECT_TRUE(log.verify().value().intact);
  EXPECT_EQ(log.verify().value().anchored_through, 3u);
  ASSERT_TRUE(log.anchor());
  const AuditLog::Verdict verdict = log.verify().value();
  EXPECT_TRUE(verdict.intact);
  EXPECT_EQ(verdict.anchored_through, 5u);
  EXPECT_THAT(verdict.problem, HasSubstr("anchor:2: not a line"));
}

TEST_F(AuditTest, JoinsAnOpenTransaction) {
  AuditLog log = anchored();
  {
    const Transaction abandoned = database_.begin().value();
    ASSERT_TRUE(log.append({.when = kNoon, .actor = "root"}));
  }
  EXPECT_EQ(log.verify().value().entries, 0u);
  {
    Transaction transaction = database_.begin().value();
    ASSERT_TRUE(log.append({.when = kNoon, .actor = "root"}));
    ASSERT_TRUE(log.append({.when = kNoon, .actor = "root"}));
    ASSERT_TRUE(transaction.commit());
  }
  EXPECT_EQ(log.verify().value().entries, 2u);
}

TEST_F(AuditTest, AnswersForAnEmptyLog) {
  AuditLog log = anchored();
  ASSERT_TRUE(log.anchor());
  const AuditLog::Verdict verdict = log.verify().value();
  EXPECT_TRUE(verdict.intact);
  EXPECT_FALSE(verdict.anchored);
  EXPECT_EQ(verdict.entries, 0u);
  EXPECT_TRUE(log.last(10).value().empty());
}

}  // namespace
}  // namespace weir::ledger
