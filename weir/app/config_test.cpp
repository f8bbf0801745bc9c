#include "weir/app/config.h"

#include <gmock/gmock.h>

#include "weir/app/detail/protected_keys.h"
#include "weir/base/columns.h"
#include "weir/base/text.h"

namespace weir::app {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

Config read(std::string_view text) {
  Result<Config> config = parse_config(text, "weir.yaml");
  EXPECT_TRUE(config) << (config ? "" : config.error().message);
  return config ? *std::move(config) : Config{};
}

std::string problems(std::string_view text) {
  const Result<Config> config = parse_config(text, "weir.yaml");
  return config ? "no problem" : config.error().message;
}

constexpr std::string_view kFull = R"(version: 1
organisation:
  name: "Example & Sons"
  domains: [Example.com, example.org]
  partners:
    - partner.example
  timezone: Europe/Berlin
scope:
  - entity: Example GmbH
    units: [Research, Sales]
    sources: [email, web]
    purposes: [leak_detection]
    hypotheses: [slow_drip]
  - sources: [device]
    purposes: [leak_detection]
exclusions:
  addresses: [Council@example.com, "*@union.example"]
  sites: [clinic.example]
budget:
  false_cases_per_week: 0.1
analysis:
  allowed_lateness_days: 14
storage:
  keep_names: false
limits:
  record_bytes: 64 KiB
  parties: 500
inspection:
  seconds: 5
audit:
  anchor: /mnt/log/anchor
)";

TEST(Config, ReadsEverySetting) {
  const Config config = read(kFull);
  EXPECT_EQ(config.organisation_name, "Example & Sons");
  EXPECT_THAT(config.domains, ElementsAre("example.com", "example.org"));
  EXPECT_THAT(config.partners, ElementsAre("partner.example"));
  EXPECT_EQ(config.timezone, "Europe/Berlin");
  ASSERT_EQ(config.scope.size(), 2u);
  EXPECT_EQ(config.scope[0].entity, "Example GmbH");
  EXPECT_THAT(config.scope[0].units, ElementsAre("Research", "Sales"));
  EXPECT_THAT(config.scope[0].sources,
              ElementsAre(event::RecordClass::email, event::RecordClass::web));
  EXPECT_THAT(config.excluded_addresses, ElementsAre("council@example.com", "*@union.example"));
  EXPECT_THAT(config.excluded_sites, ElementsAre("clinic.example"));
  EXPECT_EQ(config.false_cases_per_week, 0.1);
  EXPECT_EQ(config.allowed_lateness, std::chrono::days{14});
  EXPECT_FALSE(config.keep_names);
  EXPECT_EQ(config.limits.record_bytes, 65536u);
  EXPECT_EQ(config.limits.parties, 500u);
  EXPECT_EQ(config.inspection.limits.time, std::chrono::seconds{5});
  EXPECT_EQ(config.inspection.limits.depth, 8u);
  EXPECT_EQ(config.audit_anchor, "/mnt/log/anchor");
}

TEST(Config, HandsOutWhatResolverAndEngineTake) {
  const Config config = read(kFull);
  const ingest::ResolverOptions resolver = config.resolver_options();
  EXPECT_EQ(resolver.internal_domains, config.domains);
  EXPECT_EQ(resolver.partner_domains, config.partners);
  EXPECT_EQ(resolver.excluded_sites, config.excluded_sites);
  EXPECT_EQ(resolver.default_timezone, "Europe/Berlin");
  EXPECT_FALSE(resolver.keep_names);
  const evidence::EngineOptions engine = config.engine_options();
  EXPECT_EQ(engine.false_cases_per_week, 0.1);
  EXPECT_EQ(engine.allowed_lateness, std::chrono::days{14});
}

TEST(Scope, IsOffForARuleThatNamesNoHypothesisOrPurpose) {
  const Config config = read(kFull);
  const std::vector<ingest::ScopeRule> rules = config.scope_rules();
  ASSERT_EQ(rules.size(), 1u);
  EXPECT_EQ(rules[0].entity, "Example GmbH");
}

TEST(Scope, IsOffWhenItIsAbsentAndTheCheckSaysSoFirst) {
  for (const std::string_view text : {"", "# nothing\n", "scope:\n", "scope: []\n"}) {
    const Config config = read(text);
    EXPECT_THAT(config.scope_rules(), IsEmpty());
    EXPECT_FALSE(config.permits("", "", evidence::Hypothesis::slow_drip));
    ASSERT_THAT(config.notices(), Not(IsEmpty()));
    EXPECT_THAT(config.notices().front(), StartsWith("NOTHING IS PERMITTED"));
  }
}

TEST(Scope, NamesARuleThatPermitsNothing) {
  EXPECT_THAT(read(kFull).notices(), Contains(HasSubstr("weir.yaml:14: rule 2")));
}

