#include "weir/evidence/detail/day_features.h"

#include <algorithm>
#include <utility>

namespace weir::evidence::detail {
namespace {

// By feature.
constexpr std::array<CountKind, kFeatures> kKinds = {
    CountKind::odd_ways,         CountKind::odd_hours,    CountKind::new_computer,
    CountKind::others_computer,  CountKind::failed_logon, CountKind::device,
    CountKind::off_role,         CountKind::file,         CountKind::file_delete,
    CountKind::rare_site,        CountKind::new_address,  CountKind::upload,
    CountKind::removable,        CountKind::print,        CountKind::mail_outside,
    CountKind::sensitive_out,    CountKind::off_role_out,
    CountKind::mail_internal,  // bytes: not used
    CountKind::inside_recipients};

}  // namespace

std::optional<CountKind> kind_of(Feature feature) {
  if (feature == Feature::bytes) return {};
  return kKinds[std::to_underlying(feature)];
}

std::string_view to_words(Feature feature) {
  const auto kind = kind_of(feature);
  return kind ? to_words(*kind) : std::string_view("bytes sent out");
}

std::uint8_t level_of(double p) {
  if (p > 0.1) return 0;
  if (p > 0.01) return 1;
  if (p > 0.001) return 2;
  if (p > 0.0001) return 3;
  if (p > 1e-6) return 4;
  if (p > 1e-9) return 5;
  if (p > 1e-14) return 6;
  return 7;
}

void DayHistory::advance(std::int32_t day) {
  if (day_ == kNever || day <= day_) {
    day_ = std::max(day_, day);
    return;
  }
  const auto gap = std::min<std::int64_t>(std::int64_t{day} - day_, 16);
  constexpr std::uint32_t kRemembered = (1u << (kSurgeDays + 1)) - 1;
  for (std::uint16_t& days : remarkable_) {
    days = static_cast<std::uint16_t>((std::uint32_t{days} << gap) & kRemembered);
  }
  day_ = day;
}

Before DayHistory::before(std::size_t feature) const {
  if ((remarkable_[feature] & ~1u) != 0) return Before::surge;
  const std::int64_t last = seen_[feature];
  return last != kNever && last < day_ && day_ - last <= kHabitDays ? Before::seen : Before::never;
}

}  // namespace weir::evidence::detail
