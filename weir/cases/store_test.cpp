#include "weir/cases/store.h"

#include <gmock/gmock.h>

#include <cstring>
#include <filesystem>

#include "weir/base/hash.h"
#include "weir/cases/detail/draft_codec.h"
#include "weir/cases/detail/sample_case.h"

namespace weir::cases {
namespace {

using detail::burst_case;
using detail::decode;
using detail::encode;
using detail::slow_leak_case;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class CaseStoreTest : public testing::Test {
 public:
  CaseStoreTest()
      : folder_(std::filesystem::path(testing::TempDir()) /
                ("cases_" +
                 std::string(testing::UnitTest::GetInstance()->current_test_info()->name()))) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    database_.emplace(ledger::Database::open(folder_ / "ledger.db").value());
    store_.emplace(CaseStore::open(*database_).value());
  }
  ~CaseStoreTest() override {
    store_.reset();
    database_.reset();
    std::filesystem::remove_all(folder_);
  }

 protected:
  void reopen() {
    store_.reset();
    database_.reset();
    database_.emplace(ledger::Database::open(folder_ / "ledger.db").value());
    store_.emplace(CaseStore::open(*database_).value());
  }

  std::filesystem::path folder_;
  std::optional<ledger::Database> database_;
  std::optional<CaseStore> store_;
};

TEST_F(CaseStoreTest, GivesBackEveryWordOfACaseAfterReopening) {
  const evidence::CaseDraft draft = slow_leak_case().draft;
  ASSERT_THAT(store_->add({draft}, "abc").value(), ElementsAre(1u));
  reopen();
  const std::optional<Case> found = store_->find(1).value();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->number, 1u);
  EXPECT_EQ(found->status, "open");
  EXPECT_EQ(found->config_hash, "abc");
  EXPECT_EQ(encode(found->draft), encode(draft));
}

TEST_F(CaseStoreTest, NumbersCasesInTheOrderGiven) {
  EXPECT_THAT(store_->add({slow_leak_case().draft, burst_case().draft}).value(),
              ElementsAre(1u, 2u));
  EXPECT_THAT(store_->add({burst_case().draft}).value(), ElementsAre(3u));
  EXPECT_THAT(store_->add({}).value(), IsEmpty());
}

TEST_F(CaseStoreTest, ListsByLaneThenByWeightOverTheThreshold) {
  evidence::CaseDraft weak = burst_case().draft;
  weak.nats = weak.threshold + 0.1;
  evidence::CaseDraft strong = burst_case().draft;
  strong.nats = 30;
  evidence::CaseDraft third_lane = burst_case().draft;
  third_lane.nats = 90;
  third_lane.lane = 3;
  ASSERT_TRUE(store_->add({third_lane, weak, strong}));
  const std::vector<Case> all = store_->all().value();
  std::vector<std::uint64_t> numbers;
  for (const Case& one : all) numbers.push_back(one.number);
  EXPECT_THAT(numbers, ElementsAre(3u, 2u, 1u));
}

TEST_F(CaseStoreTest, FindsNothingUnderANumberNeverGiven) {
  EXPECT_FALSE(store_->find(7).value());
  EXPECT_FALSE(store_->find(~std::uint64_t{0}).value());
}

TEST_F(CaseStoreTest, BeginsAgainAtOneAfterClear) {
  ASSERT_TRUE(store_->add({slow_leak_case().draft}));
  ASSERT_TRUE(store_->clear());
  EXPECT_THAT(store_->all().value(), IsEmpty());
  EXPECT_THAT(store_->add({burst_case().draft}).value(), ElementsAre(1u));
}

Decision decision(evidence::Verdict verdict, Day day, std::string because) {
  Decision one;
  one.effect.verdict = verdict;
  one.effect.day = day;
  one.because = std::move(because);
  one.who = "ada";
  one.made = Instant{day} + std::chrono::hours{9};
  return one;
}
constexpr Day kFirst{std::chrono::days{18000}};

TEST_F(CaseStoreTest, TellsWhatWasDecidedLastAndWhatBefore) {
  ASSERT_TRUE(store_->add({slow_leak_case().draft, burst_case().draft}));
  const Case one = store_->find(1).value().value();
  Decision innocent = decision(evidence::Verdict::innocent, kFirst, "contract of 2019");
  innocent.effect.explained_by = evidence::Archetype::freelancer;
  ASSERT_TRUE(store_->decide(one, innocent));
  EXPECT_EQ(store_->find(1).value()->status, "innocent");
  ASSERT_TRUE(store_->decide(one, decision(evidence::Verdict::open, kFirst, "it had ended")));
  reopen();
  const Case found = store_->find(1).value().value();
  EXPECT_EQ(found.status, "open");
  ASSERT_EQ(found.decisions.size(), 2u);
  EXPECT_EQ(found.decisions[0].because, "contract of 2019");
  EXPECT_EQ(found.decisions[0].who, "ada");
  EXPECT_EQ(found.decisions[0].made, innocent.made);
  EXPECT_EQ(found.decisions[0].effect.explained_by, evidence::Archetype::freelancer);
  EXPECT_EQ(found.decisions[0].effect.person, one.draft.person);
  EXPECT_EQ(found.decisions[0].effect.opened, one.draft.opened);
  EXPECT_FALSE(found.decisions[1].effect.explained_by);
  EXPECT_THAT(store_->find(2).value()->decisions, IsEmpty());
}

