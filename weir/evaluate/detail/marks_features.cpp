#include "weir/evaluate/detail/marks_features.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace weir::evaluate::detail {
namespace {

using event::Activity;

enum Mark : std::uint8_t {
  kInternal,
  kPartner,
  kOther,
  kDeclared,
  kFree,
  kUploadKnown,
  kUploadUnclaimed,
  kRemovable,
  kPrint,
  kShareOrRule,
  kSensitive,
  kSecret,
  kOffRoleSend,
  kSoonAfterSame,
  kSoonAfterAny,
  kNewAddress,
  kOwnAccount,
  kDisguised,
  kDocuments,
  kBytesOut,
  kRestSend,
  kOffRoleAccess,
  kRestAct,
  kNewHost,
};
static_assert(kNewHost + 1 == kFeatures);

enum Count : std::uint8_t {
  kLogon,
  kLogonRest,
  kLogonFailed,
  kLogoff,
  kDevice,
  kDeviceRest,
  kOpen,
  kWrite,
  kCopy,
  kCopyRemovable,
  kDelete,
  kRenameArchive,
  kVisit,
  kUpload,
  kDownload,
  kMail,
  kMailOutside,
  kRecipients,
  kAttachments,
  kMailBytes,
  kReceived,
  kPrints,
  kLookup,
  kShare,
};
static_assert(kShare + 1 == kFeatures);

/// Of a pair of tokens; they are random already.
std::uint64_t pair_key(event::PersonId person, std::uint64_t other) {
  return std::to_underlying(person) * 0x9e3779b97f4a7c15u ^ other;
}

/// Bytes add up as logarithms of the day's sum.
void add_bytes(float& sum, std::uint64_t bytes) {
  constexpr double kMost = 1e15;
  sum = static_cast<float>(
      std::log1p(std::expm1(double{sum}) + std::min(static_cast<double>(bytes), kMost)));
}

bool is_access(Activity activity) {
  return activity == Activity::file_open || activity == Activity::record_lookup ||
         activity == Activity::file_copy || activity == Activity::web_download;
}

}  // namespace

void count_plain(const event::Act& act, const std::optional<Sending>& sending, Row& row) {
  const bool rest = in_rest_hours(act);
  switch (act.activity) {
    case Activity::mail_send:
      ++row[kMail];
      if (sending) ++row[kMailOutside];
      row[kRecipients] += static_cast<float>(std::ranges::count_if(
          act.parties, [](const event::Party& p) { return p.role <= event::PartyRole::bcc; }));
      row[kAttachments] += static_cast<float>(act.objects.size());
      add_bytes(row[kMailBytes], act.bytes);
      return;
    case Activity::mail_receive:
      ++row[kReceived];
      return;
    case Activity::web_visit:
      ++row[kVisit];
      return;
    case Activity::web_upload:
      ++row[kUpload];
      return;
    case Activity::web_download:
      ++row[kDownload];
      return;
    case Activity::file_open:
      ++row[kOpen];
      return;
    case Activity::file_write:
      ++row[kWrite];
      return;
    case Activity::file_copy:
      ++row[sending ? kCopyRemovable : kCopy];
      return;
    case Activity::file_rename:
    case Activity::file_archive:
      ++row[kRenameArchive];
      return;
    case Activity::file_delete:
      ++row[kDelete];
      return;
    case Activity::logon:
      ++row[kLogon];
      if (rest) ++row[kLogonRest];
      return;
    case Activity::logon_failed:
      ++row[kLogonFailed];
      return;
    case Activity::logoff:
      ++row[kLogoff];
      return;
    case Activity::device_connect:
      ++row[kDevice];
      if (rest) ++row[kDeviceRest];
      return;
    case Activity::print:
      ++row[kPrints];
      return;
    case Activity::record_lookup:
    case Activity::search:
      ++row[kLookup];
      return;
    case Activity::cloud_share:
    case Activity::forward_rule:
      ++row[kShare];
      return;
    default:
      return;
  }
}

