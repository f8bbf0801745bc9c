#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "weir/evidence/case_draft.h"

namespace weir::evidence::detail {

/// Those that a transmission is weighed against: ordinary, self-mailer, freelancer.
inline constexpr std::size_t kArchetypes = 3;
template <class T>
using PerArchetype = std::array<T, kArchetypes>;

/// Whom a transmission went to, counted per address, never per domain. `none`: print and removable
/// media. `unnamed`: the source does not say whose account it was. Stored.
enum class Stratum : std::uint8_t { partner, known, declared, free_mail, other, unnamed, none };
inline constexpr std::size_t kStrata = 7;

/// Strata that share their tables of what is ordinary.
enum class Group : std::uint8_t { trusted, personal, business, nobody };
inline constexpr std::size_t kGroups = 4;
Group group_of(Stratum stratum);

inline constexpr std::uint8_t kMissing = 0xff;

/// Lags in days of the person's own clock: up to 1, 3, 10, 30, 90; or none within 90.
inline constexpr std::size_t kLagBuckets = 6;
inline constexpr std::uint8_t kNoLag = 5;
std::uint8_t lag_bucket(double days);

inline constexpr std::size_t kSensitivities = 3;  // none or internal, confidential, secret

/// What is looked at, in the order in which it is told. Stored.
enum class Mark : std::uint8_t {
  sensitivity,
  place,
  access,
  lag_contact,
  lag_any,
  hour,
  novelty,
  disguise,
  own_sender,
  host,
};
inline constexpr std::size_t kMarks = 10;

/// One transmission in numbers: everything its weight depends on, and from which texts are made.
/// A mark whose source is not there is `kMissing` and weighs nothing; it is never "no".
struct Marks {
  Stratum stratum = Stratum::none;
  std::uint8_t sensitivity = kMissing;  // 0 … 2
  std::uint8_t place = kMissing;        // 1: off role
  std::uint8_t access = kMissing;       // 1: off-role access in the last seven days
  std::uint8_t lag = kMissing;          // bucket: since a message from the same address
  std::uint8_t any_lag = kMissing;      // bucket: since one from any unclaimed outside address
  std::uint8_t novelty = kMissing;      // 0 known, 1 new to the person, 2 new to everybody
  std::uint8_t disguise = 0;            // 1 archive or encrypted, 2 name and type disagree
  std::uint8_t own_sender = 0;          // 1: from a private account of the person's own
  std::uint8_t host = kMissing;         // 1: from a host new to the person
  std::uint8_t half_hour = 0;
  std::uint8_t rest = 0;

  float lag_days = 0;
  float any_lag_days = 0;
  float access_days = 0;
  float contact_rate = 0;   // messages from this address, per day of the person's clock
  float any_rate = 0;       // from any unclaimed outside address
  float new_chance = 0;     // P(an address is new to this person)
  float unseen_chance = 0;  // P(new to everybody | new to this person)
  float host_chance = 0;    // P(a host is new to this person)
  float hour_chance = 0;    // P(this half-hour)
  float rate = 0;           // the person's transmissions of this stratum, per year
  float mailbox_rate = 0;   // sends to this very address, per year
  float acts = 1;           // acts that count as one with this one
};

}  // namespace weir::evidence::detail
