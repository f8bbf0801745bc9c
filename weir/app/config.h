#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/hash.h"
#include "weir/base/result.h"
#include "weir/content/extract.h"
#include "weir/evidence/engine.h"
#include "weir/ingest/format.h"
#include "weir/ingest/resolver.h"

namespace weir::app {

/// What records may be used for. `leak_detection`: closing days and opening cases, which is all
/// that this version does with them by itself.
enum class Purpose : std::uint8_t { leak_detection = 0 };
std::string_view to_string(Purpose purpose);

/// One permission: of whom, from which sources, for what. What no rule permits is off, and a rule
/// that leaves out its sources, purposes or hypotheses permits nothing.
struct Scope {
  std::string entity = "*";
  std::vector<std::string> units = {"*"};
  std::vector<event::RecordClass> sources;
  std::vector<Purpose> purposes;
  std::vector<evidence::Hypothesis> hypotheses;
};

/// One setting as people read it.
struct Setting {
  std::string name;   // "budget.false_cases_per_week"
  std::string value;  // as it would stand in the file
  int line = 0;       // in the file; 0: the default
  std::string meaning;
};

/// How far documents are taken apart, and how often one may try what is recognised.
struct InspectionSettings {
  content::ExtractLimits limits = {};
  std::uint64_t file_bytes = 1u << 30;   // of a file that is named
  std::uint64_t text_bytes = 64u << 20;  // compared of one part, or registered of one document
  std::uint64_t files_an_hour = 100;     // by `weir inspect`, for each user
  /// Languages that pictures are read in, "eng+deu"; empty: not at all. Not in weir.yaml.
  std::string ocr = {};
};

/// weir.yaml of a workspace; docs/configuration.md. A plain value: the defaults are those of an
/// empty file, which permits nothing.
struct Config {
  std::string organisation_name;
  std::vector<std::string> domains;   // lower case, sub-domains included
  std::vector<std::string> partners;  // the same
  std::string timezone = "UTC";       // IANA name
  std::vector<Scope> scope;
  std::vector<std::string> excluded_addresses;
  std::vector<std::string> excluded_sites;
  double false_cases_per_week = 1.0;
  double false_discovery_share = 0.1;
  std::uint64_t fill_cases_per_week = 0;
  std::chrono::days allowed_lateness{30};
  bool keep_names = true;
  ingest::Limits limits;
  InspectionSettings inspection;
  /// Absolute; where the newest hash of the audit log goes as well.
  std::optional<std::filesystem::path> audit_anchor;

  /// Where it was read, for messages; empty for defaults.
  std::string file_name;
  /// Setting name to line, for those the file names.
  std::map<std::string, int, std::less<>> lines;

  /// The settings that change what comes out, in an order and form that do not depend on how the
  /// file is written. Not the organisation's name, `keep_names`, the anchor, or `inspection`,
  /// which decides what stands in the records.
  Hash128 hash() const;

  /// Rules that permit sources for a purpose and a hypothesis, as ingest enforces them.
  std::vector<ingest::ScopeRule> scope_rules() const;
  /// May a case under this hypothesis be opened about people of this entity and unit? Unknown
  /// facts are empty texts, which only "*" permits.
  bool permits(std::string_view entity, std::string_view unit,
               evidence::Hypothesis hypothesis) const;
  /// All but the public domain lists, which the caller adds.
  ingest::ResolverOptions resolver_options() const;
  evidence::EngineOptions engine_options() const;

  /// Every setting, in the order of the file `default_config_text` writes.
  std::vector<Setting> settings() const;
  /// `settings` as text of at most `width` columns: value, where it comes from, what it means.
  std::string explain(std::size_t width = 80) const;
  /// What is permitted but probably not meant, loudest first: no scope, no domains, no anchor …
  std::vector<std::string> notices() const;
};

/// Reads the text of a weir.yaml. All problems found come in one error, a line each:
/// "FILE:LINE: what, and the way out". Unknown keys, wrong types, values out of range, keys that
/// would hold a protected attribute, and `retention`, which this version does not enforce, are
/// problems; nothing is ignored. Never crashes, whatever the bytes.
Result<Config> parse_config(std::string_view text, std::string_view file_name);
/// `not_found` if there is no such file.
Result<Config> load_config(const std::filesystem::path& path);

/// A commented weir.yaml for `weir init`. `parse_config` reads it back to the same values.
struct DefaultConfig {
  std::string organisation_name = {};
  std::vector<std::string> domains = {};
  std::vector<std::string> partners = {};
  std::string timezone = "UTC";
  /// True for simulated and evaluation workspaces: everything is permitted. Else the scope is left
  /// out, with an example in comments, and nothing is stored until somebody decides.
  bool permit_all = false;
};
std::string default_config_text(const DefaultConfig& values);

}  // namespace weir::app
