#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weir/event/ids.h"
#include "weir/roster/people.h"

namespace weir::roster::detail {

/// Keyed hash of an identity → who had it when. Open addressing over one array of slots; nearly
/// every identity has one holder, who then lies in the slot itself: one cache miss a look-up.
class IdentityTable {
 public:
  struct Holder {
    event::PersonId person{};
    bool provisional = false;
    Period period;
  };
  struct Entry {
    std::uint64_t token = 0;
    Holder holder;
  };
  struct Found {
    event::PersonId person{};
    bool provisional = false;
    bool ambiguous = false;
  };

  /// `entries` in any order.
  void assign(std::vector<Entry> entries);
  /// For a token that is not in the table yet.
  void add(const Entry& entry);

  /// An identity stays with its last holder until somebody else gets it, and was its first
  /// holder's before; between two different holders it is ambiguous.
  Found find(std::uint64_t token, Day day) const;

 private:
  struct Slot {
    std::uint64_t token = 0;   // 0: empty
    event::PersonId person{};  // if there is one holder
    bool provisional = false;
    std::uint32_t count = 0;
    std::size_t first = 0;  // in `holders_`, if there are several
  };
  std::size_t slot_of(std::uint64_t token) const;
  void reserve(std::size_t tokens);
  void insert(std::span<const Entry> entries);

  std::vector<Slot> slots_ = std::vector<Slot>(64);
  std::vector<Holder> holders_;  // of tokens with several, those of one together, by `from`
  std::size_t size_ = 0;
};

}  // namespace weir::roster::detail
