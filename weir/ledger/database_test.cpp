#include "weir/ledger/database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "weir/base/file.h"

namespace weir::ledger {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class DatabaseTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              fmt::format("weir-ledger-{}-{}", ::getpid(),
                          testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path file() const { return folder_ / "ledger.db"; }
  Database open() { return Database::open(file()).value(); }
  static std::int64_t one_number(Database& database, std::string_view sql) {
    Statement statement = database.prepare(sql).value();
    EXPECT_TRUE(statement.step().value());
    return statement.integer(0);
  }
  static mode_t mode_of(const fs::path& path) {
    struct stat status{};
    EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 0777u;
  }

  fs::path folder_;
};

TEST_F(DatabaseTest, GivesBackWhatWasBound) {
  Database database = open();
  ASSERT_TRUE(database.execute("CREATE TABLE t(a, b, c, d, e, f)"));
  Statement insert = database.prepare("INSERT INTO t VALUES(?, ?, ?, ?, ?, ?)").value();
  const std::string text_with_nul("a\0b", 3);
  ASSERT_TRUE(insert.bind(1, std::int64_t{-5})
                  .bind(2, 0xffff'ffff'ffff'fff0u)
                  .bind(3, 0.25)
                  .bind(4, text_with_nul)
                  .bind_blob(5, std::string_view("\xff\x00\x01", 3))
                  .bind_null(6)
                  .run());
  Statement read = database.prepare("SELECT * FROM t").value();
  ASSERT_TRUE(read.step().value());
  EXPECT_EQ(read.integer(0), -5);
  EXPECT_EQ(read.number(1), 0xffff'ffff'ffff'fff0u);
  EXPECT_EQ(read.real(2), 0.25);
  EXPECT_EQ(read.text(3), text_with_nul);
  EXPECT_EQ(read.blob(4), std::string("\xff\x00\x01", 3));
  EXPECT_TRUE(read.is_null(5));
  EXPECT_FALSE(read.step().value());
}

TEST_F(DatabaseTest, BindsEmptyTextAndBytesAsEmptyAndNotAsNull) {
  Database database = open();
  ASSERT_TRUE(database.execute("CREATE TABLE t(a TEXT NOT NULL, b BLOB NOT NULL)"));
  Statement insert = database.prepare("INSERT INTO t VALUES(?, ?)").value();
  ASSERT_TRUE(insert.bind(1, std::string_view()).bind_blob(2, std::string_view()).run());
}

TEST_F(DatabaseTest, RunsAStatementAgainWithNewValues) {
  Database database = open();
  ASSERT_TRUE(database.execute("CREATE TABLE t(a INTEGER PRIMARY KEY)"));
  Statement insert = database.prepare("INSERT INTO t VALUES(?)").value();
  for (int i = 1; i <= 3; ++i) ASSERT_TRUE(insert.bind(1, i).run());
  EXPECT_EQ(one_number(database, "SELECT sum(a) FROM t"), 6);
}

TEST_F(DatabaseTest, ReportsAParameterThatIsNotThere) {
  Database database = open();
  Statement select = database.prepare("SELECT ?").value();
  const Result<void> ran = select.bind(2, 1).run();
  ASSERT_FALSE(ran);
  EXPECT_TRUE(select.bind(1, 1).run()) << "the statement is usable again";
}

TEST_F(DatabaseTest, IsPrivateDurableAndStrict) {
  Database database = open();
  ASSERT_TRUE(database.execute("CREATE TABLE t(a)"));
  for (const char* suffix : {"", "-wal", "-shm"}) {
    EXPECT_EQ(mode_of(file().string() + suffix), 0600u) << suffix;
  }
  EXPECT_EQ(one_number(database, "PRAGMA synchronous"), 2);
  EXPECT_EQ(one_number(database, "PRAGMA foreign_keys"), 1);
}

TEST_F(DatabaseTest, KeepsWhatWasCommittedAndNothingElse) {
  {
    Database database = open();
    ASSERT_TRUE(database.execute("CREATE TABLE t(a)"));
    {
      Transaction transaction = database.begin().value();
      ASSERT_TRUE(database.execute("INSERT INTO t VALUES(1)"));
      EXPECT_TRUE(database.in_transaction());
      ASSERT_TRUE(transaction.commit());
    }
    EXPECT_FALSE(database.in_transaction());
    {
      Transaction abandoned = database.begin().value();
      ASSERT_TRUE(database.execute("INSERT INTO t VALUES(10)"));
    }
    EXPECT_FALSE(database.in_transaction());
  }
  Database again = open();
  EXPECT_EQ(one_number(again, "SELECT sum(a) FROM t"), 1);
}

TEST_F(DatabaseTest, SaysConflictWhileAnotherConnectionWrites) {
  Database first = open();
  ASSERT_TRUE(first.execute("CREATE TABLE t(a)"));
  Database second = Database::open(file(), {.busy_timeout_ms = 1}).value();
  const Transaction writing = first.begin().value();
  const Result<Transaction> refused = second.begin();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::conflict);
  EXPECT_THAT(refused.error().message, HasSubstr(file().string()));
}

TEST_F(DatabaseTest, SaysAlreadyExistsForADoubledKey) {
  Database database = open();
  ASSERT_TRUE(database.execute("CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT UNIQUE)"));
  ASSERT_TRUE(database.execute("INSERT INTO t VALUES(1, 'x')"));
  for (const char* sql : {"INSERT INTO t VALUES(1, 'y')", "INSERT INTO t VALUES(2, 'x')"}) {
    const Result<void> doubled = database.execute(sql);
    ASSERT_FALSE(doubled) << sql;
    EXPECT_EQ(doubled.error().code, ErrorCode::already_exists);
  }
}

TEST_F(DatabaseTest, SaysCorruptForAFileThatIsNoDatabase) {
  ASSERT_TRUE(write_file_atomic(file(), std::string(4096, 'x')));
  const Result<Database> opened = Database::open(file());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::corrupt);
  EXPECT_THAT(opened.error().message, HasSubstr(file().string()));
}

TEST_F(DatabaseTest, SurvivesFlippedBytes) {
  {
    Database database = open();
    ASSERT_TRUE(database.execute("CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT)"));
    Statement insert = database.prepare("INSERT INTO t VALUES(?, ?)").value();
    for (int i = 0; i < 500; ++i) ASSERT_TRUE(insert.bind(1, i).bind(2, "some text").run());
  }
  const std::string good = read_file(file(), 1u << 24).value();
  int refused = 0;
  for (std::size_t at = 24; at < good.size(); at += 97) {
    std::string bad = good;
    for (std::size_t i = at; i < std::min(at + 16, bad.size()); ++i) bad[i] = '\x7f';
    ASSERT_TRUE(write_file_atomic(file(), bad));
    Result<Database> database = Database::open(file());
    if (!database) {
      ++refused;
      continue;
    }
    Result<Statement> read = database->prepare("SELECT a, b FROM t");
    if (!read) {
      ++refused;
      continue;
    }
    for (;;) {
      const Result<bool> row = read->step();
      if (!row) ++refused;
      if (!row || !*row) break;
      (void)read->text(1);
    }
  }
  EXPECT_GT(refused, 0);
}

TEST_F(DatabaseTest, SaysNoSpaceWhenTheDiskIsFullAndKeepsWhatWasThere) {
  Database database = open();
  ASSERT_TRUE(database.execute("CREATE TABLE t(a); INSERT INTO t VALUES('kept')"));
  // SQLite's own page limit fails the same way as a full disk does.
  ASSERT_TRUE(database.execute("PRAGMA max_page_count=3"));
  Result<void> full;
  {
    const Transaction transaction = database.begin().value();
    Statement insert = database.prepare("INSERT INTO t VALUES(zeroblob(100000))").value();
    full = insert.run();
  }
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code, ErrorCode::no_space);
  EXPECT_EQ(one_number(database, "SELECT count(*) FROM t"), 1);
}

