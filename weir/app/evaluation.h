#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/app/evaluation_world.h"

namespace weir::app {

struct EvaluationOptions : WorldOptions {
  std::vector<std::string> worlds;
  std::uint32_t development = 0;  // seeds, counted from `first_seed`
  std::uint64_t first_seed = 1;
  std::uint32_t sealed = 0;  // seeds, drawn when everything is fixed
  std::vector<double> budgets = {0.1, 1, 7};
  std::vector<evaluate::RivalKind> rivals;
  std::vector<event::RecordClass> without;
  bool permute = false;
  std::filesystem::path keep;    // worlds and workspaces stay here; empty: nothing stays
  std::filesystem::path append;  // the record of all runs
  std::string note;
  std::function<void(std::string_view line)> say;  // one line a run
};

/// How one detector did in all runs of one world under one budget.
struct EvaluationRow {
  std::string world;
  double budget = 0;
  std::string detector;  // "Weir, lane 1", "own-rate z, marks"
  std::string setting;   // of a rival
  bool weir = false;
  int lane = 0;  // of Weir
  evaluate::Pool pool;
  /// Allowed, on average over the runs.
  double false_a_week_allowed = 0;
  /// Generous to the rival: the same with the threshold that is best in these very worlds.
  std::optional<evaluate::Pool> best;
};

struct Evaluation {
  std::string title;               // "2026-11-22 14:55 UTC: note"
  std::vector<std::string> facts;  // what was fixed before, a line each
  std::string hash;                // of it
  std::vector<std::uint64_t> development_seeds, sealed_seeds;
  bool of_sealed = false;  // whose runs the rows are
  std::vector<EvaluationRow> rows;
  std::vector<PermutationCount> permuted;  // a budget
  std::vector<double> budgets;
  std::vector<std::string> failures;
  std::uint64_t records = 0;
  double seconds = 0;
  bool cancelled = false;
};

/// Everything that the result depends on, in words: program (with the digest of its file),
/// parameters of the simulator, worlds, budgets, grids of the rivals.
Result<std::vector<std::string>> evaluation_facts(const EvaluationOptions& options);
/// BLAKE2b-128 of lines, in hexadecimal.
std::string hash_of(const std::vector<std::string>& lines);

/// Runs it all. To the file `append` go, each with fsync before what follows: title, facts and
/// their hash; after the development worlds the rivals as they are frozen, with a hash; the sealed
/// seeds, drawn from the kernel's random numbers only then; the result, failures included. So a
/// run that was ended early has left its traces.
Result<Evaluation> run_evaluation(const EvaluationOptions& options);

/// Table and sentences below it, as Markdown.
std::string render_evaluation(const Evaluation& evaluation);
std::string evaluation_json(const Evaluation& evaluation);

/// A few lines on one workspace, for whoever has just seen its cases.
std::string render_score(const evaluate::Score& score, double false_cases_per_week);
/// One line about what lane 2 or 3 came to, beside that.
std::string render_lane(int lane, const evaluate::Score& score);

}  // namespace weir::app