TEST(Scope, PermitsByEntityUnitAndHypothesis) {
  const Config config = read(kFull);
  EXPECT_TRUE(config.permits("Example GmbH", "Sales", evidence::Hypothesis::slow_drip));
  EXPECT_FALSE(config.permits("Example GmbH", "Sales", evidence::Hypothesis::burst));
  EXPECT_FALSE(config.permits("Example GmbH", "Legal", evidence::Hypothesis::slow_drip));
  EXPECT_FALSE(config.permits("Other Ltd", "Sales", evidence::Hypothesis::slow_drip));
  EXPECT_FALSE(config.permits("", "", evidence::Hypothesis::slow_drip));
}

TEST(Config, NamesAnUnknownKeyItsLineAndTheNearestKnownOne) {
  EXPECT_EQ(problems("budget:\n  false_case_per_week: 1\n"),
            "weir.yaml:2: unknown key 'budget.false_case_per_week'; did you mean "
            "'false_cases_per_week'?");
  EXPECT_THAT(problems("colour: red\n"),
              AllOf(StartsWith("weir.yaml:1: unknown key 'colour'"), HasSubstr("known here:")));
  EXPECT_THAT(problems("scope:\n  - entitty: x\n"), HasSubstr("did you mean 'entity'?"));
}

TEST(Config, ReportsAllProblemsAtOnceUpToALimit) {
  EXPECT_THAT(problems("colour: red\nbudget: 3\n"),
              AllOf(HasSubstr("weir.yaml:1:"), HasSubstr("weir.yaml:2:")));
  std::string many;
  for (int i = 0; i < 100; ++i) many += fmt::format("key{}: 1\n", i);
  EXPECT_THAT(problems(many), HasSubstr("and 80 more"));
}

TEST(Config, RefusesWrongTypes) {
  EXPECT_THAT(problems("budget:\n  false_cases_per_week: one\n"), HasSubstr("write a number from"));
  EXPECT_THAT(problems("budget:\n  false_cases_per_week: \"1\"\n"), HasSubstr("without quotes"));
  EXPECT_THAT(problems("budget:\n  false_cases_per_week: [1]\n"), HasSubstr("is a list"));
  EXPECT_THAT(problems("budget: 1\n"), HasSubstr("write its settings below it"));
  EXPECT_THAT(problems("storage:\n  keep_names: yes\n"), HasSubstr("write true or false"));
  EXPECT_THAT(problems("organisation:\n  domains: example.com\n"), HasSubstr("write a list"));
  EXPECT_THAT(problems("organisation:\n  domains: [[a.example]]\n"), HasSubstr("single values"));
  EXPECT_THAT(problems("scope: everything\n"), HasSubstr("write a list of rules"));
  EXPECT_THAT(problems("- a\n- b\n"), HasSubstr("is a list"));
  EXPECT_THAT(problems("just text\n"), HasSubstr("is a single value"));
  EXPECT_THAT(problems("limits:\n  record_bytes: 5 parsec\n"), HasSubstr("such as 16 MiB"));
  EXPECT_THAT(problems("audit:\n  anchor: anchor.log\n"), HasSubstr("from / on"));
}

TEST(Config, RefusesValuesOutOfRange) {
  for (const std::string_view value : {"0", "-1", "nan", "inf", "1e9", "1001"}) {
    EXPECT_THAT(problems(fmt::format("budget:\n  false_cases_per_week: {}\n", value)),
                HasSubstr("from 0.0001 to 1000"))
        << value;
  }
  EXPECT_THAT(problems("analysis:\n  allowed_lateness_days: 366\n"), HasSubstr("from 0 to 365"));
  EXPECT_THAT(problems("limits:\n  record_bytes: 99999999999 GiB\n"), HasSubstr("a size from"));
  EXPECT_THAT(problems("version: 2\n"), HasSubstr("from 1 to 1"));
}

TEST(Config, RefusesChoicesItDoesNotKnow) {
  EXPECT_THAT(problems("scope:\n  - sources: [emall]\n"), HasSubstr("did you mean 'email'?"));
  EXPECT_THAT(problems("scope:\n  - purposes: [performance]\n"),
              HasSubstr("choose from leak_detection"));
}

TEST(Config, RefusesWhatIsNoDomainOrAddress) {
  EXPECT_THAT(problems("organisation:\n  domains: [\"*.example.com\"]\n"),
              HasSubstr("sub-domains are included"));
  EXPECT_THAT(problems("organisation:\n  domains: [a@example.com]\n"), HasSubstr("after the @"));
  EXPECT_THAT(problems("organisation:\n  domains: [\"exa mple.com\"]\n"),
              HasSubstr("is no domain"));
  EXPECT_THAT(problems("exclusions:\n  addresses: [council]\n"), HasSubstr("is no address"));
  EXPECT_THAT(problems("exclusions:\n  addresses: [\"coun*@example.com\"]\n"),
              HasSubstr("every address of a domain"));
  EXPECT_THAT(problems("organisation:\n  domains: [a.example]\n  partners: [A.example]\n"),
              HasSubstr("both a domain of the organisation and a partner"));
}