TEST_F(DatabaseTest, NamesTheFolderThatIsNotThere) {
  const Result<Database> opened = Database::open(folder_ / "none" / "x.db");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::not_found);
  EXPECT_THAT(opened.error().message, HasSubstr("none/x.db"));
}

TEST_F(DatabaseTest, ReadOnlyReadsAndDoesNotWrite) {
  EXPECT_EQ(Database::open(file(), {.read_only = true}).error().code, ErrorCode::not_found);
  {
    Database database = open();
    ASSERT_TRUE(database.execute("CREATE TABLE t(a); INSERT INTO t VALUES(7)"));
  }
  Database reader = Database::open(file(), {.read_only = true}).value();
  EXPECT_EQ(one_number(reader, "SELECT a FROM t"), 7);
  const Result<void> written = reader.execute("INSERT INTO t VALUES(8)");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::permission_denied);
}

constexpr Migration kFirst[] = {{1, "CREATE TABLE pets(name TEXT)"}};
constexpr Migration kSecond[] = {
    {1, "CREATE TABLE pets(name TEXT)"},
    {2, "ALTER TABLE pets ADD COLUMN legs INTEGER NOT NULL DEFAULT 4"}};

TEST_F(DatabaseTest, MigratesFromVersionToVersionAndKeepsTheRows) {
  {
    Database database = open();
    EXPECT_EQ(database.schema_version("pets").value(), 0);
    ASSERT_TRUE(database.migrate("pets", kFirst));
    EXPECT_EQ(database.schema_version("pets").value(), 1);
    ASSERT_TRUE(database.execute("INSERT INTO pets VALUES('Rex')"));
    ASSERT_TRUE(database.migrate("pets", kFirst)) << "a second time changes nothing";
  }
  Database database = open();
  ASSERT_TRUE(database.migrate("pets", kSecond));
  EXPECT_EQ(database.schema_version("pets").value(), 2);
  EXPECT_EQ(database.schema_version("plants").value(), 0) << "components do not share versions";
  EXPECT_EQ(one_number(database, "SELECT legs FROM pets WHERE name='Rex'"), 4);
}

