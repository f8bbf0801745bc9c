#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>

#include "weir/lake/lake.h"
#include "weir/lake/test_support.h"

namespace weir::lake {
namespace {

namespace fs = std::filesystem;
using event::Record;

constexpr std::uint64_t kRecords = 360;
constexpr std::uint64_t kRecordsACommit = 20;
constexpr std::uint64_t kCommits = kRecords / kRecordsACommit;

/// Records of two classes and two months; every tenth comes twice.
Record record_at(std::uint64_t i) {
  Record record = test::simple_record(i % 10 == 9 ? i - 5 : i, std::chrono::hours{3});
  if (record.id.low % 3 == 0) record.activity = event::Activity::mail_send;
  return record;
}

/// A workspace in which runs are ended or fail at a chosen step, and which then goes on.
class CrashTest : public testing::Test {
 protected:
  using Hook = std::function<Result<void>(std::string_view)>;

  static Lake::Options options(Hook hook) {
    Lake::Options out;
    out.segment_bytes = 8'000;
    out.compact_at_files = 2;
    out.memory_bytes = 256u << 20;
    out.threads = 2;
    out.before_step = std::move(hook);
    return out;
  }

  /// Ingests from where the last run got to, as the manifest says. `acknowledged` counts commits.
  Result<void> ingest(Hook hook, const std::function<void()>& acknowledged) {
    test::FileManifest manifest(folder_.path() / "manifest");
    WEIR_ASSIGN(Lake lake, Lake::open(folder_.path() / "lake", manifest, options(std::move(hook))));
    WEIR_ASSIGN(const std::vector<SourceProgress> progress, manifest.progress());
    std::uint64_t i = progress.empty() ? 0 : progress.front().offset;
    while (i < kRecords) {
      for (std::uint64_t k = 0; k < kRecordsACommit; ++k) WEIR_TRY(lake.append(record_at(i++)));
      WEIR_TRY(lake.commit(std::array{SourceProgress{.source_key = 1, .offset = i}}));
      acknowledged();
    }
    WEIR_TRY(lake.roll());
    return lake.compact();
  }

  /// In a child that ends at its step number `step`, as kill -9 would end it. Adds the commits it
  /// acknowledged; false if it came to its end.
  bool ingest_killed_at(int step, std::uint64_t& acknowledged) {
    int ends[2];
    WEIR_ASSERT(::pipe(ends) == 0);
    const pid_t pid = ::fork();
    WEIR_ASSERT(pid >= 0);
    if (pid == 0) {
      std::atomic<int> left = step;
      const Result<void> done = ingest(
          [&](std::string_view) -> Result<void> {
            if (--left == 0) ::_exit(9);
            return {};
          },
          [&] { WEIR_ASSERT(::write(ends[1], "x", 1) == 1); });
      ::_exit(done ? 0 : 1);
    }
    ::close(ends[1]);
    char buffer[256];
    for (ssize_t n = 0; (n = ::read(ends[0], buffer, sizeof buffer)) > 0;) {
      acknowledged += static_cast<std::uint64_t>(n);
    }
    ::close(ends[0]);
    int status = 0;
    WEIR_ASSERT(::waitpid(pid, &status, 0) == pid);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_NE(WEXITSTATUS(status), 1);
    return WEXITSTATUS(status) == 9;
  }

  /// Opens as a writer, which recovers, and reads all.
  std::vector<Record> recovered() {
    test::FileManifest manifest(folder_.path() / "manifest");
    const Result<Lake> lake = Lake::open(folder_.path() / "lake", manifest, options({}));
    EXPECT_TRUE(lake) << lake.error().message;
    std::vector<Record> out;
    if (!lake) return out;
    const Result<void> read = lake->read({}, [&](const Record& record) -> Result<void> {
      out.push_back(record);
      return {};
    });
    EXPECT_TRUE(read) << read.error().message;
    EXPECT_THAT(lake->verify()->problems, testing::IsEmpty());
    return out;
  }

  static std::vector<Record> first_records(std::uint64_t count) {
    std::vector<Record> out;
    for (std::uint64_t i = 0; i < count; ++i) out.push_back(record_at(i));
    return without_twins(std::move(out));
  }
  static std::vector<Record> without_twins(std::vector<Record> records) {
    std::ranges::sort(records, {}, &Record::id);
    const auto rest = std::ranges::unique(records, {}, &Record::id);
    records.erase(rest.begin(), rest.end());
    return records;
  }

  /// What must hold after any crash: what was acknowledged is there, nothing twice, nothing else.
  void expect_nothing_lost_nothing_doubled(std::uint64_t acknowledged_commits) {
    const std::vector<Record> found = recovered();
    std::vector<Record> sorted = found;
    std::ranges::sort(sorted, {}, &Record::id);
    EXPECT_EQ(without_twins(found).size(), found.size()) << "doubled";
    EXPECT_TRUE(std::ranges::includes(sorted, first_records(acknowledged_commits * kRecordsACommit),
                                      {}, &Record::id, &Record::id))
        << "lost";
    EXPECT_TRUE(
        std::ranges::includes(first_records(kRecords), sorted, {}, &Record::id, &Record::id));
  }
  void expect_complete() {
    std::vector<Record> found = recovered();
    std::ranges::sort(found, {}, &Record::id);
    EXPECT_TRUE(found == first_records(kRecords)) << found.size();
  }