TEST(Config, RefusesRetentionBecauseNothingWouldKeepIt) {
  EXPECT_THAT(problems("retention: 24 months\n"), HasSubstr("does not delete by age"));
  EXPECT_THAT(problems("scope:\n  - entity: x\n    retention: 24\n"),
              HasSubstr("weir.yaml:3: 'scope.1.retention'"));
}

TEST(Config, RefusesProtectedAttributesWhereverTheyStand) {
  EXPECT_THAT(problems("nationality: [x]\n"), HasSubstr("which Weir never looks at"));
  EXPECT_THAT(problems("scope:\n  - entity: x\n    where: {birthDate: 1970}\n"),
              HasSubstr("weir.yaml:3: 'birthDate' stands for age"));
  for (const std::string_view key :
       {"Ethnicity", "religion", "political-view", "employee_age", "gender", "health_status",
        "maritalStatus", "dateOfBirth", "mother_tongue", "Openness", "union_member"}) {
    EXPECT_TRUE(detail::protected_attribute(key)) << key;
  }
}

TEST(Config, DoesNotTakeHarmlessKeysForProtectedOnes) {
  for (const std::string_view key :
       {"message_bytes", "storage", "pages", "trace", "averages", "units", "partners", "surface"}) {
    EXPECT_FALSE(detail::protected_attribute(key)) << key;
  }
}

TEST(Config, RefusesAKeyThatIsThereTwice) {
  EXPECT_EQ(problems("budget:\n  false_cases_per_week: 1\nbudget:\n"),
            "weir.yaml:3: 'budget' is here for the second time, after line 1; keep one");
}

TEST(Config, RefusesTabsAnchorsAliasesTagsAndSecondDocuments) {
  EXPECT_THAT(problems("budget:\n\tfalse_cases_per_week: 1\n"),
              StartsWith("weir.yaml:2: a tab in the indentation"));
  EXPECT_THAT(problems("a: &x [1]\n"), HasSubstr("anchors (&) and aliases (*)"));
  EXPECT_THAT(problems("exclusions:\n  addresses: [*@union.example]\n"),
              Not(HasSubstr("no problem")));
  EXPECT_THAT(problems("a: !!binary x\n"), HasSubstr("leave the tag out"));
  EXPECT_THAT(problems("version: 1\n---\nversion: 1\n"), HasSubstr("more than one document"));
}

TEST(Config, RefusesABombOfAliases) {
  std::string bomb = "a0: &a0 [x]\n";
  for (int i = 1; i < 30; ++i) {
    bomb += fmt::format("a{0}: &a{0} [*a{1},*a{1},*a{1},*a{1},*a{1}]\n", i, i - 1);
  }
  EXPECT_THAT(problems(bomb), HasSubstr("anchors"));
}

