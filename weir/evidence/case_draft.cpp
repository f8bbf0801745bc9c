#include "weir/evidence/case_draft.h"

#include <array>
#include <utility>

#include "weir/evidence/decision.h"

namespace weir::evidence {

std::string_view to_string(Hypothesis hypothesis) {
  constexpr std::array<std::string_view, kHypothesisCount> kNames = {
      "slow_drip", "burst", "odd_hours", "departing", "other_account", "sabotage"};
  const auto i = std::to_underlying(hypothesis);
  return i < kNames.size() ? kNames[i] : std::string_view("unknown");
}

std::string_view to_string(Archetype archetype) {
  constexpr std::array<std::string_view, kArchetypeCount> kNames = {
      "ordinary", "self_mailer", "freelancer", "on_call", "new_role", "traveller", "job_hunter"};
  const auto i = std::to_underlying(archetype);
  return i < kNames.size() ? kNames[i] : std::string_view("unknown");
}

std::string_view to_string(Basis basis) { return basis == Basis::observed ? "observed" : "model"; }

std::string_view to_string(Verdict verdict) {
  constexpr std::array<std::string_view, kVerdictCount> kNames = {"open", "innocent", "confirmed",
                                                                  "unclear"};
  const auto i = std::to_underlying(verdict);
  return i < kNames.size() ? kNames[i] : std::string_view("unknown");
}

}  // namespace weir::evidence
