#pragma once

#include <vector>

#include "weir/event/record.h"

namespace weir::event {

/// What a person did once, joined from the records of several sources. Its marks are the union of
/// its records' marks, so that joining can never make an act look more innocent.
struct Act {
  /// Smallest id of its records.
  RecordId id;
  /// Ascending; `id` is the first.
  std::vector<RecordId> records;
  PersonId person{};
  /// Of the earliest record.
  Instant time;
  std::optional<std::chrono::minutes> utc_offset;

  Activity activity = Activity::unknown;
  HostToken host{};
  AddressToken account{};
  AccountInstance account_instance = AccountInstance::unknown;
  std::vector<Party> parties;            // sorted by (role, address), no duplicates
  std::vector<Object> objects;           // in order of (content, place, bytes), no duplicates
  std::vector<DocumentMatch> documents;  // in order of their numbers, each once: the most found
  std::uint64_t bytes = 0;
  ContentHash content;
  Sensitivity sensitivity = Sensitivity::unknown;
  std::uint16_t flags = 0;
};

}  // namespace weir::event
