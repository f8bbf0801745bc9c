// From the YAML tree to a Config: every key is known, every value has its type and range, and all
// problems are collected, because an operator mends a file in one go.
#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "weir/app/config.h"
#include "weir/app/detail/protected_keys.h"
#include "weir/app/detail/yaml_tree.h"
#include "weir/base/text.h"

namespace weir::app {
namespace {

using detail::YamlNode;
using Kind = YamlNode::Kind;

constexpr std::size_t kMaxProblems = 20;

class Problems {
 public:
  explicit Problems(std::string_view file) : file_(file) {}

  template <class... Args>
  void add(int line, fmt::format_string<Args...> format, Args&&... args) {
    if (++count_ > kMaxProblems) return;
    if (!text_.empty()) text_ += '\n';
    text_ +=
        fmt::format("{}:{}: {}", file_, line, fmt::format(format, std::forward<Args>(args)...));
  }

  bool any() const { return count_ > 0; }
  std::string take() {
    if (count_ > kMaxProblems) text_ += fmt::format("\nand {} more", count_ - kMaxProblems);
    return std::move(text_);
  }

 private:
  std::string_view file_;
  std::string text_;
  std::size_t count_ = 0;
};

std::string quoted_list(std::span<const std::string_view> names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

/// Reads one block of settings; says which keys it does not know when it goes out of scope.
class Block {
 public:
  /// `name` is empty at the top of the file.
  Block(const YamlNode& node, std::string name, Config& config, Problems& problems)
      : node_(node), name_(std::move(name)), config_(config), problems_(problems) {
    if (node.kind != Kind::map && !node.is_null()) {
      problems_.add(node.line, "'{}' is {}; write its settings below it, indented",
                    name_.empty() ? "weir.yaml" : name_, node.kind_name());
    }
  }

  /// The value of `key`, if it is there and not empty.
  const YamlNode* find(std::string_view key) {
    known_.push_back(key);
    if (node_.kind != Kind::map) return nullptr;
    const auto value = std::ranges::find(node_.items, key, &YamlNode::key);
    if (value == node_.items.end() || value->is_null()) return nullptr;
    config_.lines.emplace(full_name(key), value->key_line);
    return &*value;
  }

  void text(std::string_view key, std::string& out) {
    constexpr std::size_t kMaxText = 1000;
    const YamlNode* value = scalar(key, "a text");
    if (value == nullptr) return;
    if (value->text.size() > kMaxText) {
      problems_.add(value->line, "'{}' is longer than {} bytes", full_name(key), kMaxText);
      return;
    }
    out = value->text;
  }

  void truth(std::string_view key, bool& out) {
    const YamlNode* value = scalar(key, "true or false");
    if (value == nullptr) return;
    if (value->quoted || (value->text != "true" && value->text != "false")) {
      problems_.add(value->line, "'{}' is '{}'; write true or false", full_name(key),
                    printable(value->text, 40));
      return;
    }
    out = value->text == "true";
  }

  void number(std::string_view key, double low, double high, double& out) {
    const YamlNode* value = scalar(key, "a number");
    if (value == nullptr) return;
    const std::optional<double> read = value->quoted ? std::nullopt : parse_double(value->text);
    // parse_double gives no NaN.
    if (!read || *read < low || *read > high) {
      problems_.add(value->line, "'{}' is '{}'; write a number from {} to {}, without quotes",
                    full_name(key), printable(value->text, 40), low, high);
      return;
    }
    out = *read;
  }

  void whole(std::string_view key, std::uint64_t low, std::uint64_t high, std::uint64_t& out) {
    const YamlNode* value = scalar(key, "a whole number");
    if (value == nullptr) return;
    const std::optional<std::uint64_t> read = value->quoted ? std::nullopt : parse_u64(value->text);
    if (!read || *read < low || *read > high) {
      problems_.add(value->line, "'{}' is '{}'; write a whole number from {} to {}, without quotes",
                    full_name(key), printable(value->text, 40), low, high);
      return;
    }
    out = *read;
  }

  /// "4096", "64 KiB", "16 MiB", "1 GiB"
  void bytes(std::string_view key, std::uint64_t low, std::uint64_t high, std::uint64_t& out) {
    const YamlNode* value = scalar(key, "a size");
    if (value == nullptr) return;
    std::string_view digits = value->text;
    int shift = 0;
    constexpr std::array<std::pair<std::string_view, int>, 3> kUnits = {
        {{"KiB", 10}, {"MiB", 20}, {"GiB", 30}}};
    for (const auto& [unit, bits] : kUnits) {
      if (!digits.ends_with(unit)) continue;
      digits = trim(digits.substr(0, digits.size() - unit.size()));
      shift = bits;
      break;
    }
    const std::optional<std::uint64_t> read = parse_u64(digits);
    if (!read || *read > (high >> shift) || (*read << shift) < low) {
      problems_.add(value->line, "'{}' is '{}'; write a size from {} to {} bytes, such as 16 MiB",
                    full_name(key), printable(value->text, 40), low, high);
      return;
    }
    out = *read << shift;
  }

  /// Single values; `use` says what is wrong with one, or nothing.
  void list(std::string_view key, const std::function<std::string(const YamlNode&)>& use) {
    const YamlNode* value = find(key);
    if (value == nullptr) return;
    if (value->kind != Kind::sequence) {
      problems_.add(value->line, "'{}' is {}; write a list: [a, b]", full_name(key),
                    value->kind_name());
      return;
    }
    for (const YamlNode& item : value->items) {
      if (item.kind != Kind::scalar) {
        problems_.add(item.line, "an entry of '{}' is {}; write single values: [a, b]",
                      full_name(key), item.kind_name());
      } else if (const std::string problem = use(item); !problem.empty()) {
        problems_.add(item.line, "'{}': {}", full_name(key), problem);
      }
    }
  }

  void texts(std::string_view key, std::vector<std::string>& out,
             std::string (*problem)(std::string_view)) {
    std::vector<std::string> read;
    list(key, [&](const YamlNode& item) {
      std::string wrong = problem(item.text);
      if (wrong.empty()) read.push_back(item.text);
      return wrong;
    });
    if (config_.lines.contains(full_name(key))) out = std::move(read);
  }

  /// Names out of a closed set.
  template <class Value>
  void choices(std::string_view key, std::vector<Value>& out,
               std::span<const std::pair<std::string_view, Value>> known) {
    list(key, [&](const YamlNode& item) -> std::string {
      const auto entry =
          std::ranges::find(known, item.text, &std::pair<std::string_view, Value>::first);
      if (entry != known.end()) {
        if (std::ranges::find(out, entry->second) == out.end()) out.push_back(entry->second);
        return {};
      }
      std::vector<std::string_view> names;
      for (const auto& [name, value] : known) names.push_back(name);
      const std::string_view near = nearest(item.text, names);
      if (!near.empty()) {
        return fmt::format("'{}' is unknown; did you mean '{}'?", printable(item.text, 60), near);
      }
      return fmt::format("'{}' is unknown; choose from {}", printable(item.text, 60),
                         quoted_list(names));
    });
  }

  /// Call last: every key that no one asked for is a problem.
  void finish() {
    if (node_.kind != Kind::map) return;
    for (const YamlNode& member : node_.items) {
      if (std::ranges::find(known_, member.key) != known_.end()) continue;
      if (detail::protected_attribute(member.key)) continue;  // said already
      const std::string name = full_name(printable(member.key, 60));
      if (member.key == "retention") {
        problems_.add(
            member.key_line,
            "'{}': this version does not delete by age, so a retention written here would "
            "promise what nothing keeps; take it out and delete by other means",
            name);
        continue;
      }
      const std::string_view near = nearest(member.key, known_);
      if (near.empty()) {
        problems_.add(member.key_line, "unknown key '{}'; known here: {}", name,
                      quoted_list(known_));
      } else {
        problems_.add(member.key_line, "unknown key '{}'; did you mean '{}'?", name, near);
      }
    }
  }

 private:
  std::string full_name(std::string_view key) const {
    return name_.empty() ? std::string(key) : fmt::format("{}.{}", name_, key);
  }

  const YamlNode* scalar(std::string_view key, std::string_view wanted) {
    const YamlNode* value = find(key);
    if (value == nullptr || value->kind == Kind::scalar) return value;
    problems_.add(value->line, "'{}' is {}; write {}", full_name(key), value->kind_name(), wanted);
    return nullptr;
  }

  const YamlNode& node_;
  std::string name_;
  Config& config_;
  Problems& problems_;
  std::vector<std::string_view> known_;
};

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
  static constexpr std::array<std::pair<std::string_view, evidence::Hypothesis>, 2> kHypotheses = {{
      {"slow_drip", evidence::Hypothesis::slow_drip},
      {"burst", evidence::Hypothesis::burst},
  }};
  static_assert(kHypotheses.size() == evidence::kHypothesisCount);

  Scope rule;
  Block block(node, fmt::format("scope.{}", number), config, problems);
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
  Block block(node, "organisation", config, problems);
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
  Block block(node, "limits", config, problems);
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

void read_audit(const YamlNode& node, Config& config, Problems& problems) {
  Block block(node, "audit", config, problems);
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
  Block top(root, "", config, problems);
  std::uint64_t version = 1;
  top.whole("version", 1, 1, version);
  read_organisation(block_of(top.find("organisation")), config, problems);
  read_scope(top.find("scope"), config, problems);

  Block exclusions(block_of(top.find("exclusions")), "exclusions", config, problems);
  exclusions.texts("addresses", config.excluded_addresses, address_problem);
  exclusions.texts("sites", config.excluded_sites, domain_problem);
  exclusions.finish();
  to_lower(config.excluded_addresses);
  to_lower(config.excluded_sites);

  Block budget(block_of(top.find("budget")), "budget", config, problems);
  budget.number("false_cases_per_week", 0.0001, 1000, config.false_cases_per_week);
  budget.finish();

  auto lateness = static_cast<std::uint64_t>(config.allowed_lateness.count());
  Block analysis(block_of(top.find("analysis")), "analysis", config, problems);
  analysis.whole("allowed_lateness_days", 0, 365, lateness);
  analysis.finish();
  config.allowed_lateness = std::chrono::days{static_cast<int>(lateness)};

  Block storage(block_of(top.find("storage")), "storage", config, problems);
  storage.truth("keep_names", config.keep_names);
  storage.finish();

  read_limits(block_of(top.find("limits")), config, problems);
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
