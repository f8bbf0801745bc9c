#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "weir/evaluate/detail/rivals.h"

namespace weir::evaluate::detail {
namespace {

constexpr std::chrono::days kWindow{30};
constexpr std::size_t kLeastPeers = 10;

/// The features that are exfiltration, which alone such products cumulate.
constexpr std::array<std::uint8_t, 12> kMarkFeatures = {2, 4, 6, 7, 8, 9, 10, 11, 12, 16, 17, 18};
constexpr std::array<std::uint8_t, 6> kCountFeatures = {9, 13, 16, 18, 21, 23};

class PeerCumulative : public Rival {
 public:
  PeerCumulative(const PeerChoice& choice, Variant variant)
      : choice_(choice),
        features_(variant == Variant::marks ? std::span<const std::uint8_t>(kMarkFeatures)
                                            : std::span<const std::uint8_t>(kCountFeatures)) {}

  void close_day(const RivalDay& day, AlarmSink& alarms) override {
    if (day.day >= next_refresh_) refresh(day);
    told_through_.resize(day.history.people().size(), Day::min());
    for (const std::size_t place : day.history.present()) {
      const PersonHistory& one = day.history.people()[place];
      const Row& limits = limits_of(one);
      Day from = day.day - kWindow + std::chrono::days{1};
      if (told_through_[place] != Day::min()) {
        from = std::max(from, told_through_[place] + std::chrono::days{1});
      }
      const Row own = History::sum_since(one, from);
      double score = 0;
      for (const std::uint8_t f : features_) {
        const double ratio = (double{own[f]} + 1) / (double{limits[f]} + 1);
        if (ratio > 1) score += std::log(ratio);
      }
      if (score <= alarms.floor() || score <= 0) continue;
      History::cite(one, from, cited_);
      alarms.take({.person = one.person, .day = day.day, .score = score, .cited = cited_});
      // What was worth an alarm at all is not scored again.
      if (score >= choice_.worth) told_through_[place] = day.day;
    }
  }

 private:
  std::uint64_t group_of(const PersonHistory& one) const {
    return choice_.by_role ? one.role : one.unit;
  }

  const Row& limits_of(const PersonHistory& one) const {
    const auto group = limits_.find(group_of(one));
    return group == limits_.end() ? everybody_ : group->second;
  }

  void refresh(const RivalDay& day) {
    next_refresh_ = day.day + std::chrono::days{7};
    std::unordered_map<std::uint64_t, std::vector<Row>> groups;
    std::vector<Row> all;
    const Day from = day.day - kWindow;  // today is not part of its own yardstick
    for (const PersonHistory& one : day.history.people()) {
      if (one.rows.empty() || one.rows.back().day < from) continue;
      Row sum = History::sum_since(one, from);
      if (one.rows.back().day == day.day) {
        for (std::size_t f = 0; f < kFeatures; ++f) sum[f] -= one.rows.back().values[f];
      }
      groups[group_of(one)].push_back(sum);
      all.push_back(sum);
    }
    everybody_ = percentile(all);
    limits_.clear();
    for (auto& [group, rows] : groups) {
      if (group != 0 && rows.size() >= kLeastPeers) limits_[group] = percentile(rows);
    }
  }

  Row percentile(std::vector<Row>& rows) const {
    Row result{};
    if (rows.empty()) return result;
    const auto last = static_cast<double>(rows.size() - 1);
    const auto place = static_cast<std::size_t>(std::ceil(choice_.percentile * last));
    std::vector<float> values(rows.size());
    for (const std::uint8_t f : features_) {
      for (std::size_t i = 0; i < rows.size(); ++i) values[i] = rows[i][f];
      const auto nth = values.begin() + static_cast<std::ptrdiff_t>(place);
      std::ranges::nth_element(values, nth);
      result[f] = *nth;
    }
    return result;
  }

  PeerChoice choice_;
  std::span<const std::uint8_t> features_;
  Day next_refresh_ = Day::min();
  std::unordered_map<std::uint64_t, Row> limits_;
  Row everybody_{};
  std::vector<Day> told_through_;
  std::vector<CitedAct> cited_;
};

}  // namespace

std::unique_ptr<Rival> make_peer_cumulative(const PeerChoice& choice, Variant variant) {
  return std::make_unique<PeerCumulative>(choice, variant);
}

}  // namespace weir::evaluate::detail
