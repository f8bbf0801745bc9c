#include "weir/ingest/resolver.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "weir/ingest/detail/exclusions.h"
#include "weir/ingest/detail/known_names.h"
#include "weir/ingest/detail/known_people.h"
#include "weir/ingest/detail/zone.h"
#include "weir/ingest/sealed_names.h"

namespace weir::ingest {
namespace {

using event::Activity;
using event::kNobody;
using event::Party;
using event::PartyRole;
using event::PersonId;
using event::RecipientClass;
using event::Record;
using event::SourceRecord;
using roster::IdentityKind;

/// What is longer is no identity, but an attempt to fill the roster and the vault.
constexpr std::size_t kLongestIdentity = 1024;

bool is_recipient(PartyRole role) {
  return role == PartyRole::to || role == PartyRole::cc || role == PartyRole::bcc;
}

/// Logs write "-" where they know of no user.
bool names_a_user(std::string_view user) { return !user.empty() && user != "-"; }

}  // namespace

struct Resolver::Impl {
  Impl(const ResolverOptions& options, Exclusions exclusions, Zone zone, roster::Roster& the_roster,
       vault::Vault& the_vault, roster::People the_people)
      : roster(the_roster),
        vault(the_vault),
        known(DomainClasses(options.internal_domains, options.partner_domains,
                            options.free_mail_domains, options.disposable_domains),
              std::move(exclusions), the_vault),
        people(std::move(the_people), Scope(options.scope), std::move(zone)),
        future_tolerance(options.future_tolerance),
        known_content(options.known_content),
        recognised(options.recognised),
        keep_names(options.keep_names) {}

  Dropped exclusion(const SourceRecord& said);
  Result<PersonId> find(IdentityKind kind, std::string_view canonical, const SourceRecord& said,
                        std::string_view source_kind);
  Result<PersonId> person_of_address(const KnownAddress& address, const SourceRecord& said,
                                     std::string_view source_kind);
  Result<PersonId> actor(const SourceRecord& said, std::string_view source_kind);
  Result<void> add_parties(const SourceRecord& said, std::string_view source_kind, Record& record);
  Result<void> remember_addresses(const SourceRecord& said);
  void set_receiver(const SourceRecord& said, PersonId user, Record& record);
  void set_time(const SourceRecord& said, Instant seen, Record& record);
  void add_objects(const SourceRecord& said, Record& record);
  void add_documents(const SourceRecord& said, Record& record) const;

  bool is_in_scope(PersonId person) {
    return Scope::has(people.on(person, day).classes, record_class);
  }

  roster::Roster& roster;
  vault::Vault& vault;
  KnownNames known;
  KnownPeople people;
  std::chrono::minutes future_tolerance;
  const std::unordered_map<event::ContentHash, event::DocumentMatch>* known_content;
  const std::unordered_set<std::uint64_t>* recognised;
  bool keep_names;
  std::string names;

