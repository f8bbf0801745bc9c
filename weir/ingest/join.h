#pragma once

#include <span>
#include <vector>

#include "weir/event/act.h"
#include "weir/event/record.h"

namespace weir::ingest {

struct JoinOptions {
  /// Records of one act from different sources may differ by this much in time.
  std::chrono::seconds tolerance{120};
};

/// Joins the records of one closed day into acts: same person, activity and envelope (own account
/// and set of recipients), the same content where both name one, and times within the tolerance.
/// The sender-chosen Message-ID plays no part: reusing an innocent one must not make a leak a
/// duplicate. Two records of one source that differ in content never join. Marks are united, so
/// joining never makes an act look more innocent.
///
/// A mail received from outside becomes one act for every person of the organisation among its
/// recipients.
///
/// `records` in any order; the acts come in order of (person, time, id). Deterministic.
std::vector<event::Act> join_records(std::span<const event::Record> records,
                                     const JoinOptions& options);

/// Equal for two acts that `join_records` would have joined but for the time: with the time it
/// finds an act again when a copy of its records arrives on a later day.
std::uint64_t act_key(const event::Act& act);

}  // namespace weir::ingest
