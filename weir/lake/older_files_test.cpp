#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "weir/lake/detail/duck.h"
#include "weir/lake/lake.h"
#include "weir/lake/query.h"
#include "weir/lake/test_support.h"

namespace weir::lake {
namespace {

namespace fs = std::filesystem;
using event::Record;
using testing::ElementsAre;
using testing::IsEmpty;

/// A lake whose first files are as format 1 wrote them: without the column `documents`.
class OlderFilesTest : public testing::Test {
 protected:
  Lake open(Lake::Options options = {}) {
    Result<Lake> lake = Lake::open(folder_.path() / "lake", manifest_, options);
    WEIR_ASSERT(lake.has_value());
    return std::move(*lake);
  }
  void store(Lake& lake, std::uint64_t from, std::uint64_t count) {
    for (std::uint64_t i = from; i < from + count; ++i) {
      records_.push_back(test::rich_record(i, 1));
      ASSERT_TRUE(lake.append(records_.back()));
    }
    ASSERT_TRUE(lake.commit({}));
    ASSERT_TRUE(lake.roll());
  }
  void make_older() {
    const auto database = duck::Database::open({});
    ASSERT_TRUE(database);
    auto connection = database->connect();
    ASSERT_TRUE(connection);
    const std::vector<FileInfo> files = manifest_.files().value();
    for (FileInfo file : files) {
      const fs::path path = folder_.path() / "lake" / file.path;
      const fs::path copy = path.string() + ".older";
      ASSERT_TRUE(connection->execute(
          fmt::format("COPY (SELECT * EXCLUDE documents FROM read_parquet({}, "
                      "hive_partitioning = false)) TO {} (FORMAT parquet)",
                      duck::quoted(path.string()), duck::quoted(copy.string()))));
      fs::rename(copy, path);
      const std::string bytes = read_file(path, 1u << 30).value();
      file.bytes = bytes.size();
      file.checksum = checksum64(bytes);
      file.format = 1;
      const std::string name = file.path;
      ASSERT_TRUE(manifest_.replace(std::span(&name, 1), std::span(&file, 1),
                                    manifest_.rolled_through().value(), {}));
    }
    for (Record& record : records_) record.documents.clear();
  }
  std::vector<Record> expected() const {
    std::vector<Record> records = records_;
    std::ranges::sort(records, {}, [](const Record& r) {
      return std::tuple(day_of(r.time), std::to_underlying(r.person), r.time, r.id);
    });
    return records;
  }
  static std::vector<Record> read(const Lake& lake) {
    std::vector<Record> out;
    const Result<void> result = lake.read({}, [&](const Record& record) -> Result<void> {
      out.push_back(record);
      return {};
    });
    EXPECT_TRUE(result) << result.error().message;
    return out;
  }
  std::string count(std::string_view sql) {
    QueryOptions options;
    options.lake_folder = folder_.path() / "lake";
    options.files = manifest_.files().value();
    const auto result = run_query(sql, options);
    EXPECT_TRUE(result) << result.error().message;
    return result ? result->rows.at(0).at(0) : std::string();
  }

  TestFolder folder_;
  test::FileManifest manifest_{folder_.path() / "manifest"};
  std::vector<Record> records_;
};

TEST_F(OlderFilesTest, AreReadBesideNewOnesAndMergedIntoThem) {
  {
    Lake lake = open();
    store(lake, 0, 800);
  }
  make_older();
  {
    Lake lake = open();
    EXPECT_TRUE(read(lake) == expected());
    EXPECT_EQ(count("SELECT count(*) FROM records"), "800");
    EXPECT_EQ(count("SELECT count(*) FROM documents"), "0");
    store(lake, 800, 800);
    EXPECT_TRUE(read(lake) == expected());
  }
  std::size_t documents = 0;
  for (const Record& record : records_) documents += record.documents.size();
  ASSERT_GT(documents, 100u);
  EXPECT_EQ(count("SELECT count(*) FROM records"), "1600");
  EXPECT_EQ(count("SELECT count(*) FROM documents"), std::to_string(documents));
  {
    Lake lake = open({.compact_at_files = 2});
    ASSERT_TRUE(lake.compact());
    EXPECT_TRUE(read(lake) == expected());
    EXPECT_THAT(lake.verify()->problems, IsEmpty());
  }
  const std::vector<FileInfo> files = manifest_.files().value();
  for (const FileInfo& file : files) EXPECT_EQ(file.format, kLakeFormat);
  EXPECT_EQ(count("SELECT count(*) FROM documents"), std::to_string(documents));
}

}  // namespace
}  // namespace weir::lake