  // Of the record in hand.
  event::RecordClass record_class{};
  Day day{};
};

Dropped Resolver::Impl::exclusion(const SourceRecord& said) {
  for (const SourceRecord::Party& party : said.parties) {
    if (party.role == PartyRole::site) {
      if (known.site(party.address).is_excluded) return Dropped::excluded_site;
    } else if (known.mail(party.address).is_excluded) {
      return Dropped::excluded_address;
    }
  }
  if (!said.user_address.empty() && known.mail(said.user_address).is_excluded) {
    return Dropped::excluded_address;
  }
  // Some logs name the user by mail address.
  if (said.user.find('@') != std::string_view::npos && known.mail(said.user).is_excluded) {
    return Dropped::excluded_address;
  }
  return Dropped::no;
}

/// Somebody unknown gets a provisional person only where records of strangers may be kept: nothing
/// may be remembered of a record that is going to be dropped.
Result<PersonId> Resolver::Impl::find(IdentityKind kind, std::string_view canonical,
                                      const SourceRecord& said, std::string_view source_kind) {
  if (canonical.empty() || canonical.size() > kLongestIdentity) return kNobody;
  if (Scope::has(people.scope().classes_of_strangers(), record_class)) {
    return roster.resolve_or_make(kind, canonical, said.time, source_kind);
  }
  return roster.resolve(kind, canonical, said.time);
}

Result<PersonId> Resolver::Impl::person_of_address(const KnownAddress& address,
                                                   const SourceRecord& said,
                                                   std::string_view source_kind) {
  if (address.recipient_class != RecipientClass::internal) return kNobody;
  return find(IdentityKind::mail_address, address.canonical, said, source_kind);
}

/// Who did it, as far as the source names somebody of the organisation.
Result<PersonId> Resolver::Impl::actor(const SourceRecord& said, std::string_view source_kind) {
  if (names_a_user(said.user)) {
    if (said.user.find('@') != std::string_view::npos) {
      const KnownAddress& address = known.mail(said.user);
      if (address.recipient_class == RecipientClass::internal) {
        return find(IdentityKind::mail_address, address.canonical, said, source_kind);
      }
    }
    return find(IdentityKind::user_id, known.user(said.user).canonical, said, source_kind);
  }
  if (!said.user_address.empty()) {
    return person_of_address(known.mail(said.user_address), said, source_kind);
  }
  // A mail's host is a server, not somebody's computer.
  if (record_class == event::RecordClass::email) return kNobody;
  return find(IdentityKind::host, known.host(said.host).canonical, said, source_kind);
}

Result<void> Resolver::Impl::add_parties(const SourceRecord& said, std::string_view source_kind,
                                         Record& record) {
  const auto add = [&](const KnownAddress& counterparty, PartyRole role) -> Result<void> {
    Party party{.address = counterparty.address,
                .domain = counterparty.domain,
                .person = kNobody,
                .role = role,
                .recipient_class = counterparty.recipient_class};
    if (role != PartyRole::site) {
      WEIR_ASSIGN(const PersonId person, person_of_address(counterparty, said, source_kind));
      if (person != kNobody && is_in_scope(person)) party.person = person;
    }
    record.parties.push_back(party);
    return {};
  };
  bool has_sender = false;
  for (const SourceRecord::Party& party : said.parties) {
    if (party.address.empty()) continue;
    has_sender = has_sender || party.role == PartyRole::from;
    WEIR_TRY(add(known.of(party), party.role));
  }
  // Some readers give the sender of received mail as "user_address".
  if (record.activity == Activity::mail_receive && !has_sender && !said.user_address.empty()) {
    WEIR_TRY(add(known.mail(said.user_address), PartyRole::from));
  }
  return {};
}

/// Received mail is about the user whose log it is, else the first recipient of ours.
void Resolver::Impl::set_receiver(const SourceRecord& said, PersonId user_of_log, Record& record) {
  record.person = user_of_log;
  record.account = {};
  for (const Party& party : record.parties) {
    if (!is_recipient(party.role) || party.person == kNobody) continue;
    if (record.person == kNobody) record.person = party.person;
    if (record.person == party.person) {
      record.account = party.address;
      return;
    }
  }
  if (record.person != kNobody && !said.user_address.empty()) {
    const KnownAddress& own = known.mail(said.user_address);
    if (own.recipient_class == RecipientClass::internal) record.account = own.address;
  }
}

Result<void> Resolver::Impl::remember_addresses(const SourceRecord& said) {
  const auto remember = [&](KnownAddress& counterparty) -> Result<void> {
    if (counterparty.is_remembered || counterparty.recipient_class == RecipientClass::internal ||
        counterparty.canonical.size() > kLongestIdentity) {
      return {};
    }
    WEIR_TRY(vault.remember_address(counterparty.address, counterparty.canonical));
    counterparty.is_remembered = true;
    return {};
  };
  for (const SourceRecord::Party& party : said.parties) {
    if (!party.address.empty()) WEIR_TRY(remember(known.of(party)));
  }
  if (!said.user_address.empty()) WEIR_TRY(remember(known.mail(said.user_address)));
  return {};
}

void Resolver::Impl::set_time(const SourceRecord& said, Instant seen, Record& record) {
  if (said.has_offset) {
    record.claimed_time = said.time;
    record.utc_offset = said.utc_offset;
  } else {
    const Zone::Moment moment = people.on(record.person, day).zone->from_local(said.time);
    record.claimed_time = moment.utc;
    record.utc_offset = moment.offset;
  }
  record.seen = seen;
  record.time = std::min(record.claimed_time, seen);
  if (record.claimed_time > seen + future_tolerance) record.flags |= event::kFlagFutureDated;
}

void Resolver::Impl::add_objects(const SourceRecord& said, Record& record) {
  for (const SourceRecord::Object& object : said.objects) {
    event::Object& kept = record.objects.emplace_back();
    if (!object.digest.empty()) kept.content = vault.content_hash(object.digest);
    if (!object.place.empty()) kept.place = known.place(object.place);
    kept.bytes = object.bytes;
    kept.sensitivity = object.sensitivity;
    kept.flags = object.flags;
    record.sensitivity = std::max(record.sensitivity, object.sensitivity);
  }
}

/// What inspection found, and what is known by the digests that the source gives.
void Resolver::Impl::add_documents(const SourceRecord& said, Record& record) const {
  record.documents = said.documents;
  const auto add_known = [&](const event::ContentHash& content) {
    if (known_content == nullptr || !content) return;
    const auto match = known_content->find(content);
    if (match != known_content->end()) record.documents.push_back(match->second);
  };
  for (const event::Object& object : record.objects) add_known(object.content);
  add_known(record.content);
  unite(record.documents);
  for (const event::DocumentMatch& match : record.documents) {
    record.sensitivity = std::max(record.sensitivity, carried_by(match));
  }
  // All of it was looked at: what no source classifies is then not known as sensitive.
  const bool all_read =
      (record.flags & (event::kFlagInspected | event::kFlagNotAllRead)) == event::kFlagInspected;
  if (all_read && record.sensitivity == event::Sensitivity::unknown) {
    record.sensitivity = event::Sensitivity::none;
  }
}

Resolver::Resolver(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Resolver::Resolver(Resolver&&) noexcept = default;
Resolver& Resolver::operator=(Resolver&&) noexcept = default;
Resolver::~Resolver() = default;

Result<Resolver> Resolver::create(const ResolverOptions& options, roster::Roster& roster,
                                  vault::Vault& vault) {
  WEIR_ASSIGN(Exclusions exclusions,
              Exclusions::create(options.excluded_addresses, options.excluded_sites));
  WEIR_ASSIGN(Zone zone, Zone::find(options.default_timezone));
  WEIR_ASSIGN(roster::People people, roster.people());
  return Resolver(std::make_unique<Impl>(options, std::move(exclusions), std::move(zone), roster,
                                         vault, std::move(people)));
}

Result<Dropped> Resolver::resolve(const SourceRecord& said, std::string_view source_kind,
                                  event::SourceId source, std::uint64_t offset, Instant seen,
                                  Record& record) {
  Impl& impl = *impl_;
  impl.record_class = class_of(said.activity);
  // The roster speaks of days as the people there live them.
  impl.day = day_of(said.has_offset ? said.time + said.utc_offset : said.time);
  if (const Dropped dropped = impl.exclusion(said); dropped != Dropped::no) return dropped;

  record.activity = said.activity;
  record.flags = said.flags;
  record.sensitivity = said.sensitivity;
  record.account_instance = said.account_instance;
  record.bytes = said.bytes;
  record.parties.clear();
  record.objects.clear();
  record.sealed.clear();

  const bool is_received = said.activity == Activity::mail_receive;
  PersonId person = kNobody;
  if (!is_received || names_a_user(said.user)) {
    WEIR_ASSIGN(person, impl.actor(said, source_kind));
  }
  if (!is_received || person != kNobody) {
    if (!impl.is_in_scope(person)) {
      // A mailbox out of scope says nothing of the other recipients.
      if (!is_received) return Dropped::out_of_scope;
      person = kNobody;
    }
  }
  WEIR_TRY(impl.add_parties(said, source_kind, record));
  if (is_received) {
    impl.set_receiver(said, person, record);
    if (!impl.is_in_scope(record.person)) return Dropped::out_of_scope;
  } else {
    record.person = person;
    record.account = {};
    if (!said.user_address.empty()) {
      record.account = impl.known.mail(said.user_address).address;
    } else if (names_a_user(said.user)) {
      record.account = impl.known.user(said.user).account;
    }
  }

  record.id = said.id ? said.id : impl.vault.record_id(source_kind, said.raw);
  record.source = source;
  record.source_offset = offset;
  record.host = said.host.empty() ? event::HostToken{} : impl.known.host(said.host).token;
  record.content = said.content_digest.empty() ? event::ContentHash{}
                                               : impl.vault.content_hash(said.content_digest);
  impl.set_time(said, seen, record);
  impl.add_objects(said, record);
  impl.add_documents(said, record);
  if (impl.recognised != nullptr) {
    const std::uint64_t key = event::recognition_key(record);
    if (record.documents.empty() || impl.recognised->contains(key)) return Dropped::nothing_new;
    record.flags |= event::kFlagRecognisedLater;
    record.id = impl.vault.record_id("recognised", fmt::format("{} {}", to_hex(record.id), key));
  }
  WEIR_TRY(impl.remember_addresses(said));
  if (impl.keep_names && record.person != kNobody) {
    impl.names.clear();
    encode_names(said, impl.names);
    if (!impl.names.empty()) {
      record.sealed = impl.vault.seal(record.person, record.id, impl.names);
    }
  }
  return Dropped::no;
}

bool Resolver::is_excluded(const SourceRecord& said) {
  return impl_->exclusion(said) != Dropped::no;
}

event::RecordId Resolver::record_id(std::string_view source_kind, std::string_view raw) const {
  return impl_->vault.record_id(source_kind, raw);
}

event::RecipientClass Resolver::recipient_class(std::string_view canonical_domain) const {
  return impl_->known.domains().of_domain(canonical_domain);
}

bool is_time_zone(const std::string& name) { return Zone::find(name).has_value(); }

}  // namespace weir::ingest
