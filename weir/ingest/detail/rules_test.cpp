// Domain classes, exclusions and scope: the rules a record is held against.
#include <gtest/gtest.h>

#include "weir/ingest/detail/domain_classes.h"
#include "weir/ingest/detail/exclusions.h"
#include "weir/ingest/detail/scope.h"

namespace weir::ingest {
namespace {

using event::RecipientClass;
using event::RecordClass;

const std::vector<std::string_view> kFree = {"free.example", "mixed.example"};
const std::vector<std::string_view> kDisposable = {"mixed.example", "throwaway.example"};

DomainClasses classes() { return {{"Corp.example"}, {"partner.example"}, &kFree, &kDisposable}; }

TEST(DomainClasses, TellWhereADomainBelongs) {
  EXPECT_EQ(classes().of_domain("corp.example"), RecipientClass::internal);
  EXPECT_EQ(classes().of_domain("mail.corp.example"), RecipientClass::internal);
  EXPECT_EQ(classes().of_domain("notcorp.example"), RecipientClass::other);
  EXPECT_EQ(classes().of_domain("eu.partner.example"), RecipientClass::partner);
  EXPECT_EQ(classes().of_domain("free.example"), RecipientClass::free_mail);
  EXPECT_EQ(classes().of_domain("acme.free.example"), RecipientClass::other);
  EXPECT_EQ(classes().of_domain("mixed.example"), RecipientClass::disposable);
  EXPECT_EQ(classes().of_domain(""), RecipientClass::unknown);
}

TEST(DomainClasses, TakeTheWebSiteOfAMailProviderForTheProvider) {
  EXPECT_EQ(classes().of_site("mail.free.example"), RecipientClass::free_mail);
  EXPECT_EQ(classes().of_site("www.free.example"), RecipientClass::free_mail);
  EXPECT_EQ(classes().of_site("news.free.example"), RecipientClass::other);
}

TEST(DomainClasses, DoWithoutPublicLists) {
  EXPECT_EQ(DomainClasses({}, {}, nullptr, nullptr).of_domain("free.example"),
            RecipientClass::other);
}

TEST(Exclusions, CoverAddressesDomainsAndSitesWithTheirSubDomains) {
  const Exclusions excluded =
      Exclusions::create({"Council@corp.example", "*@union.example"}, {"clinic.example"}).value();
  EXPECT_TRUE(excluded.has_address("council@corp.example"));
  EXPECT_FALSE(excluded.has_address("anna@corp.example"));
  EXPECT_TRUE(excluded.has_address("anybody@union.example"));
  EXPECT_TRUE(excluded.has_address("anybody@north.union.example"));
  EXPECT_FALSE(excluded.has_address("anybody@reunion.example"));
  EXPECT_TRUE(excluded.has_site("clinic.example"));
  EXPECT_TRUE(excluded.has_site("booking.clinic.example"));
  EXPECT_FALSE(excluded.has_site("notclinic.example"));
}

TEST(Exclusions, NameTheOneThatIsMalformed) {
  for (const char* bad : {"", "council", "@corp.example", "a@", "c*@corp.example", "a@b@c",
                          "a@*.corp.example", "two words@corp.example"}) {
    const Result<Exclusions> made = Exclusions::create({"good@corp.example", bad}, {});
    ASSERT_FALSE(made) << bad;
    EXPECT_EQ(made.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(made.error().message.find("\"" + std::string(bad) + "\""), std::string::npos);
  }
  for (const char* bad : {"", "http://clinic.example", "clinic.example/path", "a@clinic.example"}) {
    EXPECT_FALSE(Exclusions::create({}, {bad})) << bad;
  }
}

roster::Person person() {
  roster::Person somebody;
  somebody.id = event::PersonId{1};
  return somebody;
}

roster::Facts facts(std::string_view entity, std::string_view unit) {
  roster::Facts of_day;
  of_day.entity = entity;
  of_day.unit = unit;
  return of_day;
}

TEST(Scope, IsOffWhereNothingIsSaid) {
  const Scope scope({});
  const roster::Person somebody = person();
  EXPECT_EQ(scope.classes_of(&somebody, {}), 0);
  EXPECT_EQ(scope.classes_of_strangers(), 0);
}

TEST(Scope, GoesByEntityAndUnit) {
  const Scope scope({{.entity = "North", .units = {"Lab"}, .sources = {RecordClass::email}},
                     {.entity = "*", .units = {"*"}, .sources = {RecordClass::web}}});
  const roster::Person somebody = person();
  const Scope::Classes in_lab = scope.classes_of(&somebody, facts("North", "Lab"));
  EXPECT_TRUE(Scope::has(in_lab, RecordClass::email));
  EXPECT_TRUE(Scope::has(in_lab, RecordClass::web));
  EXPECT_FALSE(Scope::has(in_lab, RecordClass::file));
  const Scope::Classes elsewhere = scope.classes_of(&somebody, facts("South", "Lab"));
  EXPECT_FALSE(Scope::has(elsewhere, RecordClass::email));
  EXPECT_TRUE(Scope::has(elsewhere, RecordClass::web));
}

TEST(Scope, CoversStrangersByRulesForEverybodyOnly) {
  const Scope scope({{.entity = "*", .units = {"Lab"}, .sources = {RecordClass::file}},
                     {.entity = "*", .units = {"*"}, .sources = {RecordClass::web}}});
  roster::Person provisional = person();
  provisional.provisional = true;
  for (const roster::Person* stranger : {static_cast<const roster::Person*>(nullptr),
                                         static_cast<const roster::Person*>(&provisional)}) {
    const Scope::Classes classes = scope.classes_of(stranger, facts("", "Lab"));
    EXPECT_TRUE(Scope::has(classes, RecordClass::web));
    EXPECT_FALSE(Scope::has(classes, RecordClass::file));
  }
}

}  // namespace
}  // namespace weir::ingest
