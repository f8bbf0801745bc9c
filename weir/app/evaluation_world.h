#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "weir/app/workspace.h"
#include "weir/evaluate/panel.h"
#include "weir/evaluate/score.h"
#include "weir/evidence/needs.h"
#include "weir/sim/simulate.h"

namespace weir::app {

/// What answers.json says, in the terms of an open simulated or evaluation workspace.
Result<evaluate::KnownTruth> known_truth(Workspace& workspace, const evaluate::Truth& truth);

/// What the worlds of one run have in common.
struct WorldOptions {
  std::uint32_t people = 2000;
  std::uint32_t years = 10;
  std::uint32_t insiders = 20;
  double sends_per_year = 4;
  /// The simulator's `thin` and `held_out`, and acts beside the five of the public case.
  bool thin = false;
  bool held_out = false;
  std::uint32_t unreported = 0;
  int threads = 2;
  Clock clock;
  const std::atomic<bool>* stop = nullptr;
  std::function<void(std::string_view what, std::uint64_t done, std::uint64_t all)> progress;
};

struct WorldSettings : WorldOptions {
  /// `name`: told before what is going on.
  WorldSettings(const WorldOptions& options, std::string kind, std::string_view name);

  std::string world;
  std::uint64_t seed = 1;
  /// False cases a week for each 10,000 people. The first is the workspace's own; for each further
  /// one an engine beside it sees the same days. Not empty.
  std::vector<double> budgets;
  std::vector<evaluate::RivalSpec> rivals;
  /// Acts of these classes are taken out before anybody sees them.
  std::vector<event::RecordClass> without;
  /// If set, an engine beside the workspace's, with the first budget, sees the same days as these
  /// sources show them (masking.h).
  std::optional<evidence::Sight> also_with;
  /// Malicious acts are dealt to people drawn by lot. What then finds an insider is no evidence.
  bool permute = false;
  std::filesystem::path folder;  // new or empty; gets world/ and workspace/
};

/// Who has a case, whatever it cites, while malicious acts are somebody else's.
struct PermutationCount {
  std::size_t insiders = 0;
  std::size_t insiders_with_case = 0;
  std::size_t others = 0;
  std::size_t others_with_case = 0;
};

/// One world, run as the commands would run it.
struct WorldRun {
  std::string world;
  std::uint64_t seed = 0;
  std::uint64_t records = 0;
  std::uint64_t people = 0;  // watched
  double seconds = 0;
  std::string config_hash;
  std::unique_ptr<const evaluate::KnownTruth> truth;
  std::vector<std::vector<evaluate::OpenedCase>> cases;  // a budget
  std::vector<evaluate::OpenedCase> cases_with;          // of `also_with`
  std::map<evaluate::RivalSpec, evaluate::AlarmLog> alarms;
  std::vector<PermutationCount> permuted;  // a budget; empty unless asked for
};

/// simulate, init --evaluation, roster import, ingest, analyze, and whom the cases are about. Only
/// what is returned has seen answers.json, which is read after the records are stored. `cancelled`
/// if stopped. Leaves its folder to the caller.
Result<WorldRun> run_world(const WorldSettings& settings);

/// The budget of a workspace of so many people.
inline double false_cases_a_week(double budget, std::uint64_t people) {
  return budget * static_cast<double>(people) / 10'000.0;
}

}  // namespace weir::app
