#include "weir/sim/simulate.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <optional>
#include <system_error>
#include <vector>

#include "weir/base/bytes.h"
#include "weir/base/file.h"
#include "weir/base/hash.h"
#include "weir/sim/detail/blocks.h"
#include "weir/sim/detail/outputs.h"
#include "weir/sim/detail/scenarios.h"
#include "weir/sim/detail/shock.h"
#include "weir/sim/detail/year.h"

namespace weir::sim {

namespace {

namespace fs = std::filesystem;
using std::chrono::days;

int year_of(Day day) { return static_cast<int>(std::chrono::year_month_day{day}.year()); }

/// The first day after the world.
Day end_of(const Options& options) {
  const std::chrono::year_month_day first{options.from};
  const auto months = static_cast<int>(options.months != 0 ? options.months : 12 * options.years);
  const std::chrono::year_month_day last = first + std::chrono::months{months};
  // The last of a month may have no like: the first of the next is as good.
  return last.ok() ? Day{last} : first_day(last.year() / last.month() + std::chrono::months{1});
}

Result<void> check(const Options& options) {
  if (options.people == 0 || options.people > kMostPeople) {
    return fail(ErrorCode::invalid_argument, "--people {}: must be 1 to {}", options.people,
                kMostPeople);
  }
  if (options.thin && options.full_detail) {
    return fail(ErrorCode::invalid_argument, "--thin and --full-detail: choose one");
  }
  if (options.months > 600) {
    return fail(ErrorCode::invalid_argument, "--months {}: must be 1 to 600", options.months);
  }
  if (options.years == 0 || options.years > 50) {
    return fail(ErrorCode::invalid_argument, "--years {}: must be 1 to 50", options.years);
  }
  if (year_of(options.from) < 1970 || year_of(options.from) > 2100) {
    return fail(ErrorCode::invalid_argument, "--from {}: must be in the years 1970 to 2100",
                to_iso8601(options.from));
  }
  if (options.threads < 1 || options.threads > 256) {
    return fail(ErrorCode::invalid_argument, "--threads {}: must be 1 to 256", options.threads);
  }
  if (has_insiders(options.world) && !is_mixed(options.world) &&
      options.insiders > options.people) {
    return fail(ErrorCode::invalid_argument, "--insiders {}: there are only --people {}",
                options.insiders, options.people);
  }
  if (options.sends_per_year && !(*options.sends_per_year > 0 && *options.sends_per_year <= 1000)) {
    return fail(ErrorCode::invalid_argument,
                "--sends-per-year {}: must be above 0 and at most 1000", *options.sends_per_year);
  }
  if (options.scenarios && !is_mixed(options.world)) {
    return fail(ErrorCode::invalid_argument,
                "--scenarios: only in the worlds cert and cert-r5; others take --insiders");
  }
  if (options.world == World::public_case &&
      (options.from > kCaseFrom || end_of(options) < kCaseTo)) {
    return fail(ErrorCode::invalid_argument,
                "--world public-case: its acts lie between {} and {}; use --from 2012-01-01 "
                "--years 11",
                to_iso8601(kCaseFrom), to_iso8601(kCaseTo));
  }
  if (!options.to_stdout && options.out.empty()) {
    return fail(ErrorCode::invalid_argument, "--out: name a folder for the simulated organisation");
  }
  return {};
}

/// The output folder: made if need be, refused if it holds anything. Unless `keep` was called, all
/// that was written goes when this does.
class Folder {
 public:
  static Result<Folder> open(const fs::path& path) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    const bool existed = fs::exists(status);
    if (existed && !fs::is_directory(status)) {
      return fail(ErrorCode::already_exists, "{}: is a file; --out names a new folder",
                  path.string());
    }
    if (existed && !fs::is_empty(path, error)) {
      if (error) return fail_errno(error.value(), path.string());
      return fail(ErrorCode::already_exists,
                  "{}: is not empty; name a new folder with --out, or delete this one first",
                  path.string());
    }
    if (!existed) fs::create_directories(path, error);
    if (error) return fail_errno(error.value(), path.string());
    return Folder(path, !existed);
  }
  Folder(Folder&& other) noexcept
      : path_(std::move(other.path_)), made_(other.made_), written_(std::move(other.written_)) {
    other.path_.clear();
  }
  Folder& operator=(Folder&&) = delete;
  ~Folder() {
    if (path_.empty()) return;
    std::error_code ignored;
    for (const fs::path& file : written_) fs::remove(file, ignored);
    if (made_) fs::remove(path_, ignored);
  }

