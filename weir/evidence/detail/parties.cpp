#include "weir/evidence/detail/parties.h"

#include <algorithm>
#include <functional>
#include <tuple>

namespace weir::evidence::detail {

std::vector<std::uint32_t> documents_of(const event::Act& act) {
  constexpr std::size_t kMost = 16;
  std::vector<event::DocumentMatch> matches = act.documents;
  std::ranges::stable_sort(matches, std::ranges::greater{}, [](const event::DocumentMatch& m) {
    return std::tuple(carried_by(m), m.words);
  });
  matches.resize(std::min(matches.size(), kMost));
  std::vector<std::uint32_t> numbers;
  for (const event::DocumentMatch& match : matches) numbers.push_back(match.document);
  return numbers;
}

std::vector<event::RecordId> records_of(const event::Act& act) {
  constexpr std::size_t kMost = 16;
  const auto end = std::min(act.records.size(), kMost);
  return {act.records.begin(), act.records.begin() + static_cast<std::ptrdiff_t>(end)};
}

}  // namespace weir::evidence::detail
