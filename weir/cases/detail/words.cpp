#include "weir/cases/detail/words.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>
#include <utility>

#include "weir/base/text.h"

namespace weir::cases::detail {
namespace {

using evidence::Contribution;

constexpr std::size_t kNameBytes = 2000;

std::string hex_start(std::uint64_t number) {
  return fmt::format("{:016x}", number).substr(0, 4) + "…";
}

bool is_unclaimed(const Contribution& act) {
  return std::ranges::any_of(act.marks, [](const evidence::MarkNote& note) {
    return note.mark == "ownership" &&
           (note.observed.find("nobody has claimed") != std::string::npos ||
            note.observed.find("unclaimed") != std::string::npos);
  });
}

/// "sends", "prints", and "acts" for a mixture.
std::pair<std::string_view, std::string_view> what_they_are(
    std::span<const Contribution* const> acts) {
  const event::Activity first = acts.front()->activity;
  const bool alike =
      std::ranges::all_of(acts, [&](const Contribution* act) { return act->activity == first; });
  if (!alike) return {"act", "acts"};
  switch (first) {
    case event::Activity::mail_send:
      return {"send", "sends"};
    case event::Activity::web_upload:
      return {"upload", "uploads"};
    case event::Activity::cloud_share:
      return {"share", "shares"};
    case event::Activity::print:
      return {"print", "prints"};
    case event::Activity::file_copy:
      return {"copy to removable media", "copies to removable media"};
    case event::Activity::forward_rule:
      return {"forwarding rule", "forwarding rules"};
    default:
      return {"act", "acts"};
  }
}

std::string since_words(const evidence::CaseDraft& draft) {
  const std::chrono::year_month_day first{day_of(draft.first)};
  const std::chrono::year_month_day last{day_of(draft.last)};
  if (first.year() != last.year()) return fmt::format("since {}", static_cast<int>(first.year()));
  const std::string from = to_iso8601(day_of(draft.first));
  const std::string to = to_iso8601(day_of(draft.last));
  return from == to ? fmt::format("on {}", from) : fmt::format("from {} to {}", from, to);
}

double finite(double value) {
  constexpr double kLimit = 1e9;
  return std::isnan(value) ? 0.0 : std::clamp(value, -kLimit, kLimit);
}

}  // namespace

std::string_view hypothesis_words(evidence::Hypothesis hypothesis) {
  switch (hypothesis) {
    case evidence::Hypothesis::slow_drip:
      return "slow leak";
    case evidence::Hypothesis::burst:
      return "burst";
    case evidence::Hypothesis::odd_hours:
      return "odd hours";
    case evidence::Hypothesis::departing:
      return "departing";
    case evidence::Hypothesis::other_account:
      return "others' computers";
    case evidence::Hypothesis::sabotage:
      return "sabotage";
  }
  return "unknown";
}

std::string_view archetype_words(evidence::Archetype archetype) {
  switch (archetype) {
    case evidence::Archetype::ordinary:
      return "ordinary work";
    case evidence::Archetype::self_mailer:
      return "mails work home";
    case evidence::Archetype::freelancer:
      return "works for others on the side";
    case evidence::Archetype::on_call:
      return "is on call";
    case evidence::Archetype::new_role:
      return "has new tasks";
    case evidence::Archetype::traveller:
      return "travels";
    case evidence::Archetype::job_hunter:
      return "looks for another job";
  }
  return "unknown";
}

std::string guarantee_words(const evidence::CaseDraft& draft) {
  if (draft.lane == 2) {
    return "Of all whom one week's list names, those already looked at among them, no more than "
           "the "
           "share set for it is false in the mean, if the models of innocent behaviour are right; "
           "never claimed for the lists of all weeks together.";
  }
  if (draft.lane != 1) return "Without any guarantee: it was the best of what did not open a case.";
  return draft.basis == evidence::Basis::observed
             ? "The promise of false cases holds if the coming weeks are like those seen so far."
             : "The promise of false cases holds if the models of innocent behaviour are right.";
}

bool is_decided(const Case& one) {
  return !one.decisions.empty() && one.decisions.back().effect.verdict != evidence::Verdict::open;
}

std::string_view verdict_words(evidence::Verdict verdict) {
  switch (verdict) {
    case evidence::Verdict::open:
      return "opened again";
    case evidence::Verdict::innocent:
      return "innocent";
    case evidence::Verdict::confirmed:
      return "confirmed";
    case evidence::Verdict::unclear:
      return "closed, unclear";
  }
  return "unknown";
}

std::string decision_words(const Decision& decision) {
  constexpr std::size_t kMost = 2000;
  std::string words =
      fmt::format("{} by {}: {}", to_iso8601(day_of(decision.made)), printable(decision.who, 60),
                  verdict_words(decision.effect.verdict));
  if (decision.effect.explained_by) {
    words += fmt::format(" ({})", archetype_words(*decision.effect.explained_by));
  }
  return words + ": " + printable(decision.because, kMost);
}

std::string lane_words(int lane) {
  switch (lane) {
    case 1:
      return "[1 budget kept]";
    case 2:
      return "[2 this week's list]";
    case 3:
      return "[3 no guarantee]";
    default:
      return fmt::format("[{}]", lane);
  }
}

std::string_view activity_words(event::Activity activity) {
  using event::Activity;
  switch (activity) {
    case Activity::unknown:
      return "act";
    case Activity::mail_send:
      return "mail";
    case Activity::mail_receive:
      return "mail received";
    case Activity::web_visit:
      return "web visit";
    case Activity::web_upload:
      return "upload";
    case Activity::web_download:
      return "download";
    case Activity::file_open:
      return "file opened";
    case Activity::file_write:
      return "file written";
    case Activity::file_copy:
      return "copy to removable media";
    case Activity::file_rename:
      return "file renamed";
    case Activity::file_archive:
      return "files packed";
    case Activity::file_delete:
      return "file deleted";
    case Activity::logon:
      return "logon";
    case Activity::logon_failed:
      return "failed logon";
    case Activity::logoff:
      return "logoff";
    case Activity::device_connect:
      return "device connected";
    case Activity::device_disconnect:
      return "device taken off";
    case Activity::print:
      return "print";
    case Activity::record_lookup:
      return "look-up";
    case Activity::search:
      return "search";
    case Activity::cloud_share:
      return "share";
    case Activity::forward_rule:
      return "forwarding rule";
  }
  return "act";
}

std::string mark_words(std::string_view mark) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kWords = {
      {{"ownership", "recipient"},
       {"off_role", "place"},
       {"lag_contact", "contact before"},
       {"lag_any", "message before"},
       {"lag_access", "access before"},
       {"own_sender", "sender"}}};
  for (const auto& [key, words] : kWords) {
    if (mark == key) return std::string(words);
  }
  std::string words = printable(mark, 60);
  std::ranges::replace(words, '_', ' ');
  return words;
}

