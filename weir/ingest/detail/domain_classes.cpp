#include "weir/ingest/detail/domain_classes.h"

#include <algorithm>
#include <array>

#include "weir/base/text.h"
#include "weir/ingest/detail/mail_domain.h"

namespace weir::ingest {
namespace {

using event::RecipientClass;

std::vector<std::string> canonical_all(const std::vector<std::string>& domains) {
  std::vector<std::string> out;
  for (const std::string& domain : domains) {
    std::string_view text = trim(domain);
    if (text.starts_with('@')) text.remove_prefix(1);
    if (!text.empty()) out.push_back(to_lower_ascii(text));
  }
  return out;
}

bool holds(const std::vector<std::string_view>* list, std::string_view domain) {
  return list != nullptr && std::ranges::binary_search(*list, domain);
}

}  // namespace

DomainClasses::DomainClasses(const std::vector<std::string>& internal,
                             const std::vector<std::string>& partners,
                             const std::vector<std::string_view>* free_mail,
                             const std::vector<std::string_view>* disposable)
    : internal_(canonical_all(internal)),
      partners_(canonical_all(partners)),
      free_mail_(free_mail),
      disposable_(disposable) {}

RecipientClass DomainClasses::of_domain(std::string_view domain) const {
  if (domain.empty()) return RecipientClass::unknown;
  if (is_under_any(domain, internal_)) return RecipientClass::internal;
  if (is_under_any(domain, partners_)) return RecipientClass::partner;
  if (holds(disposable_, domain)) return RecipientClass::disposable;
  if (holds(free_mail_, domain)) return RecipientClass::free_mail;
  return RecipientClass::other;
}

RecipientClass DomainClasses::of_site(std::string_view host) const {
  const RecipientClass as_it_is = of_domain(host);
  if (as_it_is != RecipientClass::other) return as_it_is;
  constexpr std::array<std::string_view, 4> kPrefixes = {"www.", "mail.", "webmail.", "m."};
  for (const std::string_view prefix : kPrefixes) {
    if (host.starts_with(prefix)) return of_domain(host.substr(prefix.size()));
  }
  return as_it_is;
}

}  // namespace weir::ingest
