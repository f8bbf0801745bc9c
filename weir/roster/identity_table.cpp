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

void IdentityTable::insert(std::span<const Entry> entries) {
  const Entry& only = entries.front();
  Slot slot{.token = only.token,
            .person = only.holder.person,
            .provisional = only.holder.provisional,
            .count = static_cast<std::uint32_t>(entries.size()),
            .first = holders_.size()};
  if (entries.size() > 1) {
    for (const Entry& entry : entries) holders_.push_back(entry.holder);
  }
  slots_[slot_of(only.token)] = slot;
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
  for (std::size_t from = 0; from < entries.size();) {
    std::size_t to = from + 1;
    while (to < entries.size() && entries[to].token == entries[from].token) ++to;
    if (entries[from].token != 0) insert(std::span(entries).subspan(from, to - from));
    from = to;
  }
}

void IdentityTable::add(const Entry& entry) {
  reserve(size_ + 1);
  insert(std::span(&entry, 1));
}

IdentityTable::Found IdentityTable::find(std::uint64_t token, Day day) const {
  if (token == 0) return {};
  const Slot& slot = slots_[slot_of(token)];
  if (slot.count <= 1) return {slot.person, slot.provisional, false};
  const Holder* last_begun = nullptr;
  for (const Holder& holder : std::span(holders_).subspan(slot.first, slot.count)) {
    if (holder.period.contains(day)) return {holder.person, holder.provisional, false};
    if (holder.period.from > day) {
      if (last_begun == nullptr || last_begun->person == holder.person) {
        return {holder.person, holder.provisional, false};
      }
      return {event::kNobody, false, true};
    }
    last_begun = &holder;
  }
  return {last_begun->person, last_begun->provisional, false};
}

}  // namespace weir::roster::detail
