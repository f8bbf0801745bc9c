#pragma once

#include <chrono>
#include <span>
#include <vector>

#include "weir/event/act.h"
#include "weir/event/record.h"

namespace weir::ingest {

struct JoinOptions {
  /// Records of one act from different sources may differ by this much in time.
  std::chrono::seconds tolerance{120};
  /// With more acts than this of one person, activity and envelope within the tolerance, only the
  /// latest are still looked at for joining: keeps a flood of records from costing quadratic time.
  std::size_t open_acts = 64;
};

/// Joins the records of one closed day into acts: same person, activity and envelope (own account
/// and set of counterparties), the same content where both name one, and times within the
/// tolerance of the act's first. The sender-chosen Message-ID plays no part: reusing an innocent
/// one must not make a leak a duplicate. Marks are united, so joining never makes an act look more
/// innocent.
/// - Records of different sources join unless they contradict each other: other content, no
///   attachment in common where both know the attachments, another host (for what happens on one:
///   files, logons, devices, print).
/// - Records of one source are acts of their own, because a source says a thing once; only equal
///   content and attachments, known on both sides, prove that one is a copy of the other (the
///   folders of a mailbox hold copies). Received mail is the exception, because a mail server logs
///   one message once a recipient: there it is enough that content and attachments do not differ.
/// - The same record (id) given twice counts once.
///
/// A mail received from outside becomes one act for every person of the organisation among its
/// recipients. A mail between colleagues is an act of its sender: a record of receiving it joins
/// that act, and makes none if nothing recorded the sending.
///
/// Records of nobody (`kNobody`) make no act. Nothing joins across calls: give late records of a
/// day a call of their own, and compare with `act_key`.
///
/// `records` in any order; the acts come in order of (person, time, id). Deterministic.
std::vector<event::Act> join_records(std::span<const event::Record> records,
                                     const JoinOptions& options);

/// Equal for two acts that `join_records` would have joined but for time, content and host: with
/// the time it finds an act again when a copy of its records arrives on a later day. Compare
/// `content` as well where both acts name one.
std::uint64_t act_key(const event::Act& act);

}  // namespace weir::ingest
