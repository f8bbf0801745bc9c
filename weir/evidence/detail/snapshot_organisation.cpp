// What a snapshot holds of everybody together.
#include <algorithm>
#include <utility>

#include "weir/evidence/detail/archive.h"
#include "weir/evidence/detail/snapshot.h"

namespace weir::evidence::detail {
namespace {

constexpr std::size_t kMostKeys = std::size_t{1} << 32;

template <class Archive, class Value, class Each>
void transfer_map(Archive& archive, std::unordered_map<std::uint64_t, Value>& map,
                  std::size_t least_bytes, Each each) {
  std::vector<std::pair<std::uint64_t, Value>> rows;
  if constexpr (!Archive::kLoads) {
    rows.assign(map.begin(), map.end());
    std::ranges::sort(rows, {}, [](const auto& row) { return row.first; });
  }
  archive.list(rows, kMostKeys, 8 + least_bytes, [&](auto& row) {
    archive.value(row.first);
    each(row.second);
  });
  if constexpr (Archive::kLoads) {
    for (std::size_t i = 1; i < rows.size(); ++i) {
      archive.check(rows[i - 1].first < rows[i].first);
    }
    if (!archive.ok()) return;
    map.clear();
    map.reserve(rows.size());
    for (auto& row : rows) map.insert(std::move(row));
  }
}

}  // namespace

template <class Archive>
void Organisation::transfer(Archive& archive) {
  Reference::State reference = reference_.state();
  archive.value(reference.window);
  archive.value(reference.current);
  archive.value(reference.previous);
  archive.value(reference.frozen);
  archive.value(window_);
  const auto sound_window = [](std::int32_t window) {
    return window >= kFirstDay / kWindowDays - 1 && window <= kLastDay / kWindowDays + 1;
  };
  constexpr std::int64_t kMostSum = std::int64_t{1} << 60;
  const auto share = [](double value) { return value >= 0.0 && value < 1e15; };
  const auto sum = [](std::int64_t value) { return value >= 0 && value < kMostSum; };
  archive.check(sound_window(reference.window) && sound_window(window_) &&
                std::ranges::all_of(reference.frozen, share) &&
                std::ranges::all_of(reference.current, sum) &&
                std::ranges::all_of(reference.previous, sum));
  transfer_map(archive, peers_, 64, [&](PeerState& state) {
    archive.value(state.people);
    archive.value(state.day);
    archive.value(state.days);
    archive.value(state.sums);
    archive.value(state.squares);
    archive.value(state.hours);
    archive.value(state.novelty_days);
    archive.value(state.new_share);
    archive.value(state.current);
    archive.value(state.previous);
    archive.value(state.frozen);
    archive.check(
        sum(state.people) && sound_day(state.day) && share(state.days) &&
        std::ranges::all_of(state.sums, share) &&
        std::ranges::all_of(state.squares, [](double v) { return v >= 0.0 && v < 1e30; }) &&
        std::ranges::all_of(state.hours, share) && share(state.novelty_days) &&
        share(state.new_share) && std::ranges::all_of(state.frozen, share) &&
        std::ranges::all_of(state.current, sum) && std::ranges::all_of(state.previous, sum));
  });
  const auto transfer_users = [&](Users& users) {
    archive.value(users.count);
    archive.check(users.count > 0 && users.count <= Users::kMost);
    for (std::size_t i = 0; archive.ok() && i < users.count; ++i) archive.value(users.people[i]);
  };
  transfer_map(archive, addresses_, 5, transfer_users);
  transfer_map(archive, domains_, 5, transfer_users);
  transfer_map(archive, hosts_, 5, transfer_users);
  transfer_map(archive, sites_, 5, transfer_users);
  transfer_map(archive, unit_places_, 17, [&](UnitPlace& use) {
    transfer_users(use.users);
    archive.value(use.day);
    archive.value(use.uses);
    archive.check(sound_day(use.day) && share(use.uses));
  });
  transfer_map(archive, units_, 20, [&](UnitUse& unit) {
    archive.value(unit.day);
    archive.value(unit.total);
    archive.value(unit.squares);
    archive.check(sound_day(unit.day) && share(unit.total) && unit.squares >= 0.0 &&
                  unit.squares < 1e30);
  });
  transfer_map(archive, places_, 4, [&](std::int32_t& first) {
    archive.value(first);
    archive.check(sound_day(first));
  });
  std::vector<Calibration::Window> windows(calibration_.windows().begin(),
                                           calibration_.windows().end());
  archive.list(windows, Calibration::kWindows + 2, 12, [&](Calibration::Window& window) {
    archive.value(window.window);
    archive.value(window.people);
    archive.value(window.all);
    archive.value(window.of_cases);
    // A confirmed case takes out what rose in earlier windows too.
    constexpr std::int32_t kMost = 1 << 30;
    const auto sound = [](const auto& counts) {
      return std::ranges::all_of(counts, [](std::int32_t n) { return n > -kMost && n < kMost; });
    };
    archive.check(sound_window(window.window) && window.people < (std::uint64_t{1} << 40) &&
                  std::ranges::all_of(window.all, sound) &&
                  std::ranges::all_of(window.of_cases, sound));
  });
  for (std::size_t i = 1; i < windows.size(); ++i) {
    archive.check(windows[i].window == windows[i - 1].window + 1);
  }
  if constexpr (Archive::kLoads) calibration_.windows().assign(windows.begin(), windows.end());
  archive.list(calibration_.cases(), kMostKeys, 15, [&](Calibration::Case& one) {
    std::uint8_t is_confirmed = one.is_confirmed ? 1 : 0;
    archive.value(one.day);
    archive.value(one.person);
    archive.value(one.hypothesis);
    archive.value(one.levels);
    archive.value(is_confirmed);
    one.is_confirmed = is_confirmed != 0;
    archive.check(sound_day(one.day) && is_confirmed < 2 && one.levels <= Levels::kCount &&
                  std::to_underlying(one.hypothesis) < kHypothesisCount);
  });
  archive.value(first_place_day_);
  archive.value(novelty_.draws);
  archive.value(novelty_.kinds);
  archive.check((first_place_day_ == 0 || sound_day(first_place_day_)) && natural(novelty_.draws) &&
                natural(novelty_.kinds));
  if constexpr (Archive::kLoads) {
    if (!archive.ok()) return;
    reference_.restore(reference);
    rebuild_views();
  }
}

template void Organisation::transfer(Saver&);
template void Organisation::transfer(Loader&);

}  // namespace weir::evidence::detail
