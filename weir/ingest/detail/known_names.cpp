#include "weir/ingest/detail/known_names.h"

#include <utility>

#include "weir/base/text.h"
#include "weir/ingest/detail/mail_domain.h"

namespace weir::ingest {

KnownNames::KnownNames(DomainClasses domains, Exclusions exclusions, const vault::Vault& vault)
    : domains_(std::move(domains)), exclusions_(std::move(exclusions)), vault_(vault) {}

KnownAddress& KnownNames::mail(std::string_view written) {
  return mails_.get(written, [&](std::string_view text) {
    KnownAddress address{.canonical = vault::canonical(text)};
    const std::string_view domain = mail_domain(address.canonical);
    address.address = vault_.address_token(address.canonical);
    if (!domain.empty()) {
      const Domain& known = mail_domains_.get(domain, [&](std::string_view name) {
        return Domain{vault_.domain_token(name), domains_.of_domain(name)};
      });
      address.domain = known.token;
      address.recipient_class = known.recipient_class;
    }
    address.is_excluded = exclusions_.has_address(address.canonical);
    return address;
  });
}

KnownAddress& KnownNames::site(std::string_view written) {
  return sites_.get(written, [&](std::string_view text) {
    std::string host = to_lower_ascii(trim(text));
    if (host.ends_with('.')) host.pop_back();
    KnownAddress address{.canonical = std::move(host)};
    address.address = vault_.address_token(address.canonical);
    address.domain = vault_.domain_token(address.canonical);
    address.recipient_class = domains_.of_site(address.canonical);
    address.is_excluded = exclusions_.has_site(address.canonical);
    return address;
  });
}

KnownAddress& KnownNames::of(const event::SourceRecord::Party& party) {
  return party.role == event::PartyRole::site ? site(party.address) : mail(party.address);
}

const KnownUser& KnownNames::user(std::string_view written) {
  return users_.get(written, [&](std::string_view text) {
    KnownUser known{.canonical = vault::canonical(text)};
    known.account = vault_.address_token(known.canonical);
    return known;
  });
}

const KnownHost& KnownNames::host(std::string_view written) {
  return hosts_.get(written, [&](std::string_view text) {
    KnownHost known{.canonical = vault::canonical(text)};
    known.token = vault_.host_token(known.canonical);
    return known;
  });
}

event::PlaceToken KnownNames::place(std::string_view written) {
  return places_.get(written, [&](std::string_view text) { return vault_.place_token(text); });
}

}  // namespace weir::ingest
