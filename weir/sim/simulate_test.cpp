#include "weir/sim/simulate.h"

#include <sys/resource.h>

#include <csignal>

#include "weir/base/csv.h"
#include "weir/base/text.h"
#include "weir/sim/detail/test_worlds.h"
#include "weir/sim/parameters.h"

namespace weir::sim {
namespace {

using ::testing::HasSubstr;

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
  const std::vector<std::string> plain = lines(without.out);
  const std::vector<std::string> leaking = lines(with.out);
  const std::vector<std::string> added = added_to(plain, leaking);
  EXPECT_TRUE(added_to(leaking, plain).empty());
  ASSERT_FALSE(added.empty());
  const std::string insider(after(text(with.out / "answers.json"), R"("user_id": ")"));
  for (const std::string& line : added) EXPECT_EQ(user_of(line), insider);
}

TEST_F(Simulate, NullAndOrdinaryWorldsAreTheSame) {
  Options null = small("null");
  null.world = World::null;
  EXPECT_EQ(run(null).checksum, run(small("ordinary")).checksum);
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

TEST_F(Simulate, AThinWorldKeepsEgressAndCostsThreeHundredRecordsAPersonAndYear) {
  Options usual = small("usual");
  usual.people = 100;
  Options thin = usual;
  thin.thin = true;
  thin.out = folder_ / "thin";
  const auto count = [](const std::vector<std::string>& lines, std::string_view what) {
    return static_cast<double>(
        std::ranges::count_if(lines, [&](const std::string& line) { return line.contains(what); }));
  };
  run(usual);
  const Report report = run(thin);
  EXPECT_LT(report.records / usual.people, 330u);
  const std::vector<std::string> all = lines(usual.out);
  const std::vector<std::string> few = lines(thin.out);
  // Prints, copies, uploads and shares stay; only which lines come twice is drawn anew.
  for (const std::string_view what :
       {R"("type_uid":100199)", R"("type_uid":400206)", R"("type_uid":600612)"}) {
    EXPECT_NEAR(count(few, what) / count(all, what), 1.0, 0.02) << what;
  }
  EXPECT_NEAR(count(few, R"("type_uid":300201)") / count(all, R"("type_uid":300201)"), 0.09, 0.03);
  EXPECT_GT(count(few, R"("type_uid":600501)"), 0);
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
  options.thin = options.full_detail = true;
  EXPECT_EQ(refusal(options), "--thin and --full-detail: choose one");
  options = small("world");
  options.world = World::public_case;
  EXPECT_EQ(refusal(options),
            "--world public-case: its acts lie between 2012-08-01 and 2022-07-15; use --from "
            "2012-01-01 --years 11");
  options = small("world");
  options.scenarios = {1, 1, 1, 0, 0};
  EXPECT_EQ(refusal(options),
            "--scenarios: only in the worlds cert and cert-r5; others take --insiders");
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