  Result<File> create(const std::string& name) {
    written_.push_back(path_ / name);
    return File::create(path_ / name);
  }
  Result<void> write(const std::string& name, std::string_view text) {
    WEIR_ASSIGN(File file, create(name));
    WEIR_TRY(file.write(text));
    return file.sync();
  }
  void keep() { path_.clear(); }

 private:
  Folder(fs::path path, bool made) : path_(std::move(path)), made_(made) {}

  fs::path path_;
  bool made_ = false;
  std::vector<fs::path> written_;
};

/// Where finished parts go, in order: a file for each year, or standard output.
class Sink {
 public:
  explicit Sink(Folder* folder) : folder_(folder) {}

  Result<void> take(const Piece& piece, Report& report) {
    report.records += piece.records;
    report.bytes += piece.stored.size();
    std::string sum;
    ByteWriter writer(sum);
    writer.fixed(report.checksum);
    writer.fixed(piece.checksum);
    report.checksum = checksum64(sum);
    if (folder_ == nullptr) {
      if (std::fwrite(piece.stored.data(), 1, piece.stored.size(), stdout) != piece.stored.size()) {
        return fail_errno(errno, "writing to standard output");
      }
      return {};
    }
    if (piece.year != year_) {
      WEIR_TRY(finish());
      WEIR_ASSIGN(file_, folder_->create(fmt::format("records-{}.ocsf.jsonl.zst", piece.year)));
      year_ = piece.year;
    }
    return file_.write(piece.stored);
  }
  Result<void> finish() {
    if (folder_ == nullptr) {
      if (std::fflush(stdout) != 0) return fail_errno(errno, "writing to standard output");
      return {};
    }
    if (year_ == 0) return {};
    return file_.sync();
  }

 private:
  Folder* folder_;
  File file_;
  int year_ = 0;
};

}  // namespace

Result<Report> simulate(const Options& options) {
  WEIR_TRY(check(options));
  std::optional<Folder> folder;
  if (!options.to_stdout) {
    WEIR_ASSIGN(Folder opened, Folder::open(options.out));
    folder.emplace(std::move(opened));
  }

  const Day to = end_of(options);
  Organisation organisation = make_organisation(options.people, options.from, to, options.seed);
  apply_shock(options.shock, organisation);
  if (options.thin) organisation.kept = parameters::kThin;
  if (options.full_detail) organisation.kept = parameters::kFullDetail;
  const Knobs knobs(options);
  organisation.marking = {.recall = knobs[Knob::mark_recall],
                          .false_marks = knobs[Knob::false_mark],
                          .place_known = knobs[Knob::place_known]};
  organisation.more_logs = options.more_logs || shows_more(options.world);
  WEIR_ASSIGN(const std::vector<Insider> insiders, plan_insiders(options, organisation));
  WEIR_ASSIGN(const std::vector<Twin> twins, plan_twins(options, organisation, insiders));
  std::vector<AgendaItem> planned = items_of(insiders);
  for (const Twin& twin : twins) std::ranges::copy(twin.items, std::back_inserter(planned));
  const Disturbances disturbances(organisation);
  const Routine routine(organisation, disturbances);

  Report report;
  report.people = static_cast<std::uint32_t>(organisation.people.size());
  report.insiders = static_cast<std::uint32_t>(insiders.size());
  Sink sink(folder ? &*folder : nullptr);
  BlockMaker blocks(options, organisation);
  Year year(organisation, disturbances, routine);
  const auto all_days = static_cast<std::uint64_t>((to - options.from).count());
  for (int y = year_of(options.from); y <= year_of(to - days{1}); ++y) {
    const Day new_year{std::chrono::year{y} / std::chrono::January / 1};
    const Day next_year{std::chrono::year{y + 1} / std::chrono::January / 1};
    year.prepare(y, planned, options.threads);
    const auto take = [&](const Block& block) -> Result<void> {
      for (const Piece& piece : block.pieces) WEIR_TRY(sink.take(piece, report));
      if (options.progress) {
        options.progress(static_cast<std::uint64_t>((block.to - options.from).count()), all_days);
      }
      return {};
    };
    WEIR_TRY(blocks.run(year, std::max(new_year, options.from), std::min(next_year, to), take));
  }
  WEIR_TRY(sink.finish());

  if (folder) {
    WEIR_TRY(folder->write("roster.csv", roster_csv(organisation)));
    WEIR_TRY(folder->write("documents.csv", documents_csv(organisation)));
    WEIR_TRY(folder->write("organisation.yaml", organisation_yaml(options)));
    WEIR_TRY(folder->write("answers.json",
                           answers_json(options, organisation, disturbances, insiders, twins)));
    WEIR_TRY(sync_folder(options.out));
    folder->keep();
  }
  return report;
}

}  // namespace weir::sim
