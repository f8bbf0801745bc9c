#include "weir/evidence/detail/day_counts.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

namespace weir::evidence::detail {
namespace {

using event::Activity;

CountKind mail_kind(const event::Act& act) {
  CountKind kind = CountKind::mail_internal;
  for (const event::Party& party : act.parties) {
    if (party.role == event::PartyRole::from || party.role == event::PartyRole::subject ||
        party.person != event::kNobody ||
        party.recipient_class == event::RecipientClass::internal) {
      continue;
    }
    if (party.recipient_class != event::RecipientClass::partner) return CountKind::mail_outside;
    kind = CountKind::mail_partner;
  }
  return kind;
}

std::optional<CountKind> kind_of(const event::Act& act) {
  switch (act.activity) {
    case Activity::mail_send:
      return mail_kind(act);
    case Activity::web_upload:
    case Activity::cloud_share:
      return CountKind::upload;
    case Activity::print:
      return CountKind::print;
    case Activity::web_visit:
    case Activity::web_download:
    case Activity::search:
      return CountKind::web;
    case Activity::file_copy:
      if ((act.flags & event::kFlagRemovableMedia) != 0) return CountKind::removable;
      return CountKind::file;
    case Activity::file_open:
    case Activity::file_write:
    case Activity::file_rename:
    case Activity::file_archive:
    case Activity::file_delete:
    case Activity::record_lookup:
      return CountKind::file;
    case Activity::device_connect:
      return CountKind::device;
    case Activity::logon:
      return CountKind::logon;
    default:
      return {};
  }
}

}  // namespace

std::string_view to_words(CountKind kind) {
  constexpr std::array<std::string_view, kCountKinds> kWords = {
      "mails inside", "mails to partners", "mails outside", "uploads", "copies to removable media",
      "prints",       "web pages",         "files",         "devices", "logons"};
  const auto i = std::to_underlying(kind);
  return i < kWords.size() ? kWords[i] : std::string_view("bytes sent out");
}

bool goes_out(const event::Act& act) {
  switch (act.activity) {
    case Activity::web_upload:
    case Activity::cloud_share:
    case Activity::print:
      return true;
    case Activity::file_copy:
      return (act.flags & event::kFlagRemovableMedia) != 0;
    case Activity::mail_send:
    case Activity::forward_rule:
      return mail_kind(act) != CountKind::mail_internal;
    default:
      return false;
  }
}

bool is_own(event::Activity activity) { return activity != Activity::mail_receive; }

LocalHour local_hour(Instant when, std::chrono::minutes offset) {
  const auto local = when + offset;
  const Day day = std::chrono::floor<std::chrono::days>(local);
  const auto minute = std::chrono::floor<std::chrono::minutes>(local - day).count();
  const std::chrono::weekday weekday{day};
  return {.rest = weekday == std::chrono::Saturday || weekday == std::chrono::Sunday,
          .half_hour = static_cast<std::uint8_t>(minute / 30)};
}

void count_day(std::span<const event::Act> acts, Day day, std::chrono::minutes zone,
               DayCounts& counts) {
  for (const event::Act& act : acts) {
    if (act.time < Instant{day} || !is_own(act.activity)) continue;
    ++counts.own;
    const LocalHour hour = local_hour(act.time, act.utc_offset.value_or(zone));
    std::uint16_t& bin = counts.hours[behavior::HourProfile::bin(hour.rest, hour.half_hour)];
    if (bin < std::numeric_limits<std::uint16_t>::max()) ++bin;
    if (const auto kind = kind_of(act)) ++counts.counts[std::to_underlying(*kind)];
    if (goes_out(act)) {
      constexpr std::uint64_t kMost = std::uint64_t{1} << 50;
      counts.bytes_out = std::min(counts.bytes_out + std::min(act.bytes, kMost), kMost);
    }
  }
}

}  // namespace weir::evidence::detail
