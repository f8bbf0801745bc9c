#include "weir/roster/detail/identity_table.h"

#include <algorithm>
#include <bit>
#include <tuple>

namespace weir::roster::detail {

std::size_t IdentityTable::slot_of(std::uint64_t token) const {
  // Tokens are keyed hashes, so any of their bits will do.
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = token & mask;
  while (slots_[slot].token != 0 && slots_[slot].token != token) slot = (slot + 1) & mask;
  return slot;
}

void IdentityTable::reserve(std::size_t tokens) {
  if (tokens * 2 <= slots_.size()) return;
  std::vector<Slot> old(std::bit_ceil(tokens * 2));
  std::swap(old, slots_);
  for (const Slot& slot : old) {
    if (slot.token != 0) slots_[slot_of(slot.token)] = slot;
  }
}

void IdentityTable::insert(std::uint64_t token, std::uint32_t first, std::uint32_t count) {
  slots_[slot_of(token)] = {token, first, count};
  ++size_;
}

void IdentityTable::assign(std::vector<Entry> entries) {
  std::ranges::sort(entries, {}, [](const Entry& entry) {
    return std::tuple(entry.token, entry.holder.period.from, entry.holder.person);
  });
  slots_.assign(64, {});
  holders_.clear();
  size_ = 0;
  reserve(entries.size());
  for (std::size_t i = 0; i < entries.size();) {
    const auto first = static_cast<std::uint32_t>(holders_.size());
    const std::uint64_t token = entries[i].token;
    for (; i < entries.size() && entries[i].token == token; ++i)
      holders_.push_back(entries[i].holder);
    if (token != 0) insert(token, first, static_cast<std::uint32_t>(holders_.size()) - first);
  }
}

void IdentityTable::add(const Entry& entry) {
  reserve(size_ + 1);
  insert(entry.token, static_cast<std::uint32_t>(holders_.size()), 1);
  holders_.push_back(entry.holder);
}

IdentityTable::Found IdentityTable::find(std::uint64_t token, Day day) const {
  if (token == 0) return {};
  const Slot& slot = slots_[slot_of(token)];
  if (slot.count == 0) return {};
  const Holder* const first = &holders_[slot.first];
  if (slot.count == 1) return {first->person, first->provisional, false};
  const Holder* last_begun = nullptr;
  for (const Holder* holder = first; holder != first + slot.count; ++holder) {
    if (holder->period.contains(day)) return {holder->person, holder->provisional, false};
    if (holder->period.from > day) {
      if (last_begun == nullptr || last_begun->person == holder->person) {
        return {holder->person, holder->provisional, false};
      }
      return {event::kNobody, false, true};
    }
    last_begun = holder;
  }
  return {last_begun->person, last_begun->provisional, false};
}

}  // namespace weir::roster::detail