TEST_F(DatabaseTest, RefusesAFileFromANewerWeir) {
  Database database = open();
  ASSERT_TRUE(database.migrate("pets", kSecond));
  const Result<void> older = database.migrate("pets", kFirst);
  ASSERT_FALSE(older);
  EXPECT_EQ(older.error().code, ErrorCode::unsupported);
  EXPECT_EQ(older.error().message,
            file().string() +
                ": written by a newer weir (its tables of 'pets' have version 2, this one knows up "
                "to 1); use the newer weir, or restore a backup made before it");
}

TEST_F(DatabaseTest, LeavesTheLastGoodVersionWhenAStepFails) {
  constexpr Migration kBroken[] = {{1, "CREATE TABLE pets(name TEXT)"},
                                   {2, "CREATE TABLE extra(a); INSERT INTO nowhere VALUES(1)"}};
  Database database = open();
  const Result<void> failed = database.migrate("pets", kBroken);
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().message, HasSubstr("bringing the tables of 'pets' to version 2"));
  EXPECT_EQ(database.schema_version("pets").value(), 1);
  EXPECT_FALSE(database.prepare("SELECT * FROM extra")) << "the half-done step was rolled back";
}

TEST_F(DatabaseTest, BacksUpWhatIsCommittedWhileAnotherWrites) {
  Database database = open();
  ASSERT_TRUE(database.execute("CREATE TABLE t(a); INSERT INTO t VALUES(1)"));
  Database writer = open();
  Transaction writing = writer.begin().value();
  ASSERT_TRUE(writer.execute("INSERT INTO t VALUES(2)"));
  const fs::path copy = folder_ / "copy.db";
  ASSERT_TRUE(database.backup_to(copy));
  ASSERT_TRUE(writing.commit());
  EXPECT_EQ(mode_of(copy), 0600u);
  Database restored = Database::open(copy).value();
  EXPECT_EQ(one_number(restored, "SELECT count(*) FROM t"), 1);
  EXPECT_EQ(database.backup_to(copy).error().code, ErrorCode::already_exists);
}

TEST_F(DatabaseTest, CheckpointEmptiesTheLogAndDeletedBytesAreGone) {
  Database database = open();
  ASSERT_TRUE(database.execute("PRAGMA secure_delete=ON"));
  ASSERT_TRUE(database.execute("CREATE TABLE t(a); INSERT INTO t VALUES('find-me-if-you-can')"));
  ASSERT_TRUE(database.checkpoint());
  EXPECT_THAT(read_file(file(), 1u << 24).value(), HasSubstr("find-me"));
  ASSERT_TRUE(database.execute("DELETE FROM t"));
  ASSERT_TRUE(database.checkpoint());
  EXPECT_THAT(read_file(file(), 1u << 24).value(), testing::Not(HasSubstr("find-me")));
  EXPECT_EQ(fs::file_size(file().string() + "-wal"), 0u);
}

}  // namespace
}  // namespace weir::ledger
