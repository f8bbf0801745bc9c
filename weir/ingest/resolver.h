#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "weir/base/result.h"
#include "weir/event/record.h"
#include "weir/event/source_record.h"
#include "weir/roster/roster.h"
#include "weir/vault/vault.h"

namespace weir::ingest {

/// What may be stored, of whom and from which sources; from weir.yaml. Absent means off.
struct ScopeRule {
  std::string entity = "*";
  std::vector<std::string> units = {"*"};
  std::vector<event::RecordClass> sources;
};

struct ResolverOptions {
  std::vector<std::string> internal_domains;
  std::vector<std::string> partner_domains;
  /// Public lists, sorted; a domain in both is disposable.
  const std::vector<std::string_view>* free_mail_domains = nullptr;
  const std::vector<std::string_view>* disposable_domains = nullptr;
  std::vector<ScopeRule> scope;
  /// Works council, union, medical, legal, whistle-blowing: "council@example.com",
  /// "*@union.example", and for web sites "clinic.example" (with its sub-domains).
  std::vector<std::string> excluded_addresses;
  std::vector<std::string> excluded_sites;
  /// Zone of times that carry no offset, unless the person's facts name one. IANA name.
  std::string default_timezone = "UTC";
  /// Later than this after its arrival, a time is clamped (`kFlagFutureDated`).
  std::chrono::minutes future_tolerance{5};
  /// Protected documents that are known by the digest of their bytes; null: none.
  const std::unordered_map<event::ContentHash, event::DocumentMatch>* known_content = nullptr;
  /// Null but for reading again what is stored, to find documents that were registered since: only
  /// records in which one is recognised are kept then, under another id and marked as
  /// `kFlagRecognisedLater`, and none whose `event::recognition_key` is among these.
  const std::unordered_set<std::uint64_t>* recognised = nullptr;
  /// Keep subjects and file names, sealed under the person's key.
  bool keep_names = true;
};

/// Whether the system's time zone database (/usr/share/zoneinfo) has a zone of that name.
bool is_time_zone(const std::string& name);

/// Why a record was not kept. Counted, never stored.
enum class Dropped : std::uint8_t {
  no,
  out_of_scope,
  excluded_address,
  excluded_site,
  nothing_new,  // `ResolverOptions::recognised`
};

/// Clear text in, pseudonymous record out: identities become person ids, addresses and hosts become
/// keyed tokens, local times become UTC, scope and exclusions are enforced. Nothing of a dropped
/// record is remembered.
///
/// Not thread-safe but for `record_id`: one per ingest thread.
class Resolver {
 public:
  /// `invalid_argument` for an unknown time zone or a malformed exclusion, naming it.
  static Result<Resolver> create(const ResolverOptions& options, roster::Roster& roster,
                                 vault::Vault& vault);
  Resolver(Resolver&&) noexcept;
  Resolver& operator=(Resolver&&) noexcept;
  ~Resolver();

  /// `source_kind` is the format's name. `record`'s buffers are reused.
  Result<Dropped> resolve(const event::SourceRecord& said, std::string_view source_kind,
                          event::SourceId source, std::uint64_t offset, Instant seen,
                          event::Record& record);

  /// Is an excluded address or site in it? Then no use may be made of it, even in passing.
  bool is_excluded(const event::SourceRecord& said);

  /// The id of a record; `source_kind` as above. Thread-safe, beside the other functions too.
  event::RecordId record_id(std::string_view source_kind, std::string_view raw) const;
  event::RecipientClass recipient_class(std::string_view canonical_domain) const;

 private:
  struct Impl;
  explicit Resolver(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace weir::ingest
