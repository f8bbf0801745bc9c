#include "weir/vault/vault.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <set>
#include <thread>

#include "weir/base/file.h"
#include "weir/base/random.h"

namespace weir::vault {
namespace {

namespace fs = std::filesystem;
using event::PersonId;
using testing::HasSubstr;

constexpr PersonId kAnna{101};
constexpr PersonId kBert{102};

class VaultTest : public testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::path(testing::TempDir()) /
            fmt::format("weir-vault-{}-{}", ::getpid(),
                        testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::create_directories(root_);
  }
  void TearDown() override { fs::remove_all(root_); }

  fs::path folder() const { return root_ / "vault"; }
  fs::path shares() const { return root_ / "shares"; }
  void make(WorkspaceKind kind = WorkspaceKind::production) {
    const Result<void> made = Vault::create(folder(), {.kind = kind, .share_folder = shares()});
    ASSERT_TRUE(made) << made.error().message;
  }
  Vault open() { return Vault::open(folder()).value(); }
  Vault make_and_open(WorkspaceKind kind = WorkspaceKind::production) {
    make(kind);
    return open();
  }
  std::string all_bytes() const {
    std::string bytes;
    for (const char* name : {"vault.db", "vault.db-wal"}) {
      bytes += read_file(folder() / name, 1u << 28).value_or("");
    }
    return bytes;
  }
  static mode_t mode_of(const fs::path& path) {
    struct stat status{};
    EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 0777u;
  }

  fs::path root_;
};

TEST(Canonical, FoldsCaseAndDropsSpaceAndAngleBrackets) {
  EXPECT_EQ(canonical("  <Anna.Berg@Example.COM> "), "anna.berg@example.com");
  EXPECT_EQ(canonical("< a@b >"), "a@b");
  EXPECT_EQ(canonical("JDoe"), "jdoe");
  EXPECT_EQ(canonical("a+tag.x@gmail.com"), "a+tag.x@gmail.com");
  EXPECT_EQ(canonical("<"), "<");
  EXPECT_EQ(canonical(""), "");
}

TEST_F(VaultTest, MakesPrivateFilesAndOneShareFileAHolder) {
  make();
  EXPECT_EQ(mode_of(folder()), 0700u);
  EXPECT_EQ(mode_of(folder() / "vault.db"), 0600u);
  EXPECT_EQ(mode_of(folder() / "host.key"), 0600u);
  EXPECT_EQ(mode_of(shares()), 0700u);
  for (int i = 1; i <= 3; ++i) {
    EXPECT_EQ(mode_of(shares() / fmt::format("weir-share-{}-of-3.txt", i)), 0600u);
  }
}

TEST_F(VaultTest, IsMadeOnlyOnce) {
  make();
  const std::string key = read_file(folder() / "host.key", 100).value();
  EXPECT_EQ(Vault::create(folder(), {.share_folder = shares()}).error().code,
            ErrorCode::already_exists);
  EXPECT_EQ(read_file(folder() / "host.key", 100).value(), key);
}

TEST_F(VaultTest, LeavesNothingBehindWhenItCannotBeMade) {
  ASSERT_TRUE(write_file_atomic(root_ / "file", "in the way"));
  EXPECT_FALSE(Vault::create(folder(), {.share_folder = root_ / "file" / "shares"}));
  EXPECT_FALSE(fs::exists(folder()));
  EXPECT_FALSE(
      Vault::create(folder(), {.shares_needed = 1, .shares_total = 3, .share_folder = shares()}));
  EXPECT_FALSE(fs::exists(folder()));
  EXPECT_FALSE(fs::exists(shares()));
}

TEST_F(VaultTest, AProductionWorkspaceMustHaveShares) {
  EXPECT_EQ(Vault::create(folder(), {}).error().code, ErrorCode::invalid_argument);
  EXPECT_TRUE(Vault::create(folder(), {.kind = WorkspaceKind::simulated}));
}

TEST_F(VaultTest, SaysWhereThereIsNoVault) {
  const auto opened = Vault::open(folder());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::not_found);
  EXPECT_THAT(opened.error().message, HasSubstr("vault.db: there is no vault"));
}

TEST_F(VaultTest, RefusesAHostKeyThatOthersMayRead) {
  make();
  fs::permissions(folder() / "host.key", fs::perms::group_read, fs::perm_options::add);
  const auto opened = Vault::open(folder());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::permission_denied);
  EXPECT_THAT(opened.error().message, HasSubstr("chmod 600"));
}

