// What people read of a Config: every setting explained, what looks unintended, and the commented
// file that `weir init` writes.
#include <algorithm>

#include "weir/app/config.h"
#include "weir/base/columns.h"
#include "weir/base/text.h"

namespace weir::app {
namespace {

/// `text` as a double-quoted YAML scalar.
std::string yaml_quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      out += c;
    }
  }
  return out + "\"";
}

/// A list as it would stand in the file; texts that YAML could misread in quotes.
std::string yaml_list(const std::vector<std::string>& texts) {
  const auto is_plain = [](std::string_view text) {
    return !text.empty() &&
           std::ranges::all_of(text,
                               [](char c) {
                                 return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                                        c == '.' || c == '-';
                               }) &&
           text.front() != '-' && text.find_first_not_of("0123456789.-") != std::string_view::npos;
  };
  std::string out = "[";
  for (const std::string& text : texts) {
    if (out.size() > 1) out += ", ";
    out += is_plain(text) ? text : yaml_quoted(text);
  }
  return out + "]";
}

template <class Enum>
std::string names_of(const std::vector<Enum>& values) {
  std::string out = "[";
  for (const Enum value : values) {
    if (out.size() > 1) out += ", ";
    out += to_string(value);
  }
  return out + "]";
}

std::string size_text(std::uint64_t bytes) {
  for (const auto& [unit, bits] :
       {std::pair{"GiB", 30}, std::pair{"MiB", 20}, std::pair{"KiB", 10}}) {
    const std::uint64_t one = std::uint64_t{1} << bits;
    if (bytes >= one && bytes % one == 0) return fmt::format("{} {}", bytes >> bits, unit);
  }
  return fmt::format("{}", bytes);
}

bool permits_nothing(const Scope& rule) {
  return rule.sources.empty() || rule.purposes.empty() || rule.hypotheses.empty() ||
         rule.units.empty();
}

}  // namespace

