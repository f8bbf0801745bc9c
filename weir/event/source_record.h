#pragma once

#include <string_view>
#include <vector>

#include "weir/base/time.h"
#include "weir/event/record.h"

namespace weir::event {

/// What one source says, in clear text, between the reader that parsed it and the resolver that
/// replaces names by tokens. Never stored. All views point into memory of the reader and are valid
/// only during the call that hands the record over. Readers keep one and `clear()` it, so that a
/// record costs no allocation.
struct SourceRecord {
  struct Party {
    std::string_view address;  // mail address, or host name of a site for role `site`
    PartyRole role = PartyRole::to;
  };
  struct Object {
    std::string_view name;   // file name or path, as the source says it
    std::string_view place;  // share, folder or document group; empty if unknown
    std::uint64_t bytes = 0;
    /// Bytes that identify the content (a digest the source gives); empty if unknown.
    std::string_view digest;
    Sensitivity sensitivity = Sensitivity::unknown;
    std::uint16_t flags = 0;
  };

  Activity activity = Activity::unknown;
  /// The raw bytes the record's id is made of.
  std::string_view raw;
  /// Set where `raw` was left behind on another thread: what became of it. Readers leave it empty.
  RecordId id;
  /// Wall-clock time. With `has_offset` it is UTC and `utc_offset` is known; without, it is local
  /// time in the source's zone and the resolver converts it.
  Instant time;
  bool has_offset = false;
  std::chrono::minutes utc_offset{0};

  std::string_view user;          // login or employee id; may be empty
  std::string_view user_address;  // own mail address; may be empty
  std::string_view host;
  std::vector<Party> parties;
  std::vector<Object> objects;
  std::vector<DocumentMatch> documents;  // what inspection found; no text
  std::uint64_t bytes = 0;
  std::string_view content_digest;  // identifies the whole body; empty if unknown
  std::string_view title;           // subject, page title, device name: sealed or dropped
  AccountInstance account_instance = AccountInstance::unknown;
  Sensitivity sensitivity = Sensitivity::unknown;
  std::uint16_t flags = 0;

  void clear() {
    std::vector<Party> kept_parties = std::move(parties);
    std::vector<Object> kept_objects = std::move(objects);
    std::vector<DocumentMatch> kept_documents = std::move(documents);
    kept_parties.clear();
    kept_objects.clear();
    kept_documents.clear();
    *this = {};
    parties = std::move(kept_parties);
    objects = std::move(kept_objects);
    documents = std::move(kept_documents);
  }
};

}  // namespace weir::event
