#include <fmt/ranges.h>

#include <algorithm>

#include "weir/app/session.h"
#include "weir/app/status.h"
#include "weir/base/columns.h"
#include "weir/base/json.h"
#include "weir/base/text.h"

namespace weir::app {
namespace {

std::string spaced(std::string_view name) {
  std::string words(name);
  std::ranges::replace(words, '_', ' ');
  return words;
}

/// "4 hours ago", "12 days ago"
std::string ago(Instant then, Instant now) {
  const auto hours = std::chrono::floor<std::chrono::hours>(now - then).count();
  if (hours < 0) return "in the future";
  if (hours < 1) return "less than an hour ago";
  const auto number = static_cast<std::uint64_t>(hours);
  return number < 48 ? counted(number, "hour") + " ago" : counted(number / 24, "day") + " ago";
}

std::string size_text(std::uint64_t bytes) {
  constexpr std::uint64_t kKilo = 1000;
  if (bytes < kKilo * kKilo) return fmt::format("{:.0f} kB", static_cast<double>(bytes) / 1e3);
  if (bytes < kKilo * kKilo * kKilo) {
    return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
  }
  return fmt::format("{:.1f} GB", static_cast<double>(bytes) / 1e9);
}

std::string_view basis_text(evidence::Basis basis) {
  return basis == evidence::Basis::observed ? "what was observed" : "models";
}

std::string cases_text(const Status& status) {
  std::vector<std::string> parts;
  for (const auto& [hypothesis, count] : status.cases_by_hypothesis) {
    parts.push_back(fmt::format("{} {}", spaced(hypothesis), with_commas(count)));
  }
  if (parts.empty()) return "none";
  return fmt::format("{} ({})", with_commas(status.cases), fmt::join(parts, ", "));
}

std::string days_text(const Status& status) {
  if (!status.last_closed) return "none yet";
  std::string text = to_iso8601(*status.last_closed);
  if (status.days_waiting > 0) {
    text += ", " + counted(static_cast<std::uint64_t>(status.days_waiting), "day") + " waiting";
  }
  if (status.records_waiting > 0) {
    text += fmt::format(", at most {}",
                        counted(status.records_waiting, "record waits", "records wait"));
  }
  return text;
}

std::string levels_text(const Status& status) {
  if (status.levels.empty()) return "\nThresholds are known from the next `weir analyze` on.\n";
  std::vector<std::vector<std::string>> rows;
  for (const Level& level : status.levels) {
    rows.push_back({spaced(to_string(level.hypothesis)),
                    fmt::format("{:.1f}", level.threshold.nats),
                    std::string(basis_text(level.threshold.basis))});
  }
  return "\n" +
         format_table({"A case opens from", "nats", "resting on"}, rows, {false, true, false});
}

std::string checks_text(const Status& status, std::size_t columns) {
  std::string failing;
  std::uint64_t told = 0;
  for (const evidence::TailCheck& check : status.checks) {
    if (!check.has_enough()) continue;
    ++told;
    if (check.holds()) continue;
    failing += fmt::format("{}{} (0.01 on {:.1f} %, 0.001 on {:.2f} % of days)",
                           failing.empty() ? "" : ", ", check.feature, 100.0 * check.at_hundredth,
                           100.0 * check.at_thousandth);
  }
  if (told == 0) return {};
  const std::string text = fmt::format(
      "{} checked: {}", counted(told, "model of days", "models of days"),
      failing.empty()
          ? std::string("all keep what they say.")
          : fmt::format("twice as often in the tail as they say {}. Their \"on 1 in N of "
                        "this person's days\" is too rare; what such a day weighs is "
                        "learnt and does not rest on it.",
                        failing));
  return "\n" + paragraph("", "", text, columns);
}

}  // namespace

std::string render_status(const Status& status, int width) {
  const auto columns = static_cast<std::size_t>(width);
  std::string text;
  const auto line = [&](std::string_view name, std::string_view value) {
    text += paragraph(fit_left(name, 15), std::string(15, ' '), value, columns);
  };
  line("Last ingest",
       status.last_ingest
           ? fmt::format("{} ({})",
                         to_iso8601(std::chrono::floor<std::chrono::seconds>(*status.last_ingest)),
                         ago(*status.last_ingest, status.now))
           : "never");
  line("Closed through", days_text(status));
  line("People watched", with_commas(status.people_watched));
  line("Promise", fmt::format("at most {:g} false {} a week", status.false_cases_per_week,
                              status.false_cases_per_week == 1 ? "case" : "cases"));
  line("Open cases", cases_text(status));
  line("Audit log",
       status.audit_head
           ? fmt::format("entry {} of {}, {}…", with_commas(status.audit_head->number),
                         to_iso8601(status.audit_head->when), status.audit_head->hash.substr(0, 16))
           : "empty");
  line("On disk",
       fmt::format("lake {} ({} in {}), ledger {}, state {}", size_text(status.lake_bytes),
                   counted(status.lake_records, "record"), counted(status.lake_files, "file"),
                   size_text(status.ledger_bytes), size_text(status.state_bytes)));
  if (status.aside_files > 0) {
    line("Kept aside",
         fmt::format("{} of records that could not be read", counted(status.aside_files, "file")));
  }
  if (!status.sources.empty()) {
    std::vector<std::vector<std::string>> rows;
    for (const Status::Source& source : status.sources) {
      rows.push_back({std::string(to_string(source.record_class)), with_commas(source.records),
                      to_iso8601(day_of(source.newest)), ago(source.newest, status.now),
                      source.is_late ? "late" : ""});
    }
    text += "\n" + format_table({"Source", "records", "newest", "", ""}, rows,
                                {false, true, false, true, false});
  }
  text += levels_text(status);
  text += checks_text(status, columns);
  text += status.attention.empty() ? "\nAll is well.\n" : "\nNeeds attention\n";
  for (const std::string& one : status.attention) text += paragraph("- ", "  ", one, columns);
  return text;
}

std::string status_json(const Status& status) {
  std::string text;
  JsonWriter json(text);
  json.begin_object()
      .member("format", "weir.status")
      .member("version", 1)
      .member("now", to_iso8601(status.now))
      .key("last_ingest");
  status.last_ingest ? json.value(to_iso8601(*status.last_ingest)) : json.null();
  json.key("sources").begin_array();
  for (const Status::Source& source : status.sources) {
    json.begin_object()
        .member("class", to_string(source.record_class))
        .member("records", source.records)
        .member("newest", to_iso8601(source.newest))
        .member("late", source.is_late)
        .end_object();
  }
  json.end_array().key("closed_through");
  status.last_closed ? json.value(to_iso8601(*status.last_closed)) : json.null();
  json.member("days_waiting", status.days_waiting)
      .member("records_waiting_at_most", status.records_waiting)
      .member("people_watched", status.people_watched)
      .member("false_cases_per_week", status.false_cases_per_week)
      .key("thresholds")
      .begin_array();
  for (const Level& level : status.levels) {
    json.begin_object()
        .member("hypothesis", to_string(level.hypothesis))
        .member("nats", level.threshold.nats)
        .member("basis", to_string(level.threshold.basis))
        .end_object();
  }
  json.end_array().key("models_of_days").begin_array();
  for (const evidence::TailCheck& check : status.checks) {
    json.begin_object()
        .member("feature", check.feature)
        .member("person_windows", check.person_windows)
        .member("at_hundredth", check.at_hundredth)
        .member("at_thousandth", check.at_thousandth)
        .member("holds", check.holds())
        .end_object();
  }
  json.end_array().key("open_cases").begin_object().member("all", status.cases);
  for (const auto& [hypothesis, count] : status.cases_by_hypothesis) json.member(hypothesis, count);
  json.end_object().key("audit_head");
  if (status.audit_head) {
    json.begin_object()
        .member("entry", status.audit_head->number)
        .member("time", to_iso8601(status.audit_head->when))
        .member("hash", status.audit_head->hash)
        .end_object();
  } else {
    json.null();
  }
  json.key("bytes")
      .begin_object()
      .member("lake", status.lake_bytes)
      .member("ledger", status.ledger_bytes)
      .member("state", status.state_bytes)
      .end_object()
      .member("lake_files", status.lake_files)
      .member("lake_records", status.lake_records)
      .member("aside_files", status.aside_files)
      .member("attention", status.attention)
      .end_object();
  return text + "\n";
}

}  // namespace weir::app
