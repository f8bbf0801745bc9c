#include "weir/app/config.h"

#include <algorithm>

#include "weir/base/bytes.h"
#include "weir/base/file.h"

namespace weir::app {
namespace {

void put(ByteWriter& out, std::vector<std::string> texts) {
  std::ranges::sort(texts);
  out.varint(texts.size());
  for (const std::string& text : texts) out.text(text);
}

template <class Enum>
void put(ByteWriter& out, std::vector<Enum> values) {
  std::ranges::sort(values);
  out.varint(values.size());
  for (const Enum value : values) out.fixed(value);
}

bool matches(const std::string& pattern, std::string_view value) {
  return pattern == "*" || (!value.empty() && pattern == value);
}

}  // namespace

std::string_view to_string(Purpose purpose) {
  switch (purpose) {
    case Purpose::leak_detection:
      return "leak_detection";
  }
  return "";
}

Hash128 Config::hash() const {
  std::string bytes;
  ByteWriter out(bytes);
  out.text("weir.yaml 1");
  put(out, domains);
  put(out, partners);
  out.text(timezone);

  std::vector<std::string> rules;
  for (const Scope& rule : scope) {
    ByteWriter one(rules.emplace_back());
    one.text(rule.entity);
    put(one, rule.units);
    put(one, rule.sources);
    put(one, rule.purposes);
    put(one, rule.hypotheses);
  }
  put(out, std::move(rules));

  put(out, excluded_addresses);
  put(out, excluded_sites);
  out.fixed(false_cases_per_week);
  out.fixed(false_discovery_share);
  out.varint(fill_cases_per_week);
  out.fixed(std::int64_t{allowed_lateness.count()});
  out.varint(limits.record_bytes);
  out.varint(limits.message_bytes);
  out.varint(limits.parties);
  out.varint(limits.objects);

  const std::array<unsigned char, 32> digest = blake2b(bytes);
  ByteReader in({reinterpret_cast<const char*>(digest.data()), digest.size()});
  const auto high = in.fixed<std::uint64_t>();
  const auto low = in.fixed<std::uint64_t>();
  return {high, low};
}

std::vector<ingest::ScopeRule> Config::scope_rules() const {
  std::vector<ingest::ScopeRule> rules;
  for (const Scope& rule : scope) {
    // What may be used for nothing may not be stored either.
    if (rule.purposes.empty() || rule.hypotheses.empty()) continue;
    rules.push_back({.entity = rule.entity, .units = rule.units, .sources = rule.sources});
  }
  return rules;
}

bool Config::permits(std::string_view entity, std::string_view unit,
                     evidence::Hypothesis hypothesis) const {
  return std::ranges::any_of(scope, [&](const Scope& rule) {
    return matches(rule.entity, entity) &&
           std::ranges::any_of(rule.units,
                               [&](const std::string& name) { return matches(name, unit); }) &&
           std::ranges::find(rule.purposes, Purpose::leak_detection) != rule.purposes.end() &&
           std::ranges::find(rule.hypotheses, hypothesis) != rule.hypotheses.end();
  });
}

ingest::ResolverOptions Config::resolver_options() const {
  ingest::ResolverOptions options;
  options.internal_domains = domains;
  options.partner_domains = partners;
  options.scope = scope_rules();
  options.excluded_addresses = excluded_addresses;
  options.excluded_sites = excluded_sites;
  options.default_timezone = timezone;
  options.keep_names = keep_names;
  return options;
}

evidence::EngineOptions Config::engine_options() const {
  evidence::EngineOptions options;
  options.false_cases_per_week = false_cases_per_week;
  options.false_discovery_share = false_discovery_share;
  options.fill_cases_per_week = static_cast<int>(fill_cases_per_week);
  options.allowed_lateness = allowed_lateness;
  return options;
}

Result<Config> load_config(const std::filesystem::path& path) {
  constexpr std::uint64_t kMaxBytes = 256u << 10;
  WEIR_ASSIGN(const std::string text, read_file(path, kMaxBytes));
  return parse_config(text, path.string());
}

}  // namespace weir::app
