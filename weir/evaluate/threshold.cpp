#include "weir/evaluate/threshold.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "weir/base/result.h"

namespace weir::evaluate {

AlarmLog::AlarmLog(const KnownTruth& truth, std::size_t most) : truth_(&truth), most_(most) {
  WEIR_ASSERT(most >= 2);
}

void AlarmLog::take(const Alarm& alarm) {
  if (!(alarm.score > floor_)) return;  // nor what is no number
  Entry entry{.person = alarm.person, .day = alarm.day, .score = alarm.score};
  for (std::size_t i = 0; i < truth_->insiders.size(); ++i) {
    if (truth_->insiders[i].person != alarm.person) continue;
    const OpenedCase one{.person = alarm.person,
                         .lane = 1,
                         .opened = Instant{alarm.day},
                         .acts = {alarm.cited.begin(), alarm.cited.end()}};
    if (const auto insider = true_of(one, *truth_)) {
      entry.insider = static_cast<std::int32_t>(*insider);
    }
    break;
  }
  entries_.push_back(entry);
  if (entries_.size() <= most_) return;
  auto middle = entries_.begin() + static_cast<std::ptrdiff_t>(entries_.size() / 2);
  std::ranges::nth_element(entries_, middle, {}, &Entry::score);
  floor_ = middle->score;
  std::erase_if(entries_, [&](const Entry& one) { return one.score <= floor_; });
}

void AlarmLog::close() {
  std::ranges::sort(entries_, {},
                    [](const Entry& one) { return std::tuple(one.person, one.day, -one.score); });
}

template <class Open>
void AlarmLog::walk(double threshold, Open open) const {
  event::PersonId person = event::kNobody;
  Day last = Day::min();
  for (const Entry& one : entries_) {
    if (one.score < threshold) continue;
    if (one.person == person && one.day < last + kRefractory) continue;
    person = one.person;
    last = one.day;
    open(one);
  }
}

Score AlarmLog::score(double threshold) const {
  std::vector<JudgedCase> cases;
  walk(threshold, [&](const Entry& one) {
    JudgedCase judged{
        .person = one.person, .opened = Instant{one.day + std::chrono::days{1}}, .insider = {}};
    if (one.insider >= 0) judged.insider = static_cast<std::size_t>(one.insider);
    cases.push_back(judged);
  });
  std::ranges::stable_sort(cases, {}, &JudgedCase::opened);
  return tally(cases, *truth_);
}

std::size_t AlarmLog::false_cases(double threshold) const {
  std::size_t count = 0;
  walk(threshold, [&](const Entry& one) {
    if (one.insider < 0) ++count;
  });
  return count;
}

void AlarmLog::add_scores(std::vector<double>& scores) const {
  for (const Entry& one : entries_) scores.push_back(one.score);
}

double lowest_threshold(std::span<const AlarmLog* const> logs, double false_a_week) {
  std::vector<double> scores;
  double weeks = 0;
  double floor = 0;
  for (const AlarmLog* log : logs) {
    log->add_scores(scores);
    weeks += log->weeks();
    floor = std::max(floor, log->floor());
  }
  std::erase_if(scores, [&](double score) { return score <= floor; });
  std::ranges::sort(scores, std::ranges::greater{});
  const auto repeated = std::ranges::unique(scores);
  scores.erase(repeated.begin(), repeated.end());
  const auto fits = [&](double threshold) {
    std::size_t count = 0;
    for (const AlarmLog* log : logs) count += log->false_cases(threshold);
    return static_cast<double>(count) <= false_a_week * weeks;
  };
  std::size_t low = 0;  // so many of the highest fit
  std::size_t high = scores.size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (fits(scores[middle])) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low == 0 ? std::numeric_limits<double>::infinity() : scores[low - 1];
}

}  // namespace weir::evaluate
