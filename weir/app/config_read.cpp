// From the YAML tree to a Config: every key is known, every value has its type and range, and all
// problems are collected, because an operator mends a file in one go.
#include <algorithm>
#include <array>

#include "weir/app/config.h"
#include "weir/app/detail/protected_keys.h"
#include "weir/app/detail/settings_block.h"
#include "weir/app/detail/yaml_tree.h"
#include "weir/base/text.h"

namespace weir::app {
namespace {

using detail::Problems;
using detail::SettingsBlock;
using detail::YamlNode;
using Kind = YamlNode::Kind;

std::string domain_problem(std::string_view domain) {
  if (domain.starts_with("*.") || domain.starts_with('.')) {
    return fmt::format("'{}': write the domain alone; its sub-domains are included",
                       printable(domain, 80));
  }
  if (domain.contains('@')) {
    return fmt::format("'{}' is an address; write the part after the @", printable(domain, 80));
  }
  const bool sound = !domain.empty() && domain.size() <= 253 && domain.contains('.') &&
                     !domain.ends_with('.') && !domain.contains("..") &&
                     std::ranges::all_of(domain, [](char c) {
                       return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                              (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
                     });
  if (sound) return {};
  return fmt::format("'{}' is no domain; write it like example.com (others than ASCII as xn--…)",
                     printable(domain, 80));
}

std::string address_problem(std::string_view pattern) {
  const std::size_t at = pattern.find('@');
  const bool spaces = std::ranges::any_of(
      pattern, [](char c) { return c == ' ' || static_cast<unsigned char>(c) < 0x20; });
  if (at == 0 || at == std::string_view::npos || at + 1 == pattern.size() || spaces ||
      pattern.substr(at + 1).contains('@') || pattern.size() > 320) {
    return fmt::format("'{}' is no address; write council@example.com or *@union.example",
                       printable(pattern, 80));
  }
  const std::string_view local = pattern.substr(0, at);
  if ((local != "*" && local.contains('*')) || pattern.substr(at + 1).contains('*')) {
    return fmt::format("'{}': * stands for every address of a domain only, as in *@union.example",
                       printable(pattern, 80));
  }
  return {};
}

std::string name_problem(std::string_view name) {
  if (!name.empty() && name.size() <= 200) return {};
  return "a name has 1 to 200 bytes";
}

void to_lower(std::vector<std::string>& texts) {
  for (std::string& text : texts) text = to_lower_ascii(text);
}

Scope read_scope_rule(const YamlNode& node, std::size_t number, Config& config,
                      Problems& problems) {
  static constexpr std::array<std::pair<std::string_view, event::RecordClass>, 8> kSources = {{
      {"email", event::RecordClass::email},
      {"web", event::RecordClass::web},
      {"file", event::RecordClass::file},
      {"authentication", event::RecordClass::authentication},
      {"device", event::RecordClass::device},
      {"print", event::RecordClass::print},
      {"lookup", event::RecordClass::lookup},
      {"hosting", event::RecordClass::hosting},
  }};
  static_assert(kSources.size() == event::kRecordClassCount);
  static constexpr std::array<std::pair<std::string_view, Purpose>, 1> kPurposes = {
      {{"leak_detection", Purpose::leak_detection}}};
  static constexpr std::array<std::pair<std::string_view, evidence::Hypothesis>, 6> kHypotheses = {{
      {"slow_drip", evidence::Hypothesis::slow_drip},
      {"burst", evidence::Hypothesis::burst},
      {"odd_hours", evidence::Hypothesis::odd_hours},
      {"departing", evidence::Hypothesis::departing},
      {"other_account", evidence::Hypothesis::other_account},
      {"sabotage", evidence::Hypothesis::sabotage},
  }};
  static_assert(kHypotheses.size() == evidence::kHypothesisCount);

  Scope rule;
  SettingsBlock block(node, fmt::format("scope.{}", number), config.lines, problems);
  block.text("entity", rule.entity);
  block.texts("units", rule.units, name_problem);
  block.choices<event::RecordClass>("sources", rule.sources, kSources);
  block.choices<Purpose>("purposes", rule.purposes, kPurposes);
  block.choices<evidence::Hypothesis>("hypotheses", rule.hypotheses, kHypotheses);
  block.finish();
  return rule;
}

void read_scope(const YamlNode* node, Config& config, Problems& problems) {
  if (node == nullptr) return;
  if (node->kind != Kind::sequence) {
    problems.add(node->line,
                 "'scope' is {}; write a list of rules, each beginning with '- entity: …'",
                 node->kind_name());
    return;
  }
  for (const YamlNode& item : node->items) {
    config.scope.push_back(read_scope_rule(item, config.scope.size() + 1, config, problems));
    config.lines.emplace(fmt::format("scope.{}", config.scope.size()), item.line);
  }
}

void read_organisation(const YamlNode& node, Config& config, Problems& problems) {
  SettingsBlock block(node, "organisation", config.lines, problems);
  block.text("name", config.organisation_name);
  block.texts("domains", config.domains, domain_problem);
  block.texts("partners", config.partners, domain_problem);
  block.text("timezone", config.timezone);
  block.finish();
  to_lower(config.domains);
  to_lower(config.partners);
  for (const std::string& domain : config.partners) {
    if (std::ranges::find(config.domains, domain) == config.domains.end()) continue;
    problems.add(config.lines.find("organisation.partners")->second,
                 "'{}' is both a domain of the organisation and a partner; take one out", domain);
  }
  const bool plain_name =
      !config.timezone.empty() && std::ranges::all_of(config.timezone, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '/' || c == '_' || c == '-' || c == '+';
      });
  if (!plain_name || !ingest::is_time_zone(config.timezone)) {
    problems.add(config.lines.find("organisation.timezone")->second,
                 "'{}' is no time zone; write a name of the time zone database, such as "
                 "Europe/Berlin",
                 printable(config.timezone, 60));
  }
}

void read_limits(const YamlNode& node, Config& config, Problems& problems) {
  SettingsBlock block(node, "limits", config.lines, problems);
  std::uint64_t parties = config.limits.parties;
  std::uint64_t objects = config.limits.objects;
  block.bytes("record_bytes", 1u << 10, 1u << 30, config.limits.record_bytes);
  block.bytes("message_bytes", 1u << 10, 1u << 30, config.limits.message_bytes);
  block.bytes("kept_bad_bytes", 0, 1u << 20, config.limits.kept_bad_bytes);
  block.whole("parties", 1, 1'000'000, parties);
  block.whole("objects", 1, 1'000'000, objects);
  block.finish();
  config.limits.parties = parties;
  config.limits.objects = objects;
}

void read_inspection(const YamlNode& node, Config& config, Problems& problems) {
  SettingsBlock block(node, "inspection", config.lines, problems);
  InspectionSettings& inspection = config.inspection;
  content::ExtractLimits& limits = inspection.limits;
  using std::chrono::seconds;
  auto time = static_cast<std::uint64_t>(std::chrono::duration_cast<seconds>(limits.time).count());
  std::uint64_t depth = limits.depth;
  block.bytes("file_bytes", 1u << 20, std::uint64_t{4} << 30, inspection.file_bytes);
  block.bytes("unpacked_bytes", 1u << 20, std::uint64_t{16} << 30, limits.total_bytes);
  block.bytes("text_bytes", 1u << 20, 1u << 30, inspection.text_bytes);
  block.whole("seconds", 1, 3'600, time);
  block.whole("depth", 1, 100, depth);
  block.whole("members", 1, 10'000'000, limits.members);
  block.whole("painted_points", 0, 10'000'000'000, limits.painted_points);
  block.whole("files_an_hour", 0, 1'000'000, inspection.files_an_hour);
  block.finish();
  limits.time = seconds{time};
  limits.depth = static_cast<unsigned>(depth);
}

void read_audit(const YamlNode& node, Config& config, Problems& problems) {
  SettingsBlock block(node, "audit", config.lines, problems);
  std::string anchor;
  block.text("anchor", anchor);
  block.finish();
  if (anchor.empty()) return;
  if (anchor.front() != '/') {
    problems.add(config.lines.find("audit.anchor")->second,
                 "'audit.anchor' is '{}'; write the whole path, from / on", printable(anchor, 80));
    return;
  }
  config.audit_anchor = anchor;
}

/// Keys anywhere in the file, also where they would be unknown anyway: the reason matters.
void refuse_protected(const YamlNode& node, Problems& problems) {
  for (const YamlNode& item : node.items) {
    if (const auto attribute = detail::protected_attribute(item.key)) {
      problems.add(item.key_line,
                   "'{}' stands for {}, which Weir never looks at: it judges what is done with "
                   "documents, not who people are; take it out",
                   printable(item.key, 60), *attribute);
    }
    refuse_protected(item, problems);
  }
}

void read_all(const YamlNode& root, Config& config, Problems& problems) {
  const YamlNode nothing{};
  const auto block_of = [&](const YamlNode* node) -> const YamlNode& {
    return node == nullptr ? nothing : *node;
  };

  refuse_protected(root, problems);
  SettingsBlock top(root, "", config.lines, problems);
  std::uint64_t version = 1;
  top.whole("version", 1, 1, version);
  read_organisation(block_of(top.find("organisation")), config, problems);
  read_scope(top.find("scope"), config, problems);

  SettingsBlock exclusions(block_of(top.find("exclusions")), "exclusions", config.lines, problems);
  exclusions.texts("addresses", config.excluded_addresses, address_problem);
  exclusions.texts("sites", config.excluded_sites, domain_problem);
  exclusions.finish();
  to_lower(config.excluded_addresses);
  to_lower(config.excluded_sites);

  SettingsBlock budget(block_of(top.find("budget")), "budget", config.lines, problems);
  budget.number("false_cases_per_week", 0.0001, 1000, config.false_cases_per_week);
  budget.number("false_discovery_share", 0, 0.5, config.false_discovery_share);
  budget.whole("fill_cases_per_week", 0, 1000, config.fill_cases_per_week);
  budget.finish();

  auto lateness = static_cast<std::uint64_t>(config.allowed_lateness.count());
  SettingsBlock analysis(block_of(top.find("analysis")), "analysis", config.lines, problems);
  analysis.whole("allowed_lateness_days", 0, 365, lateness);
  analysis.finish();
  config.allowed_lateness = std::chrono::days{static_cast<int>(lateness)};

  SettingsBlock storage(block_of(top.find("storage")), "storage", config.lines, problems);
  storage.truth("keep_names", config.keep_names);
  storage.finish();

  read_limits(block_of(top.find("limits")), config, problems);
  read_inspection(block_of(top.find("inspection")), config, problems);
  read_audit(block_of(top.find("audit")), config, problems);
  top.finish();
}

}  // namespace

Result<Config> parse_config(std::string_view text, std::string_view file_name) {
  WEIR_ASSIGN(const YamlNode root, detail::parse_yaml(text, file_name, {}));
  Config config;
  config.file_name = file_name;
  Problems problems(file_name);
  read_all(root, config, problems);
  if (problems.any()) return std::unexpected(Error{ErrorCode::invalid_argument, problems.take()});
  return config;
}

}  // namespace weir::app
