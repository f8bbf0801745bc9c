#include "weir/lake/query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>

#include "weir/lake/lake.h"
#include "weir/lake/test_support.h"

namespace weir::lake {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::uint64_t kRecords = 500;

/// A lake of 500 records, made once and only read.
class QueryTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TestFolder();
    test::FileManifest manifest(folder_->path() / "manifest");
    Result<Lake> lake = Lake::open(folder_->path() / "lake", manifest, {});
    WEIR_ASSERT(lake.has_value());
    for (std::uint64_t i = 0; i < kRecords; ++i)
      WEIR_ASSERT(lake->append(test::rich_record(i)).has_value());
    WEIR_ASSERT(lake->commit({}).has_value() && lake->roll().has_value());
    std::ofstream(folder_->path() / "secret.csv") << "a,b\n1,2\n";
  }
  static void TearDownTestSuite() { delete folder_; }

  QueryOptions options() const {
    QueryOptions out;
    out.lake_folder = folder_->path() / "lake";
    test::FileManifest manifest(folder_->path() / "manifest");
    out.files = manifest.files().value();
    out.time_limit = std::chrono::seconds{20};
    return out;
  }
  Result<QueryResult> query(std::string_view sql) const { return run_query(sql, options()); }
  std::vector<std::vector<std::string>> rows(std::string_view sql) const {
    const Result<QueryResult> result = query(sql);
    EXPECT_TRUE(result) << sql << ": " << result.error().message;
    return result ? result->rows : std::vector<std::vector<std::string>>{};
  }
  std::string secret() const { return (folder_->path() / "secret.csv").string(); }

  static inline TestFolder* folder_ = nullptr;
};

TEST_F(QueryTest, CountsWhatTheLakeHolds) {
  EXPECT_THAT(rows("SELECT count(*) FROM records"), ElementsAre(ElementsAre("500")));
  std::uint64_t parties = 0;
  std::uint64_t objects = 0;
  for (std::uint64_t i = 0; i < kRecords; ++i) {
    parties += test::rich_record(i).parties.size();
    objects += test::rich_record(i).objects.size();
  }
  EXPECT_THAT(rows("SELECT (SELECT count(*) FROM parties), (SELECT count(*) FROM objects)"),
              ElementsAre(ElementsAre(std::to_string(parties), std::to_string(objects))));
}

TEST_F(QueryTest, ShowsIdsAsHexadecimalText) {
  const event::Record record = test::rich_record(1);
  const auto found =
      rows(fmt::format("SELECT person, activity, class, sensitivity FROM records WHERE uid = '{}'",
                       to_hex(record.id)));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0][0], fmt::format("{:016x}", std::to_underlying(record.person)));
  EXPECT_EQ(found[0][1], to_string(record.activity));
  EXPECT_EQ(found[0][2], to_string(class_of(record.activity)));
  EXPECT_EQ(found[0][3], to_string(record.sensitivity));
}

TEST_F(QueryTest, SaysWhichCellsAreNull) {
  const Result<QueryResult> result = query("SELECT NULL AS nothing, '' AS empty");
  ASSERT_TRUE(result);
  EXPECT_THAT(result->columns, ElementsAre("nothing", "empty"));
  EXPECT_THAT(result->is_null, ElementsAre(true, false));
}

TEST_F(QueryTest, KeepsTheOrderThatTheQueryAsksFor) {
  const auto times = rows("SELECT i FROM range(50000) r(i) ORDER BY hash(i)");
  const auto again = rows(
      "SELECT i FROM (SELECT i, row_number() OVER (ORDER BY hash(i)) AS n FROM "
      "range(50000) r(i)) ORDER BY n;  -- the same");
  ASSERT_EQ(times.size(), 50'000u);
  EXPECT_EQ(times, again);
}

TEST_F(QueryTest, TakesEveryFormOfOneSelect) {
  for (const std::string_view sql :
       {"FROM records LIMIT 1;", "VALUES (1)", "DESCRIBE records", "SHOW TABLES",
        "SUMMARIZE records", "(SELECT 1)", "WITH x AS (SELECT 'it''s' AS a) SELECT * FROM x -- end",
        "/* first */ SELECT 1 AS a, 2 AS a;;"}) {
    EXPECT_FALSE(rows(sql).empty()) << sql;
  }
}

TEST_F(QueryTest, StopsAtTheLargestNumberOfRows) {
  QueryOptions few = options();
  few.max_rows = 7;
  const Result<QueryResult> result = run_query("SELECT uid FROM records", few);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->rows.size(), 7u);
  EXPECT_TRUE(result->truncated);
  few.max_rows = kRecords;
  EXPECT_FALSE(run_query("SELECT uid FROM records", few)->truncated);
}

TEST_F(QueryTest, AnswersOnAnEmptyLake) {
  QueryOptions empty = options();
  empty.files.clear();
  const Result<QueryResult> result = run_query(
      "SELECT count(*), count(records.person), max(parties.month) FROM records JOIN parties USING "
      "(uid)",
      empty);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_THAT(result->rows, ElementsAre(ElementsAre("0", "0", "")));
}

