#include "weir/evidence/detail/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "weir/evidence/detail/explain_words.h"

namespace weir::evidence::detail {
namespace {

std::string_view stratum_words(Stratum stratum) {
  switch (stratum) {
    case Stratum::partner:
      return "an address of a partner organisation";
    case Stratum::known:
      return "an address that several colleagues write to";
    case Stratum::declared:
      return "a declared private mailbox";
    case Stratum::free_mail:
      return "a free mailbox or account nobody has claimed";
    case Stratum::other:
      return "an address outside that only this person writes to";
    case Stratum::unnamed:
      return "an account the source does not name";
    case Stratum::none:
      return "paper or removable media";
  }
  return "";
}

std::string in_days(double days) {
  if (days < 1.0 / 24.0) return "within the hour";
  if (days < 1.0) return fmt::format("{:.0f} hours", std::max(1.0, days * 24.0));
  return fmt::format("{:.1f} days", days);
}

std::string clock_words(double rate) {
  return rate > 0.0 ? fmt::format("a message about every {:.0f} days", std::max(1.0, 1.0 / rate))
                    : std::string("no message");
}

std::string half_hour_words(const Marks& marks) {
  return fmt::format("{:02}:{:02} on a {} day", marks.half_hour / 2, marks.half_hour % 2 * 30,
                     marks.rest != 0 ? "rest" : "work");
}

struct Words {
  std::string_view mark;
  std::string observed;
  std::string expected;
};

// Empty mark: nothing was seen, nothing is said.
Words words_of(Mark mark, const Contributor& one, double chance) {
  const Marks& marks = one.marks;
  const std::string share = one_in(chance);
  switch (mark) {
    case Mark::sensitivity: {
      if (marks.sensitivity == kMissing) return {};
      constexpr std::array<std::string_view, kSensitivities> kWords = {"not marked as sensitive",
                                                                       "confidential", "secret"};
      return {"sensitivity", std::string(kWords[marks.sensitivity]),
              share + " of innocent sends of this kind"};
    }
    case Mark::place:
      if (marks.place == kMissing) return {};
      return {"off_role",
              marks.place == 1 ? "from a place that this person's unit does not work with"
                               : "from a place that the unit works with",
              share + " of innocent sends"};
    case Mark::access:
      if (marks.place != kMissing || marks.access == kMissing) return {};
      return {"lag_access",
              marks.access == 1
                  ? fmt::format("{} after working with a place that is not the unit's",
                                in_days(static_cast<double>(std::max(0.0f, marks.access_days))))
                  : "no work with places of others in the last 7 days",
              share + " of innocent sends"};
    case Mark::lag_contact:
      if (marks.lag == kMissing) return {};
      return {"lag_contact",
              marks.lag == kNoLag ? "no message from the same address in the last 90 days"
                                  : in_days(static_cast<double>(marks.lag_days)) +
                                        " after a message from the same address",
              fmt::format("{} of innocent sends; {} from it", share,
                          clock_words(static_cast<double>(marks.contact_rate)))};
    case Mark::lag_any:
      if (marks.any_lag == kMissing) return {};
      return {"lag_any",
              marks.any_lag == kNoLag ? "no message from any unclaimed address in the last 90 days"
                                      : in_days(static_cast<double>(marks.any_lag_days)) +
                                            " after a message from another unclaimed address",
              fmt::format("{} of innocent sends; {} from such", share,
                          clock_words(static_cast<double>(marks.any_rate)))};
    case Mark::hour:
      return {"hour", half_hour_words(marks), share + " of this person's acts on such days"};
    case Mark::novelty: {
      if (marks.novelty == kMissing) return {};
      constexpr std::array<std::string_view, 3> kWords = {
          "an address this person had to do with before", "new to this person",
          "new to everybody here"};
      return {"novelty", std::string(kWords[marks.novelty]),
              share + " of this person's recipients"};
    }
    case Mark::disguise: {
      constexpr std::array<std::string_view, 3> kWords = {"nothing hidden", "archive or encrypted",
                                                          "file type and name disagree"};
      return {"disguise", std::string(kWords[marks.disguise]), share + " of innocent sends"};
    }
    case Mark::own_sender:
      return {"own_sender",
              marks.own_sender != 0 ? "from a private account of the person's own"
                                    : "from the work account",
              share + " of innocent sends"};
    case Mark::host:
      if (marks.host == kMissing) return {};
      return {"host",
              marks.host != 0 ? "from a computer new to this person" : "from a usual computer",
              share + " of this person's acts"};
  }
  return {};
}

Contribution contribution_of(const Contributor& one) {
  const std::size_t archetype = one.archetype;
  Contribution result;
  result.act = one.act;
  result.records = one.records;
  result.time = one.time;
  result.activity = one.activity;
  result.address = one.address;
  result.sensitivity = one.sensitivity;
  result.documents = one.documents;
  result.nats = static_cast<double>(one.nats);

  double told = 0.0;
  for (std::size_t m = 0; m < kMarks; ++m) {
    const auto nats = static_cast<double>(one.mark_nats[m][archetype]);
    const Words words =
        words_of(static_cast<Mark>(m), one, static_cast<double>(one.expected[m][archetype]));
    if (words.mark.empty()) continue;
    // Weak marks that say next to nothing would only hide the others.
    constexpr double kSilent = 0.005;
    if (m >= static_cast<std::size_t>(Mark::hour) && std::fabs(nats) < kSilent) continue;
    told += nats;
    result.marks.push_back({.mark = std::string(words.mark),
                            .observed = words.observed,
                            .expected = words.expected,
                            .nats = nats});
  }
  // What remains is the share of sends of this kind that could be part of it at all.
  MarkNote ownership;
  ownership.mark = "ownership";
  ownership.observed = "to " + std::string(stratum_words(one.marks.stratum));
  if (one.marks.acts > 1.5f) {
    ownership.observed += fmt::format(", {:.0f} acts that day counted as one", one.marks.acts);
  }
  ownership.expected = fmt::format(
      "{:.1f} such sends a year by this person, most of them innocent whatever else is true",
      one.marks.rate);
  ownership.nats = result.nats - told;
  result.marks.push_back(std::move(ownership));
  return result;
}

std::string why_not(Archetype archetype, const Story& story, double nats) {
  std::array<double, kMarks> sums{};
  for (const Contributor& one : story.contributors) {
    for (std::size_t m = 0; m < kMarks; ++m) {
      sums[m] += static_cast<double>(one.mark_nats[m][std::to_underlying(archetype)]);
    }
  }
  constexpr std::array<std::string_view, kMarks> kReasons = {
      "so much of what was sent is sensitive",
      "so much comes from places that the unit does not work with",
      "sends follow so soon on work with places of others",
      "sends follow messages from the same address so often",
      "sends follow messages from unclaimed addresses so often",
      "the hours are unusual",
      "the addresses are unusual",
      "so much is packed, encrypted or renamed",
      "so much goes out from a private account",
      "the computers are unusual",
  };
  const auto most = static_cast<std::size_t>(std::ranges::max_element(sums) - sums.begin());
  if (sums[most] <= 0.0) {
    return fmt::format("{} explains the acts cited {} well: no single mark speaks against it.",
                       archetype_words(archetype), nats < 1.0 ? "fairly" : "less");
  }
  return less_likely(archetype, nats, kReasons[most]);
}

std::vector<std::string> would_clear(const Story& story) {
  bool sensitive = false;
  bool off_role = false;
  bool address = false;
  bool free_mail = false;
  bool paper = false;
  for (const Contributor& one : story.contributors) {
    sensitive = sensitive || (one.marks.sensitivity != kMissing && one.marks.sensitivity > 0);
    off_role = off_role || one.marks.place == 1 || one.marks.access == 1;
    address = address || one.address != event::AddressToken{};
    free_mail = free_mail || one.marks.stratum == Stratum::free_mail;
    paper = paper || one.marks.stratum == Stratum::none;
  }
  std::vector<std::string> clear;
  if (free_mail) {
    clear.emplace_back(
        "The person declares the mailbox as their own and what was sent was their work to take.");
  }
  if (address) {
    clear.emplace_back(
        "Somebody responsible knows the counterparty and the purpose of the exchange.");
  }
  if (sensitive) {
    clear.emplace_back("The documents cited turn out to be wrongly marked, or were released.");
  }
  if (off_role) {
    clear.emplace_back("The person was assigned to work with the places cited at the time.");
  }
  if (paper) {
    clear.emplace_back("The prints or media cited are accounted for.");
  }
  if (clear.empty()) {
    clear.emplace_back("Somebody responsible confirms the purpose of the transmissions cited.");
  }
  return clear;
}

}  // namespace

CaseDraft explain(const CaseInput& input, const Story& story) {
  CaseDraft draft = begin_draft(input);
  for (const Contributor& one : story.contributors) {
    draft.contributions.push_back(contribution_of(one));
  }
  finish_draft(draft, story.total, story.acts, *input.person);
  for (std::size_t k = 0; k < kArchetypes; ++k) {
    const auto archetype = static_cast<Archetype>(k);
    draft.innocent.push_back({.archetype = archetype,
                              .nats_against = input.against[k],
                              .why_not = why_not(archetype, story, input.against[k])});
  }
  std::ranges::stable_sort(draft.innocent, {}, &InnocentExplanation::nats_against);
  draft.would_clear = would_clear(story);
  return draft;
}

}  // namespace weir::evidence::detail
