#include "weir/ingest/detail/exclusions.h"

#include <algorithm>

#include "weir/base/text.h"
#include "weir/ingest/detail/mail_domain.h"

namespace weir::ingest {
namespace {

bool is_domain_name(std::string_view text) {
  return !text.empty() && !text.starts_with('.') && !text.ends_with('.') &&
         text.find_first_of(" \t*@/:,;<>\"") == std::string_view::npos;
}

}  // namespace

Result<Exclusions> Exclusions::create(const std::vector<std::string>& addresses,
                                      const std::vector<std::string>& sites) {
  Exclusions exclusions;
  for (const std::string& written : addresses) {
    const std::string address = to_lower_ascii(trim(written));
    const std::size_t at = address.find('@');
    const std::string_view local = std::string_view(address).substr(0, at);
    if (at == std::string::npos || local.empty() || !is_domain_name(mail_domain(address)) ||
        address.find('@', at + 1) != std::string::npos ||
        (local != "*" && local.find_first_of("* \t") != std::string_view::npos)) {
      return fail(ErrorCode::invalid_argument,
                  "excluded address \"{}\": write council@example.com, or *@union.example for all "
                  "addresses there",
                  printable(written));
    }
    if (local == "*") {
      exclusions.domains_.push_back(address.substr(at + 1));
    } else {
      exclusions.addresses_.push_back(address);
    }
  }
  std::ranges::sort(exclusions.addresses_);
  for (const std::string& written : sites) {
    std::string site = to_lower_ascii(trim(written));
    if (site.starts_with("*.")) site.erase(0, 2);
    if (!is_domain_name(site)) {
      return fail(ErrorCode::invalid_argument,
                  "excluded site \"{}\": write a host name such as clinic.example; its sub-domains "
                  "are excluded with it",
                  printable(written));
    }
    exclusions.sites_.push_back(site);
  }
  return exclusions;
}

bool Exclusions::has_address(std::string_view address) const {
  return std::ranges::binary_search(addresses_, address) ||
         is_under_any(mail_domain(address), domains_);
}

bool Exclusions::has_site(std::string_view host) const { return is_under_any(host, sites_); }

}  // namespace weir::ingest
