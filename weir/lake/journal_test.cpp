#include "weir/lake/detail/journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "weir/lake/lake.h"
#include "weir/lake/test_support.h"

namespace weir::lake {
namespace {

namespace fs = std::filesystem;
using event::Record;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::uint64_t kFrames = 6;
constexpr std::uint64_t kRecordsAFrame = 5;

/// A lake whose journal holds six commits of five records, and nothing in Parquet.
class JournalTest : public testing::Test {
 protected:
  JournalTest() {
    Lake lake = open().value();
    for (std::uint64_t i = 0; i < kFrames * kRecordsAFrame; ++i) {
      WEIR_ASSERT(lake.append(test::rich_record(i)).has_value());
      if ((i + 1) % kRecordsAFrame == 0) {
        WEIR_ASSERT(
            lake.commit(std::array{SourceProgress{.source_key = 1, .offset = i + 1}}).has_value());
        sizes_.push_back(fs::file_size(segment()));
      }
    }
    WEIR_ASSERT(lake.append(test::rich_record(99)).has_value());  // never acknowledged
    bytes_ = read_file(segment(), 1u << 20).value();
  }

  fs::path segment(int number = 1) const {
    return folder_.path() / "lake/journal" /
           journal::segment_name(static_cast<std::uint64_t>(number));
  }
  Result<Lake> open() { return Lake::open(folder_.path() / "lake", manifest_, {}); }
  void write_segment(std::string_view bytes) {
    WEIR_ASSERT(write_file_atomic(segment(), bytes).has_value());
  }
  std::uint64_t frames_ending_by(std::uint64_t size) const {
    return static_cast<std::uint64_t>(
        std::ranges::count_if(sizes_, [&](std::uint64_t end) { return end <= size; }));
  }
  std::uint64_t stored(const Lake& lake) const {
    std::uint64_t rows = 0;
    EXPECT_TRUE(lake.read({}, [&](const Record&) -> Result<void> {
      ++rows;
      return {};
    }));
    return rows;
  }

