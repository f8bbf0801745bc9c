#include "weir/app/analyze.h"

#include <algorithm>
#include <exception>
#include <thread>

#include "weir/app/days.h"
#include "weir/app/levels.h"
#include "weir/base/queue.h"
#include "weir/cases/store.h"
#include "weir/ingest/join.h"

namespace weir::app {
namespace {

using evidence::Engine;

/// One day's records as the reader hands them to the engine's thread.
struct DayInput {
  Day day;
  std::vector<event::Record> records;
};

bool stopped(const AnalyzeOptions& options) { return options.stop != nullptr && *options.stop; }

std::string snapshot_name(Day day, std::uint32_t batch) {
  return to_iso8601(day) + "-" + std::to_string(batch) + ".state";
}

/// Reads [from, to] in windows of at most a month and hands over every day, empty ones too.
class DayReader {
 public:
  DayReader(const lake::Lake& lake, const AnalyzeOptions& options, std::uint32_t through_batch,
            BoundedQueue<DayInput>& queue)
      : lake_(lake), options_(options), through_batch_(through_batch), queue_(queue) {}

  Result<void> run(Day from, Day to) {
    current_ = {.day = from, .records = {}};
    while (from <= to) {
      const Day end = window_end(from, to);
      WEIR_TRY(
          lake_.read({.from = from, .to = end, .after_batch = 0, .through_batch = through_batch_},
                     [&](const event::Record& record) { return take(record); }));
      from = end;
    }
    return hand_over_until(to + std::chrono::days{1});
  }

 private:
  Day window_end(Day from, Day to) const {
    Day end =
        std::min(first_day(month_of(from) + std::chrono::months{1}), to + std::chrono::days{1});
    while (end - from > std::chrono::days{1} &&
           lake_.estimate(
               {.from = from, .to = end, .after_batch = 0, .through_batch = through_batch_}) >
               options_.window_records) {
      end = from + (end - from) / 2;
      end = std::max(end, from + std::chrono::days{1});
    }
    return end;
  }

  Result<void> take(const event::Record& record) {
    WEIR_TRY(hand_over_until(day_of(record.time)));
    current_.records.push_back(record);
    return {};
  }

  Result<void> hand_over_until(Day day) {
    while (current_.day < day) {
      const Day next = current_.day + std::chrono::days{1};
      if (stopped(options_) || !queue_.push(std::move(current_))) {
        return fail(ErrorCode::cancelled, "stopped");
      }
      current_ = {.day = next, .records = {}};
    }
    return {};
  }

  const lake::Lake& lake_;
  const AnalyzeOptions& options_;
  const std::uint32_t through_batch_;
  BoundedQueue<DayInput>& queue_;
  DayInput current_;
};

/// Collects closed days until they are worth a checkpoint, then keeps all of it or nothing. With
/// `again`, what was analyzed before is forgotten with the first checkpoint and not sooner: a
/// replay that fails on its way there costs nothing.
class Checkpointer {
 public:
  Checkpointer(Workspace& workspace, DayStore& days, cases::CaseStore& cases,
               std::uint32_t through_batch, std::string config_hash, std::string old_snapshot,
               bool again)
      : workspace_(workspace),
        days_(days),
        cases_(cases),
        through_batch_(through_batch),
        config_hash_(std::move(config_hash)),
        old_snapshot_(std::move(old_snapshot)),
        again_(again) {}

  void add(const ClosedDay& day, std::vector<evidence::CaseDraft> drafts) {
    closed_.push_back(day);
    records_ += day.records;
    std::ranges::move(drafts, std::back_inserter(drafts_));
  }
  std::uint64_t pending_records() const { return records_; }

  Result<void> write(const Engine& engine) {
    if (closed_.empty()) return {};
    const Day day = closed_.back().day;
    const std::string name = snapshot_name(day, through_batch_);
    WEIR_TRY(write_file_atomic(workspace_.state_folder() / name, engine.save()));

    WEIR_ASSIGN(LevelStore levels, LevelStore::open(workspace_.ledger()));
    WEIR_ASSIGN(auto transaction, workspace_.ledger().begin());
    if (again_) {
      WEIR_TRY(days_.clear());
      WEIR_TRY(cases_.clear());
      WEIR_TRY(workspace_.note("analyze.again", "", "{}"));
    }
    WEIR_TRY(days_.add(closed_, {.day = day,
                                 .through_batch = through_batch_,
                                 .snapshot = name,
                                 .config_hash = config_hash_,
                                 .people_watched = engine.people_watched()}));
    WEIR_TRY(levels.set(levels_of(engine)));
    WEIR_TRY(levels.set_checks(engine.tail_checks()));
    WEIR_ASSIGN(const auto numbers, cases_.add(drafts_, config_hash_));
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      WEIR_TRY(workspace_.audit().append(
          {.number = 0,
           .when = system_now(),
           .actor = "weir",
           .action = "case.open",
           .subject = fmt::format("case {}", numbers[i]),
           .details = fmt::format(R"({{"hypothesis":"{}","nats":{:.6f},"day":"{}"}})",
                                  to_string(drafts_[i].hypothesis), drafts_[i].nats,
                                  to_iso8601(drafts_[i].opened))}));
    }
    WEIR_TRY(transaction.commit());
    again_ = false;
    WEIR_TRY(workspace_.audit().anchor());

