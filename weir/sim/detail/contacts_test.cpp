#include "weir/sim/detail/contacts.h"

#include <gtest/gtest.h>

#include <set>

#include "weir/sim/detail/purpose.h"

namespace weir::sim {
namespace {

constexpr Day kFrom{std::chrono::year{2012} / 1 / 1};

/// Share of recipients never written to before, by year, for people who write five a day.
std::vector<double> new_share_by_year(int years) {
  const Organisation o = make_organisation(16, kFrom, kFrom + std::chrono::days{4383}, 8);
  const Contacts contacts(o);
  std::vector<double> fresh(static_cast<std::size_t>(years));
  double each_year = 0;
  for (const Seat& seat : o.seats) {
    const Person& person = o.people[seat.first_person];
    std::set<std::string> seen;
    for (int d = 0; d < years * 250; ++d) {
      const Day day = kFrom + std::chrono::days{d * 365 / 250};
      Random random = draw(8, stream_of(day), person.number, Purpose::mail);
      for (int i = 0; i < 5; ++i) {
        const Address address = contacts.business(random, person, day);
        if (seen.insert(address_text(address)).second) ++fresh[static_cast<std::size_t>(d / 250)];
      }
    }
    each_year += 250 * 5;
  }
  for (double& share : fresh) share /= each_year;
  return fresh;
}

TEST(Contacts, NewOnesNeverDryUp) {
  const std::vector<double> share = new_share_by_year(8);
  EXPECT_GT(share[0], 0.08);
  for (const double s : share) {
    EXPECT_GT(s, 0.055);
    EXPECT_LT(s, 0.20);
  }
  EXPECT_GT(share[0], share[3]);
}

TEST(Contacts, FriendsAreFewAndStayForYears) {
  const Organisation o = make_organisation(10, kFrom, kFrom + std::chrono::days{4383}, 8);
  const Contacts contacts(o);
  for (const Person& person : o.people) {
    std::set<std::string> seen;
    for (int d = 0; d < 365; ++d) {
      const Day day = kFrom + std::chrono::days{d};
      Random random = draw(8, stream_of(day), person.number, Purpose::personal);
      seen.insert(address_text(contacts.friend_of(random, person, day)));
    }
    EXPECT_LE(seen.size(), 12u);
  }
}

TEST(Names, TheSameNumberIsTheSameText) {
  const Address address{123456789, AddressKind::free_mail};
  EXPECT_EQ(address_text(address), address_text(address));
  EXPECT_NE(address_text(address), address_text({123456789, AddressKind::organisation}));
  EXPECT_EQ(partner_domain(3), partner_domain(3));
  EXPECT_NE(partner_domain(3), partner_domain(4));
}

}  // namespace
}  // namespace weir::sim
