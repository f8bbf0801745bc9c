#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include "weir/app/survey.h"
#include "weir/evaluate/intervals.h"

namespace weir::app {

using event::RecordClass;
using evidence::Detail;
using evidence::Hypothesis;
using evidence::Sight;

evidence::Sight Survey::sight() const {
  Sight seen = 0;
  for (std::uint8_t i = 0; i < event::kRecordClassCount; ++i) {
    if (classes[i].records > 0) seen |= evidence::sight_of(RecordClass{i});
  }
  for (std::uint8_t i = 0; i < evidence::kDetailCount; ++i) {
    if (details[i].said > 0) seen |= evidence::sight_of(Detail{i});
  }
  return seen;
}

std::vector<Outage> outages_of(const std::map<Day, std::uint64_t>& records) {
  std::vector<Outage> outages;
  if (records.size() < 2) return outages;
  const auto weekday_of = [](Day day) { return std::chrono::weekday(day).c_encoding(); };
  const Day first = records.begin()->first;
  const Day last = records.rbegin()->first;
  std::array<std::vector<double>, 7> counts;
  for (Day day = first; day <= last; day += std::chrono::days{1}) {
    const auto found = records.find(day);
    counts[weekday_of(day)].push_back(found == records.end() ? 0.0
                                                             : static_cast<double>(found->second));
  }
  // ln of the chance that such a day is empty: negative binomial around the median, since days
  // differ by more than chance alone.
  constexpr double kSize = 2.0;
  std::array<double, 7> empty{};
  for (std::size_t w = 0; w < empty.size(); ++w) {
    if (counts[w].empty()) continue;
    empty[w] = -kSize * std::log1p(evaluate::quantile(counts[w], 0.5) / kSize);
  }
  // One such gap in the whole history, if there were no outages.
  const double surprising = -std::log(static_cast<double>((last - first).count() + 1));
  for (auto next = std::next(records.begin()); next != records.end(); ++next) {
    const Outage gap{std::prev(next)->first + std::chrono::days{1},
                     next->first - std::chrono::days{1}};
    double chance = 0.0;
    for (Day day = gap.from; day <= gap.to; day += std::chrono::days{1}) {
      chance += empty[weekday_of(day)];
    }
    if (chance < surprising) outages.push_back(gap);
  }
  std::ranges::stable_sort(outages, std::ranges::greater{}, &Outage::days);
  return outages;
}

std::vector<SourceGain> gains(Sight seen) {
  std::vector<SourceGain> all;
  for (unsigned bit = 0; bit < event::kRecordClassCount + evidence::kDetailCount; ++bit) {
    const auto source = static_cast<Sight>(1u << bit);
    if ((seen & source) != 0) continue;
    const auto with = static_cast<Sight>(seen | source);
    SourceGain gain{.source = source, .parts = {}};
    for (std::uint8_t h = 0; h < evidence::kHypothesisCount; ++h) {
      SourceGain::Part part{.hypothesis = Hypothesis{h},
                            .asked_at_last = evidence::can_be_asked(Hypothesis{h}, with) &&
                                             !evidence::can_be_asked(Hypothesis{h}, seen),
                            .what = {}};
      for (const evidence::Need& need : evidence::needs(Hypothesis{h})) {
        if (need.met_by(with) && !need.met_by(seen)) part.what.push_back(need.what);
      }
      if (!part.what.empty()) gain.parts.push_back(std::move(part));
    }
    all.push_back(std::move(gain));
  }
  return all;
}

std::string_view to_words(Detail detail) {
  constexpr std::array<std::string_view, evidence::kDetailCount> kWords = {
      "mail received", "how sensitive what left was", "the place of files and documents",
      "the computer", "whose account was uploaded to"};
  return kWords[std::to_underlying(detail)];
}

std::vector<std::string_view> names_of(Sight sight) {
  std::vector<std::string_view> names;
  for (std::uint8_t i = 0; i < event::kRecordClassCount; ++i) {
    const RecordClass one{i};
    if ((sight & evidence::sight_of(one)) != 0) names.push_back(to_string(one));
  }
  for (std::uint8_t i = 0; i < evidence::kDetailCount; ++i) {
    const Detail one{i};
    if ((sight & evidence::sight_of(one)) != 0) names.push_back(to_string(one));
  }
  return names;
}

}  // namespace weir::app
