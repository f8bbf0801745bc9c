#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "weir/base/result.h"
#include "weir/base/time.h"

namespace weir::ingest {

/// One time zone of the IANA database (the system's, /usr/share/zoneinfo). Not thread-safe.
class Zone {
 public:
  struct Moment {
    Instant utc;
    std::chrono::minutes offset{0};  // of the local clock from UTC
  };

  /// `invalid_argument` for a name the system's database does not have.
  static Result<Zone> find(const std::string& name);
  Zone(Zone&&) noexcept;
  Zone& operator=(Zone&&) noexcept;
  ~Zone();

  /// What a wall clock there showed, as UTC. Always the same answer: of a time that the clock
  /// showed twice (autumn), the first; one that it jumped over (spring) is read by the offset
  /// before the jump, and so lands behind it.
  Moment from_local(Instant wall_clock);

 private:
  struct Impl;
  explicit Zone(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace weir::ingest