TEST_F(VaultTest, RefusesTheHostKeyOfAnotherVaultAndAShortOne) {
  make();
  for (const std::string& key : {std::string(32, 'x'), std::string("short"), std::string()}) {
    ASSERT_TRUE(write_file_atomic(folder() / "host.key", key));
    EXPECT_EQ(Vault::open(folder()).error().code, ErrorCode::corrupt);
  }
}

TEST_F(VaultTest, NoticesAPublicKeyOrAKindThatWasSwapped) {
  for (const char* change : {"UPDATE vault_meta SET value=zeroblob(32) WHERE name='public_key'",
                             "UPDATE vault_meta SET value='simulated' WHERE name='kind'"}) {
    TearDown();
    SetUp();
    make();
    {
      ledger::Database database = ledger::Database::open(folder() / "vault.db").value();
      ASSERT_TRUE(database.execute(change));
    }
    EXPECT_EQ(Vault::open(folder()).error().code, ErrorCode::corrupt) << change;
  }
}

TEST_F(VaultTest, TokensLastOverRunsAndDifferByPurposeAndWorkspace) {
  make();
  const Vault first = open();
  const Vault second = open();
  EXPECT_EQ(first.address_token("x"), second.address_token("x"));
  EXPECT_EQ(first.record_id("mail", "raw"), second.record_id("mail", "raw"));
  EXPECT_EQ(first.content_hash("raw"), second.content_hash("raw"));
  const std::set<std::uint64_t> tokens = {static_cast<std::uint64_t>(first.address_token("x")),
                                          static_cast<std::uint64_t>(first.domain_token("x")),
                                          static_cast<std::uint64_t>(first.host_token("x")),
                                          static_cast<std::uint64_t>(first.place_token("x")),
                                          first.user_token("x")};
  EXPECT_EQ(tokens.size(), 5u);
  ASSERT_TRUE(Vault::create(root_ / "other", {.kind = WorkspaceKind::simulated}));
  EXPECT_NE(Vault::open(root_ / "other").value().address_token("x"), first.address_token("x"));
}

TEST_F(VaultTest, TokenOfNothingIsNone) {
  const Vault vault = make_and_open();
  EXPECT_EQ(vault.address_token(""), event::AddressToken{});
  EXPECT_EQ(vault.user_token(""), 0u);
  EXPECT_FALSE(vault.content_hash(""));
  EXPECT_NE(vault.address_token("x"), event::AddressToken{});
}

TEST_F(VaultTest, RecordIdsDependOnBothPartsAndWhereTheyMeet) {
  const Vault vault = make_and_open();
  EXPECT_NE(vault.record_id("mail", "raw"), vault.record_id("cert", "raw"));
  EXPECT_NE(vault.record_id("mail", "raw"), vault.record_id("mail", "rax"));
  EXPECT_NE(vault.record_id("ab", "c"), vault.record_id("a", "bc"));
  EXPECT_TRUE(vault.record_id("", ""));
}

TEST_F(VaultTest, OpensWhatItSealedForThatPersonAndRecordOnly) {
  Vault vault = make_and_open();
  ASSERT_TRUE(vault.put_person(kAnna, "{}"));
  ASSERT_TRUE(vault.put_person(kBert, "{}"));
  const Hash128 record{1, 2};
  const std::string sealed = vault.seal(kAnna, record, "Q3 figures.xlsx");
  EXPECT_THAT(sealed, testing::Not(HasSubstr("figures")));
  EXPECT_EQ(vault.open_sealed(kAnna, record, sealed), "Q3 figures.xlsx");
  EXPECT_FALSE(vault.open_sealed(kBert, record, sealed));
  EXPECT_FALSE(vault.open_sealed(kAnna, Hash128{1, 3}, sealed));
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string altered = sealed;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    EXPECT_FALSE(vault.open_sealed(kAnna, record, altered)) << i;
    EXPECT_FALSE(vault.open_sealed(kAnna, record, sealed.substr(0, i))) << i;
  }
}

TEST_F(VaultTest, SealsNothingForNobodyAndStrangers) {
  const Vault vault = make_and_open();
  EXPECT_EQ(vault.seal(event::kNobody, {1, 2}, "x"), "");
  EXPECT_EQ(vault.seal(kAnna, {1, 2}, "x"), "");
  Vault writable = open();
  EXPECT_EQ(writable.put_person(event::kNobody, "{}").error().code, ErrorCode::invalid_argument);
}

