#include "weir/lake/lake.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
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
  Lake open(const Lake::Options& options = {}) {
    Result<Lake> lake = try_open(options);
    WEIR_ASSERT(lake.has_value());
    return std::move(*lake);
  }
  Result<Lake> try_open(const Lake::Options& options = {}) {
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

  TestFolder folder_;
  test::FileManifest manifest_{folder_.path() / "manifest"};
};

TEST_F(LakeTest, GivesBackEveryFieldOfEveryRecordInTheOrderOfDayPersonTimeAndId) {
  const std::vector<Record> records = some(0, 6'000);
  Lake lake = open();
  store(lake, records);
  EXPECT_TRUE(read(lake) == in_order(records));
}

TEST_F(LakeTest, ReadsAWindowOfDaysAndBatches) {
  const std::vector<Record> first = some(0, 1'000);
  const std::vector<Record> second = some(1'000, 1'000);
  {
    Lake lake = open();
    EXPECT_EQ(lake.batch(), 1u);
    store(lake, first);
  }
  {
    Lake lake = open();
    EXPECT_EQ(lake.batch(), 2u);
    store(lake, second);
  }
  Lake lake = open_reader();
  EXPECT_EQ(lake.last_stored_batch(), 2u);
  Random random(1, 2, 3, 4);
  for (int i = 0; i < 12; ++i) {
    Lake::Window window;
    if (random.chance(0.8))
      window.from = day_of(test::kStart) + std::chrono::days{random.below(100)};
    if (random.chance(0.8)) window.to = day_of(test::kStart) + std::chrono::days{random.below(100)};
    window.after_batch = random.below(3);
    if (random.chance(0.5)) window.through_batch = random.below(3);
    std::vector<Record> expected;
    for (std::uint32_t batch = 1; batch <= 2; ++batch) {
      if (batch <= window.after_batch || batch > window.through_batch) continue;
      for (const Record& record : batch == 1 ? first : second) {
        if (day_of(record.time) >= window.from && day_of(record.time) < window.to)
          expected.push_back(record);
      }
    }
    const std::vector<Record> found = read(lake, window);
    EXPECT_TRUE(found == in_order(expected)) << found.size() << " of " << expected.size();
    EXPECT_GE(lake.estimate(window), expected.size());
  }
}

TEST_F(LakeTest, LeavesOutWhatItHasInTheSegmentInEarlierOnesAndInEarlierRuns) {
  const std::vector<Record> records = some(0, 2'000);
  {
    Lake lake = open({.segment_bytes = 20'000});
    append(lake, records);
    append(lake, std::span(records).first(100));
    ASSERT_TRUE(lake.commit({}));
    append(lake, std::span(records).last(300));
    ASSERT_TRUE(lake.commit({}));
    const auto report = lake.roll();
    ASSERT_TRUE(report);
    EXPECT_EQ(report->stored, 2'000u);
    EXPECT_EQ(report->duplicates, 400u);
  }
  Lake lake = open();
  append(lake, records);
  ASSERT_TRUE(lake.commit({}));
  const auto report = lake.roll();
  ASSERT_TRUE(report);
  EXPECT_EQ(report->stored, 0u);
  EXPECT_EQ(report->duplicates, 2'000u);
  EXPECT_TRUE(read(lake) == in_order(records));
}

TEST_F(LakeTest, KnowsARecordAgainThatWasDatedInTheFutureAtFirst) {
  Record early = simple_record(1);
  early.claimed_time += std::chrono::days{10};
  Record late = early;
  late.time = late.claimed_time;
  Lake lake = open();
  store(lake, {&early, 1});
  append(lake, {&late, 1});
  ASSERT_TRUE(lake.commit({}));
  EXPECT_EQ(lake.roll()->duplicates, 1u);
  EXPECT_THAT(read(lake), ElementsAre(early));
}

TEST_F(LakeTest, KeepsTimesBefore1970AndAfter2100AndRefusesThoseNoCalendarHas) {
  std::vector<Record> records = {simple_record(0), simple_record(1), simple_record(2)};
  using std::chrono::year;
  records[0].time = records[0].claimed_time = Day{year{1} / 1 / 1};
  records[1].time = records[1].claimed_time =
      Day{year{1899} / 12 / 31} + std::chrono::milliseconds{1};
  records[2].time = records[2].claimed_time = Day{year{9999} / 12 / 31} + std::chrono::hours{23};
  Lake lake = open();
  store(lake, records);
  EXPECT_TRUE(read(lake) == records);
  EXPECT_EQ(lake.span(), std::pair(Day{year{1} / 1 / 1}, Day{year{9999} / 12 / 31}));
  for (const Day day : {Day{year{0} / 12 / 31}, Day{year{10000} / 1 / 1}}) {
    Record record = simple_record(3);
    record.claimed_time = day;
    const Result<void> result = lake.append(record);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::invalid_argument);
  }
}

TEST_F(LakeTest, RollsTheJournalOfARunThatNeverRolled) {
  const std::vector<Record> records = some(0, 500);
  const SourceProgress progress{.source_key = 7, .offset = 4096, .tail_checksum = 99};
  {
    Lake lake = open();
    append(lake, records);
    ASSERT_TRUE(lake.commit(std::array{progress}));
    append(lake, some(500, 10));  // never committed
  }
  EXPECT_THAT(read(open_reader()), IsEmpty());
  Lake lake = open();
  EXPECT_TRUE(read(lake) == in_order(records));
  EXPECT_THAT(manifest_.progress().value(), ElementsAre(progress));
  EXPECT_TRUE(fs::is_empty(lake_path("journal")));
}

TEST_F(LakeTest, StoresTheLastProgressOfEachSource) {
  Lake lake = open({.segment_bytes = 1});
  for (std::uint64_t offset = 1; offset <= 5; ++offset) {
    ASSERT_TRUE(lake.commit(std::array{SourceProgress{.source_key = 1, .offset = offset}}));
    ASSERT_TRUE(lake.commit(std::array{SourceProgress{.source_key = 2, .offset = offset * 10}}));
  }
  ASSERT_TRUE(lake.roll());
  EXPECT_THAT(manifest_.progress().value(),
              ElementsAre(SourceProgress{.source_key = 1, .offset = 5},
                          SourceProgress{.source_key = 2, .offset = 50}));
}

TEST_F(LakeTest, MergesSmallFilesIntoFewAndKeepsEveryRecord) {
  const std::vector<Record> records = some(0, 4'000, 1);
  Lake lake = open({.file_bytes = 100'000, .compact_at_files = 3});
  for (std::size_t i = 0; i < records.size(); i += 500) {
    store(lake, std::span(records).subspan(i, 500));
  }
  const std::size_t before = lake.files().size();
  ASSERT_TRUE(lake.compact());
  EXPECT_LT(lake.files().size(), before / 2);
  EXPECT_TRUE(read(lake) == in_order(records));
  EXPECT_THAT(lake.verify()->problems, IsEmpty());
  const auto compacted = paths(lake);
  ASSERT_TRUE(lake.compact());
  store(lake, some(4'000, 500, 1));
  ASSERT_TRUE(lake.compact());
  EXPECT_EQ(read(lake).size(), 4'500u);
  EXPECT_THAT(lake.verify()->problems, IsEmpty());
}

TEST_F(LakeTest, KeepsMergedFilesForWhoReadsThemUntilNobodyDoes) {
  const std::vector<Record> records = some(0, 900, 1);
  const Lake::Options options{.compact_at_files = 2};
  {
    Lake lake = open(options);
    store(lake, std::span(records).first(450));
    store(lake, std::span(records).last(450));
  }
  std::string replaced;
  {
    Lake reader = open_reader();
    replaced = paths(reader).front();
    Lake lake = open(options);
    ASSERT_TRUE(lake.compact());
    EXPECT_TRUE(read(reader) == in_order(records));
    EXPECT_TRUE(fs::exists(lake_path(replaced)));
  }
  Lake lake = open();
  EXPECT_FALSE(fs::exists(lake_path(replaced)));
  EXPECT_TRUE(read(lake) == in_order(records));
}

TEST_F(LakeTest, ShowsAReaderNoBatchThatIsStillBeingWritten) {
  const std::vector<Record> first = some(0, 100);
  {
    Lake lake = open();
    store(lake, first);
  }
  {
    Lake writer = open();
    store(writer, some(100, 100));
    Lake reader = open_reader();
    EXPECT_EQ(reader.last_stored_batch(), 1u);
    EXPECT_TRUE(read(reader) == in_order(first));
    EXPECT_EQ(reader.estimate({}), 100u);
  }
  EXPECT_EQ(read(open_reader()).size(), 200u);
}

TEST_F(LakeTest, RefusesASecondWriterAndWritingByAReader) {
  const Lake lake = open();
  const Result<Lake> second = try_open();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::conflict);
  Lake reader = open_reader();
  EXPECT_EQ(reader.append(simple_record(0)).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(reader.commit({}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(reader.roll().error().code, ErrorCode::invalid_argument);
}

TEST_F(LakeTest, IsEmptyWhereNobodyEverWrote) {
  const Lake lake = open_reader();
  EXPECT_THAT(read(lake), IsEmpty());
  EXPECT_EQ(lake.span(), std::nullopt);
  EXPECT_EQ(lake.last_stored_batch(), 0u);
  EXPECT_FALSE(fs::exists(lake_path("")));
  EXPECT_THAT(lake.verify()->problems, IsEmpty());
}

TEST_F(LakeTest, StopsReadingAtTheCallersError) {
  Lake lake = open();
  store(lake, some(0, 100));
  int rows = 0;
  const Result<void> result = lake.read({}, [&](const Record&) -> Result<void> {
    if (++rows == 10) return fail(ErrorCode::cancelled, "enough");
    return {};
  });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "enough");
  EXPECT_EQ(rows, 10);
}

TEST_F(LakeTest, VerifyFindsEveryFlippedByteAndMissingAndUnknownFile) {
  Lake lake = open();
  store(lake, some(0, 300, 1));
  const std::vector<std::string> files = paths(lake);
  ASSERT_GE(files.size(), 4u);
  ASSERT_THAT(lake.verify()->problems, IsEmpty());
  EXPECT_EQ(lake.verify()->files, files.size());
  EXPECT_EQ(lake.verify()->rows, 300u);

  const std::string intact = read_file(lake_path(files[0]), 1u << 20).value();
  for (std::size_t at = 0; at < intact.size(); at += intact.size() / 16) {
    std::string damaged = intact;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    ASSERT_TRUE(write_file_atomic(lake_path(files[0]), damaged));
    const auto report = lake.verify();
    ASSERT_TRUE(report);
    EXPECT_THAT(report->problems, ElementsAre(HasSubstr(files[0])));
  }
  ASSERT_TRUE(write_file_atomic(lake_path(files[0]), intact));
  fs::remove(lake_path(files[1]));
  std::ofstream(lake_path("class=web/month=2012-03/stray.parquet")) << "stray";
  EXPECT_THAT(lake.verify()->problems,
              ElementsAre(HasSubstr(files[1]), HasSubstr("stray.parquet: is not in the manifest")));
}

TEST_F(LakeTest, ALakeThatIsGoneIsDamagedForReadersToo) {
  {
    Lake lake = open();
    store(lake, some(0, 300, 1));
    EXPECT_TRUE(lake.require_files());
  }
  fs::remove_all(folder_.path() / "lake");
  const Lake reader = open_reader();
  EXPECT_EQ(reader.verify()->rows, 300u);
  EXPECT_FALSE(reader.verify()->problems.empty());
  ASSERT_FALSE(reader.require_files());
  EXPECT_EQ(reader.require_files().error().code, ErrorCode::corrupt);
}

TEST_F(LakeTest, VerifyStopsOnRequest) {
  Lake lake = open();
  store(lake, some(0, 300, 1));
  const std::atomic<bool> stop = true;
  EXPECT_EQ(lake.verify(&stop).error().code, ErrorCode::cancelled);
}

TEST_F(LakeTest, NamesTheFileItCannotRead) {
  Lake lake = open();
  store(lake, some(0, 300, 1));
  for (const bool gone : {false, true}) {
    const std::string file = paths(lake).front();
    gone ? static_cast<void>(fs::remove(lake_path(file))) : fs::resize_file(lake_path(file), 100);
    const Result<void> result = lake.read({}, [](const Record&) -> Result<void> { return {}; });
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::corrupt);
    EXPECT_THAT(result.error().message, HasSubstr(file));
  }
}

TEST_F(LakeTest, TouchesNoFileWhenTheManifestIsNotTheLakes) {
  const std::vector<Record> records = some(0, 300, 1);
  {
    Lake lake = open();
    store(lake, records);
  }
  const std::vector<std::string> before = paths(open_reader());
  test::FileManifest other(folder_.path() / "another");
  const Result<Lake> opened = Lake::open(folder_.path() / "lake", other, {});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::corrupt);
  EXPECT_THAT(opened.error().message, HasSubstr("the ledger is older than the lake"));
  EXPECT_EQ(paths(open_reader()), before);
  EXPECT_TRUE(read(open_reader()) == in_order(records));
}

}  // namespace
}  // namespace weir::lake