  void start_afresh() {
    fs::remove_all(folder_.path() / "lake");
    fs::remove(folder_.path() / "manifest");
  }

  TestFolder folder_;
};

TEST_F(CrashTest, KilledAtAnyStepItLosesAndDoublesNothing) {
  int kills = 0;
  constexpr int kStride = 7;  // the whole run has some hundred and fifty steps
  for (int step = 1; !HasFailure(); step += kStride) {
    start_afresh();
    SCOPED_TRACE(fmt::format("killed at step {}", step));
    std::uint64_t acknowledged = 0;
    if (!ingest_killed_at(step, acknowledged)) break;
    ++kills;
    // And once more while it recovers.
    if (ingest_killed_at(1 + step % 11, acknowledged)) ++kills;
    expect_nothing_lost_nothing_doubled(std::min(acknowledged, kCommits));
    ASSERT_TRUE(ingest({}, [] {}));
    expect_complete();
  }
  EXPECT_GE(kills, 16);
}

TEST_F(CrashTest, FailingAtAnyStepItKeepsWhatWasAcknowledgedAndGoesOnWhenOpenedAgain) {
  int failures = 0;
  constexpr int kStride = 11;
  for (int step = 1; !HasFailure(); step += kStride) {
    start_afresh();
    SCOPED_TRACE(fmt::format("failed at step {}", step));
    std::atomic<int> left = step;
    std::uint64_t acknowledged = 0;
    const Result<void> done = ingest(
        [&](std::string_view name) -> Result<void> {
          if (--left == 0) return fail(ErrorCode::no_space, "{}: no space left on device", name);
          return {};
        },
        [&] { ++acknowledged; });
    if (left > 0) break;
    if (!done) {
      ++failures;
      EXPECT_EQ(done.error().code, ErrorCode::no_space);
    }
    expect_nothing_lost_nothing_doubled(acknowledged);
    ASSERT_TRUE(ingest({}, [] {}));
    expect_complete();
  }
  EXPECT_GE(failures, 8);
}

/// No file of this process can grow beyond `bytes` while this lives: a disk that is full.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) : before_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &limit_);
    const rlimit small{bytes, limit_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &limit_);
    std::signal(SIGXFSZ, before_);
  }

 private:
  rlimit limit_{};
  void (*before_)(int);
};

class FullDiskTest : public CrashTest {
 protected:
  Lake open() {
    Result<Lake> lake = Lake::open(folder_.path() / "lake", manifest_, {});
    WEIR_ASSERT(lake.has_value());
    return std::move(*lake);
  }
  test::FileManifest manifest_{folder_.path() / "manifest"};
};

TEST_F(FullDiskTest, CommitsAgainWhatDidNotFitOnceThereIsSpace) {
  {
    Lake lake = open();
    for (std::uint64_t i = 0; i < 100; ++i) ASSERT_TRUE(lake.append(record_at(i)));
    ASSERT_TRUE(lake.commit({}));
    for (std::uint64_t i = 100; i < kRecords; ++i) ASSERT_TRUE(lake.append(record_at(i)));
    {
      const FullDisk full(12'000);
      const Result<void> committed = lake.commit({});
      ASSERT_FALSE(committed);
      EXPECT_THAT(committed.error().message, testing::HasSubstr("000001.journal"));
    }
    ASSERT_TRUE(lake.commit({}));
    ASSERT_TRUE(lake.roll());
  }
  expect_complete();
}

TEST_F(FullDiskTest, KeepsTheJournalWhenParquetDoesNotFit) {
  {
    Lake lake = open();
    for (std::uint64_t i = 0; i < kRecords; ++i) ASSERT_TRUE(lake.append(record_at(i)));
    ASSERT_TRUE(lake.commit({}));
    const FullDisk full(1'000);
    const auto rolled = lake.roll();
    ASSERT_FALSE(rolled);
    EXPECT_EQ(rolled.error().code, ErrorCode::no_space) << rolled.error().message;
    EXPECT_FALSE(lake.append(record_at(0)));
  }
  expect_complete();
}

TEST_F(FullDiskTest, RollsIntoTheNextOpeningWhatACommitCutShortLeft) {
  {
    Lake lake = open();
    for (std::uint64_t i = 0; i < 100; ++i) ASSERT_TRUE(lake.append(record_at(i)));
    ASSERT_TRUE(lake.commit({}));
    for (std::uint64_t i = 100; i < kRecords; ++i) ASSERT_TRUE(lake.append(record_at(i)));
    const FullDisk full(12'000);
    ASSERT_FALSE(lake.commit({}));
  }
  expect_nothing_lost_nothing_doubled(100 / kRecordsACommit);
}

}  // namespace
}  // namespace weir::lake