TEST_F(VaultTest, APersonKeepsTheirKeyWhenTheIdentityIsReplaced) {
  std::string sealed;
  {
    Vault vault = make_and_open(WorkspaceKind::simulated);
    ASSERT_TRUE(vault.put_person(kAnna, R"({"name":"Anna"})"));
    sealed = vault.seal(kAnna, {1, 2}, "x");
    ASSERT_TRUE(vault.flush());
  }
  {
    Vault vault = open();
    ASSERT_TRUE(vault.put_person(kAnna, R"({"name":"Anna Berg"})"));
    ASSERT_TRUE(vault.flush());
    EXPECT_EQ(vault.open_sealed(kAnna, {1, 2}, sealed), "x");
  }
  Vault vault = open();
  EXPECT_EQ(vault.open_sealed(kAnna, {1, 2}, sealed), "x");
  EXPECT_EQ(vault.reveal_person(kAnna).value(), R"({"name":"Anna Berg"})");
}

TEST_F(VaultTest, TheLastIdentityPutIsTheOneKept) {
  Vault vault = make_and_open(WorkspaceKind::simulated);
  for (const char* identity : {"first", "second", "third"}) {
    for (const PersonId person : {kBert, kAnna}) ASSERT_TRUE(vault.put_person(person, identity));
  }
  EXPECT_EQ(vault.reveal_person(kAnna).value(), "third");
  EXPECT_EQ(vault.reveal_person(kBert).value(), "third");
}

TEST_F(VaultTest, RevealsInASimulatedWorkspaceWhatEarlierRunsSealed) {
  make(WorkspaceKind::simulated);
  for (const char* address : {"first@example.com", "second@example.com"}) {
    Vault vault = open();
    ASSERT_TRUE(vault.remember_address(vault.address_token(address), address));
    ASSERT_TRUE(vault.flush());
  }
  Vault vault = open();
  EXPECT_EQ(vault.reveal_address(vault.address_token("first@example.com")).value(),
            "first@example.com");
  EXPECT_EQ(vault.reveal_address(vault.address_token("second@example.com")).value(),
            "second@example.com");
  EXPECT_EQ(vault.reveal_address(vault.address_token("third")).error().code, ErrorCode::not_found);
  EXPECT_EQ(vault.reveal_person(kAnna).error().code, ErrorCode::not_found);
}

TEST_F(VaultTest, RevealsNothingInProductionWithoutTheShares) {
  Vault vault = make_and_open();
  ASSERT_TRUE(vault.put_person(kAnna, R"({"name":"Anna Berg"})"));
  const auto refused = vault.reveal_person(kAnna);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::permission_denied);

  const std::vector<fs::path> holders = {shares() / "weir-share-3-of-3.txt",
                                         shares() / "weir-share-1-of-3.txt"};
  const PrivateKey key = rebuild_key_from_files(holders).value();
  EXPECT_EQ(workspace_of(key), vault.workspace());
  EXPECT_EQ(vault.reveal_person(kAnna, key).value(), R"({"name":"Anna Berg"})");
  PrivateKey wrong = key;
  wrong.bytes[5] ^= 1;
  EXPECT_EQ(vault.reveal_person(kAnna, wrong).error().code, ErrorCode::permission_denied);
}

TEST_F(VaultTest, KeepsNoNameAndInProductionNoPrivateKeyInItsFiles) {
  Vault vault = make_and_open();
  ASSERT_TRUE(vault.put_person(kAnna, R"({"name":"Anna Berg"})"));
  ASSERT_TRUE(vault.remember_address(vault.address_token("anna@example.com"), "anna@example.com"));
  ASSERT_TRUE(vault.flush());
  const std::string bytes = all_bytes();
  EXPECT_THAT(bytes, testing::Not(HasSubstr("Anna")));
  EXPECT_THAT(bytes, testing::Not(HasSubstr("anna@")));
  const std::vector<fs::path> holders = {shares() / "weir-share-1-of-3.txt",
                                         shares() / "weir-share-2-of-3.txt"};
  const PrivateKey key = rebuild_key_from_files(holders).value();
  EXPECT_EQ(bytes.find(std::string(key.bytes.begin(), key.bytes.end())), std::string::npos);
}

