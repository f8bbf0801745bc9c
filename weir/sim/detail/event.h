#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weir/event/record.h"
#include "weir/sim/detail/documents.h"
#include "weir/sim/detail/names.h"

namespace weir::sim {

/// Which log a record comes from: logs fail one at a time.
enum class Source : std::uint8_t { mail, proxy, file_server, directory, endpoint, application };
inline constexpr std::size_t kSources = 6;
Source source_of(event::Activity activity);

struct EventParty {
  Address address;
  event::PartyRole role = event::PartyRole::to;
};

struct EventObject {
  Document document;
  bool place_shown = false;
};

/// A record before it is put into words.
struct Event {
  Instant time;
  Instant arrival;  // when the line reached the log; lines are in this order
  std::uint32_t person = 0;
  std::uint32_t sender = kNone;   // whose address is used, if not the person's: a boss's
  std::uint32_t host_of = kNone;  // whose machine is used, if not the person's
  event::Activity activity = event::Activity::unknown;
  event::AccountInstance instance = event::AccountInstance::unknown;
  Zone zone{};
  std::uint8_t host = 0;  // 0: own, 1: second, 2: the source does not say
  std::uint16_t flags = 0;
  std::uint8_t parties = 0;
  std::uint8_t objects = 0;
  std::uint32_t first_party = 0;
  std::uint32_t first_object = 0;
  std::uint64_t bytes = 0;
  Address account;  // a private mailbox used as sender, if `has_account`
  bool has_account = false;
  std::uint64_t digest[2] = {};  // of a whole mail; 0: not said
};

/// The events of one window, with their parties and objects in pools of their own, so that a day
/// costs few allocations.
class EventBuffer {
 public:
  void clear();

  /// Starts an event; `party` and `object` add to the newest.
  Event& add(event::Activity activity, std::uint32_t person, Instant time);
  void party(Address address, event::PartyRole role);
  void object(Document document, bool place_shown);
  /// A copy of the newest event.
  Event& add_again();
  void drop_newest();

  std::span<Event> events() { return events_; }
  Event& newest() { return events_.back(); }
  std::size_t size() const { return events_.size(); }
  std::span<const EventParty> parties(const Event& event) const;
  std::span<const EventObject> objects(const Event& event) const;
  /// Indices of the events in order of arrival; equal ones as they were added.
  std::span<const std::uint32_t> in_order();

 private:
  std::vector<Event> events_;
  std::vector<EventParty> parties_;
  std::vector<EventObject> objects_;
  std::vector<std::uint32_t> order_;
  std::vector<std::pair<std::int64_t, std::uint32_t>> keys_;
};

}  // namespace weir::sim
