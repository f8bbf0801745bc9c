#include "weir/evaluate/features.h"

#include <algorithm>
#include <utility>

#include "weir/base/hash.h"
#include "weir/evaluate/detail/marks_features.h"

namespace weir::evaluate {
namespace {

using event::Activity;
using event::RecipientClass;

constexpr std::size_t kMostSent = 32;
constexpr std::size_t kMostOther = 16;

constexpr std::array<std::string_view, kFeatures> kMarkNames = {
    "mails inside",
    "mails to partners",
    "mails to other organisations",
    "mails to own declared mailboxes",
    "mails to undeclared mailboxes",
    "uploads to known accounts",
    "uploads to unclaimed accounts",
    "copies to removable media",
    "prints",
    "shares and rules",
    "sensitive sends",
    "secret sends",
    "sends from off-role places",
    "sends within 3 days of a message from the address",
    "sends within 14 days of any outside message",
    "sends to new addresses",
    "sends from an own private account",
    "disguised sends",
    "protected documents sent",
    "log bytes sent",
    "sends in rest hours",
    "off-role accesses",
    "acts in rest hours",
    "new hosts"};

constexpr std::array<std::string_view, kFeatures> kCountNames = {
    "logons",        "logons in rest hours",
    "failed logons", "logoffs",
    "devices",       "devices in rest hours",
    "opens",         "writes",
    "copies",        "copies to removable media",
    "deletions",     "renames and archives",
    "web visits",    "uploads",
    "downloads",     "mails",
    "mails outside", "recipients",
    "attachments",   "log bytes mailed",
    "mails in",      "prints",
    "look-ups",      "shares and rules"};

constexpr std::array<std::uint8_t, 18> kMarksOutward = {2,  4,  5,  6,  7,  8,  9,  10, 11,
                                                        12, 13, 14, 15, 16, 17, 18, 19, 20};
constexpr std::array<std::uint8_t, 7> kCountsOutward = {9, 13, 16, 18, 19, 21, 23};
// Undeclared mailboxes, sensitive, secret, off-role, soon after a message from the address.
constexpr std::array<std::uint8_t, 5> kMarksNarrow = {4, 10, 11, 12, 13};
constexpr std::array<std::uint8_t, 1> kCountsNarrow = {16};  // mails outside
constexpr auto kEveryFeature = [] {
  std::array<std::uint8_t, kFeatures> every{};
  for (std::uint8_t f = 0; f < kFeatures; ++f) every[f] = f;
  return every;
}();

/// The counterparty that matters most: an undeclared mailbox before another organisation.
int weight_of(const event::Party& party, const roster::People& people) {
  if (people.declared_by(party.address) != event::kNobody) return 1;
  switch (party.recipient_class) {
    case RecipientClass::disposable:
    case RecipientClass::free_mail:
      return 5;
    case RecipientClass::unknown:
      return 4;
    case RecipientClass::other:
      return 3;
    case RecipientClass::partner:
      return 2;
    case RecipientClass::internal:
      break;
  }
  return 0;
}

std::uint64_t key_of(std::string_view name) { return name.empty() ? 0 : checksum64(name) | 1; }

}  // namespace

std::string_view to_string(Variant variant) {
  return variant == Variant::marks ? "marks" : "counts";
}

std::span<const std::string_view, kFeatures> feature_names(Variant variant) {
  return variant == Variant::marks ? kMarkNames : kCountNames;
}

std::string_view to_string(FeatureSet set) {
  switch (set) {
    case FeatureSet::all:
      return "all features";
    case FeatureSet::outward:
      return "outward features";
    case FeatureSet::narrow:
      return "few features";
  }
  return "";
}

std::span<const std::uint8_t> features_of(Variant variant, FeatureSet set) {
  const bool marks = variant == Variant::marks;
  switch (set) {
    case FeatureSet::all:
      break;
    case FeatureSet::outward:
      return marks ? std::span<const std::uint8_t>(kMarksOutward) : kCountsOutward;
    case FeatureSet::narrow:
      return marks ? std::span<const std::uint8_t>(kMarksNarrow) : kCountsNarrow;
  }
  return kEveryFeature;
}

std::optional<Sending> sending_of(const event::Act& act, const roster::People& people) {
  if (!event::is_egress(act.activity)) return {};
  if (act.activity == Activity::file_copy && (act.flags & event::kFlagRemovableMedia) == 0) {
    return {};
  }
  Sending sending{.act = &act, .sensitivity = act.sensitivity};
  for (const event::DocumentMatch& match : act.documents) {
    sending.sensitivity = std::max(sending.sensitivity, event::carried_by(match));
  }
  int most = -1;
  for (const event::Party& party : act.parties) {
    if (party.role == event::PartyRole::from || party.role == event::PartyRole::subject ||
        party.person != event::kNobody || party.recipient_class == RecipientClass::internal) {
      continue;
    }
    const int weight = weight_of(party, people);
    if (weight <= most) continue;
    most = weight;
    sending.address = party.address;
    sending.domain = party.domain;
    sending.recipient_class = party.recipient_class;
    sending.declared_by = people.declared_by(party.address);
  }
  const bool mail = act.activity == Activity::mail_send || act.activity == Activity::forward_rule;
  if (mail && most < 0) return {};  // among colleagues
  return sending;
}

bool in_rest_hours(const event::Act& act) {
  const auto local = act.time + act.utc_offset.value_or(std::chrono::minutes{0});
  const Day day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::weekday weekday{day};
  const auto hour = std::chrono::floor<std::chrono::hours>(local - day).count();
  return weekday == std::chrono::Saturday || weekday == std::chrono::Sunday || hour < 6 ||
         hour >= 20;
}

struct History::Marks {
  detail::MarkCounter counter;
};

History::History(Variant variant) : variant_(variant), marks_(std::make_unique<Marks>()) {}
History::~History() = default;

std::size_t History::place_of(event::PersonId person) {
  const auto [entry, is_new] = places_.emplace(std::to_underlying(person), people_.size());
  if (is_new) {
    people_.emplace_back();
    people_.back().person = person;
    people_.back().first = today_;
  }
  return entry->second;
}

void History::note(PersonHistory& one, const event::Act& act,
                   const std::optional<Sending>& sending) {
  if (act.activity == Activity::mail_receive || act.activity == Activity::logoff) return;
  PersonHistory::Recent recent{.act = {.time = act.time, .activity = act.activity, .address = {}},
                               .weight = 0};
  if (!sending) {
    if (act.activity != Activity::mail_send) {
      recent.weight = in_rest_hours(act) ? 0.5f : 0.25f;
      one.other.push_back(recent);
      if (one.other.size() > kMostOther) one.other.pop_front();
    }
    return;
  }
  recent.act.address = sending->address;
  recent.weight = 1;
  if (variant_ == Variant::marks) {
    const bool known = sending->declared_by != event::kNobody ||
                       sending->recipient_class == RecipientClass::partner;
    if (!known) recent.weight += 1;
    if (sending->sensitivity >= event::Sensitivity::confidential) recent.weight += 2;
  }
  one.sent.push_back(recent);
  if (one.sent.size() > kMostSent) one.sent.pop_front();
}

void History::close_day(Day day, std::span<const event::Act> acts, const roster::People& people) {
  today_ = day;
  present_.clear();
  for (std::size_t start = 0; start < acts.size();) {
    std::size_t end = start + 1;
    while (end < acts.size() && acts[end].person == acts[start].person) ++end;
    const auto run = acts.subspan(start, end - start);
    start = end;
    if (run.front().person == event::kNobody) continue;
    const std::size_t place = place_of(run.front().person);
    PersonHistory& one = people_[place];
    present_.push_back(place);
    if (!one.rows.empty()) {  // the last day there joins the sums, and what is too old leaves them
      for (std::size_t f = 0; f < kFeatures; ++f) {
        const float value = one.rows.back().values[f];
        one.sum[f] += value;
        one.squares[f] += value * value;
      }
    }
    while (!one.rows.empty() && one.rows.front().day < day - kDays) {
      for (std::size_t f = 0; f < kFeatures; ++f) {
        const float value = one.rows.front().values[f];
        one.sum[f] = std::max(0.0f, one.sum[f] - value);
        one.squares[f] = std::max(0.0f, one.squares[f] - value * value);
      }
      one.rows.pop_front();
    }
    if (one.active++ % 7 == 0) {  // facts change seldom
      const roster::Facts facts = people.on(one.person, day);
      one.unit = key_of(facts.unit);
      one.role = key_of(facts.role);
    }
    PersonHistory::DayRow row{.day = day};
    for (const event::Act& act : run) {
      const auto sending = sending_of(act, people);
      if (variant_ == Variant::marks) {
        marks_->counter.count(one, day, act, sending, row.values);
      } else {
        detail::count_plain(act, sending, row.values);
      }
      note(one, act, sending);
    }
    one.rows.push_back(row);
  }
}

Row History::sum_since(const PersonHistory& person, Day from) {
  Row sum{};
  for (auto row = person.rows.rbegin(); row != person.rows.rend() && row->day >= from; ++row) {
    for (std::size_t f = 0; f < kFeatures; ++f) sum[f] += row->values[f];
  }
  return sum;
}

void History::cite(const PersonHistory& person, Day from, std::vector<CitedAct>& cited) {
  std::vector<PersonHistory::Recent> all;
  for (const auto* some : {&person.sent, &person.other}) {
    for (const PersonHistory::Recent& recent : *some) {
      if (recent.act.time >= Instant{from}) all.push_back(recent);
    }
  }
  std::ranges::stable_sort(all, std::ranges::greater{}, [](const PersonHistory::Recent& recent) {
    return std::pair(recent.weight, recent.act.time);
  });
  cited.clear();
  for (const PersonHistory::Recent& recent : all) {
    if (cited.size() == kFirstActs) break;
    cited.push_back(recent.act);
  }
}

}  // namespace weir::evaluate
