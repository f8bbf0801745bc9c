#include "weir/ingest/pipeline.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <map>
#include <optional>
#include <set>

#include "weir/base/file.h"
#include "weir/base/hash.h"
#include "weir/ingest/detail/test_store.h"
#include "weir/ingest/detail/test_workspace.h"

namespace weir::ingest {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view kHeader = "id,date,user,pc,activity\n";

std::string row(int number) {
  return fmt::format("{{R{:06}}},01/02/2010 {:02}:{:02}:00,USER{:03},PC-1,Logon\n", number,
                     number / 60 % 24, number % 60, number % 100);
}

std::string rows(int from, int to) {
  std::string text;
  for (int i = from; i < to; ++i) text += row(i);
  return text;
}

std::string gzip(std::string_view text) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

class Pipeline : public testing::Test {
 protected:
  Pipeline() {
    ResolverOptions options;
    options.scope = {{.entity = "*",
                      .units = {"*"},
                      .sources = {event::RecordClass::authentication, event::RecordClass::device}}};
    resolver_.emplace(Resolver::create(options, workspace_.roster(), workspace_.vault()).value());
    options_.aside_folder = workspace_.folder().path() / "aside";
    options_.clock = [] { return parse_iso8601("2026-11-02T00:00:00Z")->utc; };
    options_.inputs = {input()};
  }

  fs::path input() const { return workspace_.folder().path() / "in"; }
  fs::path write(const fs::path& name, std::string_view content) {
    return fs::canonical(workspace_.folder().write("in" / name, content));
  }
  Result<IngestReport> try_run() { return run_ingest(options_, *resolver_, store_); }
  IngestReport run() {
    Result<IngestReport> report = try_run();
    EXPECT_TRUE(report) << report.error().message;
    return report.value_or(IngestReport{});
  }

