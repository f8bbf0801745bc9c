#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "weir/base/time.h"
#include "weir/evaluate/score.h"
#include "weir/event/act.h"
#include "weir/roster/people.h"

namespace weir::evaluate {

/// What a rival gets to see of a day.
enum class Variant : std::uint8_t {
  marks,   // Weir's own: channel and kind of mailbox, sensitivity, off-role, lag, novelty …
  counts,  // 24 plain daily counts, as such detectors usually get
};
std::string_view to_string(Variant variant);

inline constexpr std::size_t kFeatures = 24;
using Row = std::array<float, kFeatures>;

/// "sensitive sends"; in the order of a row.
std::span<const std::string_view, kFeatures> feature_names(Variant variant);

/// Which features a rival looks at.
enum class FeatureSet : std::uint8_t {
  all,
  outward,  // what left the organisation, and to whom
  narrow,   // the few that a slow leak by mail would show in
};
std::string_view to_string(FeatureSet set);
/// Their places in a row.
std::span<const std::uint8_t> features_of(Variant variant, FeatureSet set);

/// What an act of a person carried out of the organisation, and where to.
struct Sending {
  const event::Act* act = nullptr;
  event::AddressToken address{};  // the outside counterparty; 0: none (print, removable media)
  event::DomainToken domain{};
  event::RecipientClass recipient_class = event::RecipientClass::unknown;
  event::PersonId declared_by = event::kNobody;
  event::Sensitivity sensitivity = event::Sensitivity::unknown;
};
/// Empty for an act that carries nothing out.
std::optional<Sending> sending_of(const event::Act& act, const roster::People& people);

/// Saturday, Sunday, before 06:00 or from 20:00 of the act's own clock (UTC where unknown).
bool in_rest_hours(const event::Act& act);

/// The last months of one person, days with acts only.
struct PersonHistory {
  struct DayRow {
    Day day;
    Row values{};
  };
  struct Recent {
    CitedAct act;
    float weight = 0;
  };

  event::PersonId person{};
  Day first;                 // day with acts
  std::uint32_t active = 0;  // days with acts so far
  std::uint64_t unit = 0;    // equal for people of one unit; 0: unknown
  std::uint64_t role = 0;
  std::deque<DayRow> rows;  // of the last `History::kDays` and today; oldest first
  /// Sums over the rows before the last.
  Row sum{}, squares{};
  std::deque<Recent> sent, other;  // what an alarm may cite; newest last, few
};

/// Features of everybody over the last 90 days, and the acts worth citing: made once a day and
/// variant, and read by all rivals of that variant. Not thread-safe.
class History {
 public:
  static constexpr std::chrono::days kDays{90};

  explicit History(Variant variant);
  ~History();

  /// `acts` in order of (person, time, id), the day after the last one given. Late acts count
  /// today.
  void close_day(Day day, std::span<const event::Act> acts, const roster::People& people);

  Day today() const { return today_; }
  Variant variant() const { return variant_; }
  /// Everybody so far, in order of appearance: places in it are stable.
  const std::vector<PersonHistory>& people() const { return people_; }
  /// Places in `people` of those with acts today.
  std::span<const std::size_t> present() const { return present_; }

  /// Sums of the rows since (and with) `from`, today's too.
  static Row sum_since(const PersonHistory& person, Day from);
  /// Up to ten acts since `from`, what carries out first: outside, sensitive, undeclared; the
  /// newest first among equals.
  static void cite(const PersonHistory& person, Day from, std::vector<CitedAct>& cited);

 private:
  struct Marks;
  std::size_t place_of(event::PersonId person);
  void note(PersonHistory& one, const event::Act& act, const std::optional<Sending>& sending);

  Variant variant_;
  Day today_{};
  std::vector<PersonHistory> people_;
  std::unordered_map<std::uint64_t, std::size_t> places_;
  std::vector<std::size_t> present_;
  std::unique_ptr<Marks> marks_;
};

}  // namespace weir::evaluate
