#include "weir/roster/detail/timeline.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "weir/base/json.h"
#include "weir/roster/detail/plan.h"

namespace weir::roster::detail {
namespace {

Day from_of(const Row& row) { return row.from.value_or(row.start.value_or(Day::min())); }

auto content_of(const Row& row) {
  return std::tie(row.name, row.user_ids, row.addresses, row.declared_addresses, row.hosts,
                  row.access, row.entity, row.unit, row.role, row.site, row.timezone, row.manager,
                  row.start, row.end);
}

Period intersection(Period a, Period b) { return {std::max(a.from, b.from), std::min(a.to, b.to)}; }

/// Joins neighbours that `same` holds for and whose periods touch or overlap; `items` are sorted.
template <class Item, class Same>
void join_touching(std::vector<Item>& items, Same same) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (kept > 0 && same(items[kept - 1], items[i]) &&
        items[i].period.from <= items[kept - 1].period.to) {
      Day& to = items[kept - 1].period.to;
      to = std::max(to, items[i].period.to);
    } else {
      if (kept != i) items[kept] = std::move(items[i]);
      ++kept;
    }
  }
  items.resize(kept);
}

void add_list(std::string& json, std::string_view name, const std::set<std::string>& values) {
  if (values.empty()) return;
  json += fmt::format(",\"{}\":[", name);
  for (const std::string& value : values) {
    if (!json.ends_with('[')) json += ',';
    append_json_string(json, value);
  }
  json += ']';
}

}  // namespace

Timeline make_timeline(std::vector<const Row*> rows, std::vector<std::string>& errors,
                       std::vector<std::string>& problems) {
  // They lie in one array in the order of the file, which decides among rows of one day.
  std::ranges::sort(rows, {}, [](const Row* row) { return std::pair(from_of(*row), row); });
  Timeline timeline;
  for (const Row* row : rows) {
    const Day from = from_of(*row);
    if (timeline.entries.empty() || timeline.entries.back().from < from) {
      timeline.entries.push_back({row, from});
    } else if (content_of(*timeline.entries.back().row) == content_of(*row)) {
      problems.push_back(fmt::format("{}: says the same as {}; left out", row->where,
                                     timeline.entries.back().row->where));
    } else {
      errors.push_back(fmt::format(
          "{}: says something else of the same person from the same day as {}; give each row the "
          "day ('from') since which it holds",
          row->where, timeline.entries.back().row->where));
    }
  }
  timeline.keeps_earlier = timeline.entries.front().row->from.has_value();
  return timeline;
}

void settle_snapshot(Timeline& timeline, const Known* base) {
  Timeline::Entry& first = timeline.entries.front();
  if (!first.row->snapshot) return;
  const auto is_earlier = [&](const auto& item) { return item.period.from < first.from; };
  if (base == nullptr || (std::ranges::none_of(base->person.facts, is_earlier) &&
                          std::ranges::none_of(base->claims, is_earlier))) {
    first.from = Day::min();
    timeline.keeps_earlier = false;
  }
}

Period employment_of(const Timeline& timeline, const Known* base) {
  Period employment;
  bool has_start = false;
  for (const Timeline::Entry& entry : timeline.entries) {
    if (!entry.row->start) continue;
    employment.from = has_start ? std::min(employment.from, *entry.row->start) : *entry.row->start;
    has_start = true;
  }
  if (!has_start && timeline.keeps_earlier && base != nullptr) {
    employment.from = base->person.employment.from;
  }
  const Row& last = *timeline.entries.back().row;
  if (last.end) employment.to = *last.end + std::chrono::days{1};
  return employment;
}

std::vector<Claim> claims_of(const Timeline& timeline, const Known* base, Period employment,
                             const vault::Vault& vault) {
  std::vector<Claim> claims;
  if (timeline.keeps_earlier && base != nullptr) {
    for (Claim claim : base->claims) {
      claim.period.to = std::min(claim.period.to, timeline.first());
      if (claim.period.from < claim.period.to) claims.push_back(claim);
    }
  }
  for (std::size_t i = 0; i < timeline.entries.size(); ++i) {
    const Row& row = *timeline.entries[i].row;
    Period period = intersection(timeline.period(i), employment);
    if (period.from >= period.to) period = timeline.period(i);
    const auto claim = [&](IdentityKind kind, const std::string& identity) {
      claims.push_back({kind, token_of(vault, kind, identity), period});
    };
    claim(IdentityKind::user_id, row.person);
    for (const std::string& id : row.user_ids) claim(IdentityKind::user_id, id);
    for (const std::string& address : row.addresses) claim(IdentityKind::mail_address, address);
    for (const std::string& host : row.hosts) claim(IdentityKind::host, host);
  }
  std::ranges::sort(claims, {}, [](const Claim& claim) {
    return std::tuple(claim.kind, claim.token, claim.period.from);
  });
  join_touching(claims, [](const Claim& a, const Claim& b) {
    return a.kind == b.kind && a.token == b.token;
  });
  return claims;
}

std::vector<Fact> facts_of(const Timeline& timeline) {
  std::vector<Fact> facts;
  for (std::size_t i = 0; i < timeline.entries.size(); ++i) {
    const Row& row = *timeline.entries[i].row;
    const auto add = [&](FactKind kind, const std::string& value) {
      if (!value.empty()) facts.push_back({kind, value, timeline.period(i)});
    };
    add(FactKind::entity, row.entity);
    add(FactKind::unit, row.unit);
    add(FactKind::role, row.role);
    add(FactKind::site, row.site);
    add(FactKind::timezone, row.timezone);
    for (const std::string& group : row.access) add(FactKind::access, group);
  }
  return facts;
}

std::vector<Fact> with_earlier(std::vector<Fact> facts, const Timeline& timeline,
                               const Known* base) {
  if (timeline.keeps_earlier && base != nullptr) {
    for (Fact fact : base->person.facts) {
      fact.period.to = std::min(fact.period.to, timeline.first());
      if (fact.period.from < fact.period.to) facts.push_back(std::move(fact));
    }
  }
  std::ranges::sort(facts, {}, [](const Fact& fact) {
    return std::tuple(fact.kind, std::string_view(fact.value), fact.period.from);
  });
  join_touching(
      facts, [](const Fact& a, const Fact& b) { return a.kind == b.kind && a.value == b.value; });
  std::ranges::sort(facts, {}, [](const Fact& fact) {
    return std::tuple(fact.kind, fact.period.from, std::string_view(fact.value));
  });
  return facts;
}

std::string identity_json(const Timeline& timeline) {
  std::string name;
  std::set<std::string> user_ids;
  std::set<std::string> addresses;
  std::set<std::string> declared;
  std::set<std::string> hosts;
  for (const Timeline::Entry& entry : timeline.entries) {
    const Row& row = *entry.row;
    if (!row.name.empty()) name = row.name;
    user_ids.insert(row.user_ids.begin(), row.user_ids.end());
    addresses.insert(row.addresses.begin(), row.addresses.end());
    declared.insert(row.declared_addresses.begin(), row.declared_addresses.end());
    hosts.insert(row.hosts.begin(), row.hosts.end());
  }
  std::string json = "{\"person\":";
  append_json_string(json, timeline.entries.front().row->person);
  json += ",\"name\":";
  append_json_string(json, name);
  add_list(json, "user_ids", user_ids);
  add_list(json, "addresses", addresses);
  add_list(json, "declared_addresses", declared);
  add_list(json, "hosts", hosts);
  return json + '}';
}

}  // namespace weir::roster::detail
