#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "weir/base/result.h"
#include "weir/base/time.h"

namespace weir::sim {

enum class World : std::uint8_t {
  ordinary,  // everything life has, look-alikes included, and no insider
  null,      // the same records under the name that evaluations use for insider-free worlds
  drip,      // D1: ordinary, plus insiders who send a few documents a year when asked
  burst,     // ordinary, plus insiders who take much within ten days and leave
};

struct Options {
  World world = World::ordinary;
  std::uint32_t people = 200;
  Day from{};
  std::uint32_t years = 12;
  std::uint64_t seed = 1;
  std::uint32_t insiders = 1;  // in drip and burst
  double sends_per_year = 4;   // of a drip insider
  /// Web visits and file opens at full rate (86 pages a day and person); else daily life thinned to
  /// egress, contact, look-up and logon records, as evaluation worlds are.
  bool full_detail = false;
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
