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
      "mails inside",
      "mails to partners",
      "mails outside",
      "uploads",
      "copies to removable media",
      "prints",
      "web pages",
      "uses of files",
      "devices connected",
      "logons",
      "recipients inside",
      "files deleted",
      "failed logons",
      "devices and ways out used at hours in which this person hardly ever works",
      "half-hours in which this person hardly ever works",
      "computers new to this person",
      "computers of others",
      "sites new to this person that hardly anybody visits",
      "uses of places that the unit does not work with",
      "sensitive transmissions",
      "transmissions from places that the unit does not work with",
      "addresses new to this person"};
  return kWords[std::to_underlying(kind)];
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

void DayCounts::note(CountKind kind, std::size_t act, std::uint32_t times) {
  const auto i = std::to_underlying(kind);
  constexpr std::uint32_t kMost = 1u << 30;
  counts[i] = std::min(counts[i] + times, kMost);
  if (first[i] == kNoAct) first[i] = static_cast<std::uint32_t>(act);
}

void count_day(std::span<const event::Act> acts, Day day, std::chrono::minutes zone,
               DayCounts& counts) {
  for (std::size_t i = 0; i < acts.size(); ++i) {
    const event::Act& act = acts[i];
    if (act.time < Instant{day} || !is_own(act.activity)) continue;
    ++counts.own;
    const LocalHour hour = local_hour(act.time, act.utc_offset.value_or(zone));
    std::uint16_t& bin = counts.hours[behavior::HourProfile::bin(hour.rest, hour.half_hour)];
    if (bin < std::numeric_limits<std::uint16_t>::max()) ++bin;
    if (const auto kind = kind_of(act)) counts.note(*kind, i);
    if (act.activity == Activity::file_delete) counts.note(CountKind::file_delete, i);
    if (act.activity == Activity::logon_failed) counts.note(CountKind::failed_logon, i);
    if (act.activity == Activity::mail_send) {
      const auto inside = std::ranges::count_if(act.parties, [](const event::Party& party) {
        return party.role != event::PartyRole::from && party.role != event::PartyRole::subject &&
               party.person != event::kNobody;
      });
      if (inside > 0) {
        counts.note(CountKind::inside_recipients, i, static_cast<std::uint32_t>(inside));
      }
    }
    if (goes_out(act)) {
      if (counts.largest == DayCounts::kNoAct || act.bytes > acts[counts.largest].bytes) {
        counts.largest = static_cast<std::uint32_t>(i);
      }
      constexpr std::uint64_t kMost = std::uint64_t{1} << 50;
      counts.bytes_out = std::min(counts.bytes_out + std::min(act.bytes, kMost), kMost);
    }
  }
}

}  // namespace weir::evidence::detail
