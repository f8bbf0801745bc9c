#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "weir/base/result.h"
#include "weir/base/time.h"
#include "weir/sim/world.h"

namespace weir::sim {

/// Something that happens to the whole organisation near the middle of the time.
enum class Shock : std::uint8_t {
  none,
  merger,
  outage,
  remote_work,
  mail_migration,
  provider_swap,
};
inline constexpr std::array<std::string_view, 6> kShocks = {
    "none", "merger", "outage", "remote-work", "mail-migration", "provider-swap"};

struct Options {
  World world = World::ordinary;
  std::uint32_t people = 200;
  Day from{};
  std::uint32_t years = 12;
  std::uint64_t seed = 1;
  /// Instead of `years`, if not 0.
  std::uint32_t months = 0;
  std::uint32_t insiders = 1;  // pairs in `pair`; in mixed worlds `scenarios` says how many
  /// Insiders of cert_1 to cert_5 in a mixed world; missing: CERT's counts, scaled to `people`.
  std::optional<std::array<std::uint32_t, 5>> scenarios{};
  /// Of a drip insider; missing: as `scenario_ranges.h` says.
  std::optional<double> sends_per_year{};
  /// In public_case: acts beside the five.
  std::uint32_t unreported = 0;
  /// Scenario parameters drawn from their ranges, not their usual values.
  bool held_out = false;
  /// Benign people who from afar do what an insider does, for each insider.
  std::uint32_t twins = 0;
  Shock shock = Shock::none;
  /// Logs that show more: whose account web mail is written from, and logons at other people's
  /// machines. Always so where insiders do such things (see `shows_more`).
  bool more_logs = false;
  /// Web visits and file opens at full rate (86 pages a day and person); else daily life thinned to
  /// egress, contact, look-up and logon records, as evaluation worlds are.
  bool full_detail = false;
  /// Thinner than that: 300 records a person and year, for tens of thousands of people.
  bool thin = false;
  int threads = 2;
  std::filesystem::path
      out{};  // folder: roster.csv, documents.csv, records-YYYY.ocsf.jsonl.zst, answers.json
  bool to_stdout = false;  // records as plain lines to standard output instead
  std::function<void(std::uint64_t done_days, std::uint64_t all_days)> progress{};
  const std::atomic<bool>* stop = nullptr;
};

struct Report {
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
  std::uint32_t people = 0;  // over all years, hires included
  std::uint32_t insiders = 0;
  /// Over all record lines in order: the golden number. The lines of each block of days have a
  /// checksum64; the next value is the checksum64 of the value so far and that.
  std::uint64_t checksum = 0;
};

/// Writes a simulated organisation: roster, list of protected documents, OCSF records in order of
/// their arrival in the log (few come late, as in life), a weir.yaml (organisation.yaml), and a
/// separate answer file that no other part of Weir reads except scoring. The same options give the
/// same bytes on any machine, compiler and number of threads. docs/simulator.md has the forms and
/// what is simulated.
///
/// `out` must not exist or be empty. What was written is removed again if the run fails or is
/// stopped (`cancelled`); but with `to_stdout` the lines are out. Memory is bounded by the people
/// and one day's records a thread, not by the length of the world.
Result<Report> simulate(const Options& options);

}  // namespace weir::sim
