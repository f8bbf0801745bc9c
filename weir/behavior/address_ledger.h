#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace weir::behavior {

/// What one person did with one outside address, over all the years. Days are days since 1970;
/// clock readings are the person's operational clock.
struct AddressEntry {
  std::uint64_t address = 0;
  std::int32_t first_day = 0;
  std::int32_t last_day = 0;
  std::uint16_t sent = 0;       // acts, at most 65535
  std::uint16_t sensitive = 0;  // of these, with confidential or secret content
  std::uint16_t received = 0;
  std::uint16_t replies = 0;  // received that answer something
  std::uint8_t kinds = 0;     // bits: mail, upload, share, rule
  float first_received = 0.0f;
  float last_received = 0.0f;
};

/// The addresses of one person, by address. At most `kMost`; when full, the quarter that says least
/// (never sent to, longest ago) goes. References last until the next `touch`.
class AddressLedger {
 public:
  static constexpr std::size_t kMost = 1024;

  const AddressEntry* find(std::uint64_t address) const;
  /// The entry, made if need be. `address` is not 0.
  AddressEntry& touch(std::uint64_t address, std::int32_t day);

  std::span<const AddressEntry> entries() const { return entries_; }
  std::size_t bytes() const { return entries_.capacity() * sizeof(AddressEntry); }
  /// False, and nothing changes, unless strictly ascending and at most `kMost`.
  bool restore(std::vector<AddressEntry> entries);

 private:
  void make_room();
  std::vector<AddressEntry> entries_;
};

}  // namespace weir::behavior
