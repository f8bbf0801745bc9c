#include "weir/sim/simulate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>
#include <zstd.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "weir/base/csv.h"
#include "weir/base/text.h"
#include "weir/sim/parameters.h"

namespace weir::sim {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr Day kFrom{std::chrono::year{2013} / 1 / 1};

std::string unpack(const std::string& packed) {
  std::string out;
  ZSTD_DCtx* context = ZSTD_createDCtx();
  ZSTD_inBuffer in{packed.data(), packed.size(), 0};
  std::string chunk(1 << 20, '\0');
  while (in.pos < in.size) {
    ZSTD_outBuffer part{chunk.data(), chunk.size(), 0};
    const std::size_t left = ZSTD_decompressStream(context, &part, &in);
    EXPECT_EQ(ZSTD_isError(left), 0u);
    out.append(chunk, 0, part.pos);
  }
  ZSTD_freeDCtx(context);
  return out;
}

/// The text after `key` up to the next comma, quote or brace; empty if it is not there.
std::string_view after(std::string_view line, std::string_view key) {
  const std::size_t at = line.find(key);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = line.substr(at + key.size());
  return rest.substr(0, rest.find_first_of(",\"}]"));
}

Instant time_of(std::string_view line) {
  const std::string_view digits = after(line, R"("time":)");
  std::int64_t milliseconds = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), milliseconds);
  return Instant{std::chrono::milliseconds{milliseconds}};
}

std::string_view user_of(std::string_view line) { return after(line, R"({"uid":")"); }

class Simulate : public ::testing::Test {
 public:
  Simulate() : folder_(fs::path(::testing::TempDir()) / fmt::format("weir-sim-{}", ::getpid())) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~Simulate() override { fs::remove_all(folder_); }

 protected:
  Options small(const std::string& name) const {
    Options options;
    options.world = World::ordinary;
    options.people = 20;
    options.from = kFrom;
    options.years = 1;
    options.seed = 5;
    options.threads = 2;
    options.out = folder_ / name;
    return options;
  }
  std::string text(const fs::path& path) const {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    EXPECT_TRUE(in) << path;
    return out.str();
  }
  /// The lines of all years in order.
  std::vector<std::string> lines(const fs::path& world) const {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(world)) {
      if (entry.path().extension() == ".zst") files.push_back(entry.path());
    }
    std::ranges::sort(files);
    std::vector<std::string> all;
    for (const fs::path& file : files) {
      std::istringstream in(unpack(text(file)));
      for (std::string line; std::getline(in, line);) all.push_back(line);
    }
    return all;
  }
  static Report run(const Options& options) {
    Result<Report> report = simulate(options);
    EXPECT_TRUE(report) << report.error().message;
    return report ? *report : Report{};
  }
  static std::string refusal(const Options& options) {
    const Result<Report> report = simulate(options);
    return report ? "accepted" : report.error().message;
  }

  fs::path folder_;
};

TEST_F(Simulate, GivesTheGoldenWorldOnAnyNumberOfThreads) {
  Options one = small("one");
  one.threads = 1;
  one.world = World::drip;
  Options three = one;
  three.threads = 3;
  three.out = folder_ / "three";
  const Report report = run(one);
  EXPECT_EQ(run(three).checksum, report.checksum);
  for (const char* file : {"roster.csv", "documents.csv", "answers.json", "organisation.yaml",
                           "records-2013.ocsf.jsonl.zst"}) {
    EXPECT_EQ(text(one.out / file), text(three.out / file)) << file;
  }
  // Changes when the generator or the form of the lines does: then state so in the change.
  std::ifstream golden(fs::path(WEIR_TESTDATA) / "sim" / "golden.txt");
  std::string expected;
  ASSERT_TRUE(std::getline(golden, expected)) << "testdata/sim/golden.txt";
  EXPECT_EQ(fmt::format("{} records {:016x}", report.records, report.checksum), expected);
}

TEST_F(Simulate, AnotherSeedIsAnotherWorld) {
  Options other = small("other");
  other.seed = 6;
  EXPECT_NE(run(small("one")).checksum, run(other).checksum);
}

