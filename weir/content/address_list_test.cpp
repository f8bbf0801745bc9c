#include "weir/content/address_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace weir::content {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> addresses(std::string_view value) {
  std::vector<std::string> out;
  append_addresses(value, 100, out);
  return out;
}

TEST(AddressList, DropsNamesAndComments) {
  EXPECT_THAT(addresses("Ann <ann@x>, \"Doe, Bob\" <bob@x>,\r\n\tcarol@x (Carol (the boss))"),
              ElementsAre("ann@x", "bob@x", "carol@x"));
}

TEST(AddressList, OpensGroups) {
  EXPECT_THAT(addresses("team: ann@x, Bob <bob@x>;, carol@x"),
              ElementsAre("ann@x", "bob@x", "carol@x"));
}

TEST(AddressList, KnowsWhoIsNobody) {
  const std::vector<std::string_view> kNobody = {"undisclosed-recipients:;",
                                                 "Undisclosed-Recipients",
                                                 "undisclosed recipients: ;",
                                                 "(Recipient list suppressed)",
                                                 "unlisted-recipients:; (no To-header on input)",
                                                 "",
                                                 " , ;",
                                                 "<>",
                                                 std::string_view("<\0\0>", 4)};
  for (const std::string_view nobody : kNobody) {
    EXPECT_THAT(addresses(nobody), IsEmpty()) << nobody;
  }
}

TEST(AddressList, KeepsWhatHasNoAtSign) {
  EXPECT_THAT(addresses("/O=ENRON/OU=NA/CN=RECIPIENTS/CN=JSKILLIN"),
              ElementsAre("/O=ENRON/OU=NA/CN=RECIPIENTS/CN=JSKILLIN"));
  EXPECT_THAT(addresses("Jeff </O=ENRON/CN=JSKILLIN>, \"Erica Harris\""),
              ElementsAre("/O=ENRON/CN=JSKILLIN", "Erica Harris"));
}

TEST(AddressList, ReadsOddAddressesAsTheyAre) {
  EXPECT_THAT(addresses("'todd'.delahoussaye@enron.com, k..allen@enron.com"),
              ElementsAre("'todd'.delahoussaye@enron.com", "k..allen@enron.com"));
  EXPECT_THAT(addresses("\"john doe\"@x, a@[IPv6:::1], <@r1,@r2:b@x>"),
              ElementsAre("\"john doe\"@x", "a@[IPv6:::1]", "b@x"));
}

TEST(AddressList, FindsAddressesWhereSeparatorsAreMissing) {
  EXPECT_THAT(addresses("Bob bob@x carol@x"), ElementsAre("bob@x", "carol@x"));
  EXPECT_THAT(addresses("a@x; b@x"), ElementsAre("a@x", "b@x"));
}

TEST(AddressList, SurvivesWhatIsNeverClosed) {
  EXPECT_THAT(addresses("\"a@x"), ElementsAre("\"a@x\""));
  EXPECT_THAT(addresses("a@x (b"), ElementsAre("a@x"));
  EXPECT_THAT(addresses("Ann <a@x"), ElementsAre("a@x"));
  EXPECT_THAT(addresses("a@[x"), ElementsAre("a@[x"));
  EXPECT_THAT(addresses(std::string(100'000, '(')), IsEmpty());
  EXPECT_THAT(addresses("\\"), ElementsAre("\\"));
}

TEST(AddressList, SaysThatThereWereMoreThanTheLimit) {
  std::vector<std::string> out;
  EXPECT_FALSE(append_addresses("a@x, b@x, c@x", 2, out));
  EXPECT_THAT(out, ElementsAre("a@x", "b@x"));
}

TEST(AddressList, CutsWhatNoAddressIsLong) {
  EXPECT_EQ(addresses("<" + std::string(5000, 'a') + "@x>").front().size(), 1000u);
}

}  // namespace
}  // namespace weir::content
