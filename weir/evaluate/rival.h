#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/evaluate/features.h"

namespace weir::evaluate {

/// Somebody stands out on a day. Larger scores are stronger; scales differ between rivals.
struct Alarm {
  event::PersonId person{};
  Day day;
  double score = 0;
  std::span<const CitedAct> cited;  // at most `kFirstActs`, what matters most first
};

/// Where alarms go.
class AlarmSink {
 public:
  virtual ~AlarmSink() = default;
  /// Alarms that do not score more than this need not be told. Only grows.
  virtual double floor() const = 0;
  virtual void take(const Alarm& alarm) = 0;
};

/// A closed day as rivals get it, which is how the engine gets it: acts in order of
/// (person, time, id), nothing later, no labels.
struct RivalDay {
  Day day;
  std::span<const event::Act> acts;
  const roster::People& people;
  const History& history;  // this day included
};

/// Another detector. Deterministic; closes days in order; not thread-safe.
class Rival {
 public:
  virtual ~Rival() = default;
  virtual void close_day(const RivalDay& day, AlarmSink& alarms) = 0;
};

enum class RivalKind : std::uint8_t {
  /// Sends so far of protected or sensitive content to one outside address that nobody declared.
  address_count,
  /// The same for one person and address, which begins anew after 18 months.
  address_ledger,
  /// Largest z of a feature against the person's own last 90 days.
  own_rate,
  /// Sum of squared z of the day's features against the person's own past (science.md §7).
  sum_of_squares,
  /// Student-t surprise of the day in a CUSUM that halves in 7 days (science.md §0.1, §7).
  student_cusum,
  /// 30 days' total against the percentile of the peers; what was in an alarm does not count again
  /// (as Microsoft Purview describes its cumulative exfiltration detection).
  peer_cumulative,
  /// Isolation forest, 200 trees of 256 windows, refitted each month on the past.
  isolation_forest,
};
inline constexpr std::uint8_t kRivalKinds = 7;
std::string_view to_string(RivalKind kind);  // "isolation forest"

/// One rival with one choice of its hyper-parameters.
struct RivalSpec {
  RivalKind kind{};
  Variant variant{};
  unsigned setting = 0;  // below `settings`

  friend auto operator<=>(const RivalSpec&, const RivalSpec&) = default;
};
/// How many choices there are to tune among.
unsigned settings(RivalKind kind, Variant variant);
/// "window 7 days, least deviation 0.5": the choice in words.
std::string describe(const RivalSpec& spec);
std::unique_ptr<Rival> make_rival(const RivalSpec& spec);

}  // namespace weir::evaluate
