#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "weir/event/record.h"

namespace weir::ingest {

/// Where a domain belongs, by lists: the organisation's and its partners' with their sub-domains,
/// the public ones of free and disposable mail by the exact name.
class DomainClasses {
 public:
  /// The public lists are sorted, may be null, and must outlive this object.
  DomainClasses(const std::vector<std::string>& internal, const std::vector<std::string>& partners,
                const std::vector<std::string_view>* free_mail,
                const std::vector<std::string_view>* disposable);

  event::RecipientClass of_domain(std::string_view canonical_domain) const;
  /// A web site; that of a mail provider ("mail.provider.example") counts as its mail domain.
  event::RecipientClass of_site(std::string_view canonical_host) const;

 private:
  std::vector<std::string> internal_;
  std::vector<std::string> partners_;
  const std::vector<std::string_view>* free_mail_;
  const std::vector<std::string_view>* disposable_;
};

}  // namespace weir::ingest
