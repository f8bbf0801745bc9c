#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "weir/evidence/detail/explain.h"
#include "weir/evidence/detail/explain_words.h"

namespace weir::evidence::detail {
namespace {

// Why an innocent explanation does not do, by the feature that speaks most against it.
constexpr std::array<std::string_view, kFeatures> kReasons = {
    "devices and ways out were used at such unusual hours",
    "the hours are unusual",
    "the computers are new to this person",
    "the computers are those of others",
    "so many logons failed",
    "devices were connected that this person hardly uses",
    "so much comes from places that the unit does not work with",
    "so many files were used",
    "so many files were deleted",
    "the sites are new and hardly anybody visits them",
    "the addresses are new",
    "so much was uploaded",
    "so much was copied to removable media",
    "so much was printed",
    "so much was mailed outside",
    "so much of what left is sensitive",
    "so much of what left comes from places that the unit does not work with",
    "so many bytes left",
    "so many inside were written to",
};

std::string amount(Feature feature, float number) {
  if (feature == Feature::bytes) {
    return fmt::format("{:.1f} MB sent out", static_cast<double>(number) / 1e6);
  }
  return number < 10.0f && number != static_cast<float>(static_cast<int>(number))
             ? fmt::format("{:.1f} {}", number, to_words(feature))
             : fmt::format("{:.0f} {}", number, to_words(feature));
}

Contribution contribution_of(const DayContributor& one) {
  Contribution result;
  result.act = one.act;
  result.records = one.records;
  result.time = one.time;
  result.activity = one.activity;
  result.address = one.address;
  result.sensitivity = one.sensitivity;
  result.documents = one.documents;
  result.nats = static_cast<double>(one.nats);
  std::string expected = fmt::format(
      "{}; this much or more on {} of this person's days; among all, a day like this: {}",
      amount(one.feature, one.seen.expected), one_in(static_cast<double>(one.seen.p)),
      one_in(static_cast<double>(one.chance)));
  if (one.seen.before == Before::surge) expected += ", with such a day in the two weeks before";
  if (one.seen.others != 0) expected += ", with other things unusual that day";
  result.marks.push_back({.mark = "day",
                          .observed = amount(one.feature, one.seen.count) + " that day",
                          .expected = std::move(expected),
                          .nats = result.nats});
  return result;
}

bool cites(const DayStory& story, std::initializer_list<Feature> features) {
  return std::ranges::any_of(story.contributors, [&](const DayContributor& one) {
    return std::ranges::find(features, one.feature) != features.end();
  });
}

std::vector<std::string> would_clear(const DayStory& story) {
  using enum Feature;
  std::vector<std::string> clear;
  if (cites(story, {upload, removable, print, mail_outside, bytes, sensitive_out, off_role_out})) {
    clear.emplace_back(
        "A hand-over, move or backup was agreed for the days cited, or what left is accounted "
        "for.");
  }
  if (cites(story, {odd_ways, odd_hours})) {
    clear.emplace_back("The person was asked to work at the hours cited.");
  }
  if (cites(story, {new_computer, others_computer, failed_logon})) {
    clear.emplace_back("The computers cited were given to the person, or are shared.");
  }
  if (cites(story, {off_role, file, file_delete})) {
    clear.emplace_back("The person was assigned to work with the files cited at the time.");
  }
  if (cites(story, {device})) clear.emplace_back("The devices cited were issued to the person.");
  if (cites(story, {rare_site, new_address})) {
    clear.emplace_back("Somebody responsible knows the sites and addresses cited.");
  }
  if (cites(story, {inside_recipients})) {
    clear.emplace_back("The message cited was meant for so many.");
  }
  if (clear.empty()) {
    clear.emplace_back("Somebody responsible confirms the purpose of the days cited.");
  }
  return clear;
}

}  // namespace

CaseDraft explain(const CaseInput& input, const DayStory& story) {
  CaseDraft draft = begin_draft(input);
  std::array<double, kFeatures> sums{};
  for (const DayContributor& one : story.contributors) {
    draft.contributions.push_back(contribution_of(one));
    sums[std::to_underlying(one.feature)] += static_cast<double>(one.nats);
  }
  finish_draft(draft, story.total, story.acts, *input.person);

  const DayHypothesis& row = day_hypotheses()[day_index(input.hypothesis)];
  for (std::size_t r = 0; r < kReadings; ++r) {
    const InnocentReading& reading = row.innocent[r];
    std::array<double, kFeatures> left = sums;
    for (std::size_t i = 0; i < kFeatures; ++i) {
      if ((reading.explains >> i & 1u) != 0) left[i] = 0.0;
    }
    const auto most = static_cast<std::size_t>(std::ranges::max_element(left) - left.begin());
    draft.innocent.push_back(
        {.archetype = reading.archetype,
         .nats_against = input.against[r],
         .why_not = left[most] > 0.0
                        ? less_likely(reading.archetype, input.against[r], kReasons[most])
                        : fmt::format("{} would explain all that is cited.",
                                      archetype_words(reading.archetype))});
  }
  std::ranges::stable_sort(draft.innocent, {}, &InnocentExplanation::nats_against);
  draft.would_clear = would_clear(story);
  return draft;
}

}  // namespace weir::evidence::detail