std::string person_name(const Names& names, event::PersonId person) {
  const std::string name = names.person ? names.person(person) : std::string();
  if (!name.empty()) return printable(name, kNameBytes);
  return "person " + hex_start(std::to_underlying(person));
}

std::string address_name(const Names& names, event::AddressToken address) {
  const std::string name = names.address ? names.address(address) : std::string();
  if (!name.empty()) return printable(name, kNameBytes);
  return "address " + hex_start(std::to_underlying(address));
}

std::string document_names(const Names& names, std::span<const std::uint32_t> documents) {
  std::string text;
  for (const std::uint32_t document : documents) {
    text += text.empty() ? "" : ", ";
    text +=
        names.document ? printable(names.document(document)) : fmt::format("document {}", document);
  }
  return text;
}

std::string act_words(const Names& names, const Contribution& act) {
  const std::string_view what = activity_words(act.activity);
  if (act.address == event::AddressToken{}) return std::string(what);
  return fmt::format("{} to {}", what, address_name(names, act.address));
}

std::string minute_words(Instant when) {
  const Day day = day_of(when);
  const auto minutes =
      std::chrono::duration_cast<std::chrono::minutes>(when - Instant(day)).count();
  return fmt::format("{} {:02}:{:02}", to_iso8601(day), minutes / 60, minutes % 60);
}

std::string tenths_words(long tenths) {
  const char* const sign = tenths > 0 ? "+" : tenths < 0 ? "−" : "";
  const long size = tenths < 0 ? -tenths : tenths;
  return fmt::format("{}{}.{}", sign, size / 10, size % 10);
}

std::string nats_words(double nats) { return tenths_words(std::lround(finite(nats) * 10)); }

std::string count_words(std::uint64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", with_commas(count), count == 1 ? one : many);
}