TEST_F(Simulate, AnInsiderChangesNobodyElsesRecords) {
  const Options without = small("without");
  Options with = small("with");
  with.world = World::drip;
  run(without);
  run(with);
  std::vector<std::string> plain = lines(without.out);
  std::vector<std::string> leaking = lines(with.out);
  std::ranges::sort(plain);
  std::ranges::sort(leaking);
  std::vector<std::string> added;
  std::ranges::set_difference(leaking, plain, std::back_inserter(added));
  std::vector<std::string> removed;
  std::ranges::set_difference(plain, leaking, std::back_inserter(removed));
  EXPECT_TRUE(removed.empty());
  ASSERT_FALSE(added.empty());
  const std::string insider(after(text(with.out / "answers.json"), R"("user_id": ")"));
  for (const std::string& line : added) EXPECT_EQ(user_of(line), insider);
}

TEST_F(Simulate, NullAndOrdinaryWorldsAreTheSame) {
  Options null = small("null");
  null.world = World::null;
  EXPECT_EQ(run(null).checksum, run(small("ordinary")).checksum);
}

TEST_F(Simulate, TheAnswersAreInTheRecords) {
  for (const World world : {World::drip, World::burst}) {
    Options options = small(world == World::drip ? "drip" : "burst");
    options.world = world;
    options.insiders = 3;
    options.sends_per_year = 12;
    run(options);
    std::set<std::string> said;
    for (const std::string& line : lines(options.out)) {
      said.insert(fmt::format("{} {}", user_of(line), time_of(line).time_since_epoch().count()));
    }
    const std::string answers = text(options.out / "answers.json");
    std::istringstream in(answers);
    std::string user;
    std::string time;
    int found = 0;
    for (std::string line; std::getline(in, line);) {
      if (line.contains(R"("user_id")")) user = after(line, R"("user_id": ")");
      if (line.contains(R"("time")")) time = after(line, R"("time": ")");
      if (!line.contains(R"("logged": true)")) continue;
      const Instant when = parse_iso8601(time).value().utc;
      EXPECT_TRUE(said.contains(fmt::format("{} {}", user, when.time_since_epoch().count())))
          << user << ' ' << time;
      ++found;
    }
    EXPECT_GT(found, 20);
  }
}

TEST_F(Simulate, LinesAreInOrderOfTimeExceptLateOnesAndWrongClocks) {
  Options options = small("world");
  options.years = 2;
  run(options);
  Instant latest{};
  std::size_t backwards = 0;
  const std::vector<std::string> all = lines(options.out);
  for (const std::string& line : all) {
    if (time_of(line) < latest) ++backwards;
    latest = std::max(latest, std::min(time_of(line), latest + std::chrono::hours{24 * 365}));
  }
  EXPECT_LT(static_cast<double>(backwards) / static_cast<double>(all.size()), 0.05);
}

TEST_F(Simulate, AFileHoldsOneYear) {
  Options options = small("world");
  options.from = Day{std::chrono::year{2015} / 7 / 1};
  run(options);
  for (const char* year : {"2015", "2016"}) {
    std::istringstream in(
        unpack(text(options.out / fmt::format("records-{}.ocsf.jsonl.zst", year))));
    std::size_t others = 0;
    for (std::string line; std::getline(in, line);) {
      if (!to_iso8601(time_of(line)).starts_with(year)) ++others;
    }
    // A machine whose clock is wrong may stamp the new year's first records with the old year.
    EXPECT_LE(others, 2u);
  }
}

TEST_F(Simulate, BeginsNoFileForTheHoursAfterItsLastDay) {
  const Options options = small("world");
  run(options);
  EXPECT_TRUE(fs::exists(options.out / "records-2013.ocsf.jsonl.zst"));
  EXPECT_FALSE(fs::exists(options.out / "records-2014.ocsf.jsonl.zst"));
}

TEST_F(Simulate, NobodyHasRecordsOutsideTheirEmployment) {
  Options options = small("world");
  options.people = 40;
  run(options);
  std::map<std::string, std::pair<std::string, std::string>, std::less<>> employment;
  std::istringstream in(text(options.out / "roster.csv"));
  CsvFields fields;
  for (std::string line; std::getline(in, line);) {
    ASSERT_EQ(fields.split(line), CsvFields::Outcome::ok);
    ASSERT_EQ(fields.size(), 16u);
    for (const std::string_view id : split(fields[2], ';')) {
      employment[std::string(id)] = {std::string(fields[13]), std::string(fields[14])};
    }
  }
  std::size_t of_leavers = 0;
  for (const std::string& line : lines(options.out)) {
    const auto found = employment.find(user_of(line));
    ASSERT_NE(found, employment.end()) << line;
    const auto& [start, end] = found->second;
    const std::string day = to_iso8601(day_of(time_of(line)));
    EXPECT_GE(day, start);
    if (end.empty()) continue;
    EXPECT_LE(day, end);
    ++of_leavers;
  }
  EXPECT_GT(of_leavers, 0u);
}

TEST_F(Simulate, FullDetailAddsTheWeb) {
  Options options = small("world");
  options.people = 2;
  options.full_detail = true;
  run(options);
  std::size_t pages = 0;
  std::size_t logons = 0;
  for (const std::string& line : lines(options.out)) {
    if (line.contains(R"("class_uid":4002)")) ++pages;
    if (line.contains(R"("type_uid":300202)")) ++logons;
  }
  EXPECT_NEAR(static_cast<double>(pages) / static_cast<double>(logons), parameters::kPagesPerDay,
              12);
}

TEST_F(Simulate, RefusesOptionsThatMakeNoSense) {
  Options options = small("world");
  options.people = 0;
  EXPECT_EQ(refusal(options), "--people 0: must be 1 to 1000000");
  options = small("world");
  options.years = 0;
  EXPECT_EQ(refusal(options), "--years 0: must be 1 to 50");
  options.years = 51;
  EXPECT_EQ(refusal(options), "--years 51: must be 1 to 50");
  options = small("world");
  options.world = World::drip;
  options.insiders = 21;
  EXPECT_EQ(refusal(options), "--insiders 21: there are only --people 20");
  options.insiders = 1;
  options.sends_per_year = 0;
  EXPECT_EQ(refusal(options), "--sends-per-year 0: must be above 0 and at most 1000");
  options = small("world");
  options.threads = 0;
  EXPECT_EQ(refusal(options), "--threads 0: must be 1 to 256");
  options = small("world");
  options.out.clear();
  EXPECT_EQ(refusal(options), "--out: name a folder for the simulated organisation");
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(Simulate, RefusesAFolderThatHoldsSomethingAndLeavesItAlone) {
  const Options options = small("world");
  fs::create_directories(options.out);
  std::ofstream(options.out / "thesis.txt") << "years of work";
  const std::string expected =
      options.out.string() +
      ": is not empty; name a new folder with --out, or delete this one first";
  EXPECT_EQ(refusal(options), expected);
  EXPECT_EQ(text(options.out / "thesis.txt"), "years of work");

  Options file = options;
  file.out = options.out / "thesis.txt";
  EXPECT_THAT(refusal(file), HasSubstr("is a file; --out names a new folder"));
}

TEST_F(Simulate, StopsOnRequestAndTidiesUp) {
  Options options = small("world");
  std::atomic<bool> stop = false;
  options.stop = &stop;
  options.progress = [&](std::uint64_t, std::uint64_t) { stop = true; };
  const Result<Report> report = simulate(options);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::cancelled);
  EXPECT_FALSE(fs::exists(options.out));
}

TEST_F(Simulate, AFailedWriteNamesTheFileAndTidiesUp) {
  const Options options = small("world");
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit tight{.rlim_cur = 100'000, .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
  const std::string message = refusal(options);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, old_handler);
  EXPECT_THAT(message, HasSubstr("records-2013.ocsf.jsonl.zst"));
  EXPECT_FALSE(fs::exists(options.out));
}

TEST_F(Simulate, ReportsProgressUpToTheEnd) {
  Options options = small("world");
  std::uint64_t last = 0;
  options.progress = [&](std::uint64_t done, std::uint64_t all) {
    EXPECT_GT(done, last);
    EXPECT_EQ(all, 365u);
    last = done;
  };
  run(options);
  EXPECT_EQ(last, 365u);
}

}  // namespace
}  // namespace weir::sim
