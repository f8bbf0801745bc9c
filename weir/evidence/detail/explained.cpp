#include "weir/evidence/detail/explained.h"

#include <algorithm>
#include <span>
#include <utility>

#include "weir/evidence/detail/snapshot.h"

namespace weir::evidence::detail {
namespace {

constexpr auto kFactor = static_cast<float>(OwnHabits::kPriorActs / kExplainedActs);

/// The row of `reference` that begins `at`, moved by `own`, which has its full weight already.
template <std::size_t n>
void move_row(Cells& reference, std::size_t at, const std::array<float, n>& own) {
  const auto row = std::span(reference).subspan(at).template first<n>();
  std::array<double, n> usual;
  std::ranges::copy(row, usual.begin());
  std::ranges::copy(adapt(usual, own, kExplainedFactor), row.begin());
}

}  // namespace

Explained explained(const Cells& reference, const OwnHabits& own, std::size_t archetype) {
  Explained result{.own = own, .reference = reference};
  OwnHabits heavy = own;
  heavy.age(kFactor);
  if (archetype == std::to_underlying(Archetype::ordinary)) {
    result.own = heavy;  // `weigh` moves ordinary by it
    return result;
  }
  for (std::size_t g = 0; g < kGroups; ++g) {
    const auto group = static_cast<Group>(g);
    move_row(result.reference, cell::sensitivity(archetype, group), heavy.sensitivity[g]);
    move_row(result.reference, cell::coupled(archetype, group), heavy.coupled[g]);
  }
  for (const bool sensitive : {false, true}) {
    move_row(result.reference, cell::place(archetype, sensitive), heavy.place);
  }
  move_row(result.reference, cell::access(archetype), heavy.access);
  return result;
}

void decide(Person& person, const Decision& decision, std::chrono::days quiet) {
  const auto bit = static_cast<std::uint8_t>(1u << std::to_underlying(decision.hypothesis));
  const bool is_innocent = decision.verdict == Verdict::innocent;
  const auto set = [bit](std::uint8_t& bits, bool on) {
    bits = static_cast<std::uint8_t>(on ? bits | bit : bits & ~bit);
  };
  set(person.confirmed, decision.verdict == Verdict::confirmed);
  set(person.cleared, is_innocent);
  // Whoever was listed teaches again; what was listed was taken from the evidence or is cleared.
  if (is_innocent) person.listed_until = INT32_MIN;

  if (decision.hypothesis != Hypothesis::slow_drip) {
    if (!is_innocent) return;
    DayStory& story = person.day_stories[day_index(decision.hypothesis)];
    const auto end = static_cast<std::int32_t>((decision.day.time_since_epoch() + quiet).count());
    story.quiet_until = std::max(story.quiet_until, std::min(end, kLastDay));
    return;
  }
  if (person.egress == nullptr) return;
  EgressState& state = *person.egress;
  state.explained = 0;
  if (!is_innocent || !decision.explained_by) return;
  const std::size_t archetype = std::to_underlying(*decision.explained_by);
  if (archetype >= kArchetypes) return;  // no table of the drip's own
  state.explained = static_cast<std::uint8_t>(archetype + 1);
  // Whoever it was explained as, they teach what is expected of such people. Beyond the priors'
  // differences, and fading as all of it fades.
  constexpr float kSure = 16.0f;
  for (std::size_t k = 0; k < kArchetypes; ++k) {
    float& fit = state.log_innocent[k];
    fit = k == archetype ? 0.0f : std::min(fit, -kSure);
  }
}

}  // namespace weir::evidence::detail