    if (!old_snapshot_.empty() && old_snapshot_ != name) {
      std::error_code ignored;  // a leftover is removed by the next run
      std::filesystem::remove(workspace_.state_folder() / old_snapshot_, ignored);
    }
    old_snapshot_ = name;
    closed_.clear();
    drafts_.clear();
    records_ = 0;
    return {};
  }

 private:
  Workspace& workspace_;
  DayStore& days_;
  cases::CaseStore& cases_;
  const std::uint32_t through_batch_;
  const std::string config_hash_;
  std::string old_snapshot_;
  bool again_;
  std::vector<ClosedDay> closed_;
  std::vector<evidence::CaseDraft> drafts_;
  std::uint64_t records_ = 0;
};

/// Snapshots that no checkpoint names: of a run that died between writing and committing.
void remove_stray_snapshots(const std::filesystem::path& folder, std::string_view kept) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    if (entry.path().filename() != kept) std::filesystem::remove(entry.path(), ignored);
  }
}

/// Records that arrived after their day was closed: they join the first day that closes now.
Result<std::vector<event::Record>> late_records(const lake::Lake& lake,
                                                const DayStore::Checkpoint& checkpoint,
                                                std::uint32_t through_batch) {
  std::vector<event::Record> records;
  WEIR_TRY(lake.read({.from = Day::min(),
                      .to = checkpoint.day + std::chrono::days{1},
                      .after_batch = checkpoint.through_batch,
                      .through_batch = through_batch},
                     [&](const event::Record& record) -> Result<void> {
                       records.push_back(record);
                       return {};
                     }));
  return records;
}

/// Records keep the id they were stored under; the acts are those of the person it turned out to
/// be.
void name_survivors(std::vector<event::Record>& records, const roster::People& people) {
  if (!people.has_aliases()) return;
  for (event::Record& record : records) {
    record.person = people.survivor(record.person);
    for (event::Party& party : record.parties) party.person = people.survivor(party.person);
  }
}

/// Decisions in the order in which they count. Those of days closed before were told when those
/// days closed: a decision never counts from a closed day on.
class Decisions {
 public:
  Decisions(std::vector<cases::Decision> all, std::optional<Day> closed) : all_(std::move(all)) {
    while (closed && next_ < all_.size() && all_[next_].effect.day <= *closed) ++next_;
  }

  /// Tells the engine what counts from `day` on; how many these are.
  std::uint64_t tell(Engine& engine, Day day, const roster::People& people) {
    const std::size_t first = next_;
    for (; next_ < all_.size() && all_[next_].effect.day <= day; ++next_) {
      evidence::Decision decision = all_[next_].effect;
      decision.person = people.survivor(decision.person);
      engine.decide(decision);
    }
    return next_ - first;
  }

 private:
  std::vector<cases::Decision> all_;
  std::size_t next_ = 0;
};

}  // namespace

evidence::EngineOptions engine_options(const Config& config, int threads, int shards) {
  evidence::EngineOptions options = config.engine_options();
  options.threads = threads;
  options.shards = shards;
  return options;
}

Result<Engine> load_engine(const Workspace& workspace,
                           const std::optional<DayStore::Checkpoint>& checkpoint,
                           const evidence::EngineOptions& options) {
  if (!checkpoint) return Engine::create(options);
  constexpr std::uint64_t kMaxSnapshotBytes = 64ull << 30;
  const auto path = workspace.state_folder() / checkpoint->snapshot;
  auto bytes = read_file(path, kMaxSnapshotBytes);
  if (!bytes) {
    return std::unexpected(std::move(bytes).error().while_doing(
        "reading the state (weir analyze --again rebuilds it from the lake)"));
  }
  auto engine = Engine::load(*bytes, options);
  if (!engine && engine.error().code == ErrorCode::conflict) {
    return fail(ErrorCode::conflict,
                "weir.yaml no longer has the settings that the closed days were analyzed with: {} "
                "with `weir analyze --again`, which replays the whole history",
                engine.error().message);
  }
  if (!engine) {
    return std::unexpected(std::move(engine).error().while_doing(
        fmt::format("reading {} (weir analyze --again rebuilds it from the lake)", path.string())));
  }
  return engine;
}

