#pragma once

#include <cstdint>

#include "weir/base/random.h"

namespace weir::sim {

/// What random numbers are drawn for. Each purpose has its own numbers, so adding a draw to one
/// leaves all others as they are. Append, never renumber: the golden world depends on it.
enum class Purpose : std::uint32_t {
  seat_role = 1,
  department = 2,
  tenure = 3,
  traits = 4,
  moves = 5,
  presence = 6,
  hours = 7,
  trips = 8,
  mail = 9,
  inbound = 10,
  files = 11,
  device = 12,
  egress = 13,
  lookup = 14,
  web = 15,
  on_call = 16,
  disturbance = 17,
  agenda_disturbance = 18,
  contact = 19,
  document = 20,
  personal = 21,
  requests = 22,
  job_hunt = 23,
  leaver = 24,
  outage = 25,
  late = 26,
  common_day = 27,
  insider_choice = 28,
  insider_plan = 29,
  names = 30,
  organisation_name = 31,
  logon = 32,
  forward_rule = 33,
  insider_disturbance = 34,
  friends = 35,
  scenario_parameters = 36,
  insider_means = 37,
  mass_mail = 38,
  webmail = 39,
  twin = 40,
  shock = 41,
  thin = 42,
  decoy = 43,
  visits = 44,
};

/// `stream` is a day, a year or another number that tells repetitions apart.
inline Random draw(std::uint64_t seed, std::uint64_t stream, std::uint32_t subject,
                   Purpose purpose) {
  return Random(seed, stream, subject, static_cast<std::uint32_t>(purpose));
}

inline std::uint64_t stream_of(auto day) {
  return static_cast<std::uint64_t>(day.time_since_epoch().count());
}

}  // namespace weir::sim