std::vector<long> tenths_that_add_up(std::span<const double> values) {
  std::vector<long> tenths;
  std::vector<double> rest;  // what rounding down left over, in tenths
  double sum = 0;
  for (const double raw : values) {
    const double value = finite(raw) * 10;
    sum += value;
    tenths.push_back(static_cast<long>(std::floor(value)));
    rest.push_back(value - std::floor(value));
  }
  // Largest remainder: who was rounded down most is rounded up first.
  long missing = std::lround(sum) - std::accumulate(tenths.begin(), tenths.end(), 0L);
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t one, std::size_t other) {
    return rest[one] != rest[other] ? rest[one] > rest[other] : one < other;
  });
  for (const std::size_t i : order) {
    if (missing <= 0) break;
    ++tenths[i];
    --missing;
  }
  return tenths;
}

Sum sum_of(const evidence::CaseDraft& draft, std::size_t listed_at_most) {
  const std::size_t listed = std::min(listed_at_most, draft.contributions.size());
  std::vector<double> values;
  for (std::size_t i = 0; i < listed; ++i) values.push_back(draft.contributions[i].nats);
  double more = draft.smaller_nats;
  for (std::size_t i = listed; i < draft.contributions.size(); ++i) {
    more += draft.contributions[i].nats;
  }
  values.push_back(more);
  double stated = draft.faded_nats;
  for (const double value : values) stated += value;
  const double gap = draft.nats - stated;
  const bool adds_up = std::abs(gap) < 0.05;
  // Within rounding it belongs to the row that closes the sum anyway.
  values.push_back(draft.faded_nats + (adds_up ? gap : 0));
  values.push_back(adds_up ? 0 : gap);

  const std::vector<long> tenths = tenths_that_add_up(values);
  Sum sum;
  sum.listed.assign(tenths.begin(), tenths.begin() + static_cast<std::ptrdiff_t>(listed));
  sum.more_acts = draft.contributions.size() - listed + draft.smaller_acts;
  sum.more = tenths[listed];
  sum.faded = tenths[listed + 1];
  sum.unexplained = tenths[listed + 2];
  sum.total = std::accumulate(tenths.begin(), tenths.end(), 0L);
  return sum;
}

std::vector<const Contribution*> raising(const evidence::CaseDraft& draft) {
  std::vector<const Contribution*> acts;
  for (const Contribution& act : draft.contributions) {
    if (act.nats > 0) acts.push_back(&act);
  }
  if (!acts.empty()) return acts;
  for (const Contribution& act : draft.contributions) acts.push_back(&act);
  return acts;
}

std::size_t distinct_addresses(std::span<const Contribution* const> acts) {
  std::set<event::AddressToken> addresses;
  for (const Contribution* act : acts) {
    if (act->address != event::AddressToken{}) addresses.insert(act->address);
  }
  return addresses.size();
}

std::size_t marked_confidential(std::span<const Contribution* const> acts) {
  return static_cast<std::size_t>(std::ranges::count_if(acts, [](const Contribution* act) {
    return act->sensitivity >= event::Sensitivity::confidential;
  }));
}

std::string summary(const Case& one, const Names& names) {
  const std::string who = person_name(names, one.draft.person);
  const std::vector<const Contribution*> acts = raising(one.draft);
  if (acts.empty()) {
    return fmt::format("{}: {}, none of them large.", who,
                       count_words(one.draft.smaller_acts, "act", "acts"));
  }
  const auto [act, many] = what_they_are(acts);
  std::string out = fmt::format("{}: {}", who, count_words(acts.size(), act, many));
  const std::size_t addresses = distinct_addresses(acts);
  const bool unclaimed = std::ranges::all_of(acts, [](const Contribution* one_act) {
    return one_act->address == event::AddressToken{} || is_unclaimed(*one_act);
  });
  const std::string_view whose = unclaimed ? "unclaimed " : "";
  if (addresses == 1) {
    out += fmt::format(" to one {}address", whose);
  } else if (addresses > 1) {
    out += fmt::format(" to {} {}addresses", with_commas(addresses), whose);
  }
  out += ' ' + since_words(one.draft);
  const std::size_t marked = marked_confidential(acts);
  if (marked == acts.size()) {
    out += acts.size() == 1 ? ", marked confidential or higher"
                            : ", all of them marked confidential or higher";
  } else if (marked > 0) {
    out += fmt::format(", {} of them marked confidential or higher", with_commas(marked));
  }
  return out + '.';
}

}  // namespace weir::cases::detail
