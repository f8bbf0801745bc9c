#include "weir/sim/detail/outputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "weir/base/csv.h"

namespace weir::sim {

namespace {

using namespace parameters;

/// One row of dated facts.
struct Row {
  Day from;
  std::uint32_t manager = kNone;
  const Position* position = nullptr;
};

/// The days on which a person's facts change: own moves, and another person above.
std::vector<Row> rows_of(const Organisation& o, const Person& person) {
  std::vector<Day> changes;
  changes.reserve(person.positions.size());
  for (const Position& position : person.positions) changes.push_back(position.from);
  // Whoever may be above: all along both chains of seats.
  const auto note_chain = [&](std::uint32_t seat) {
    for (; seat != kNone; seat = o.seats[seat].manager) {
      for (std::uint32_t i = 0; i < o.seats[seat].people; ++i) {
        const Person& chief = o.people[o.seats[seat].first_person + i];
        changes.push_back(chief.start);
        changes.push_back(chief.end);
      }
    }
  };
  note_chain(o.seats[person.seat].manager);
  for (const Position& position : person.positions) {
    if (position.department == o.seats[person.seat].department) continue;
    const auto& seats = o.departments[position.department].seats;
    if (!seats.empty()) note_chain(seats.front());
  }
  std::ranges::sort(changes);
  const auto repeated = std::ranges::unique(changes);
  changes.erase(repeated.begin(), repeated.end());

  std::vector<Row> rows;
  for (const Day change : changes) {
    const Day day = std::max(change, person.start);
    if (day >= std::min(person.end, o.to)) continue;
    const Row row{.from = day,
                  .manager = o.manager(person, std::max(day, o.from)),
                  .position = &person.position(day)};
    if (!rows.empty() && rows.back().from == day) rows.pop_back();
    if (!rows.empty() && rows.back().manager == row.manager && rows.back().position == row.position)
      continue;
    rows.push_back(row);
  }
  return rows;
}

std::string access_of(const Organisation& o, const Person& person, std::uint32_t department) {
  std::string access;
  const auto grant = [&](std::uint32_t d) {
    for (std::uint32_t i = 0; i < kGroupsPerDepartment; ++i) {
      if (!access.empty()) access += ';';
      access += group_name(o, d * kGroupsPerDepartment + i);
    }
  };
  grant(department);
  if (person.traits.project != kNone && person.traits.project != department)
    grant(person.traits.project);
  return access;
}

void append_row(const Organisation& o, const Person& person, const Row& row, bool first,
                std::string& out) {
  const Department& department = o.departments[row.position->department];
  std::string user_ids = person.user_id;
  std::string addresses = person.address;
  if (!person.old_user_id.empty()) {
    user_ids += ';' + person.old_user_id;
    addresses += ';' + person.old_address;
  }
  const std::string declared = person.declared ? address_text(person.private_mailbox) : "";
  const std::string hosts =
      person.traits.second_host ? person.host + ';' + person.second_host : person.host;
  const std::string fields[] = {
      person.key,
      person.name,
      user_ids,
      addresses,
      declared,
      hosts,
      department.entity,
      department.name,
      std::string(kRoles[row.position->role].name),
      department.site,
      std::string(zone_name(department.zone)),
      row.manager == kNone ? "" : o.people[row.manager].key,
      access_of(o, person, row.position->department),
      to_iso8601(person.start),
      person.end == kNever ? "" : to_iso8601(person.end - std::chrono::days{1}),
      first ? "" : to_iso8601(row.from),
  };
  bool comma = false;
  for (const std::string& field : fields) {
    if (comma) out += ',';
    out += csv_quote(field);
    comma = true;
  }
  out += '\n';
}

}  // namespace

std::string roster_csv(const Organisation& organisation) {
  std::string out =
      "person,name,user_ids,addresses,declared_addresses,hosts,entity,unit,role,site,timezone,"
      "manager,access,start,end,from\n";
  for (const Person& person : organisation.people) {
    bool first = true;
    for (const Row& row : rows_of(organisation, person)) {
      append_row(organisation, person, row, first, out);
      first = false;
    }
  }
  return out;
}

std::string documents_csv(const Organisation& organisation) {
  std::string out = "path,label,md5\n";
  const std::uint32_t count = document_count(organisation, organisation.to);
  for (std::uint32_t group = 0; group < organisation.groups(); ++group) {
    const std::string folder = group_name(organisation, group);
    for (std::uint32_t number = 0; number < count; ++number) {
      const Document document{group, number};
      const DocumentFacts f = facts(organisation.seed, document);
      if (!is_sensitive(f)) continue;
      // The digest is as random as any number, and the choice then needs no stream of its own.
      if (static_cast<double>(f.digest[0] >> 11) * 0x1.0p-53 >= kRegistered) continue;
      std::string path = folder + "/";
      append_document_name(path, document, f);
      fmt::format_to(std::back_inserter(out), "{},{},{:016x}{:016x}\n", csv_quote(path),
                     to_string(f.truth), f.digest[0], f.digest[1]);
    }
  }
  return out;
}

std::string organisation_yaml(const Options& options) {
  std::string out =
      "# weir.yaml of a workspace for this simulated organisation: weir init DIR --config THIS\n"
      "version: 1\n"
      "organisation:\n"
      "  name: \"Aldermoor (simulated)\"\n";
  const bool merged = options.shock == Shock::merger;
  fmt::format_to(std::back_inserter(out), "  domains: [{}{}{}]\n  partners:\n", kOwnDomain,
                 merged ? ", " : "", merged ? kMergedDomain : std::string_view{});
  for (std::uint32_t i = 0; i < kPartners; ++i) {
    fmt::format_to(std::back_inserter(out), "    - {}\n", partner_domain(i));
  }
  fmt::format_to(std::back_inserter(out), "  timezone: \"{}\"\n", zone_name(Zone::europe));
  out +=
      "scope:\n"
      "  - entity: \"*\"\n"
      "    units: [\"*\"]\n"
      "    sources: [email, web, file, authentication, device, print, lookup, hosting]\n"
      "    purposes: [leak_detection]\n"
      "    hypotheses: [slow_drip, burst, odd_hours, departing, other_account, sabotage]\n";
  fmt::format_to(std::back_inserter(out),
                 "budget:  # one false case a week for every 10,000 people\n"
                 "  false_cases_per_week: {:.4f}\n",
                 std::max(options.people, 1u) / 10'000.0);
  return out;
}

}  // namespace weir::sim
