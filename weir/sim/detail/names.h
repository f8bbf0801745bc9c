#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "weir/base/random.h"

namespace weir::sim {

/// Names out of syllables that belong to no language in particular: "Tomira", "Kesalo". Weir must
/// not learn anything from names, so there is nothing in them.
void append_name(std::string& out, Random& random, unsigned syllables);

/// The same with a capital letter.
std::string proper_name(Random& random, unsigned syllables);

/// Where mail of the simulated organisation comes from.
inline constexpr std::string_view kOwnDomain = "aldermoor.example";
/// And, after a merger, of those who came.
inline constexpr std::string_view kMergedDomain = "brackwater.example";

enum class AddressKind : std::uint8_t {
  employee,      // id: index of the person
  partner,       // id: any; its domain is one of `partner_domain`
  organisation,  // a customer, supplier, authority; id: any
  free_mail,     // id: any
  disposable,    // id: any
  newsletter,    // id: any; automatic senders
  web_site,      // id: rank of the site; a host name and no mail address
};

/// Somebody or something outside, by number. The same number is always the same text.
struct Address {
  std::uint64_t id = 0;
  AddressKind kind = AddressKind::organisation;

  friend bool operator==(const Address&, const Address&) = default;
};

inline constexpr std::uint32_t kPartners = 12;
inline constexpr std::uint32_t kOrganisations = 4000;

/// The domains do not depend on the seed: lists made for one world fit all.
std::string partner_domain(std::uint32_t partner);

/// How logs write mail addresses outside.
enum class AddressForm : std::uint8_t {
  plain,
  migrated,        // by another mail system: "kesalo_tomira" for "tomira.kesalo"
  other_provider,  // private mailboxes have gone to another one
};

/// The text of any address but an employee's.
void append_address(std::string& out, Address address, AddressForm form = AddressForm::plain);
std::string address_text(Address address, AddressForm form = AddressForm::plain);

/// Sites about jobs and private cloud storage have ranks of their own.
inline constexpr std::uint64_t kJobSites = 1'000'000;
inline constexpr std::uint64_t kCloudSites = 2'000'000;

}  // namespace weir::sim
