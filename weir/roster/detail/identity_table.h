#pragma once

#include <cstdint>
#include <vector>

#include "weir/event/ids.h"
#include "weir/roster/people.h"

namespace weir::roster::detail {

/// Keyed hash of an identity → who had it when. Open addressing over one array of slots; nearly
/// every identity has one holder, who then lies in the next array over.
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
    std::uint64_t token = 0;  // 0: empty
    std::uint32_t first = 0;
    std::uint32_t count = 0;
  };
  std::size_t slot_of(std::uint64_t token) const;
  void reserve(std::size_t tokens);
  void insert(std::uint64_t token, std::uint32_t first, std::uint32_t count);

  std::vector<Slot> slots_ = std::vector<Slot>(64);
  std::vector<Holder> holders_;  // those of a token together, by `from`
  std::size_t size_ = 0;
};

}  // namespace weir::roster::detail
