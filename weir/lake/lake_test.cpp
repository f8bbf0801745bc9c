#include "weir/lake/lake.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "weir/lake/test_support.h"

namespace weir::lake {
namespace {

namespace fs = std::filesystem;
using event::Record;
using test::rich_record;
using test::simple_record;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A lake in a folder of its own that can be closed, damaged and opened again.
class LakeTest : public testing::Test {
 protected:
  Lake open(Lake::Options options = {}) {
    Result<Lake> lake = try_open(std::move(options));
    WEIR_ASSERT(lake.has_value());
    return std::move(*lake);
  }
  Result<Lake> try_open(Lake::Options options = {}) {
    return Lake::open(folder_.path() / "lake", manifest_, options);
  }
  Lake open_reader() { return open({.read_only = true}); }

  void append(Lake& lake, std::span<const Record> records) {
    for (const Record& record : records) ASSERT_TRUE(lake.append(record));
  }
  void store(Lake& lake, std::span<const Record> records) {
    append(lake, records);
    ASSERT_TRUE(lake.commit({}));
    const auto report = lake.roll();
    ASSERT_TRUE(report) << report.error().message;
  }

  static std::vector<Record> some(std::uint64_t from, std::uint64_t count, int months = 3) {
    std::vector<Record> out;
    for (std::uint64_t i = from; i < from + count; ++i) out.push_back(rich_record(i, months));
    return out;
  }
  static std::vector<Record> read(const Lake& lake, const Lake::Window& window = {}) {
    std::vector<Record> out;
    const Result<void> result = lake.read(window, [&](const Record& record) -> Result<void> {
      out.push_back(record);
      return {};
    });
    EXPECT_TRUE(result) << result.error().message;
    return out;
  }
  static std::vector<Record> in_order(std::vector<Record> records) {
    std::ranges::sort(records, {}, [](const Record& r) {
      return std::tuple(day_of(r.time), std::to_underlying(r.person), r.time, r.id);
    });
    return records;
  }
  static std::vector<std::string> paths(const Lake& lake) {
    std::vector<std::string> out;
    for (const FileInfo& file : lake.files()) out.push_back(file.path);
    return out;
  }

  fs::path lake_path(const std::string& relative) const {
    return folder_.path() / "lake" / relative;
  }

  test::Folder folder_;
  test::FileManifest manifest_{folder_.path() / "manifest"};
};

TEST_F(LakeTest, GivesBackEveryFieldOfEveryRecordInTheOrderOfDayPersonTimeAndId) {
  const std::vector<Record> records = some(0, 20'000);
  Lake lake = open();
  store(lake, records);
  EXPECT_EQ(read(lake), in_order(records));
}

}  // namespace
}  // namespace weir::lake
