#include "weir/evaluate/panel.h"

#include <thread>
#include <utility>

namespace weir::evaluate {

struct Panel::Side {
  struct Seat {
    RivalSpec spec;
    std::unique_ptr<Rival> rival;
    AlarmLog log;
  };

  explicit Side(Variant variant) : history(variant) {}

  void close_day(Day day, std::span<const event::Act> acts, const roster::People& people) {
    history.close_day(day, acts, people);
    const RivalDay closed{.day = day, .acts = acts, .people = people, .history = history};
    for (Seat& seat : seats) seat.rival->close_day(closed, seat.log);
  }

  History history;
  std::vector<Seat> seats;
};

Panel::Panel(std::span<const RivalSpec> rivals, const KnownTruth& truth, std::size_t people) {
  // Enough for seven cases a week of 10,000 people, even if those were always the same few.
  const std::size_t most = 100'000 + 50 * people;
  for (const Variant variant : {Variant::marks, Variant::counts}) {
    auto side = std::make_unique<Side>(variant);
    for (const RivalSpec& spec : rivals) {
      if (spec.variant != variant) continue;
      side->seats.push_back(
          {.spec = spec, .rival = make_rival(spec), .log = AlarmLog(truth, most)});
    }
    if (!side->seats.empty()) sides_.push_back(std::move(side));
  }
}

Panel::~Panel() = default;

void Panel::close_day(Day day, std::span<const event::Act> acts, const roster::People& people) {
  if (sides_.empty()) return;
  std::jthread other;
  if (sides_.size() > 1) {
    other = std::jthread([&] { sides_.back()->close_day(day, acts, people); });
  }
  sides_.front()->close_day(day, acts, people);
}

std::map<RivalSpec, AlarmLog> Panel::finish() && {
  std::map<RivalSpec, AlarmLog> logs;
  for (auto& side : sides_) {
    for (Side::Seat& seat : side->seats) {
      seat.log.close();
      logs.emplace(seat.spec, std::move(seat.log));
    }
  }
  return logs;
}

std::vector<RivalSpec> all_choices(std::span<const RivalKind> kinds) {
  std::vector<RivalSpec> all;
  for (const RivalKind kind : kinds) {
    for (const Variant variant : {Variant::marks, Variant::counts}) {
      for (unsigned i = 0; i < settings(kind, variant); ++i) all.push_back({kind, variant, i});
    }
  }
  return all;
}

std::vector<Tuned> tune(std::span<const std::map<RivalSpec, AlarmLog>* const> worlds,
                        double false_a_week) {
  std::vector<Tuned> best;
  if (worlds.empty()) return best;
  const std::map<RivalSpec, AlarmLog>& first = *worlds.front();
  for (const auto& [spec, ignored] : first) {
    std::vector<const AlarmLog*> logs;
    for (const auto* world : worlds) logs.push_back(&world->at(spec));
    Tuned tuned{.spec = spec, .threshold = lowest_threshold(logs, false_a_week), .development = {}};
    for (const AlarmLog* log : logs) tuned.development.add(log->score(tuned.threshold));
    const bool same = !best.empty() && best.back().spec.kind == spec.kind &&
                      best.back().spec.variant == spec.variant;
    if (!same) {
      best.push_back(std::move(tuned));
      continue;
    }
    const auto rank = [](const Tuned& one) {
      return std::pair(one.development.found(),
                       -static_cast<double>(one.development.false_cases()));
    };
    if (rank(tuned) > rank(best.back())) best.back() = std::move(tuned);
  }
  return best;
}

}  // namespace weir::evaluate
