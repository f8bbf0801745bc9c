#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/result.h"
#include "weir/base/time.h"
#include "weir/evaluate/score.h"
#include "weir/evidence/needs.h"

namespace weir::app {

struct CoverageOptions {
  std::vector<std::string> worlds = {"drip", "rotation", "media", "split", "burst"};
  std::uint32_t people = 500;
  std::uint32_t years = 6;
  std::uint32_t insiders = 20;
  double sends_per_year = 4;
  std::uint64_t seed = 1;
  /// What the sources here show.
  evidence::Sight present = evidence::kEverything;
  /// False cases a week for each 10,000 people.
  double budget = 1;
  int threads = 2;
  Clock clock;
  const std::atomic<bool>* stop = nullptr;
  std::function<void(std::string_view what, std::uint64_t done, std::uint64_t all)> progress;
};

struct CoverageRow {
  std::string world;
  std::uint64_t insiders = 0;
  std::uint64_t found = 0;       // with all sources
  std::uint64_t found_here = 0;  // with those present
  std::uint64_t false_cases = 0;
  std::uint64_t false_cases_here = 0;
};

struct Coverage {
  CoverageOptions options;
  std::vector<CoverageRow> rows;
  std::vector<std::string> failures;
  bool cancelled = false;  // then the rows are of the worlds that were done
};

/// Simulates each world once and lets two engines see it: one everything, one only what the sources
/// present would show (`restrict_to`). Temporary folders go before it returns. `invalid_argument`
/// for a world that there is not.
Result<Coverage> run_coverage(const CoverageOptions& options);

/// At most `width` columns.
std::string render_coverage(const Coverage& coverage, int width);
std::string coverage_json(const Coverage& coverage);

}  // namespace weir::app
