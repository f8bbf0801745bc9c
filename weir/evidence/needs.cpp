#include "weir/evidence/needs.h"

#include <algorithm>
#include <array>

#include "weir/evidence/detail/day_hypotheses.h"
#include "weir/evidence/detail/marks.h"

namespace weir::evidence {
namespace {

using event::RecordClass;

template <class... Parts>
constexpr Sight bits(Parts... parts) {
  return static_cast<Sight>((0u | ... | sight_of(parts)));
}

constexpr Sight kMail = bits(RecordClass::email);
constexpr Sight kAccounts = bits(RecordClass::web, RecordClass::hosting);
constexpr Sight kAddresses = bits(RecordClass::email, RecordClass::hosting);
constexpr Sight kWork = bits(RecordClass::file, RecordClass::lookup);
constexpr Sight kWaysOut = bits(RecordClass::email, RecordClass::web, RecordClass::hosting,
                                RecordClass::file, RecordClass::print);

struct Sources {
  Sight any_of = 0;
  Sight all_of = 0;
};

// By feature, in the order of the enumeration.
constexpr std::array<Sources, detail::kFeatures> kFeatureSources = {{
    {kWaysOut | bits(RecordClass::device), 0},  // odd_ways
    {kEveryClass, 0},                           // odd_hours
    {kEveryClass, bits(Detail::hosts)},         // new_computer
    {kEveryClass, bits(Detail::hosts)},         // others_computer
    {bits(RecordClass::authentication), 0},     // failed_logon
    {bits(RecordClass::device), 0},             // device
    {kWork, bits(Detail::places)},              // off_role
    {kWork, 0},                                 // file
    {bits(RecordClass::file), 0},               // file_delete
    {bits(RecordClass::web), 0},                // rare_site
    {kAddresses, 0},                            // new_address
    {kAccounts, 0},                             // upload
    {bits(RecordClass::file), 0},               // removable
    {bits(RecordClass::print), 0},              // print
    {kMail, 0},                                 // mail_outside
    {kWaysOut, bits(Detail::sensitivity)},      // sensitive_out
    {kWaysOut, bits(Detail::places)},           // off_role_out
    {kWaysOut, 0},                              // bytes
    {kMail, 0},                                 // inside_recipients
}};

struct MarkSources {
  std::string_view words;
  Sources sources;
};

// By mark, in the order of the enumeration.
constexpr std::array<MarkSources, detail::kMarks> kMarkSources = {{
    {"how sensitive what left was", {kWaysOut, bits(Detail::sensitivity)}},
    {"whether it came from places that the unit does not work with",
     {kWaysOut, bits(Detail::places)}},
    {"work with such places just before", {kWork, bits(Detail::places)}},
    {"time since a message from the same address", {kMail, bits(Detail::messages_received)}},
    {"time since a message from any unclaimed address", {kMail, bits(Detail::messages_received)}},
    {"the hour", {kWaysOut, 0}},
    {"whether the address is new", {kAddresses, 0}},
    {"disguise: archives, encryption, other names", {kWaysOut, 0}},
    {"private accounts used as sender", {kMail | kAccounts, 0}},
    {"computers new to the person", {kWaysOut, bits(Detail::hosts)}},
}};

}  // namespace

std::string_view to_string(Detail detail) {
  constexpr std::array<std::string_view, kDetailCount> kNames = {"messages_received", "sensitivity",
                                                                 "places", "hosts", "accounts"};
  return kNames[std::to_underlying(detail)];
}

std::vector<Need> needs(Hypothesis hypothesis) {
  std::vector<Need> all;
  if (hypothesis == Hypothesis::slow_drip) {
    all.push_back({"transmissions", kWaysOut, 0, true});
    for (const MarkSources& mark : kMarkSources) {
      all.push_back({mark.words, mark.sources.any_of, mark.sources.all_of, false});
    }
    all.push_back({"whose account was uploaded to", kAccounts, bits(Detail::accounts), false});
    return all;
  }
  const detail::DayHypothesis& row = detail::day_hypotheses()[detail::day_index(hypothesis)];
  for (const detail::Raise& raise : row.raises) {
    const auto i = std::to_underlying(raise.feature);
    all.push_back({to_words(raise.feature), kFeatureSources[i].any_of, kFeatureSources[i].all_of,
                   raise.is_essential()});
  }
  return all;
}

bool can_be_asked(Hypothesis hypothesis, Sight seen) {
  const std::vector<Need> all = needs(hypothesis);
  return std::ranges::all_of(
             all, [&](const Need& need) { return !need.essential || need.met_by(seen); }) &&
         std::ranges::any_of(all, [&](const Need& need) { return need.met_by(seen); });
}

}  // namespace weir::evidence
