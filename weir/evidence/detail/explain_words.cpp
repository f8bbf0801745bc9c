#include "weir/evidence/detail/explain_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

namespace weir::evidence::detail {
namespace {

std::string times(double nats) {
  constexpr double kMillion = 13.8;
  if (nats > kMillion) return "more than a million";
  const double factor = std::exp(std::max(nats, 0.0));
  if (factor < 10.0) return fmt::format("{:.1f}", factor);
  const double rough = std::pow(10.0, std::floor(std::log10(factor)) - 1.0);
  return fmt::format("some {:.0f}", std::round(factor / rough) * rough);
}

std::vector<std::string> unseen(const Person& person) {
  std::vector<std::string> missing;
  const auto saw = [&](event::RecordClass record_class) {
    return (person.sources >> std::to_underlying(record_class) & 1) != 0;
  };
  if (!saw(event::RecordClass::email)) missing.emplace_back("mail: no records of this person");
  if ((person.sources & kSawInbound) == 0) {
    missing.emplace_back("messages received: none recorded, so lags since a contact are unknown");
  }
  if (!saw(event::RecordClass::web)) missing.emplace_back("web: no records of this person");
  if (!saw(event::RecordClass::file)) missing.emplace_back("files: no records of this person");
  if (!saw(event::RecordClass::device)) missing.emplace_back("devices: no records of this person");
  if (!saw(event::RecordClass::authentication)) {
    missing.emplace_back("logons: no records of this person");
  }
  if (!saw(event::RecordClass::print)) missing.emplace_back("print: no records of this person");
  if (!saw(event::RecordClass::hosting)) {
    missing.emplace_back("cloud sharing: no records of this person");
  }
  if ((person.sources & kSawSensitivity) == 0) {
    missing.emplace_back("sensitivity: no source says how sensitive what left was");
  }
  return missing;
}

}  // namespace

std::string one_in(double chance) {
  if (chance >= 0.75) return fmt::format("{:.0f} in 100", 100.0 * chance);
  if (chance <= 0.0) return "almost never";
  const double every = 1.0 / chance;
  if (every > 1e6) return "less than 1 in a million";
  if (every < 10.0) return fmt::format("1 in {:.1f}", every);
  return fmt::format("1 in {:.0f}", every);
}

std::string_view archetype_words(Archetype archetype) {
  switch (archetype) {
    case Archetype::ordinary:
      return "Ordinary work";
    case Archetype::self_mailer:
      return "Sending work to oneself";
    case Archetype::freelancer:
      return "Work on the side";
    case Archetype::on_call:
      return "Being on call";
    case Archetype::new_role:
      return "New tasks";
    case Archetype::traveller:
      return "A journey";
    case Archetype::job_hunter:
      return "Looking for another job";
  }
  return "";
}

std::string less_likely(Archetype archetype, double nats, std::string_view reason) {
  return fmt::format("{} would make this {} times less likely, above all because {}.",
                     archetype_words(archetype), times(nats), reason);
}

CaseDraft begin_draft(const CaseInput& input) {
  CaseDraft draft;
  draft.person = event::PersonId{input.person->id};
  draft.hypothesis = input.hypothesis;
  draft.opened = Day{std::chrono::days{input.day}};
  draft.nats = input.score;
  draft.threshold = input.threshold.nats;
  draft.basis = input.threshold.basis;
  return draft;
}

void finish_draft(CaseDraft& draft, double total, std::size_t acts, const Person& person) {
  double listed = 0.0;
  for (const Contribution& one : draft.contributions) listed += one.nats;
  std::ranges::stable_sort(draft.contributions, std::ranges::greater{}, &Contribution::nats);
  const std::size_t listed_acts = draft.contributions.size();
  draft.smaller_acts = acts > listed_acts ? acts - listed_acts : 0;
  draft.smaller_nats = total - listed;
  draft.faded_nats = draft.nats - total;
  if (!draft.contributions.empty()) {
    const auto [first, last] =
        std::ranges::minmax_element(draft.contributions, {}, &Contribution::time);
    draft.first = first->time;
    draft.last = last->time;
  }
  draft.unseen = unseen(person);
}

}  // namespace weir::evidence::detail