Result<AnalyzeReport> analyze(Workspace& workspace, const AnalyzeOptions& options) {
  using std::chrono::days;
  WEIR_ASSIGN(DayStore day_store, DayStore::open(workspace.ledger()));
  WEIR_ASSIGN(cases::CaseStore case_store, cases::CaseStore::open(workspace.ledger()));
  // As writer: what a crash left in the journal is stored before the day closes.
  WEIR_ASSIGN(lake::Lake lake, workspace.open_lake(false));
  WEIR_TRY(lake.require_files());

  WEIR_ASSIGN(const auto stored, day_store.last());
  const std::string old_snapshot = stored ? stored->snapshot : "";
  const auto checkpoint = options.again ? std::nullopt : stored;
  const auto engine_settings = engine_options(workspace.config, options.threads, options.shards);
  WEIR_ASSIGN(Engine engine, load_engine(workspace, checkpoint, engine_settings));
  remove_stray_snapshots(workspace.state_folder(), old_snapshot);

  AnalyzeReport report;
  report.people_watched = engine.people_watched();
  const auto span = lake.span();
  if (!span) return report;
  const Day yesterday = day_of(options.clock()) - days{1};
  const Day last = std::min(options.through.value_or(span->second), yesterday);
  const Day first = checkpoint ? checkpoint->day + days{1} : span->first;
  const std::uint32_t batch = lake.last_stored_batch();

  if (first <= last) {
    std::vector<event::Record> late;
    if (checkpoint && batch > checkpoint->through_batch) {
      WEIR_ASSIGN(late, late_records(lake, *checkpoint, batch));
    }
    WEIR_ASSIGN(const roster::People people, workspace.roster().people());
    WEIR_ASSIGN(std::vector<cases::Decision> decided, case_store.decisions());
    Decisions decisions(std::move(decided),
                        checkpoint ? std::optional(checkpoint->day) : std::nullopt);
    Checkpointer checkpointer(workspace, day_store, case_store, batch,
                              to_hex(workspace.config.hash()), old_snapshot, options.again);

    BoundedQueue<DayInput> queue(8);
    Result<void> read_result;
    std::exception_ptr thrown;
    std::jthread reader([&] {
      try {
        read_result = DayReader(lake, options, batch, queue).run(first, last);
      } catch (...) {
        thrown = std::current_exception();
      }
      queue.close();
    });
    // Whatever ends this block, the reader must not wait for room that never comes.
    struct CloseOnExit {
      BoundedQueue<DayInput>& queue;
      ~CloseOnExit() { queue.close(); }
    } close_on_exit{queue};

    report.from = first;
    const auto all_days = static_cast<std::uint64_t>((last - first).count() + 1);
    while (auto input = queue.pop()) {
      name_survivors(input->records, people);
      std::vector<event::Act> acts = ingest::join_records(input->records, {});
      if (!late.empty()) {
        name_survivors(late, people);
        std::ranges::move(ingest::join_records(late, {}), std::back_inserter(acts));
        std::ranges::sort(acts, {}, [](const event::Act& act) {
          return std::tuple(act.person, act.time, act.id);
        });
      }
      report.decisions += decisions.tell(engine, input->day, people);
      if (options.before_close) WEIR_TRY(options.before_close(input->day, acts, people));
      WEIR_ASSIGN(evidence::DayReport day, engine.close_day(input->day, acts, people));
      // The scope says under which hypotheses a case may be opened about whom.
      std::erase_if(day.cases, [&](const evidence::CaseDraft& draft) {
        const roster::Facts facts = people.on(draft.person, draft.opened);
        return !workspace.config.permits(facts.entity, facts.unit, draft.hypothesis);
      });
      const ClosedDay closed{.day = input->day,
                             .through_batch = batch,
                             .records = input->records.size() + late.size(),
                             .acts = day.acts,
                             .seen_before = day.seen_before,
                             .too_late = day.too_late,
                             .cases = day.cases.size()};
      late.clear();
      ++report.days;
      report.through = input->day;
      report.records += closed.records;
      report.acts += closed.acts;
      report.seen_before += closed.seen_before;
      report.too_late += closed.too_late;
      report.cases += closed.cases;
      checkpointer.add(closed, std::move(day.cases));
      if (options.progress) options.progress(report.days, all_days, report.cases);
      if (checkpointer.pending_records() >= options.checkpoint_records) {
        WEIR_TRY(checkpointer.write(engine));
      }
    }
    reader.join();
    if (thrown) std::rethrow_exception(thrown);
    report.cancelled = !read_result && read_result.error().code == ErrorCode::cancelled;
    if (!read_result && !report.cancelled) return std::unexpected(std::move(read_result).error());
    WEIR_TRY(checkpointer.write(engine));
  } else if (checkpoint) {
    report.late_records_wait = lake.estimate({.from = Day::min(),
                                              .to = checkpoint->day + days{1},
                                              .after_batch = checkpoint->through_batch,
                                              .through_batch = batch}) > 0;
  }
  report.people_watched = engine.people_watched();
  report.state_bytes = engine.state_bytes();
  report.drip_threshold = engine.threshold(evidence::Hypothesis::slow_drip).nats;
  report.burst_threshold = engine.threshold(evidence::Hypothesis::burst).nats;
  return report;
}

}  // namespace weir::app