TEST_F(VaultTest, ErasureLeavesNoByteOfTheWrappedKey) {
  Vault vault = make_and_open(WorkspaceKind::simulated);
  Random random(1, 2, 3, 4);
  // In random order, so that pages split and cells move, which leaves copies behind.
  std::vector<PersonId> people;
  for (int i = 0; i < 3000; ++i) people.push_back(PersonId{random.bits64() >> 11 | 1});
  for (const PersonId person : people) {
    ASSERT_TRUE(vault.put_person(person, std::string(100 + random.below(400), 'x')));
    if (random.chance(0.02)) {
      ASSERT_TRUE(vault.flush());
    }
  }
  ASSERT_TRUE(vault.flush());
  const PersonId victim = people[1234];
  const auto address = vault.address_token("victim@example.com");
  ASSERT_TRUE(vault.remember_address(address, "victim@example.com"));
  const std::string sealed = vault.seal(victim, {1, 2}, "x");
  ASSERT_TRUE(vault.flush());
  std::string wrapped;
  std::string identity;
  {
    ledger::Database database = ledger::Database::open(folder() / "vault.db").value();
    ledger::Statement row =
        database.prepare("SELECT wrapped_key, identity FROM vault_person WHERE person=?").value();
    ASSERT_TRUE(row.bind(1, static_cast<std::uint64_t>(victim)).step().value());
    wrapped = row.blob(0);
    identity = row.blob(1);
  }
  // What lies in the middle, lest a header byte beside it makes the search miss.
  ASSERT_NE(all_bytes().find(wrapped.substr(8, 32)), std::string::npos);

  const Result<void> erased = vault.erase(victim, std::vector{address});
  ASSERT_TRUE(erased) << erased.error().message;

  EXPECT_EQ(all_bytes().find(wrapped.substr(8, 32)), std::string::npos);
  EXPECT_EQ(all_bytes().find(identity.substr(8, 32)), std::string::npos);
  EXPECT_EQ(vault.seal(victim, {1, 3}, "x"), "");
  EXPECT_FALSE(vault.open_sealed(victim, {1, 2}, sealed));
  EXPECT_EQ(vault.reveal_person(victim).error().code, ErrorCode::not_found);
  EXPECT_EQ(vault.reveal_address(address).error().code, ErrorCode::not_found);
  EXPECT_TRUE(vault.reveal_person(people[1233])) << "the others stay";
  EXPECT_TRUE(vault.erase(victim)) << "erasing again is no error";

  Vault again = open();
  EXPECT_FALSE(again.open_sealed(victim, {1, 2}, sealed));
}

TEST_F(VaultTest, ABackupOpensAsAVaultOfItsOwn) {
  Vault vault = make_and_open(WorkspaceKind::evaluation);
  ASSERT_TRUE(vault.put_person(kAnna, "anna"));
  const std::string sealed = vault.seal(kAnna, {1, 2}, "x");
  fs::create_directories(root_ / "backup");
  ASSERT_TRUE(vault.backup_to(root_ / "backup"));
  Vault copy = Vault::open(root_ / "backup").value();
  EXPECT_EQ(copy.kind(), WorkspaceKind::evaluation);
  EXPECT_EQ(copy.reveal_person(kAnna).value(), "anna");
  EXPECT_EQ(copy.open_sealed(kAnna, {1, 2}, sealed), "x");
}

TEST_F(VaultTest, RemembersAnAddressOnceHoweverOftenItIsTold) {
  Vault vault = make_and_open(WorkspaceKind::simulated);
  for (int i = 0; i < 30'000; ++i) {
    const std::string address = fmt::format("a{}@example.com", i % 10'000);
    ASSERT_TRUE(vault.remember_address(vault.address_token(address), address));
  }
  ASSERT_TRUE(vault.flush());
  {
    ledger::Database database = ledger::Database::open(folder() / "vault.db").value();
    ledger::Statement count = database.prepare("SELECT count(*) FROM vault_address").value();
    ASSERT_TRUE(count.step().value());
    EXPECT_EQ(count.integer(0), 10'000);
  }
  Vault again = open();
  ASSERT_TRUE(again.remember_address(again.address_token("a7@example.com"), "another text"));
  EXPECT_EQ(again.reveal_address(again.address_token("a7@example.com")).value(), "a7@example.com");
}

TEST_F(VaultTest, SealsFromManyThreadsWhilePeopleAreAdded) {
  Vault vault = make_and_open();
  ASSERT_TRUE(vault.put_person(kAnna, "anna"));
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (std::uint64_t t = 0; t < 2; ++t) {
    threads.emplace_back([&, t] {
      for (std::uint64_t i = 0; i < 2000; ++i) {
        const std::string sealed = vault.seal(kAnna, {t, i}, "text");
        if (vault.open_sealed(kAnna, {t, i}, sealed) != "text") ++wrong;
      }
    });
  }
  for (std::uint64_t i = 0; i < 2000; ++i) {
    ASSERT_TRUE(vault.put_person(PersonId{1000 + i}, "somebody"));
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(VaultTest, RefusesIdentitiesWithoutMeasure) {
  Vault vault = make_and_open();
  EXPECT_EQ(vault.put_person(kAnna, std::string(2u << 20, 'x')).error().code,
            ErrorCode::limit_exceeded);
}

}  // namespace
}  // namespace weir::vault
