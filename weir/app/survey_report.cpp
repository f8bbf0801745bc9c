#include <fmt/ranges.h>

#include <algorithm>

#include "weir/app/session.h"
#include "weir/app/small_groups.h"
#include "weir/app/survey.h"
#include "weir/base/columns.h"
#include "weir/base/json.h"
#include "weir/base/text.h"

namespace weir::app {
namespace {

using event::RecordClass;
using evidence::Detail;
using evidence::Hypothesis;

std::string spaced(std::string_view name) {
  std::string words(name);
  std::ranges::replace(words, '_', ' ');
  return words;
}

std::string percent(std::uint64_t part, std::uint64_t all) {
  if (all == 0) return "–";
  const double share = 100.0 * static_cast<double>(part) / static_cast<double>(all);
  if (part > 0 && share < 1.0) return "under 1 %";
  if (part < all && share > 99.0) return "over 99 %";
  return fmt::format("{:.0f} %", share);
}

std::string of_roster(const ClassSurvey& one, std::uint64_t roster) {
  return is_few(one.people_of_roster) ? "–" : percent(one.people_of_roster, roster);
}

std::string bullet(std::string_view text, int width) {
  return paragraph("- ", "  ", text, static_cast<std::size_t>(width));
}

template <class Do>
void for_each_class(const Survey& survey, Do apply) {
  for (std::uint8_t i = 0; i < event::kRecordClassCount; ++i) {
    apply(RecordClass{i}, survey.classes[i]);
  }
}

std::string history_text(const Survey& survey, int width) {
  std::vector<std::vector<std::string>> rows;
  std::string below;
  for_each_class(survey, [&](RecordClass name, const ClassSurvey& one) {
    if (one.records == 0) return;
    rows.push_back({std::string(to_string(name)), with_commas(one.records), to_iso8601(one.first),
                    to_iso8601(one.last), with_commas(one.empty_days),
                    with_commas(one.outages.size()), people_text(one.people),
                    of_roster(one, survey.roster)});
    std::vector<std::string> gaps;
    constexpr std::size_t kShown = 3;
    for (std::size_t i = 0; i < std::min(kShown, one.outages.size()); ++i) {
      const Outage& gap = one.outages[i];
      gaps.push_back(gap.days() == 1
                         ? to_iso8601(gap.from)
                         : fmt::format("{} to {}", to_iso8601(gap.from), to_iso8601(gap.to)));
    }
    if (!gaps.empty()) {
      below += bullet(fmt::format("{}, outages: {}{}", to_string(name), fmt::join(gaps, ", "),
                                  one.outages.size() > kShown ? ", and shorter ones" : ""),
                      width);
    }
  });
  std::string text =
      format_table({"History", "records", "first", "last", "empty", "outages", "people", "roster"},
                   rows, {false, true, false, false, true, true, true, true});
  text += paragraph("", "",
                    fmt::format("empty: days without a record in between; outages: runs of these "
                                "that chance would hardly leave. roster: share of its {} seen.",
                                counted(survey.roster, "person", "people")),
                    static_cast<std::size_t>(width));
  return text + below;
}

std::string said_text(const Survey& survey) {
  constexpr std::array<std::string_view, evidence::kDetailCount> kOf = {
      "mails", "transmissions", "objects", "records", "uploads and shares"};
  std::vector<std::vector<std::string>> rows;
  for (std::uint8_t i = 0; i < evidence::kDetailCount; ++i) {
    const SaidOf& one = survey.details[i];
    rows.push_back({std::string(to_words(Detail{i})), percent(one.said, one.all),
                    fmt::format("of {} {}", with_commas(one.all), kOf[i])});
  }
  rows.push_back({"the local time", percent(survey.offsets.said, survey.offsets.all),
                  fmt::format("of {} records", with_commas(survey.offsets.all))});
  return format_table({"What records say", "", ""}, rows, {false, true, false});
}

std::vector<std::string> blind_spots(const Survey& survey) {
  std::vector<std::string> spots;
  for_each_class(survey, [&](RecordClass name, const ClassSurvey& one) {
    if (one.records > 0) return;
    spots.push_back(fmt::format("{}: no records{}", to_string(name),
                                one.permitted ? "" : "; scope in weir.yaml does not permit it"));
  });
  const auto never = [&](Detail detail, std::string_view text) {
    const SaidOf& one = survey.of(detail);
    if (one.all > 0 && one.said == 0) spots.emplace_back(text);
  };
  never(Detail::messages_received, "mail received: none recorded, so who asked is not seen");
  never(Detail::sensitivity, "sensitivity: no source says how sensitive what left was");
  never(Detail::places, "places: no source says where files and documents come from");
  never(Detail::hosts, "computers: no source names them");
  never(Detail::accounts, "accounts: of no upload is it known whose account it went to");
  if (survey.records > 0 && survey.offsets.said < survey.offsets.all &&
      survey.roster_with_timezone < survey.roster) {
    spots.push_back(fmt::format(
        "time zones: {} of the records say no local time, and {} of {} on the roster have no time "
        "zone: their hours are taken for UTC",
        percent(survey.offsets.all - survey.offsets.said, survey.offsets.all),
        people_text(survey.roster - survey.roster_with_timezone),
        counted(survey.roster, "person", "people")));
  }
  if (survey.roster == 0) spots.emplace_back("roster: nobody on it, so no units, roles or zones");
  return spots;
}

std::string documents_text(const DocumentsSurvey& documents, int width) {
  const auto columns = static_cast<std::size_t>(width);
  if (documents.registered == 0 && documents.outside == 0) {
    return paragraph("", "",
                     "Protected documents: none is registered, so none can be seen outside (weir "
                     "protect add).",
                     columns);
  }
  std::string text = paragraph(
      "", "",
      fmt::format("Protected documents seen outside: {} ({} registered), in {}. What two logs say "
                  "of one transmission counts twice.",
                  with_commas(documents.outside), with_commas(documents.registered),
                  counted(documents.transmissions, "transmission")),
      columns);
  if (documents.outside == 0) return text;
  std::vector<std::vector<std::string>> rows;
  for (const auto& [label, one] : documents.labels) {
    rows.push_back({label, with_commas(one.documents), with_commas(one.transmissions)});
  }
  text += "\n" + format_table({"label", "documents", "transmissions"}, rows, {false, true, true});
  rows.clear();
  for (const DocumentsSurvey::Way& way : documents.ways) {
    rows.push_back({spaced(way.activity),
                    way.recipient_class.empty() ? "–" : spaced(way.recipient_class),
                    with_commas(way.documents), with_commas(way.transmissions)});
  }
  return text + "\n" +
         format_table({"way", "to", "documents", "transmissions"}, rows,
                      {false, false, true, true});
}

std::string addresses_text(const AddressesSurvey& addresses, int width) {
  std::vector<std::vector<std::string>> rows;
  for (const AddressesSurvey::Kind& kind : addresses.kinds) {
    rows.push_back({spaced(kind.recipient_class), with_commas(kind.addresses),
                    with_commas(kind.of_several),
                    kind.recipient_class == "other" ? "–" : with_commas(kind.of_many),
                    with_commas(kind.sends)});
  }
  if (rows.empty()) {
    return "Undeclared outside addresses: nobody sent anything to one.\n";
  }
  std::string text = format_table(
      {"Undeclared addresses", "all", "of several people", "of 5 or more", "sends to these"}, rows,
      {false, true, true, true, true});
  for (const AddressesSurvey::Address& one : addresses.biggest) {
    text += bullet(fmt::format("address {} ({}): {}, {}", one.token, spaced(one.recipient_class),
                               counted(one.people, "person", "people"), counted(one.sends, "send")),
                   width);
  }
  return text;
}

std::string gains_text(evidence::Sight seen, int width) {
  std::string text = "What each missing source would add\n";
  const std::vector<SourceGain> all = gains(seen);
  if (all.empty()) return "No source is missing that Weir could use.\n";
  for (const SourceGain& gain : all) {
    std::vector<std::string> parts;
    for (const SourceGain::Part& part : gain.parts) {
      parts.push_back(fmt::format("{}{}: {}", spaced(to_string(part.hypothesis)),
                                  part.asked_at_last ? " (cannot be judged without)" : "",
                                  fmt::join(part.what, ", ")));
    }
    text += bullet(fmt::format("{}: {}", spaced(names_of(gain.source).front()),
                               parts.empty() ? "nothing by itself"
                                             : fmt::format("{}", fmt::join(parts, "; "))),
                   width);
  }
  return text;
}

void write_people(JsonWriter& json, std::string_view name, std::uint64_t people) {
  json.key(name);
  if (is_few(people)) {
    json.null();
  } else {
    json.value(people);
  }
}

void write_class(JsonWriter& json, RecordClass name, const ClassSurvey& one) {
  json.begin_object()
      .member("class", to_string(name))
      .member("permitted", one.permitted)
      .member("records", one.records);
  if (one.records > 0) {
    json.member("first", to_iso8601(one.first))
        .member("last", to_iso8601(one.last))
        .member("empty_days", one.empty_days);
    json.key("outages").begin_array();
    for (const Outage& gap : one.outages) {
      json.begin_object()
          .member("from", to_iso8601(gap.from))
          .member("to", to_iso8601(gap.to))
          .end_object();
    }
    json.end_array();
    write_people(json, "people", one.people);
    write_people(json, "people_of_roster", one.people_of_roster);
    json.member("formats", std::vector<std::string>(one.formats.begin(), one.formats.end()));
    json.key("activities").begin_object();
    for (const auto& [activity, count] : one.activities) json.member(activity, count);
    json.end_object();
  }
  json.end_object();
}

void write_said(JsonWriter& json, std::string_view name, const SaidOf& one) {
  json.key(name).begin_object().member("said", one.said).member("of", one.all).end_object();
}

void write_documents(JsonWriter& json, const DocumentsSurvey& documents) {
  json.key("documents")
      .begin_object()
      .member("registered", documents.registered)
      .member("outside", documents.outside)
      .member("transmissions", documents.transmissions)
      .key("labels")
      .begin_array();
  for (const auto& [label, one] : documents.labels) {
    json.begin_object()
        .member("label", label)
        .member("documents", one.documents)
        .member("transmissions", one.transmissions)
        .end_object();
  }
  json.end_array().key("ways").begin_array();
  for (const DocumentsSurvey::Way& way : documents.ways) {
    json.begin_object()
        .member("activity", way.activity)
        .member("recipient_class", way.recipient_class)
        .member("documents", way.documents)
        .member("transmissions", way.transmissions)
        .end_object();
  }
  json.end_array().end_object();
}

void write_addresses(JsonWriter& json, const AddressesSurvey& addresses) {
  json.key("undeclared_addresses").begin_object().key("kinds").begin_array();
  for (const AddressesSurvey::Kind& kind : addresses.kinds) {
    json.begin_object()
        .member("recipient_class", kind.recipient_class)
        .member("addresses", kind.addresses)
        .member("of_several_people", kind.of_several)
        .member("sends", kind.sends);
    if (kind.recipient_class != "other") json.member("of_five_or_more", kind.of_many);
    json.end_object();
  }
  json.end_array().key("biggest").begin_array();
  for (const AddressesSurvey::Address& one : addresses.biggest) {
    json.begin_object()
        .member("address", one.token)
        .member("recipient_class", one.recipient_class)
        .member("people", one.people)
        .member("sends", one.sends)
        .end_object();
  }
  json.end_array().end_object();
}

void write_gains(JsonWriter& json, evidence::Sight seen) {
  json.key("missing").begin_array();
  for (const SourceGain& gain : gains(seen)) {
    json.begin_object().member("source", names_of(gain.source).front()).key("adds").begin_array();
    for (const SourceGain::Part& part : gain.parts) {
      json.begin_object()
          .member("hypothesis", to_string(part.hypothesis))
          .member("cannot_be_judged_without", part.asked_at_last)
          .member("what", std::vector<std::string>(part.what.begin(), part.what.end()))
          .end_object();
    }
    json.end_array().end_object();
  }
  json.end_array();
}

}  // namespace

std::string render_survey(const Survey& survey, int width) {
  std::string text;
  if (survey.records == 0) {
    text = "There are no records yet: `weir ingest` brings them.\n";
  } else {
    text = history_text(survey, width) + "\n" + said_text(survey);
  }
  text += "\nBlind spots (unseen is not clean)\n";
  const std::vector<std::string> spots = blind_spots(survey);
  for (const std::string& spot : spots) text += bullet(spot, width);
  if (spots.empty()) text += "- none of those that a survey looks for\n";
  if (survey.records > 0) {
    text += "\n" + documents_text(survey.documents, width) + "\n" +
            addresses_text(survey.addresses, width);
  }
  return text + "\n" + gains_text(survey.sight(), width);
}

std::string survey_json(const Survey& survey) {
  std::string text;
  JsonWriter json(text);
  json.begin_object()
      .member("format", "weir.survey")
      .member("version", 1)
      .member("records", survey.records)
      .member("roster", survey.roster)
      .key("classes")
      .begin_array();
  for_each_class(survey,
                 [&](RecordClass name, const ClassSurvey& one) { write_class(json, name, one); });
  json.end_array().key("said").begin_object();
  for (std::uint8_t i = 0; i < evidence::kDetailCount; ++i) {
    write_said(json, to_string(Detail{i}), survey.details[i]);
  }
  write_said(json, "local_time", survey.offsets);
  json.end_object().member("blind_spots", blind_spots(survey));
  write_documents(json, survey.documents);
  write_addresses(json, survey.addresses);
  write_gains(json, survey.sight());
  json.end_object();
  return text + "\n";
}

}  // namespace weir::app
