#include <cmath>
#include <optional>

#include "weir/base/random.h"
#include "weir/evaluate/detail/rivals.h"
#include "weir/evaluate/isolation_forest.h"

namespace weir::evaluate::detail {
namespace {

constexpr std::chrono::days kStep{7};
constexpr std::size_t kMostRows = 20'000;
constexpr std::size_t kLeastRows = 256;

/// Once a week everybody's last window is scored by the forest of the month, which was fitted to
/// windows of the past; then these windows become past.
class ForestRival : public Rival {
 public:
  explicit ForestRival(const ForestChoice& choice) : choice_(choice) {}

  void close_day(const RivalDay& day, AlarmSink& alarms) override {
    if (day.day < next_) return;
    next_ = day.day + kStep;
    const auto month = month_of(day.day);
    if (month != fitted_ && rows_.size() >= kLeastRows * kFeatures) {
      const auto seed = static_cast<std::uint64_t>(Day{month / 1}.time_since_epoch().count());
      auto forest = IsolationForest::fit(rows_, kFeatures, {.seed = seed});
      WEIR_ASSERT(forest);
      forest_ = *std::move(forest);
      fitted_ = month;
    }
    const Day from = day.day - std::chrono::days{choice_.window - 1};
    for (const PersonHistory& one : day.history.people()) {
      if (one.rows.empty() || one.rows.back().day < from) continue;
      Row window = History::sum_since(one, from);
      if (choice_.log) {
        for (float& value : window) value = std::log1p(value);
      }
      if (forest_) {
        const double score = forest_->score(window);
        if (score > alarms.floor()) {
          History::cite(one, from, cited_);
          alarms.take({.person = one.person, .day = day.day, .score = score, .cited = cited_});
        }
      }
      remember(window);
    }
  }

 private:
  /// The newer a window, the likelier it is among those kept.
  void remember(const Row& window) {
    if (rows_.size() < kMostRows * kFeatures) {
      rows_.insert(rows_.end(), window.begin(), window.end());
      return;
    }
    const std::size_t place = random_.below(kMostRows);
    std::ranges::copy(window, rows_.begin() + static_cast<std::ptrdiff_t>(place * kFeatures));
  }

  ForestChoice choice_;
  Day next_ = Day::min();
  std::chrono::year_month fitted_{};
  std::optional<IsolationForest> forest_;
  std::vector<float> rows_;
  Random random_{1, 0, 0, 0x1f04e58};
  std::vector<CitedAct> cited_;
};

}  // namespace

std::unique_ptr<Rival> make_forest(const ForestChoice& choice) {
  return std::make_unique<ForestRival>(choice);
}

}  // namespace weir::evaluate::detail