  TestWorkspace workspace_{""};
  std::optional<Resolver> resolver_;
  IngestOptions options_;
  FakeStore store_;
};

TEST_F(Pipeline, ReadsAFolderOfFilesIntoTheStore) {
  write("a.csv", std::string(kHeader) + rows(0, 10));
  write("more/b.csv.gz", gzip(std::string(kHeader) + rows(10, 30)));
  const IngestReport report = run();
  EXPECT_EQ(report.files, 2u);
  EXPECT_EQ(report.records, 30u);
  EXPECT_EQ(report.by_activity.at("logon"), 30u);
  EXPECT_EQ(store_.committed.size(), 30u);
  EXPECT_TRUE(report.failed_files.empty());
  EXPECT_THAT(store_.sources,
              ElementsAre("cert " + fs::canonical(input() / "a.csv").string(),
                          "cert " + fs::canonical(input() / "more/b.csv.gz").string()));
}

TEST_F(Pipeline, SkipsFilesThatWereReadToTheirEnd) {
  write("a.csv", std::string(kHeader) + rows(0, 10));
  write("b.csv.gz", gzip(std::string(kHeader) + rows(10, 30)));
  run();
  const IngestReport again = run();
  EXPECT_EQ(again.skipped_files, 2u);
  EXPECT_EQ(again.files, 0u);
  EXPECT_EQ(store_.appended, 30);
  options_.from_start = true;
  EXPECT_EQ(run().records, 30u);
  EXPECT_EQ(store_.committed.size(), 30u);
}

TEST_F(Pipeline, GoesOnWhereAGrowingFileEndedTheLastTime) {
  const std::string first = std::string(kHeader) + rows(0, 10);
  write("a.csv", first);
  run();
  write("a.csv", first + rows(10, 15));
  const IngestReport report = run();
  EXPECT_EQ(report.records, 5u);
  EXPECT_EQ(report.bad, 0u);
  EXPECT_EQ(store_.committed.size(), 15u);
}

TEST_F(Pipeline, ReadsAHalfWrittenLastLineAgainWhenItIsWhole) {
  const std::string whole = std::string(kHeader) + rows(0, 3);
  write("a.csv", whole.substr(0, whole.size() - 9));
  EXPECT_EQ(run().bad, 1u);
  write("a.csv", whole);
  EXPECT_EQ(run().records, 1u);
  EXPECT_EQ(store_.committed.size(), 3u);
}

TEST_F(Pipeline, ReadsAFileFromItsBeginningThatIsAnotherNow) {
  write("a.csv", std::string(kHeader) + rows(0, 10));
  run();
  write("a.csv", std::string(kHeader) + rows(50, 80));
  EXPECT_EQ(run().records, 30u);
}

TEST_F(Pipeline, CommitsOnTheWayAndResumesAfterACrash) {
  options_.commit_every_bytes = 64u << 10;
  const int count = 20'000;
  write("a.csv", std::string(kHeader) + rows(0, count));
  store_.appends_left = 12'345;
  ASSERT_FALSE(try_run());
  EXPECT_GE(store_.commits, 3);
  const std::size_t kept = store_.committed.size();
  EXPECT_GT(kept, 5'000u);
  store_.lose_uncommitted();
  store_.appends_left.reset();
  store_.appended = 0;
  run();
  EXPECT_EQ(store_.committed.size(), static_cast<std::size_t>(count));
  EXPECT_EQ(static_cast<std::size_t>(store_.appended), count - kept);
}

TEST_F(Pipeline, CommitsManySmallFilesTogether) {
  options_.commit_every_files = 10;
  for (int i = 0; i < 25; ++i) {
    write(fmt::format("{:02}.csv", i), std::string(kHeader) + rows(i * 3, i * 3 + 3));
  }
  EXPECT_EQ(run().records, 75u);
  EXPECT_EQ(store_.commits, 3);
  EXPECT_EQ(store_.offsets.size(), 25u);
  EXPECT_EQ(store_.committed.size(), 75u);
  EXPECT_EQ(run().skipped_files, 25u);
  EXPECT_EQ(store_.commits, 3) << "there was nothing new";
}

TEST_F(Pipeline, ReadsAgainTheFilesOfACommitThatNeverCame) {
  options_.commit_every_files = 10;
  for (int i = 0; i < 25; ++i) {
    write(fmt::format("{:02}.csv", i), std::string(kHeader) + rows(i * 3, i * 3 + 3));
  }
  store_.appends_left = 50;  // in the 17th file
  ASSERT_FALSE(try_run());
  EXPECT_EQ(store_.offsets.size(), 10u);
  EXPECT_EQ(store_.committed.size(), 30u);
  store_.lose_uncommitted();
  store_.appends_left.reset();
  const IngestReport report = run();
  EXPECT_EQ(report.skipped_files, 10u);
  EXPECT_EQ(report.records, 45u);
  EXPECT_EQ(store_.committed.size(), 75u);
}

TEST_F(Pipeline, KeepsTheFilesBeforeCtrlC) {
  write("a.csv", std::string(kHeader) + rows(0, 10));
  write("b.csv", std::string(kHeader) + rows(10, 20));
  std::atomic<bool> stop = false;
  options_.stop = &stop;
  int asked = 0;
  options_.clock = [&] {
    if (++asked == 15) stop = true;  // in the second file
    return parse_iso8601("2026-11-02T00:00:00Z")->utc;
  };
  ASSERT_FALSE(try_run());
  EXPECT_EQ(store_.committed.size(), 14u);
  EXPECT_EQ(store_.offsets.size(), 1u);
  stop = false;
  const IngestReport report = run();
  EXPECT_EQ(report.skipped_files, 1u);
  EXPECT_EQ(store_.committed.size(), 20u);
}

TEST_F(Pipeline, LeavesOutWhatWeirItselfPutsBesideRecords) {
  write("a.csv", std::string(kHeader) + rows(0, 10));
  write("a.csv.expected.json", "{\"offset\":0}\n");
  write("answers.json", "{\n  \"version\": 1\n}\n");
  write("organisation.yaml", "version: 1\n");
  write("roster.csv", "person,name\n");
  const IngestReport report = run();
  EXPECT_EQ(report.records, 10u);
  EXPECT_EQ(report.bad, 0u);
  EXPECT_TRUE(report.failed_files.empty());
  EXPECT_THAT(report.left_out_files,
              ElementsAre(HasSubstr("a.csv.expected.json"), HasSubstr("answers.json"),
                          HasSubstr("organisation.yaml"), HasSubstr("roster.csv")));
}

TEST_F(Pipeline, LeavesOutWorkspaces) {
  write("a.csv", std::string(kHeader) + rows(0, 10));
  for (const char* name : {"weir/ledger.db", "weir/vault/host.key", "weir/aside/bad.jsonl"}) {
    write(name, "{\"reason\":\"not_json\"}\n");
  }
  const IngestReport report = run();
  EXPECT_EQ(report.records, 10u);
  EXPECT_EQ(report.bad, 0u);
  EXPECT_TRUE(report.failed_files.empty());
  EXPECT_THAT(report.left_out_files, ElementsAre(HasSubstr("in/weir")));
}

TEST_F(Pipeline, StopsWithTheStoresError) {
  write("a.csv", std::string(kHeader) + rows(0, 10));
  store_.appends_left = 3;
  const Result<IngestReport> report = try_run();
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::no_space);
}

TEST_F(Pipeline, StopsAtCtrlCAndKeepsWhatItRead) {
  write("a.csv", std::string(kHeader) + rows(0, 10));
  std::atomic<bool> stop = false;
  options_.stop = &stop;
  int asked = 0;
  options_.clock = [&] {
    if (++asked == 5) stop = true;  // asked once for the run, then once a record
    return parse_iso8601("2026-11-02T00:00:00Z")->utc;
  };
  const Result<IngestReport> report = try_run();
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::cancelled);
  EXPECT_EQ(store_.committed.size(), 4u);
  stop = false;
  run();
  EXPECT_EQ(store_.committed.size(), 10u);
}

