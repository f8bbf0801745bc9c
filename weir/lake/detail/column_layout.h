#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>

#include "weir/base/hash.h"
#include "weir/base/time.h"
#include "weir/event/record.h"
#include "weir/lake/detail/duck.h"

/// What the writer and the reader of rows agree on.
namespace weir::lake {

// The order of the columns in files and in chunks.
enum ColumnIndex : std::size_t {
  kUid,
  kTime,
  kClaimedTime,
  kLoggedTime,
  kTimezoneOffset,
  kActivity,
  kActorUserUid,
  kDeviceUid,
  kAccountUid,
  kAccountInstance,
  kTrafficBytes,
  kContentUid,
  kConfidentiality,
  kFlags,
  kSourceUid,
  kSourceOffset,
  kBatch,
  kSealed,
  kParties,
  kObjects,
  kDocuments,
  kColumns
};
inline constexpr std::array<std::string_view, kColumns> kNames = {
    "uid",           "time",           "claimed_time",    "logged_time", "timezone_offset",
    "activity",      "actor_user_uid", "device_uid",      "account_uid", "account_instance",
    "traffic_bytes", "content_uid",    "confidentiality", "flags",       "source_uid",
    "source_offset", "batch",          "sealed",          "parties",     "objects",
    "documents"};

enum PartyField : std::size_t {
  kAddress,
  kDomain,
  kPartyPerson,
  kRole,
  kRecipientClass,
  kPartyFields
};
enum ObjectField : std::size_t {
  kContent,
  kPlace,
  kBytes,
  kObjectConfidentiality,
  kObjectFlags,
  kObjectFields
};

enum DocumentField : std::size_t {
  kNumber,
  kKind,
  kDocumentConfidentiality,
  kWords,
  kUniqueWords,
  kDocumentWords,
  kBlocks,
  kDocumentFields
};

inline constexpr std::uint8_t kMatchKindCount = std::to_underlying(event::MatchKind::reworded) + 1;
inline constexpr std::uint8_t kRoleCount = std::to_underlying(event::PartyRole::subject) + 1;
inline constexpr std::uint8_t kRecipientClassCount =
    std::to_underlying(event::RecipientClass::other) + 1;
inline constexpr std::uint8_t kInstanceCount =
    std::to_underlying(event::AccountInstance::unclaimed) + 1;
inline constexpr std::uint8_t kSensitivityCount =
    std::to_underlying(event::Sensitivity::secret) + 1;

// DuckDB keeps a UUID as a signed 128-bit number with the top bit flipped, so that it sorts.
inline constexpr std::uint64_t kTopBit = std::uint64_t{1} << 63;

inline duckdb_hugeint uuid_of(const Hash128& hash) {
  return {hash.low, static_cast<std::int64_t>(hash.high ^ kTopBit)};
}

inline Hash128 hash_of(const duckdb_hugeint& uuid) {
  return {static_cast<std::uint64_t>(uuid.upper) ^ kTopBit, uuid.lower};
}

inline std::int64_t count_of(Instant when) { return when.time_since_epoch().count(); }

inline std::int32_t day_number(Instant when) {
  return static_cast<std::int32_t>(day_of(when).time_since_epoch().count());
}

}  // namespace weir::lake
