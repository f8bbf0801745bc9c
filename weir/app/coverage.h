#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weir/app/evaluation_world.h"
#include "weir/base/result.h"
#include "weir/evaluate/score.h"
#include "weir/evidence/needs.h"

namespace weir::app {

struct CoverageOptions : WorldOptions {
  CoverageOptions() {
    people = 500;
    years = 6;
  }

  std::vector<std::string> worlds = {"drip", "rotation", "media", "split", "burst"};
  std::uint64_t seed = 1;
  /// What the sources here show.
  evidence::Sight present = evidence::kEverything;
  /// False cases a week for each 10,000 people.
  double budget = 1;
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