TEST(Config, RefusesDepthSizeAndNumberBeyondTheLimits) {
  EXPECT_THAT(problems("a: " + std::string(100, '[') + std::string(100, ']')),
              HasSubstr("levels deep"));
  EXPECT_THAT(problems("a: " + std::string(20'000, '[')), Not(HasSubstr("no problem")));
  EXPECT_THAT(problems(std::string(300'000, '#')), HasSubstr("a configuration has at most"));
  std::string many = "a: [1";
  for (int i = 0; i < 30'000; ++i) many += ",1";
  EXPECT_THAT(problems(many + "]"), HasSubstr("values in one file"));
}

TEST(Config, RefusesBytesThatAreNoText) {
  EXPECT_THAT(problems("a: \xff\n"), HasSubstr("is not UTF-8"));
  EXPECT_THAT(problems(std::string_view("a: 1\n\0", 6)), HasSubstr("weir.yaml:2: a NUL byte"));
  EXPECT_THAT(problems("a: [1\n"), HasSubstr("not YAML"));
  EXPECT_THAT(problems("a: \"1\n"), HasSubstr("not YAML"));
}

TEST(Config, TreatsAnEmptyFileAsDefaults) {
  const Config config = read("");
  EXPECT_EQ(config.false_cases_per_week, 1.0);
  EXPECT_EQ(config.timezone, "UTC");
  EXPECT_TRUE(config.keep_names);
}

TEST(Config, SaysThatAFileIsNotThere) {
  const Result<Config> config = load_config("/nowhere/weir.yaml");
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().code, ErrorCode::not_found);
  EXPECT_THAT(config.error().message, HasSubstr("/nowhere/weir.yaml"));
}

TEST(DefaultText, ReadsBackToTheValuesGivenWhateverTheyContain) {
  const DefaultConfig values{.organisation_name = "A \"quoted\\ \nname: # größer",
                             .domains = {"example.com", "007.example", "1.5"},
                             .partners = {"partner.example"},
                             .timezone = "America/New_York",
                             .permit_all = true};
  const Config config = read(default_config_text(values));
  EXPECT_EQ(config.organisation_name, values.organisation_name);
  EXPECT_EQ(config.domains, values.domains);
  EXPECT_EQ(config.partners, values.partners);
  EXPECT_EQ(config.timezone, values.timezone);
  EXPECT_TRUE(config.permits("", "", evidence::Hypothesis::slow_drip));
  EXPECT_TRUE(config.permits("a", "b", evidence::Hypothesis::burst));
  ASSERT_EQ(config.scope_rules().size(), 1u);
  EXPECT_EQ(config.scope_rules()[0].sources.size(), event::kRecordClassCount);
}

TEST(DefaultText, SaysTheDefaultsThatAnEmptyFileHas) {
  EXPECT_EQ(read(default_config_text({})).hash(), Config{}.hash());
}

TEST(DefaultText, PermitsNothingUnlessAsked) {
  const std::string text = default_config_text({});
  EXPECT_THAT(read(text).scope_rules(), IsEmpty());
}

TEST(DefaultText, HasAScopeThatHoldsOnceTheCommentSignsAreTakenOut) {
  std::string text = default_config_text({});
  std::string opened;
  bool inside = false;
  for (const std::string_view line : split(text, '\n')) {
    inside = (inside || line == "# scope:") && line.starts_with('#');
    opened += fmt::format("{}\n", inside ? line.substr(2) : line);
  }
  EXPECT_EQ(read(opened).scope_rules().size(), 1u);
}

TEST(ConfigHash, DoesNotDependOnOrderOrOnWhatChangesNoResult) {
  const Config one = read("organisation: {domains: [a.example, b.example], name: x}\n");
  const Config two = read(
      "inspection: {depth: 5}\nstorage: {keep_names: false}\norganisation:\n  domains: [B.example, "
      "a.example]\n");
  EXPECT_EQ(one.hash(), two.hash());
}

TEST(ConfigHash, DiffersForEverySettingThatChangesResults) {
  const Hash128 base = read("").hash();
  for (const std::string_view text :
       {"organisation: {domains: [a.example]}", "organisation: {partners: [a.example]}",
        "organisation: {timezone: Asia/Tokyo}", "scope: [{entity: x}]",
        "exclusions: {addresses: [a@b.example]}", "exclusions: {sites: [b.example]}",
        "budget: {false_cases_per_week: 2}", "analysis: {allowed_lateness_days: 31}",
        "limits: {record_bytes: 1 MiB}"}) {
    EXPECT_NE(read(text).hash(), base) << text;
  }
}

TEST(Explain, ShowsValueOriginAndMeaningOfEverySettingIn80Columns) {
  const Config config = read(kFull);
  const std::string text = config.explain();
  for (const Setting& setting : config.settings()) {
    EXPECT_THAT(text, HasSubstr(setting.name + ":"));
    EXPECT_FALSE(setting.meaning.empty());
  }
  for (const std::string_view line : split(text, '\n')) EXPECT_LE(columns(line), 80u) << line;
  EXPECT_THAT(text, HasSubstr("budget.false_cases_per_week: 0.1"));
  EXPECT_THAT(text, HasSubstr("line 20\n"));
  EXPECT_THAT(text, HasSubstr("default\n"));
  EXPECT_THAT(text, HasSubstr(to_hex(config.hash())));
}

TEST(Explain, NamesTheLineOfEverySettingTheFileNames) {
  const Config config = read(kFull);
  int from_file = 0;
  for (const Setting& setting : config.settings()) {
    const bool left_out =
        setting.name == "limits.message_bytes" || setting.name == "limits.kept_bad_bytes" ||
        setting.name == "limits.objects" || setting.name == "budget.false_discovery_share" ||
        setting.name == "budget.fill_cases_per_week" ||
        (setting.name.starts_with("inspection.") && setting.name != "inspection.seconds");
    EXPECT_EQ(setting.line == 0, left_out) << setting.name;
    from_file += setting.line != 0;
  }
  EXPECT_EQ(from_file, 15);
}

}  // namespace
TEST(Config, RefusesAZoneThatTheSystemDoesNotKnow) {
  const auto config = parse_config("organisation:\n  timezone: Mars/Olympus\n", "weir.yaml");
  ASSERT_FALSE(config);
  EXPECT_THAT(config.error().message, HasSubstr("weir.yaml:2: 'Mars/Olympus' is no time zone"));
}

}  // namespace weir::app
