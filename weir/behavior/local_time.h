#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>

#include "weir/base/time.h"

namespace weir::behavior {

/// The wall clock where an act happened: by the act's own offset, else by the person's time zone,
/// else UTC. Zones are looked up once a name and day; not thread-safe, one per worker.
class LocalTime {
 public:
  LocalTime();
  LocalTime(LocalTime&&) noexcept;
  LocalTime& operator=(LocalTime&&) noexcept;
  ~LocalTime();

  /// Offset of `timezone` (IANA name) at noon of `day`; 0 for an empty or unknown name. The noon's
  /// holds for the day: on two days a year this is an hour off for some of it.
  std::chrono::minutes offset(std::string_view timezone, Day day);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace weir::behavior
