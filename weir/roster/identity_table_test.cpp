#include "weir/roster/detail/identity_table.h"

#include <gtest/gtest.h>

#include "weir/base/random.h"

namespace weir::roster::detail {
namespace {

using event::PersonId;
using std::chrono::days;

Day day(int number) { return Day{days{number}}; }

/// The rule, written out over all entries of a token.
IdentityTable::Found slow_find(const std::vector<IdentityTable::Entry>& entries,
                               std::uint64_t token, Day when) {
  const IdentityTable::Holder* before = nullptr;
  const IdentityTable::Holder* after = nullptr;
  for (const auto& [t, holder] : entries) {
    if (t != token) continue;
    if (holder.period.contains(when)) return {holder.person, holder.provisional, false};
    if (holder.period.to <= when && (before == nullptr || holder.period.to > before->period.to)) {
      before = &holder;
    }
    if (holder.period.from > when &&
        (after == nullptr || holder.period.from < after->period.from)) {
      after = &holder;
    }
  }
  if (before == nullptr && after == nullptr) return {};
  if (before == nullptr) return {after->person, after->provisional, false};
  if (after == nullptr) return {before->person, before->provisional, false};
  if (before->person == after->person) return {after->person, after->provisional, false};
  return {event::kNobody, false, true};
}

TEST(IdentityTable, AnswersAsTheRuleWrittenOut) {
  Random random(3, 1, 4, 1);
  std::vector<IdentityTable::Entry> entries;
  for (int i = 0; i < 3000; ++i) {
    const std::uint64_t token = random.bits64() | 1;
    int from = 0;
    const std::uint32_t holders = 1 + random.below(3);
    for (std::uint32_t h = 0; h < holders; ++h) {
      from += static_cast<int>(random.below(20));
      const int to = from + 1 + static_cast<int>(random.below(20));
      entries.push_back({token, {PersonId{1 + random.below(3)}, false, {day(from), day(to)}}});
      from = to;
    }
  }
  IdentityTable table;
  table.assign(entries);
  for (const auto& entry : entries) {
    const Day when = day(static_cast<int>(random.below(130)) - 5);
    const auto found = table.find(entry.token, when);
    const auto wanted = slow_find(entries, entry.token, when);
    ASSERT_EQ(found.person, wanted.person);
    ASSERT_EQ(found.ambiguous, wanted.ambiguous);
  }
}

TEST(IdentityTable, KnowsNoTokenThatIsNotThereAndNeverTheEmptyOne) {
  IdentityTable table;
  EXPECT_EQ(table.find(5, day(0)).person, event::kNobody);
  table.assign({{0, {PersonId{1}, false, {}}}});
  EXPECT_EQ(table.find(0, day(0)).person, event::kNobody);
}

TEST(IdentityTable, GrowsAsTokensAreAdded) {
  IdentityTable table;
  for (std::uint64_t token = 1; token <= 5000; ++token) {
    table.add({token * 64, {PersonId{token}, true, {}}});
  }
  for (std::uint64_t token = 1; token <= 5000; ++token) {
    const auto found = table.find(token * 64, day(0));
    ASSERT_EQ(found.person, PersonId{token});
    ASSERT_TRUE(found.provisional);
  }
}

}  // namespace
}  // namespace weir::roster::detail
