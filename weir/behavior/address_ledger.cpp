#include "weir/behavior/address_ledger.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace weir::behavior {

const AddressEntry* AddressLedger::find(std::uint64_t address) const {
  const auto at = std::ranges::lower_bound(entries_, address, {}, &AddressEntry::address);
  return at != entries_.end() && at->address == address ? &*at : nullptr;
}

AddressEntry& AddressLedger::touch(std::uint64_t address, std::int32_t day) {
  auto at = std::ranges::lower_bound(entries_, address, {}, &AddressEntry::address);
  if (at == entries_.end() || at->address != address) {
    if (entries_.size() >= kMost) {
      make_room();
      at = std::ranges::lower_bound(entries_, address, {}, &AddressEntry::address);
    }
    if (entries_.size() == entries_.capacity()) {
      // A quarter, not double: over many people the slack is what costs.
      const auto offset = at - entries_.begin();
      entries_.reserve(entries_.size() + entries_.size() / 4 + 4);
      at = entries_.begin() + offset;
    }
    at = entries_.insert(at, AddressEntry{.address = address, .first_day = day, .last_day = day});
  }
  at->last_day = std::max(at->last_day, day);
  return *at;
}

void AddressLedger::make_room() {
  // What a drip would need remembered goes last: sensitive first of all, then sent to, then recent.
  const auto worth = [](const AddressEntry& entry) {
    return std::tuple(entry.sensitive > 0, entry.sent > 0, entry.last_day, entry.address);
  };
  std::vector<AddressEntry> kept = std::move(entries_);
  const auto cut = kept.begin() + static_cast<std::ptrdiff_t>(kMost / 4);
  std::ranges::nth_element(kept, cut, {}, worth);
  kept.erase(kept.begin(), cut);
  std::ranges::sort(kept, {}, &AddressEntry::address);
  entries_ = std::move(kept);
}

bool AddressLedger::restore(std::vector<AddressEntry> entries) {
  if (entries.size() > kMost) return false;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].address <= (i == 0 ? 0 : entries[i - 1].address)) return false;
  }
  entries_ = std::move(entries);
  return true;
}

}  // namespace weir::behavior