TEST_F(Pipeline, NamesFilesItCannotReadAndGoesOnWithTheOthers) {
  const std::string packed = gzip(std::string(kHeader) + rows(0, 5000));
  write("a-cut.csv.gz", std::string_view(packed).substr(0, packed.size() / 2));
  write("b-binary", std::string("\0\x01\x02\x03", 4));
  write("c-empty.csv", "");
  write("d-scores.csv", "employee_name,user_id,O,C,E,A,N\nA,b,1,2,3,4,5\n");
  write("e-good.csv", std::string(kHeader) + rows(5000, 5010));
  const IngestReport report = run();
  EXPECT_THAT(report.failed_files,
              ElementsAre(HasSubstr("cut off"), HasSubstr("no format"), HasSubstr("empty"),
                          HasSubstr("personality scores")));
  for (const std::string& failed : report.failed_files) EXPECT_THAT(failed, HasSubstr("/in/"));
  EXPECT_GT(report.records, 1000u);
  EXPECT_EQ(store_.committed.size(), report.records);
  // The cut file has a new chance the next time.
  write("a-cut.csv.gz", packed);
  run();
  EXPECT_EQ(store_.committed.size(), 5010u);
}

TEST_F(Pipeline, CountsSamplesAndKeepsAsideWhatItCannotRead) {
  std::string text = std::string(kHeader) + rows(0, 3);
  for (int i = 0; i < 25; ++i) text += "not a record\n";
  text += std::string("{R},01/02/2010 00:00:00,A\0B,PC-1,Logon\n", 39) + row(3);
  write("a.csv", text);
  const IngestReport report = run();
  EXPECT_EQ(report.records, 4u);
  EXPECT_EQ(report.bad, 26u);
  EXPECT_EQ(report.bad_by_reason.at(ParseError::wrong_field_count), 25u);
  EXPECT_EQ(report.bad_by_reason.at(ParseError::nul_byte), 1u);
  EXPECT_EQ(report.bad_not_kept, 0u);
  ASSERT_EQ(report.samples.size(), 11u);
  EXPECT_EQ(report.samples[0].line, 5u);
  EXPECT_EQ(report.samples[0].excerpt, "not a record");
  const std::string aside =
      read_file(options_.aside_folder / "bad-20261102T000000Z.jsonl", 1u << 20).value();
  EXPECT_EQ(std::ranges::count(aside, '\n'), 26);
}

TEST_F(Pipeline, LosesNoCountWhenTheAsideFolderIsFull) {
  options_.aside_bytes = 300;
  std::string text(kHeader);
  for (int i = 0; i < 25; ++i) text += "not a record\n";
  write("a.csv", text);
  const IngestReport report = run();
  EXPECT_EQ(report.bad, 25u);
  EXPECT_GT(report.bad_not_kept, 15u);
  EXPECT_LT(report.bad_not_kept, 25u);
}

TEST_F(Pipeline, CountsWhatScopeDrops) {
  write("a.csv", "id,date,user,pc,filename,content\n{A},01/02/2010 00:00:00,U,PC-1,a.doc,x\n");
  const IngestReport report = run();
  EXPECT_EQ(report.records, 1u);
  EXPECT_EQ(report.out_of_scope, 1u);
  EXPECT_EQ(store_.appended, 0);
}

TEST_F(Pipeline, UsesTheFormatItIsToldToUse) {
  write("a.csv", "no header\n" + rows(0, 3));
  options_.format = "cert";
  EXPECT_THAT(run().failed_files, ElementsAre(HasSubstr("no header of a CERT log")));
  options_.format = "certt";
  const Result<IngestReport> report = try_run();
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().message, HasSubstr("did you mean cert?"));
}

TEST_F(Pipeline, NamesAMissingInput) {
  EXPECT_THAT(run().failed_files, ElementsAre(HasSubstr("/in: No such file")));
}

TEST_F(Pipeline, TellsProgressUpToTheWhole) {
  write("a.csv", std::string(kHeader) + rows(0, 5000));
  const std::string packed = gzip(std::string(kHeader) + rows(5000, 9000));
  write("b.csv.gz", packed);
  std::uint64_t last = 0;
  std::uint64_t whole = 0;
  options_.progress = [&](std::uint64_t done, std::uint64_t total) {
    EXPECT_GE(done, last);
    EXPECT_LE(done, total);
    last = done;
    whole = total;
  };
  run();
  EXPECT_EQ(last, whole);
  EXPECT_GT(whole, packed.size());
}

TEST_F(Pipeline, ReadsStandardInputAndNeverResumesIt) {
  const fs::path file = write("a.csv", std::string(kHeader) + rows(0, 10));
  options_.inputs = {"-"};
  const int saved = ::dup(STDIN_FILENO);
  const int fd = ::open(file.c_str(), O_RDONLY);
  ASSERT_TRUE(saved >= 0 && fd >= 0);
  ASSERT_GE(::dup2(fd, STDIN_FILENO), 0);
  const IngestReport report = run();
  ::dup2(saved, STDIN_FILENO);
  ::close(saved);
  ::close(fd);
  EXPECT_EQ(report.records, 10u);
  EXPECT_EQ(store_.committed.size(), 10u);
  EXPECT_TRUE(store_.offsets.empty());
}

}  // namespace
}  // namespace weir::ingest