TEST_F(CaseStoreTest, KeepsDecisionsWhenTheHistoryIsAnalyzedAgain) {
  ASSERT_TRUE(store_->add({burst_case().draft, slow_leak_case().draft}));
  const Case leak = store_->find(2).value().value();
  ASSERT_TRUE(store_->decide(leak, decision(evidence::Verdict::confirmed, kFirst, "she said so")));
  ASSERT_TRUE(store_->clear());
  // The same case under another number.
  ASSERT_TRUE(store_->add({slow_leak_case().draft, burst_case().draft}));
  EXPECT_EQ(store_->find(1).value()->status, "confirmed");
  EXPECT_EQ(store_->find(2).value()->status, "open");
}

TEST_F(CaseStoreTest, GivesDecisionsInTheOrderInWhichTheyCount) {
  ASSERT_TRUE(store_->add({slow_leak_case().draft}));
  const Case one = store_->find(1).value().value();
  const Day later = kFirst + std::chrono::days{1};
  ASSERT_TRUE(store_->decide(one, decision(evidence::Verdict::unclear, later, "c")));
  ASSERT_TRUE(store_->decide(one, decision(evidence::Verdict::confirmed, kFirst, "a")));
  ASSERT_TRUE(store_->decide(one, decision(evidence::Verdict::open, kFirst, "b")));
  std::string order;
  const std::vector<Decision> all = store_->decisions().value();
  for (const Decision& each : all) order += each.because;
  EXPECT_EQ(order, "abc");
}

TEST_F(CaseStoreTest, RefusesADecisionWithoutAReason) {
  ASSERT_TRUE(store_->add({slow_leak_case().draft}));
  const auto done = store_->decide(store_->find(1).value().value(),
                                   decision(evidence::Verdict::confirmed, kFirst, ""));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::invalid_argument);
}

TEST_F(CaseStoreTest, NamesADamagedDecision) {
  ASSERT_TRUE(store_->add({slow_leak_case().draft}));
  const Case one = store_->find(1).value().value();
  ASSERT_TRUE(store_->decide(one, decision(evidence::Verdict::confirmed, kFirst, "a")));
  ASSERT_TRUE(database_->execute("UPDATE decisions SET verdict = 99"));
  const auto all = store_->decisions();
  ASSERT_FALSE(all);
  EXPECT_EQ(all.error().code, ErrorCode::corrupt);
  EXPECT_THAT(all.error().message, HasSubstr("decision 1"));
}

TEST_F(CaseStoreTest, JoinsTheCallersTransaction) {
  {
    auto transaction = database_->begin();
    ASSERT_TRUE(transaction);
    ASSERT_TRUE(store_->add({slow_leak_case().draft}));
  }
  EXPECT_THAT(store_->all().value(), IsEmpty());
}

TEST_F(CaseStoreTest, AddsAllOrNone) {
  evidence::CaseDraft impossible = burst_case().draft;
  impossible.first = Instant::max();
  const auto added = store_->add({slow_leak_case().draft, impossible});
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, ErrorCode::invalid_argument);
  EXPECT_THAT(store_->all().value(), IsEmpty());
  EXPECT_THAT(store_->add({burst_case().draft}).value(), ElementsAre(1u));
}

TEST_F(CaseStoreTest, NamesTheCaseWhoseBytesAreDamaged) {
  ASSERT_TRUE(store_->add({slow_leak_case().draft, burst_case().draft}));
  ASSERT_TRUE(database_->execute("UPDATE cases SET draft = x'0102' WHERE number = 2"));
  const auto all = store_->all();
  ASSERT_FALSE(all);
  EXPECT_EQ(all.error().code, ErrorCode::corrupt);
  EXPECT_THAT(all.error().message, HasSubstr("case 2"));
  EXPECT_TRUE(store_->find(1).value());
}

TEST_F(CaseStoreTest, RefusesALedgerOfANewerWeir) {
  ASSERT_TRUE(database_->execute("UPDATE weir_schema SET version = 99 WHERE component = 'cases'"));
  const auto store = CaseStore::open(*database_);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, ErrorCode::unsupported);
}

/// `body` with the checksum a writer would have put.
std::string sealed(std::string body) {
  const std::uint64_t sum = checksum64(body);
  body.append(reinterpret_cast<const char*>(&sum), sizeof sum);
  return body;
}

TEST(DraftCodec, RefusesEveryFlippedByteAndEveryTruncation) {
  const std::string bytes = encode(slow_leak_case().draft);
  ASSERT_TRUE(decode(bytes));
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x20);
    EXPECT_FALSE(decode(damaged)) << i;
    EXPECT_FALSE(decode(std::string_view(bytes).substr(0, i))) << i;
  }
}

TEST(DraftCodec, SurvivesDamageWithARightChecksum) {
  const std::string bytes = encode(slow_leak_case().draft);
  const std::string body = bytes.substr(0, bytes.size() - 8);
  int refused = 0;
  for (std::size_t i = 0; i < body.size(); ++i) {
    for (const unsigned mask : {0x01u, 0x80u, 0xffu}) {
      std::string damaged = body;
      damaged[i] = static_cast<char>(static_cast<unsigned char>(damaged[i]) ^ mask);
      const auto read = decode(sealed(damaged));
      // What it takes it must be able to say again: nothing is half read.
      if (read) {
        EXPECT_EQ(encode(*read), sealed(damaged));
      } else {
        ++refused;
      }
    }
    EXPECT_FALSE(decode(sealed(body.substr(0, i)))) << i;
  }
  EXPECT_GT(refused, 0);
}

TEST(DraftCodec, RefusesACountThatItsBytesCannotHold) {
  evidence::CaseDraft draft;
  draft.unseen = {"x"};
  std::string body = encode(draft);
  body.resize(body.size() - 8 - 3);  // the count 1, and the text "x" with its length
  body += "\xff\xff\xff\xff\xff\xff\xff\xff\x7f";
  EXPECT_FALSE(decode(sealed(body)));
}

}  // namespace
}  // namespace weir::cases
