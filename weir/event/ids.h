#pragma once

#include <cstdint>
#include <functional>

#include "weir/base/hash.h"

namespace weir::event {

/// A person under a random number that means nothing outside this workspace. 0: nobody known.
enum class PersonId : std::uint64_t {};
/// Keyed hash of a canonical mail address or account of a web service. 0: none.
enum class AddressToken : std::uint64_t {};
/// Keyed hash of a domain or site name. 0: none.
enum class DomainToken : std::uint64_t {};
/// Keyed hash of a computer's or device's name. 0: none.
enum class HostToken : std::uint64_t {};
/// Keyed hash of a share, folder or document group. 0: none.
enum class PlaceToken : std::uint64_t {};
/// A row of the ledger's table of sources.
enum class SourceId : std::uint32_t {};

/// Keyed hash of (source kind, raw record): ingesting the same thing again gives the same id.
using RecordId = Hash128;
/// Keyed hash of content: a body, an attachment, a file.
using ContentHash = Hash128;

inline constexpr PersonId kNobody{0};

}  // namespace weir::event
