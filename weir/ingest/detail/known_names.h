#pragma once

#include <string>
#include <string_view>

#include "weir/event/record.h"
#include "weir/event/source_record.h"
#include "weir/ingest/detail/direct_mapped_cache.h"
#include "weir/ingest/detail/domain_classes.h"
#include "weir/ingest/detail/exclusions.h"
#include "weir/vault/vault.h"

namespace weir::ingest {

/// A mail address, site or other name of a counterparty, worked out.
struct KnownAddress {
  std::string canonical;
  event::AddressToken address{};
  event::DomainToken domain{};
  event::RecipientClass recipient_class = event::RecipientClass::unknown;
  bool is_excluded = false;
  bool is_remembered = false;  // for the caller: that the vault has it
};

struct KnownUser {
  std::string canonical;
  event::AddressToken account{};
};

struct KnownHost {
  std::string canonical;
  event::HostToken token{};
};

/// What the names in records stand for: their canonical form, keyed token and class, remembered,
/// because logs repeat themselves. What is given back is valid until the next call.
///
/// Not thread-safe.
class KnownNames {
 public:
  /// The vault must outlive this object.
  KnownNames(DomainClasses domains, Exclusions exclusions, const vault::Vault& vault);

  KnownAddress& mail(std::string_view written);
  KnownAddress& site(std::string_view written);
  KnownAddress& of(const event::SourceRecord::Party& party);
  const KnownUser& user(std::string_view written);
  const KnownHost& host(std::string_view written);
  event::PlaceToken place(std::string_view written);

  const DomainClasses& domains() const { return domains_; }

 private:
  /// What stands behind the @.
  struct Domain {
    event::DomainToken token{};
    event::RecipientClass recipient_class = event::RecipientClass::unknown;
  };

  static constexpr std::size_t kManySlots = 1u << 14;
  static constexpr std::size_t kFewSlots = 1u << 12;

  DomainClasses domains_;
  Exclusions exclusions_;
  const vault::Vault& vault_;
  DirectMappedCache<KnownAddress> mails_{kManySlots};
  DirectMappedCache<Domain> mail_domains_{kFewSlots};
  DirectMappedCache<KnownAddress> sites_{kFewSlots};
  DirectMappedCache<KnownUser> users_{kManySlots};
  DirectMappedCache<KnownHost> hosts_{kManySlots};
  DirectMappedCache<event::PlaceToken> places_{kFewSlots};
};

}  // namespace weir::ingest