void MarkCounter::count(const PersonHistory& person, Day day, const event::Act& act,
                        const std::optional<Sending>& sending, Row& row) {
  if (act.activity == Activity::mail_receive) {
    if ((act.flags & event::kFlagAutomatic) != 0) return;
    for (const event::Party& party : act.parties) {
      if (party.role != event::PartyRole::from || party.person != event::kNobody ||
          party.recipient_class == event::RecipientClass::internal) {
        continue;
      }
      correspondence_[pair_key(person.person, std::to_underlying(party.address))].received = day;
      if (party.recipient_class != event::RecipientClass::partner) {
        any_received_[std::to_underlying(person.person)] = day;
      }
    }
    return;
  }
  const bool off_role = is_off_role(person, act);
  if (off_role && is_access(act.activity)) ++row[kOffRoleAccess];
  if (in_rest_hours(act)) ++row[kRestAct];
  if (act.host != event::HostToken{} &&
      hosts_.emplace(pair_key(person.person, std::to_underlying(act.host)), true).second) {
    ++row[kNewHost];
  }
  if (sending) {
    count_sending(person, day, *sending, row);
    if (off_role) ++row[kOffRoleSend];
  } else if (act.activity == Activity::mail_send) {
    ++row[kInternal];
  }
  learn_places(person, act);
}

void MarkCounter::count_sending(const PersonHistory& person, Day day, const Sending& sending,
                                Row& row) {
  const event::Act& act = *sending.act;
  const bool declared = sending.declared_by == person.person ||
                        act.account_instance == event::AccountInstance::declared;
  switch (act.activity) {
    case Activity::web_upload:
      ++row[declared || act.account_instance == event::AccountInstance::corporate
                ? kUploadKnown
                : kUploadUnclaimed];
      break;
    case Activity::file_copy:
      ++row[kRemovable];
      break;
    case Activity::print:
      ++row[kPrint];
      break;
    case Activity::cloud_share:
    case Activity::forward_rule:
      ++row[kShareOrRule];
      break;
    default:
      if (declared) {
        ++row[kDeclared];
      } else if (sending.recipient_class == event::RecipientClass::partner) {
        ++row[kPartner];
      } else if (sending.recipient_class == event::RecipientClass::other) {
        ++row[kOther];
      } else {
        ++row[kFree];
      }
  }
  // What goes to partners and to one's own declared mailbox has its place.
  const bool expected = declared || sending.recipient_class == event::RecipientClass::partner;
  if (!expected && sending.sensitivity >= event::Sensitivity::confidential) ++row[kSensitive];
  if (!expected && sending.sensitivity == event::Sensitivity::secret) ++row[kSecret];
  row[kDocuments] += static_cast<float>(act.documents.size());
  if ((act.flags & event::kFlagOwnPersonalSender) != 0) ++row[kOwnAccount];
  constexpr auto kDisguise = event::kFlagEncrypted | event::kFlagArchive | event::kFlagRenamed;
  if ((act.flags & kDisguise) != 0) ++row[kDisguised];
  add_bytes(row[kBytesOut], act.bytes);
  if (in_rest_hours(act)) ++row[kRestSend];

  if (sending.address != event::AddressToken{}) {
    Correspondence& with =
        correspondence_[pair_key(person.person, std::to_underlying(sending.address))];
    constexpr std::chrono::days kSoon{3};
    if (with.received != Day::min() && day - with.received <= kSoon) ++row[kSoonAfterSame];
    if (!with.sent) ++row[kNewAddress];
    with.sent = true;
  }
  const auto any = any_received_.find(std::to_underlying(person.person));
  constexpr std::chrono::days kTwoWeeks{14};
  if (any != any_received_.end() && day - any->second <= kTwoWeeks) ++row[kSoonAfterAny];
}

bool MarkCounter::is_off_role(const PersonHistory& person, const event::Act& act) const {
  return std::ranges::any_of(act.objects, [&](const event::Object& object) {
    if (object.place == event::PlaceToken{}) return false;
    const auto place = places_.find(std::to_underlying(object.place));
    if (place == places_.end() || place->second.uses < 20) return false;  // nobody's yet
    const auto own = own_places_.find(pair_key(person.person, std::to_underlying(object.place)));
    if (own != own_places_.end() && own->second > 2) return false;
    const auto unit = place->second.by_unit.find(person.unit);
    return unit == place->second.by_unit.end() || unit->second * 10 < place->second.uses;
  });
}

void MarkCounter::learn_places(const PersonHistory& person, const event::Act& act) {
  for (const event::Object& object : act.objects) {
    if (object.place == event::PlaceToken{}) continue;
    Place& place = places_[std::to_underlying(object.place)];
    ++place.uses;
    ++place.by_unit[person.unit];
    ++own_places_[pair_key(person.person, std::to_underlying(object.place))];
  }
}

}  // namespace weir::evaluate::detail
