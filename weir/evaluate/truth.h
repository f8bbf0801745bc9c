#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/result.h"
#include "weir/base/time.h"
#include "weir/event/activity.h"

namespace weir::evaluate {

/// One thing an insider did, as the records say it.
struct TrueAct {
  Instant time;
  event::Activity activity{};
  std::string recipient;  // address; empty if there is none
  bool logged = true;     // false: a source failed, so no record says it
};

struct TrueInsider {
  std::string person;   // the roster's key
  std::string user_id;  // may be empty
  std::string address;  // may be empty
  std::string world;    // whose rules of time hold: "drip", "burst" …
  std::string scenario;
  Day from, to;  // [from, to) of the activity
  std::vector<TrueAct> acts;
};

/// answers.json of a simulated world (docs/simulator.md). Keys that are not named here are ignored.
struct Truth {
  std::string world;
  std::uint64_t seed = 0;
  std::uint64_t people = 0;
  Day from, to;  // [from, to)
  std::vector<TrueInsider> insiders;
  /// Kind of look-alike → the roster's keys of these people.
  std::map<std::string, std::vector<std::string>> look_alikes;
};

struct TruthLimits {
  std::uint64_t file_bytes = 512u << 20;
  std::size_t insiders = 100'000;
  std::size_t acts = 1'000'000;  // over all insiders
  std::size_t look_alikes = 1'000'000;
  std::size_t text_bytes = 4096;  // of a key, a name, an address
};

/// Errors name the file and the place in it ("answers.json: insiders[3]: acts[7]: time: …"):
/// `parse` for what has not the form, `unsupported` for another version, `limit_exceeded`, `io`,
/// `not_found`. Never crashes, whatever the bytes.
Result<Truth> read_truth(const std::filesystem::path& path, const TruthLimits& limits = {});
Result<Truth> parse_truth(std::string_view json, std::string_view file_name,
                          const TruthLimits& limits = {});

}  // namespace weir::evaluate