TEST_F(QueryTest, SeesTheGivenTablesWithNumbersAsNumbers) {
  QueryOptions with_table = options();
  with_table.tables.push_back({.name = "cases \"x\"",
                               .columns = {"id", "nats", "person", "note"},
                               .rows = {{"2", "9.5", "1234567890123456", ""},
                                        {"10", "", "0000000000000001", "7"},
                                        {"-1", "10", "", "007"}}});
  const Result<QueryResult> result =
      run_query(R"(SELECT id, nats + 1, typeof(person), note FROM "cases ""x""" ORDER BY id DESC)",
                with_table);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_THAT(result->rows, ElementsAre(ElementsAre("10", "", "VARCHAR", "7"),
                                        ElementsAre("2", "10.5", "VARCHAR", ""),
                                        ElementsAre("-1", "11.0", "VARCHAR", "007")));
}

TEST_F(QueryTest, RefusesToReadAnotherFile) {
  const std::string file = secret();
  for (const std::string& sql : {
           "SELECT * FROM read_csv('" + file + "')",
           "SELECT * FROM '" + file + "'",
           std::string("SELECT * FROM read_csv('/etc/passwd')"),
           std::string("SELECT * FROM '/etc/passwd'"),
           "SELECT * FROM read_text('" + file + "')",
           "SELECT * FROM read_blob('" + file + "')",
           std::string("SELECT * FROM glob('/etc/*')"),
           std::string("SELECT * FROM read_text('/proc/self/environ')"),
           "SELECT * FROM sniff_csv('" + file + "')",
           "SELECT * FROM read_json('" + file + "')",
           "SELECT * FROM parquet_metadata('" + file + "')",
           "WITH x AS (SELECT * FROM read_csv('" + file + "')) SELECT * FROM x",
           "SELECT * FROM query('SELECT * FROM read_text(''" + file + "'')')",
           std::string("SELECT * FROM read_csv('http://127.0.0.1:1/x')"),
       }) {
    const Result<QueryResult> result = query(sql);
    ASSERT_FALSE(result) << sql;
    EXPECT_EQ(result.error().code, ErrorCode::permission_denied)
        << sql << ": " << result.error().message;
    EXPECT_THAT(result.error().message, HasSubstr("records, parties, objects"));
  }
}

TEST_F(QueryTest, RefusesEverythingButOneSelect) {
  const std::string out = (folder_->path() / "out").string();
  for (const std::string& sql : {
           "COPY records TO '" + out + "'",
           "COPY (SELECT 1) TO '" + out + "' (FORMAT parquet)",
           "ATTACH '" + out + "'",
           std::string("INSTALL httpfs"),
           std::string("LOAD httpfs"),
           std::string("SET threads = 4"),
           std::string("SET enable_external_access = true"),
           std::string("RESET lock_configuration"),
           std::string("PRAGMA version"),
           std::string("PRAGMA database_list"),
           "EXPORT DATABASE '" + out + "'",
           "IMPORT DATABASE '" + out + "'",
           std::string("SELECT 1; SELECT 2"),
           std::string("SELECT 1; DROP VIEW records"),
           std::string("CREATE TABLE x AS SELECT 1"),
           std::string("DROP VIEW records"),
           std::string("CALL duckdb_tables()"),
           std::string("EXPLAIN SELECT 1"),
           std::string("PREPARE x AS SELECT 1"),
           std::string("CHECKPOINT"),
           std::string("VACUUM"),
           std::string("USE memory"),
           std::string("INSERT INTO records SELECT * FROM records"),
           std::string("SELEC 1"),
           std::string(""),
           std::string("  -- nothing"),
           std::string("SELECT ?"),
           std::string("SELECT nothing FROM records"),
           std::string("SELECT 1) , (SELECT 2"),
       }) {
    const Result<QueryResult> result = query(sql);
    ASSERT_FALSE(result) << sql;
    EXPECT_THAT((std::set{ErrorCode::invalid_argument, ErrorCode::permission_denied}),
                Contains(result.error().code))
        << sql << ": " << result.error().message;
    EXPECT_FALSE(result.error().message.empty());
    EXPECT_FALSE(std::filesystem::exists(out)) << sql;
  }
}

TEST_F(QueryTest, StopsAQueryThatNeedsTooMuchMemory) {
  QueryOptions small = options();
  small.memory_bytes = 128u << 20;
  for (const std::string_view sql : {
           "SELECT * FROM (SELECT hash(i) AS h FROM range(1000000000000) r(i)) ORDER BY h",
           "SELECT list(i) FROM range(1000000000000) r(i)",
           "SELECT length(repeat('x', 2000000000) || repeat('y', 2000000000))",
           "SELECT count(DISTINCT (a, b)) FROM range(1000000) x(a), range(1000000) y(b)",
       }) {
    const Result<QueryResult> result = run_query(sql, small);
    ASSERT_FALSE(result) << sql;
    EXPECT_EQ(result.error().code, ErrorCode::limit_exceeded)
        << sql << ": " << result.error().message;
  }
}

TEST_F(QueryTest, StopsAQueryThatTakesTooLong) {
  QueryOptions brief = options();
  brief.time_limit = std::chrono::seconds{1};
  const Result<QueryResult> result = run_query(
      "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000) "
      "SELECT max(i) FROM n",
      brief);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::limit_exceeded);
  EXPECT_THAT(result.error().message, HasSubstr("after 1 s"));
}

TEST_F(QueryTest, NamesTheFileThatIsMissing) {
  QueryOptions broken = options();
  broken.files[0].path = "class=email/month=2012-03/999999.parquet";
  const Result<QueryResult> result = run_query("SELECT 1", broken);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::corrupt);
  EXPECT_THAT(result.error().message, HasSubstr("999999.parquet"));
}

}  // namespace
}  // namespace weir::lake
