#include "weir/event/record.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "weir/base/bytes.h"
#include "weir/base/hash.h"

namespace weir::event {
namespace {

constexpr std::array<std::string_view, 6> kRoles = {"to", "cc", "bcc", "from", "site", "subject"};
constexpr std::array<std::string_view, 6> kRecipientClasses = {"unknown",   "internal",   "partner",
                                                               "free_mail", "disposable", "other"};
constexpr std::array<std::string_view, 4> kInstances = {"unknown", "corporate", "declared",
                                                        "unclaimed"};
constexpr std::array<std::string_view, 5> kSensitivities = {"unknown", "none", "internal",
                                                            "confidential", "secret"};

constexpr std::array<std::string_view, kFlags.size()> kFlagNames = {
    "removable_media", "encrypted",    "archive",
    "renamed",         "reply",        "automatic",
    "future_dated",    "skewed",       "own_personal_sender",
    "inspected",       "not_all_read", "recognised_later"};
constexpr std::array<std::string_view, 3> kMatchKinds = {"whole_file", "verbatim", "reworded"};

constexpr std::uint8_t kEncodingVersion = 2;
constexpr std::uint8_t kWithoutDocuments = 1;  // a version
constexpr std::uint8_t kHasOffset = 1;
constexpr std::uint8_t kHasClaimedTime = 2;

template <class Enum, std::size_t n>
std::string_view name_of(const std::array<std::string_view, n>& names, Enum value) {
  const auto i = std::to_underlying(value);
  return i < n ? names[i] : names[0];
}

template <class Enum, std::size_t n>
std::optional<Enum> value_of(const std::array<std::string_view, n>& names, std::string_view name) {
  for (std::size_t i = 0; i < n; ++i) {
    if (names[i] == name) return static_cast<Enum>(i);
  }
  return {};
}

void put(ByteWriter& out, const Hash128& hash) {
  out.fixed(hash.high);
  out.fixed(hash.low);
}

Hash128 take_hash(ByteReader& in) {
  const auto high = in.fixed<std::uint64_t>();
  const auto low = in.fixed<std::uint64_t>();
  return {high, low};
}

std::int64_t count_of(Instant when) { return when.time_since_epoch().count(); }

Instant take_instant(ByteReader& in) {
  return Instant{std::chrono::milliseconds{in.fixed<std::int64_t>()}};
}

void put(ByteWriter& writer, const std::vector<DocumentMatch>& documents) {
  writer.varint(documents.size());
  for (const DocumentMatch& match : documents) {
    writer.fixed(match.document);
    writer.fixed(match.kind);
    writer.fixed(match.sensitivity);
    writer.varint(match.words);
    writer.varint(match.unique_words);
    writer.varint(match.document_words);
    writer.text(match.blocks);
  }
}

}  // namespace

Sensitivity carried_by(const DocumentMatch& match) {
  constexpr std::uint32_t kManyWords = 100;
  const bool much = match.kind == MatchKind::whole_file || match.words >= kManyWords ||
                    std::uint64_t{match.words} * 10 >= match.document_words;
  if (much || match.sensitivity <= Sensitivity::none) return match.sensitivity;
  return static_cast<Sensitivity>(std::to_underlying(match.sensitivity) - 1);
}

void unite(std::vector<DocumentMatch>& matches) {
  std::ranges::sort(matches, {}, [](const DocumentMatch& m) {
    return std::tuple(m.document, m.kind != MatchKind::whole_file, ~m.words, m.kind,
                      ~std::to_underlying(m.sensitivity), std::string_view(m.blocks));
  });
  const auto [first, last] = std::ranges::unique(matches, {}, &DocumentMatch::document);
  matches.erase(first, last);
}

void encode(const Record& record, std::string& out) {
  ByteWriter writer(out);
  writer.fixed(kEncodingVersion);
  const bool clamped = record.claimed_time != record.time;
  writer.fixed(static_cast<std::uint8_t>((record.utc_offset ? kHasOffset : 0) |
                                         (clamped ? kHasClaimedTime : 0)));
  put(writer, record.id);
  writer.fixed(count_of(record.time));
  if (clamped) writer.fixed(count_of(record.claimed_time));
  writer.fixed(count_of(record.seen));
  if (record.utc_offset) writer.fixed(static_cast<std::int16_t>(record.utc_offset->count()));
  writer.fixed(record.source);
  writer.varint(record.source_offset);
  writer.fixed(record.activity);
  writer.fixed(record.person);
  writer.fixed(record.host);
  writer.fixed(record.account);
  writer.fixed(record.account_instance);
  writer.varint(record.bytes);
  put(writer, record.content);
  writer.fixed(record.sensitivity);
  writer.fixed(record.flags);
  writer.varint(record.parties.size());
  for (const Party& party : record.parties) {
    writer.fixed(party.address);
    writer.fixed(party.domain);
    writer.fixed(party.person);
    writer.fixed(party.role);
    writer.fixed(party.recipient_class);
  }
  writer.varint(record.objects.size());
  for (const Object& object : record.objects) {
    put(writer, object.content);
    writer.fixed(object.place);
    writer.varint(object.bytes);
    writer.fixed(object.sensitivity);
    writer.fixed(object.flags);
  }
  put(writer, record.documents);
  writer.text(record.sealed);
}

std::uint64_t recognition_key(const Record& record) {
  std::string bytes;
  ByteWriter writer(bytes);
  writer.fixed(count_of(record.time));
  writer.fixed(record.activity);
  writer.fixed(record.person);
  put(writer, record.content);
  put(writer, record.documents);
  return checksum64(bytes);
}

bool decode(std::string_view bytes, Record& record) {
  constexpr std::size_t kPartyBytes = 26;
  constexpr std::size_t kObjectMinBytes = 28;
  constexpr std::size_t kDocumentMinBytes = 10;

  ByteReader in(bytes);
  const auto version = in.fixed<std::uint8_t>();
  if (version != kEncodingVersion && version != kWithoutDocuments) return false;
  const auto present = in.fixed<std::uint8_t>();
  if (present > (kHasOffset | kHasClaimedTime)) return false;
  record.id = take_hash(in);
  record.time = take_instant(in);
  record.claimed_time = (present & kHasClaimedTime) != 0 ? take_instant(in) : record.time;
  record.seen = take_instant(in);
  record.utc_offset.reset();
  if ((present & kHasOffset) != 0)
    record.utc_offset = std::chrono::minutes{in.fixed<std::int16_t>()};
  record.source = in.fixed<SourceId>();
  record.source_offset = in.varint();
  record.activity = in.fixed<Activity>();
  record.person = in.fixed<PersonId>();
  record.host = in.fixed<HostToken>();
  record.account = in.fixed<AddressToken>();
  record.account_instance = in.fixed<AccountInstance>();
  record.bytes = in.varint();
  record.content = take_hash(in);
  record.sensitivity = in.fixed<Sensitivity>();
  record.flags = in.fixed<std::uint16_t>();

  const std::uint64_t parties = in.varint();
  if (parties > in.remaining() / kPartyBytes) return false;
  record.parties.resize(parties);
  for (Party& party : record.parties) {
    party.address = in.fixed<AddressToken>();
    party.domain = in.fixed<DomainToken>();
    party.person = in.fixed<PersonId>();
    party.role = in.fixed<PartyRole>();
    party.recipient_class = in.fixed<RecipientClass>();
    if (std::to_underlying(party.role) >= kRoles.size() ||
        std::to_underlying(party.recipient_class) >= kRecipientClasses.size()) {
      return false;
    }
  }
  const std::uint64_t objects = in.varint();
  if (objects > in.remaining() / kObjectMinBytes) return false;
  record.objects.resize(objects);
  for (Object& object : record.objects) {
    object.content = take_hash(in);
    object.place = in.fixed<PlaceToken>();
    object.bytes = in.varint();
    object.sensitivity = in.fixed<Sensitivity>();
    object.flags = in.fixed<std::uint16_t>();
    if (std::to_underlying(object.sensitivity) >= kSensitivities.size()) return false;
  }
  const std::uint64_t documents = version == kWithoutDocuments ? 0 : in.varint();
  if (documents > in.remaining() / kDocumentMinBytes) return false;
  record.documents.resize(documents);
  for (DocumentMatch& match : record.documents) {
    match.document = in.fixed<std::uint32_t>();
    match.kind = in.fixed<MatchKind>();
    match.sensitivity = in.fixed<Sensitivity>();
    match.words = static_cast<std::uint32_t>(in.varint());
    match.unique_words = static_cast<std::uint32_t>(in.varint());
    match.document_words = static_cast<std::uint32_t>(in.varint());
    match.blocks = in.text();
    if (std::to_underlying(match.kind) >= kMatchKinds.size() ||
        std::to_underlying(match.sensitivity) >= kSensitivities.size()) {
      return false;
    }
  }
  record.sealed = in.text();
  return in.ok() && in.at_end() && std::to_underlying(record.activity) < kActivityCount &&
         std::to_underlying(record.account_instance) < kInstances.size() &&
         std::to_underlying(record.sensitivity) < kSensitivities.size();
}

std::string_view to_string(PartyRole role) { return name_of(kRoles, role); }
std::string_view to_string(RecipientClass recipient_class) {
  return name_of(kRecipientClasses, recipient_class);
}
std::string_view to_string(AccountInstance instance) { return name_of(kInstances, instance); }
std::string_view to_string(Sensitivity sensitivity) { return name_of(kSensitivities, sensitivity); }
std::string_view to_string(MatchKind kind) { return name_of(kMatchKinds, kind); }

std::optional<Sensitivity> sensitivity_from(std::string_view name) {
  return value_of<Sensitivity>(kSensitivities, name);
}

std::optional<AccountInstance> account_instance_from(std::string_view name) {
  return value_of<AccountInstance>(kInstances, name);
}

std::optional<PartyRole> party_role_from(std::string_view name) {
  return value_of<PartyRole>(kRoles, name);
}

std::string_view to_string(Flag flag) {
  for (std::size_t i = 0; i < kFlags.size(); ++i) {
    if (kFlags[i] == flag) return kFlagNames[i];
  }
  return "unknown";
}

std::optional<Flag> flag_from(std::string_view name) {
  for (std::size_t i = 0; i < kFlags.size(); ++i) {
    if (kFlagNames[i] == name) return kFlags[i];
  }
  return {};
}

}  // namespace weir::event
