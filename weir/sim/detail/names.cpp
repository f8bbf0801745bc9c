#include "weir/sim/detail/names.h"

#include <fmt/format.h>

#include <array>

#include "weir/sim/detail/purpose.h"

namespace weir::sim {

namespace {

constexpr std::array<std::string_view, 48> kSyllables = {
    "ba", "be", "bo", "da", "de", "do", "fa", "fe", "fo", "ga", "ge", "go", "ka", "ke", "ki", "ko",
    "la", "le", "li", "lo", "ma", "me", "mi", "mo", "na", "ne", "ni", "no", "pa", "pe", "po", "ra",
    "re", "ri", "ro", "sa", "se", "so", "ta", "te", "ti", "to", "va", "ve", "vi", "vo", "za", "zo"};
constexpr std::array<std::string_view, 6> kEnds = {"", "", "n", "r", "l", "s"};

/// Shares of the providers among private mailboxes, in parts of 20. All are in the public list of
/// free-mail domains.
constexpr std::array<std::string_view, 20> kFreeMail = {
    "gmail.com",   "gmail.com",   "gmail.com", "gmail.com", "gmail.com", "yahoo.com",  "yahoo.com",
    "outlook.com", "hotmail.com", "gmx.de",    "gmx.net",   "web.de",    "icloud.com", "aol.com",
    "qq.com",      "163.com",     "mail.ru",   "proton.me", "live.com",  "mail.com"};
/// So many entries on, everybody's provider is another one.
constexpr std::uint64_t kProviderStep = 7;
constexpr std::array<std::string_view, 3> kDisposable = {"mailinator.com", "guerrillamail.com",
                                                         "yopmail.com"};

constexpr std::uint64_t kNameSeed =
    0x5765697253696d31;  // the outside world is the same in all seeds

Random name_random(std::uint64_t id) { return draw(kNameSeed, id, 0, Purpose::names); }

void append_domain(std::string& out, std::uint32_t organisation) {
  Random random = draw(kNameSeed, organisation, 0, Purpose::organisation_name);
  append_name(out, random, 3);
  // A number keeps two organisations from sharing a name.
  fmt::format_to(std::back_inserter(out), "{}.example", organisation);
}

std::uint32_t organisation_of(std::uint64_t id) {
  return static_cast<std::uint32_t>((id >> 20) % kOrganisations);
}

}  // namespace

void append_name(std::string& out, Random& random, unsigned syllables) {
  for (unsigned i = 0; i < syllables; ++i) out += kSyllables[random.below(kSyllables.size())];
  out += kEnds[random.below(kEnds.size())];
}

std::string proper_name(Random& random, unsigned syllables) {
  std::string name;
  append_name(name, random, syllables);
  name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return name;
}

std::string partner_domain(std::uint32_t partner) {
  std::string out = "partner-";
  append_domain(out, kOrganisations + partner);
  return out;
}

void append_address(std::string& out, Address address, AddressForm form) {
  if (address.kind == AddressKind::web_site) {
    if (address.id >= kCloudSites) {
      fmt::format_to(std::back_inserter(out), "cloud{}.example", address.id - kCloudSites);
    } else if (address.id >= kJobSites) {
      fmt::format_to(std::back_inserter(out), "jobs{}.example", address.id - kJobSites);
    } else {
      Random random = name_random(address.id | std::uint64_t{1} << 63);
      out += "www.";
      append_name(out, random, 2);
      fmt::format_to(std::back_inserter(out), "{}.example", address.id);
    }
    return;
  }
  if (address.kind == AddressKind::newsletter) {
    out += "news@";
    append_domain(out, organisation_of(address.id));
    return;
  }
  Random random = name_random(address.id);
  const std::size_t begin = out.size();
  append_name(out, random, 2);
  const std::size_t middle = out.size();
  out += '.';
  append_name(out, random, 3);
  if (form == AddressForm::migrated) {
    const std::string first = out.substr(begin, middle - begin);
    out.erase(begin, first.size() + 1);
    out += '_';
    out += first;
  }
  if (address.kind == AddressKind::free_mail || address.kind == AddressKind::disposable) {
    const std::uint32_t digits = random.below(100);
    fmt::format_to(std::back_inserter(out), "{}", digits);
  }
  out += '@';
  switch (address.kind) {
    case AddressKind::partner:
      out += partner_domain(static_cast<std::uint32_t>((address.id >> 20) % kPartners));
      break;
    case AddressKind::free_mail:
      out += kFreeMail[((address.id >> 20) +
                        (form == AddressForm::other_provider ? kProviderStep : 0)) %
                       kFreeMail.size()];
      break;
    case AddressKind::disposable:
      out += kDisposable[(address.id >> 20) % kDisposable.size()];
      break;
    default:
      append_domain(out, organisation_of(address.id));
  }
}

std::string address_text(Address address, AddressForm form) {
  std::string out;
  append_address(out, address, form);
  return out;
}

}  // namespace weir::sim