  TestFolder folder_;
  test::FileManifest manifest_{folder_.path() / "manifest"};
  std::vector<std::uint64_t> sizes_;  // of the segment after each commit
  std::string bytes_;
};

TEST_F(JournalTest, GivesBackEveryCommit) {
  const auto parsed = journal::parse(bytes_, 1, "segment");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->tail, journal::Tail::clean);
  ASSERT_EQ(parsed->frames.size(), kFrames);
  std::uint64_t i = 0;
  for (const journal::Frame& frame : parsed->frames) {
    EXPECT_EQ(frame.batch, 1u);
    EXPECT_EQ(frame.record_count, kRecordsAFrame);
    for (journal::FrameRecords records(frame); !records.at_end(); ++i) {
      Record record;
      ASSERT_TRUE(event::decode(records.next().value(), record));
      EXPECT_TRUE(record == test::rich_record(i));
    }
    EXPECT_THAT(frame.progress, ElementsAre(SourceProgress{.source_key = 1, .offset = i}));
  }
}

TEST_F(JournalTest, CutAnywhereItKeepsEveryWholeCommit) {
  for (std::size_t size = 0; size <= bytes_.size(); ++size) {
    const auto parsed = journal::parse(std::string_view(bytes_).substr(0, size), 1, "segment");
    ASSERT_TRUE(parsed) << size;
    EXPECT_EQ(parsed->frames.size(), frames_ending_by(size)) << size;
    EXPECT_NE(parsed->tail, journal::Tail::damaged) << size;
  }
}

TEST_F(JournalTest, FlippedAnywhereItSaysSoOrLosesTheLastCommitOnly) {
  const std::uint64_t last_begins = sizes_[kFrames - 2];
  for (std::size_t at = 0; at < bytes_.size(); ++at) {
    std::string damaged = bytes_;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    const auto parsed = journal::parse(damaged, 1, "a segment");
    if (at < last_begins) {
      ASSERT_FALSE(parsed) << at;
      EXPECT_THAT(parsed.error().message, HasSubstr("a segment: "));
    } else {
      ASSERT_TRUE(parsed) << at;
      EXPECT_EQ(parsed->frames.size(), kFrames - 1) << at;
      EXPECT_EQ(parsed->tail, journal::Tail::damaged) << at;
    }
  }
}

TEST_F(JournalTest, OpensAfterACutAtEverySixteenthWithEveryWholeCommit) {
  const std::string manifest = (folder_.path() / "manifest").string();
  for (int part = 0; part <= 16; ++part) {
    const std::size_t size = bytes_.size() * static_cast<std::size_t>(part) / 16;
    fs::remove_all(folder_.path() / "lake");
    fs::remove(manifest);
    fs::create_directories(segment().parent_path());
    manifest_ = test::FileManifest(manifest);
    write_segment(std::string_view(bytes_).substr(0, size));
    const auto lake = open();
    ASSERT_TRUE(lake) << lake.error().message;
    EXPECT_EQ(stored(*lake), frames_ending_by(size) * kRecordsAFrame) << size;
    EXPECT_TRUE(lake->verify()->problems.empty()) << size;
  }
}

TEST_F(JournalTest, RefusesToOpenWhenAnAcknowledgedCommitIsDamaged) {
  const std::uint64_t third_begins = sizes_[1];
  std::string damaged = bytes_;
  damaged[third_begins + 40] ^= 1;
  write_segment(damaged);
  for (int attempt = 0; attempt < 2; ++attempt) {
    const auto lake = open();
    ASSERT_FALSE(lake);
    EXPECT_EQ(lake.error().code, ErrorCode::corrupt);
    EXPECT_THAT(lake.error().message, HasSubstr("000001.journal"));
    EXPECT_THAT(lake.error().message, HasSubstr(fmt::format("offset {}", third_begins)));
  }
  EXPECT_EQ(read_file(segment(), 1u << 20).value(), damaged);
}

TEST_F(JournalTest, KeepsADamagedLastCommitAsideAndSaysSo) {
  const std::uint64_t last_begins = sizes_[kFrames - 2];
  std::string damaged = bytes_;
  damaged[damaged.size() - 3] ^= 1;
  write_segment(damaged);
  const auto lake = open();
  ASSERT_TRUE(lake) << lake.error().message;
  EXPECT_EQ(stored(*lake), (kFrames - 1) * kRecordsAFrame);
  const std::string name = fmt::format("journal/000001-{}.torn", last_begins);
  EXPECT_EQ(read_file(folder_.path() / "lake" / name, 1u << 20).value(),
            damaged.substr(last_begins));
  EXPECT_THAT(lake->verify()->problems, ElementsAre(HasSubstr(name)));
  EXPECT_THAT(
      manifest_.progress().value(),
      ElementsAre(SourceProgress{.source_key = 1, .offset = (kFrames - 1) * kRecordsAFrame}));
}

TEST_F(JournalTest, RefusesToOpenWhenAnEarlierSegmentIsGoneOrCutShort) {
  const auto lake_of_two = [&](std::string_view first) {
    fs::copy_file(segment(), segment(2), fs::copy_options::overwrite_existing);
    first.empty() ? static_cast<void>(fs::remove(segment())) : write_segment(first);
  };
  lake_of_two(std::string_view(bytes_).substr(0, bytes_.size() - 1));
  EXPECT_EQ(open().error().code, ErrorCode::corrupt);
  lake_of_two("");
  const auto lake = open();
  ASSERT_FALSE(lake);
  EXPECT_EQ(lake.error().code, ErrorCode::corrupt);
  EXPECT_THAT(lake.error().message, HasSubstr("000001.journal: is missing"));
}

TEST_F(JournalTest, TakesAFrameThatWasCopiedElsewhereForDamage) {
  const std::string first = bytes_.substr(0, sizes_[0]);
  const std::string second = bytes_.substr(sizes_[0], sizes_[1] - sizes_[0]);
  const auto parsed = journal::parse(first + second + second, 1, "segment");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->frames.size(), 2u);
  EXPECT_EQ(parsed->tail, journal::Tail::damaged);
  EXPECT_FALSE(journal::parse(bytes_, 2, "segment"));
}

TEST_F(JournalTest, NamesAJournalOfAnotherVersion) {
  for (const auto& [version, said] : {std::pair{'\1', "never released"}, {'\3', "newer Weir"}}) {
    std::string other = bytes_;
    other[8] = version;
    const auto parsed = journal::parse(other, 1, "segment");
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().code, ErrorCode::unsupported);
    EXPECT_THAT(parsed.error().message, HasSubstr(said));
  }
}

TEST_F(JournalTest, KeepsManySourcesInOneCommit) {
  std::vector<SourceProgress> sources;
  for (std::uint64_t i = 1; i <= 3000; ++i) {
    sources.push_back({.source_key = i, .offset = i * 10, .tail_checksum = ~i});
  }
  {
    Lake lake = open().value();
    ASSERT_TRUE(lake.append(test::rich_record(100)));
    ASSERT_TRUE(lake.commit(sources));
  }
  const auto parsed = journal::parse(read_file(segment(2), 1u << 20).value(), 2, "segment");
  ASSERT_TRUE(parsed);
  ASSERT_EQ(parsed->frames.size(), 1u);
  EXPECT_EQ(parsed->frames[0].record_count, 1u);
  EXPECT_TRUE(parsed->frames[0].progress == sources);
  ASSERT_TRUE(open());
  EXPECT_EQ(manifest_.progress().value().size(), sources.size());
}

}  // namespace
}  // namespace weir::lake
