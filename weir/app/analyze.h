#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>

#include "weir/app/days.h"
#include "weir/app/workspace.h"
#include "weir/evidence/engine.h"

namespace weir::app {

struct AnalyzeOptions {
  /// Close days up to this one; by default to the last day with records, but never today.
  std::optional<Day> through;
  /// Replay the whole history, and forget the state and all cases once that has a checkpoint.
  bool again = false;
  int threads = 2;
  int shards = 8;
  Clock clock;
  std::function<void(std::uint64_t done_days, std::uint64_t all_days, std::uint64_t cases)>
      progress;
  const std::atomic<bool>* stop = nullptr;
  /// Called with each day's acts, in order of (person, time, id), before the engine closes it: for
  /// evaluations, which let rivals see the same days. Acts may be changed or taken out; their order
  /// must stay. An error ends the analysis.
  std::function<Result<void>(Day, std::vector<event::Act>&, const roster::People&)> before_close;
  /// A checkpoint is written after this many records, and at the end.
  std::uint64_t checkpoint_records = 20'000'000;
  /// Months with more records than this are read in smaller pieces.
  std::uint64_t window_records = 2'000'000;
};

struct AnalyzeReport {
  std::uint64_t days = 0;
  std::optional<Day> from, through;
  std::uint64_t records = 0;
  std::uint64_t acts = 0;
  std::uint64_t seen_before = 0;
  std::uint64_t too_late = 0;
  std::uint64_t cases = 0;
  std::uint64_t decisions = 0;  // that counted from one of these days on
  /// Records came since the last checkpoint whose days are closed, and no day closed now.
  bool late_records_wait = false;
  std::size_t people_watched = 0;
  std::size_t state_bytes = 0;
  double drip_threshold = 0;
  double burst_threshold = 0;
  bool cancelled = false;
};

/// The one causal pass: reads the lake day by day, joins records into acts, closes each day in the
/// engine, and keeps days, cases and snapshot in one transaction per checkpoint. The same code
/// replays twelve years and closes yesterday. Killed anywhere, it goes on from the last checkpoint
/// and comes to the same cases.
Result<AnalyzeReport> analyze(Workspace& workspace, const AnalyzeOptions& options);

/// What the configuration says about the engine.
evidence::EngineOptions engine_options(const Config& config, int threads, int shards);

/// The engine as of `checkpoint`, or a new one; errors say the way out.
Result<evidence::Engine> load_engine(const Workspace& workspace,
                                     const std::optional<DayStore::Checkpoint>& checkpoint,
                                     const evidence::EngineOptions& options);

}  // namespace weir::app
