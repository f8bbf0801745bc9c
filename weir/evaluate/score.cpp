#include "weir/evaluate/score.h"

#include <algorithm>

#include "weir/evaluate/intervals.h"

namespace weir::evaluate {
namespace {

bool is_same(const CitedAct& cited, const CitedAct& act) {
  if (cited.activity != act.activity || std::chrono::abs(cited.time - act.time) > kTolerance) {
    return false;
  }
  constexpr event::AddressToken kNone{};
  return cited.address == kNone || act.address == kNone || cited.address == act.address;
}

bool cites(const OpenedCase& one, const KnownInsider& insider) {
  const std::size_t count = std::min(one.acts.size(), kFirstActs);
  return std::ranges::any_of(std::span(one.acts).first(count), [&](const CitedAct& cited) {
    auto near =
        std::ranges::lower_bound(insider.acts, cited.time - kTolerance, {}, &CitedAct::time);
    for (; near != insider.acts.end() && near->time <= cited.time + kTolerance; ++near) {
      if (is_same(cited, *near)) return true;
    }
    return false;
  });
}

}  // namespace

double KnownTruth::weeks() const { return static_cast<double>((to - from).count()) / 7.0; }

bool is_slow(std::string_view world) { return world != "burst" && !world.starts_with("cert"); }

KnownTruth known_truth(const Truth& truth, const Naming& naming) {
  KnownTruth known{.from = truth.from, .to = truth.to, .insiders = {}, .look_alikes = {}};
  for (const TrueInsider& insider : truth.insiders) {
    KnownInsider& one = known.insiders.emplace_back();
    one.person = naming.insider(insider);
    for (const TrueAct& act : insider.acts) {
      if (!act.logged) continue;
      one.acts.push_back({.time = act.time,
                          .activity = act.activity,
                          .address = act.recipient.empty() ? event::AddressToken{}
                                                           : naming.address(act.recipient)});
    }
    if (one.acts.empty()) continue;
    const Instant last = one.acts.back().time;
    one.end = is_slow(insider.world) ? std::max(Instant{insider.to}, last) : last + kAfterTheLast;
  }
  for (const auto& [kind, keys] : truth.look_alikes) {
    auto& people = known.look_alikes.emplace_back(kind, std::vector<event::PersonId>{}).second;
    for (const std::string& key : keys) {
      const event::PersonId person = naming.person(key);
      if (person != event::kNobody) people.push_back(person);
    }
    std::ranges::sort(people);
  }
  return known;
}

OpenedCase opened_case(const evidence::CaseDraft& draft) {
  OpenedCase one{.person = draft.person,
                 .lane = draft.lane,
                 // It exists from the moment its day was over.
                 .opened = Instant{draft.opened + std::chrono::days{1}},
                 .acts = {}};
  for (const evidence::Contribution& act : draft.contributions) {
    if (one.acts.size() == kFirstActs) break;
    one.acts.push_back({.time = act.time, .activity = act.activity, .address = act.address});
  }
  return one;
}

std::optional<std::size_t> true_of(const OpenedCase& one, const KnownTruth& truth) {
  if (one.person == event::kNobody) return {};
  for (std::size_t i = 0; i < truth.insiders.size(); ++i) {
    const KnownInsider& insider = truth.insiders[i];
    if (insider.person == one.person && cites(one, insider)) return i;
  }
  return {};
}

std::size_t Score::found() const {
  return static_cast<std::size_t>(std::ranges::count(insiders, true, &InsiderScore::found));
}

Score score(std::span<const OpenedCase> cases, const KnownTruth& truth, int lane) {
  std::vector<JudgedCase> judged;
  for (const OpenedCase& one : cases) {
    if (one.lane != lane) continue;
    judged.push_back({.person = one.person, .opened = one.opened, .insider = true_of(one, truth)});
  }
  std::ranges::stable_sort(judged, {}, &JudgedCase::opened);
  return tally(judged, truth);
}

Score tally(std::span<const JudgedCase> cases, const KnownTruth& truth) {
  Score result;
  result.weeks = truth.weeks();
  result.cases = cases.size();
  for (const KnownInsider& insider : truth.insiders) {
    result.insiders.push_back({.acts = insider.acts.size()});
  }
  std::size_t n = 0;
  for (const JudgedCase& one : cases) {
    ++n;
    if (!one.insider) {
      ++result.false_cases;
      for (const auto& [kind, people] : truth.look_alikes) {
        if (std::ranges::binary_search(people, one.person)) ++result.false_kinds[kind];
      }
      continue;
    }
    if (!result.to_first) result.to_first = n;
    const KnownInsider& insider = truth.insiders[*one.insider];
    InsiderScore& entry = result.insiders[*one.insider];
    const Instant first = insider.acts.front().time;
    if (entry.found || one.opened < first || one.opened > insider.end) continue;
    entry.found = true;
    entry.days = std::chrono::duration<double, std::ratio<86400>>(one.opened - first).count();
    entry.sends =
        static_cast<std::size_t>(std::ranges::count_if(insider.acts, [&](const CitedAct& act) {
          return act.time < one.opened && event::is_egress(act.activity);
        }));
  }
  return result;
}

void Pool::add(const Score& score) {
  ++runs_;
  insiders_ += score.insiders.size();
  cases_ += score.cases;
  false_cases_ += score.false_cases;
  weeks_ += score.weeks;
  for (const InsiderScore& insider : score.insiders) {
    if (!insider.found) continue;
    days_.push_back(insider.days);
    sends_.push_back(static_cast<double>(insider.sends));
  }
  if (score.to_first) to_first_.push_back(static_cast<double>(*score.to_first));
  for (const auto& [kind, count] : score.false_kinds) false_kinds_[kind] += count;
}

double Pool::false_a_week() const {
  return weeks_ > 0 ? static_cast<double>(false_cases_) / weeks_ : 0;
}

double Pool::false_a_week_upper() const {
  return weeks_ > 0 ? poisson_upper(false_cases_) / weeks_ : 0;
}

}  // namespace weir::evaluate