std::vector<Setting> Config::settings() const {
  std::vector<Setting> all;
  const auto add = [&](std::string name, std::string value, std::string meaning) {
    const auto at = lines.find(name);
    const int line = at == lines.end() ? 0 : at->second;
    all.push_back({std::move(name), std::move(value), line, std::move(meaning)});
  };

  add("organisation.name", yaml_quoted(organisation_name), "Stands in reports. Changes no result.");
  add("organisation.domains", yaml_list(domains),
      "The organisation's own mail domains with their sub-domains: they tell sent from received "
      "mail and colleagues from outsiders.");
  add("organisation.partners", yaml_list(partners),
      "Domains of organisations that documents rightly go to. Sends there weigh less; they are not "
      "free.");
  add("organisation.timezone", timezone,
      "The zone of times that carry none, unless the person's roster row names one.");

  if (scope.empty()) {
    add("scope", "[]", "Nothing is permitted: every record is dropped before it is stored.");
  }
  for (std::size_t i = 0; i < scope.size(); ++i) {
    const Scope& rule = scope[i];
    add(fmt::format("scope.{}", i + 1),
        fmt::format("entity {}, units {}, sources {}, purposes {}, hypotheses {}",
                    yaml_quoted(rule.entity), yaml_list(rule.units), names_of(rule.sources),
                    names_of(rule.purposes), names_of(rule.hypotheses)),
        permits_nothing(rule)
            ? "Permits nothing: units, sources, purposes and hypotheses must all name something."
            : "Of whom, from which sources, for what. What no rule permits is dropped before it is "
              "stored.");
  }

  add("exclusions.addresses", yaml_list(excluded_addresses),
      "Works council, union, medical, legal, whistle-blowing: a record with one of these is "
      "dropped before it is stored; a count stays.");
  add("exclusions.sites", yaml_list(excluded_sites),
      "The same for web sites, with their sub-domains.");
  add("budget.false_cases_per_week", fmt::format("{}", false_cases_per_week),
      "The promise: at most so many false cases a week are expected, over everybody watched. "
      "Smaller means fewer, later and surer cases.");
  add("budget.false_discovery_share", fmt::format("{}", false_discovery_share),
      "Further cases, listed each week: at most this share of one list is false in the mean. 0 "
      "makes "
      "no lists.");
  add("budget.fill_cases_per_week", fmt::format("{}", fill_cases_per_week),
      "Cases to fill the week up with, best first, without any guarantee.");
  add("analysis.allowed_lateness_days", fmt::format("{}", allowed_lateness.count()),
      "Records that arrive later than this after they happened are stored and not scored.");
  add("storage.keep_names", keep_names ? "true" : "false",
      "Keep subjects and file names, sealed under a key of the person's own. Changes no result.");
  add("limits.record_bytes", size_text(limits.record_bytes),
      "A longer line of a log is a bad record: counted and kept aside.");
  add("limits.message_bytes", size_text(limits.message_bytes), "The same for one mail.");
  add("limits.kept_bad_bytes", size_text(limits.kept_bad_bytes),
      "How much of a bad record is kept aside.");
  add("limits.parties", fmt::format("{}", limits.parties), "Senders and recipients in one record.");
  add("limits.objects", fmt::format("{}", limits.objects), "Attachments or files in one record.");
  const content::ExtractLimits& extract = inspection.limits;
  add("inspection.file_bytes", size_text(inspection.file_bytes),
      "The largest file that `weir inspect` and `weir protect` read.");
  add("inspection.unpacked_bytes", size_text(extract.total_bytes),
      "How much a document or mail may unpack to. What is past this or the next limits is not "
      "read, and said to be so.");
  add("inspection.text_bytes", size_text(inspection.text_bytes),
      "Text of one part that is compared with protected documents.");
  add("inspection.seconds",
      std::to_string(std::chrono::duration_cast<std::chrono::seconds>(extract.time).count()),
      "Time for taking one document or mail apart.");
  add("inspection.depth", std::to_string(extract.depth), "Containers in containers.");
  add("inspection.members", std::to_string(extract.members),
      "Members and parts of one document or mail.");
  add("inspection.painted_points", std::to_string(extract.painted_points),
      "Points of PDF pages that are painted to see whether pictures on them look like text: the "
      "dearest part of reading a PDF.");
  add("inspection.files_an_hour", fmt::format("{}", inspection.files_an_hour),
      "Files that one user may try with `weir inspect`, so that nobody tries drafts until nothing "
      "is found.");
  add("audit.anchor", audit_anchor ? yaml_quoted(audit_anchor->string()) : "none",
      "A file, best on another host, that gets each newest hash of the audit log. Without it the "
      "end of the log can be cut off unseen.");
  return all;
}

std::string Config::explain(std::size_t width) const {
  std::string out;
  for (const Setting& setting : settings()) {
    const std::string origin = setting.line == 0 ? "default" : fmt::format("line {}", setting.line);
    const std::size_t room = width > origin.size() + 2 ? width - origin.size() - 2 : 1;
    const std::string whole = fmt::format("{}: {}", setting.name, setting.value);
    if (columns(whole) <= room) {
      out += fmt::format("{}  {}\n", fit_left(whole, room), origin);
    } else {
      out += fmt::format("{}  {}\n", fit_left(setting.name + ":", room), origin);
      out += paragraph("    ", "    ", setting.value, width);
    }
    out += paragraph("  ", "  ", setting.meaning, width);
  }
  const std::string from = file_name.empty() ? "no file, defaults alone" : file_name;
  out += '\n';
  out += paragraph("", "", fmt::format("Read from {}.", printable(from, 500)), width);
  out += paragraph(
      "", "", fmt::format("Hash of the settings that change results: {}.", to_hex(hash())), width);
  return out;
}

