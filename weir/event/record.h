#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/time.h"
#include "weir/event/activity.h"
#include "weir/event/ids.h"

namespace weir::event {

// All enums below are stored: append, never renumber.

enum class PartyRole : std::uint8_t { to = 0, cc = 1, bcc = 2, from = 3, site = 4, subject = 5 };

/// Where an address belongs, by the workspace's domain lists and the public ones. Never guessed
/// from names.
enum class RecipientClass : std::uint8_t {
  unknown = 0,
  internal = 1,    // organisation.domains
  partner = 2,     // organisation.partners
  free_mail = 3,   // anybody can have one: gmail.com, qq.com, …
  disposable = 4,  // free, and made to be thrown away
  other = 5,       // another organisation
};

/// Whose account on a web service was used, where the source shows it.
enum class AccountInstance : std::uint8_t {
  unknown = 0,
  corporate = 1,
  declared = 2,
  unclaimed = 3
};

/// OCSF data_classification confidentiality, ordered. `unknown`: the source cannot tell, which is
/// not the same as `none`.
enum class Sensitivity : std::uint8_t {
  unknown = 0,
  none = 1,
  internal = 2,
  confidential = 3,
  secret = 4
};

/// How a protected document was recognised.
enum class MatchKind : std::uint8_t {
  whole_file = 0,  // the very bytes that were registered
  verbatim = 1,    // mostly word for word
  reworded = 2,    // words replaced, left out or in another order
};

/// Facts about a record or object, as bits. Stored.
enum Flag : std::uint16_t {
  kFlagRemovableMedia = 1 << 0,     // file_copy to a stick; device is removable
  kFlagEncrypted = 1 << 1,          // content could not be read because it is encrypted
  kFlagArchive = 1 << 2,            // zip, rar, 7z …
  kFlagRenamed = 1 << 3,            // type and name disagree
  kFlagReply = 1 << 4,              // In-Reply-To or References
  kFlagAutomatic = 1 << 5,          // Auto-Submitted, list, out of office
  kFlagFutureDated = 1 << 6,        // said to be later than its arrival: `time` is the arrival
  kFlagSkewed = 1 << 7,             // the source's clock was off; see docs
  kFlagOwnPersonalSender = 1 << 8,  // sent from a private account of the person's own
  kFlagInspected = 1 << 9,          // its content was looked at for protected documents
  kFlagNotAllRead = 1 << 10,        // inspected, and some of it could not be read
  kFlagRecognisedLater = 1 << 11,   // says of a record stored before what was found in it since
};

struct Party {
  AddressToken address{};
  DomainToken domain{};
  /// Set when the address is one of a person of this organisation.
  PersonId person{};
  PartyRole role = PartyRole::to;
  RecipientClass recipient_class = RecipientClass::unknown;

  friend bool operator==(const Party&, const Party&) = default;
};

/// A file, an attachment, a document or a data record that the activity was about.
struct Object {
  ContentHash content;  // none if the source does not say
  PlaceToken place{};   // share or document group it belongs to
  std::uint64_t bytes = 0;
  Sensitivity sensitivity = Sensitivity::unknown;
  std::uint16_t flags = 0;

  friend bool operator==(const Object&, const Object&) = default;
};

/// A protected document in what was sent, as it was recognised at the time.
struct DocumentMatch {
  std::uint32_t document = 0;  // its number in the registry
  MatchKind kind = MatchKind::whole_file;
  Sensitivity sensitivity = Sensitivity::unknown;  // what its label stood for
  std::uint32_t words = 0;                         // of the document, found
  std::uint32_t unique_words = 0;    // of these, in no other protected document and no public text
  std::uint32_t document_words = 0;  // all; 0: a file without text
  /// Which blocks of it were found, as protect::Exposure encodes it; empty: all of it.
  std::string blocks;

  friend bool operator==(const DocumentMatch&, const DocumentMatch&) = default;
};

/// How sensitive that makes what was sent: as the label says, if the whole document, a tenth of it
/// or 100 words were in it; one level less for a shorter excerpt, which may be a common phrase.
Sensitivity carried_by(const DocumentMatch& match);

/// Brings matches into the order of their numbers, each document once: where most of it was found.
void unite(std::vector<DocumentMatch>& matches);

/// What one source said, as it is kept for years: random person ids, keyed tokens, numbers and a
/// sealed string. No name, no address, no text in clear.
struct Record {
  RecordId id;
  /// When it happened, UTC. Never after `seen`: ingest clamps (then `kFlagFutureDated` is set and
  /// `claimed_time` keeps what the source said).
  Instant time;
  Instant claimed_time;
  /// When it arrived here.
  Instant seen;
  /// Offset of the local clock, where known.
  std::optional<std::chrono::minutes> utc_offset;
  SourceId source{};
  std::uint64_t source_offset = 0;

  Activity activity = Activity::unknown;
  PersonId person{};
  HostToken host{};
  /// The own account used: mail sender address, logon account.
  AddressToken account{};
  AccountInstance account_instance = AccountInstance::unknown;
  std::vector<Party> parties;
  std::vector<Object> objects;
  /// Protected documents in it, each once; in order of their numbers.
  std::vector<DocumentMatch> documents;
  std::uint64_t bytes = 0;
  ContentHash content;  // of the whole message or upload body
  /// Highest over the objects, the documents and what the source says of the whole.
  Sensitivity sensitivity = Sensitivity::unknown;
  std::uint16_t flags = 0;
  /// Names (subject, file names, site), encrypted under the person's own key; empty if not kept.
  std::string sealed;

  friend bool operator==(const Record&, const Record&) = default;
};

/// Equal, but for chance, for two records of the same thing in which the same was recognised.
std::uint64_t recognition_key(const Record& record);

/// The journal's encoding of a record (docs/formats/journal.md). `decode` reads earlier versions
/// too, and returns false on bytes
/// that `encode` cannot have written, whatever they are; `record`'s buffers are reused.
void encode(const Record& record, std::string& out);
bool decode(std::string_view bytes, Record& record);

std::string_view to_string(PartyRole role);
std::string_view to_string(RecipientClass recipient_class);
std::string_view to_string(AccountInstance instance);
std::string_view to_string(Sensitivity sensitivity);
std::string_view to_string(MatchKind kind);
std::optional<Sensitivity> sensitivity_from(std::string_view name);
std::optional<AccountInstance> account_instance_from(std::string_view name);
std::optional<PartyRole> party_role_from(std::string_view name);

/// Every flag, in order of its bit.
inline constexpr std::array<Flag, 12> kFlags = {
    kFlagRemovableMedia, kFlagEncrypted,      kFlagArchive, kFlagRenamed,           kFlagReply,
    kFlagAutomatic,      kFlagFutureDated,    kFlagSkewed,  kFlagOwnPersonalSender, kFlagInspected,
    kFlagNotAllRead,     kFlagRecognisedLater};
/// "removable_media"; of a single flag.
std::string_view to_string(Flag flag);
std::optional<Flag> flag_from(std::string_view name);

}  // namespace weir::event