std::vector<std::string> Config::notices() const {
  std::vector<std::string> out;
  const std::string file = file_name.empty() ? "weir.yaml" : file_name;
  if (scope.empty()) {
    out.push_back(fmt::format(
        "NOTHING IS PERMITTED: {} has no 'scope:', and absent means off. Every record will be "
        "dropped before it is stored. Add a rule; docs/configuration.md has one to copy.",
        file));
  } else if (std::ranges::all_of(scope, permits_nothing)) {
    out.push_back(fmt::format(
        "NOTHING IS PERMITTED: no rule under 'scope:' in {} names units, sources, purposes and "
        "hypotheses together. Every record will be dropped before it is stored.",
        file));
  }
  for (std::size_t i = 0; i < scope.size(); ++i) {
    if (!permits_nothing(scope[i])) continue;
    const auto at = lines.find(fmt::format("scope.{}", i + 1));
    out.push_back(fmt::format(
        "{}:{}: rule {} under 'scope:' permits nothing; give it units, sources, purposes and "
        "hypotheses, or take it out.",
        file, at == lines.end() ? 0 : at->second, i + 1));
  }
  if (domains.empty()) {
    out.push_back(fmt::format(
        "{}: 'organisation.domains' is empty, so no mail address is known to be one of ours and no "
        "mail counts as sent. Name the organisation's domains.",
        file));
  }
  if (excluded_addresses.empty() && excluded_sites.empty()) {
    out.push_back(fmt::format(
        "{}: 'exclusions' is empty. Works council, union, medical, legal and whistle-blowing "
        "addresses and sites belong there before the first ingest.",
        file));
  }
  if (!audit_anchor) {
    out.push_back(fmt::format(
        "{}: 'audit.anchor' is not set, so the end of the audit log could be cut off unseen. Name "
        "a file that lies on another host.",
        file));
  }
  return out;
}

std::string default_config_text(const DefaultConfig& values) {
  constexpr std::string_view kRule =
      R"(- entity: "*"
    units: ["*"]
    sources: [email, web, file, authentication, device, print, lookup, hosting]
    purposes: [leak_detection]
    hypotheses: [slow_drip, burst, odd_hours, departing, other_account, sabotage]
)";
  std::string out =
      R"(# Weir: what this workspace may do. `weir config explain` says what each setting means,
# `weir config check` what is wrong or probably not meant. Unknown keys are errors.
version: 1

organisation:
)";
  out += fmt::format("  name: {}\n", yaml_quoted(values.organisation_name));
  out += "  # Own mail domains, sub-domains included.\n";
  out += fmt::format("  domains: {}\n", yaml_list(values.domains));
  out += "  # Organisations that documents rightly go to.\n";
  out += fmt::format("  partners: {}\n", yaml_list(values.partners));
  out += "  # Of times that carry no zone; a name of the time zone database.\n";
  out += fmt::format("  timezone: {}\n", yaml_quoted(values.timezone));
  out += R"(
# Of whom, from which sources, for what. Absent means off: what no rule permits is dropped before
# it is stored. Entities and units are those of the roster; "*" is everybody.
)";
  if (values.permit_all) {
    out += fmt::format("scope:\n  {}", kRule);
  } else {
    out += "# Nothing is permitted until you take out the # below and say what you agreed on.\n";
    out += "# scope:\n";
    for (const std::string_view line : split(kRule, '\n')) {
      if (!line.empty()) out += fmt::format("# {}{}\n", line.starts_with('-') ? "  " : "", line);
    }
  }
  out += R"(
# Works council, union, medical, legal, whistle-blowing: records with these are dropped before
# they are stored; counts stay. "council@example.com", "*@union.example"; sites with sub-domains.
exclusions:
  addresses: []
  sites: []

budget:
  # The promise: expected false cases a week over everybody watched.
  false_cases_per_week: 1
  # Further cases, listed each week, of which at most this share is false in the mean; 0: none.
  false_discovery_share: 0.1
  # Cases to fill the week up with, best first, without any guarantee.
  fill_cases_per_week: 0

analysis:
  # Records that arrive later than this are stored and not scored.
  allowed_lateness_days: 30

storage:
  # Subjects and file names, sealed under a key of the person's own.
  keep_names: true

limits:
  record_bytes: 16 MiB
  message_bytes: 256 MiB
  kept_bad_bytes: 4 KiB
  parties: 10000
  objects: 10000

inspection:  # of documents and mail, for protected text
  file_bytes: 1 GiB
  unpacked_bytes: 1 GiB
  text_bytes: 64 MiB
  seconds: 30
  depth: 8
  members: 10000
  painted_points: 15000000  # of pages of PDF, to see whether pictures look like text
  files_an_hour: 100  # that one user may try with `weir inspect`

audit:
  # A file, best on another host, that gets each newest hash of the audit log.
  # anchor: /mnt/elsewhere/weir-anchor.log
)";
  return out;
}

}  // namespace weir::app
