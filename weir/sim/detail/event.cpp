#include "weir/sim/detail/event.h"

#include <algorithm>

namespace weir::sim {

Source source_of(event::Activity activity) {
  using enum event::Activity;
  switch (activity) {
    case mail_send:
    case mail_receive:
    case forward_rule:
      return Source::mail;
    case web_visit:
    case web_upload:
    case web_download:
    case cloud_share:
      return Source::proxy;
    case logon:
    case logon_failed:
    case logoff:
      return Source::directory;
    case record_lookup:
    case search:
      return Source::application;
    case device_connect:
    case device_disconnect:
    case file_copy:
    case print:
      return Source::endpoint;
    default:
      return Source::file_server;
  }
}

void EventBuffer::clear() {
  events_.clear();
  parties_.clear();
  objects_.clear();
}

Event& EventBuffer::add(event::Activity activity, std::uint32_t person, Instant time) {
  Event event;
  event.activity = activity;
  event.person = person;
  event.time = time;
  event.arrival = time;
  event.first_party = static_cast<std::uint32_t>(parties_.size());
  event.first_object = static_cast<std::uint32_t>(objects_.size());
  events_.push_back(event);
  return events_.back();
}

void EventBuffer::party(Address address, event::PartyRole role) {
  parties_.push_back({address, role});
  ++events_.back().parties;
}

void EventBuffer::object(Document document, bool place_shown) {
  objects_.push_back({document, place_shown});
  ++events_.back().objects;
}

Event& EventBuffer::add_again() {
  const Event copy = events_.back();
  events_.push_back(copy);
  return events_.back();
}

void EventBuffer::drop_newest() { events_.pop_back(); }

std::span<const EventParty> EventBuffer::parties(const Event& event) const {
  return std::span(parties_).subspan(event.first_party, event.parties);
}

std::span<const EventObject> EventBuffer::objects(const Event& event) const {
  return std::span(objects_).subspan(event.first_object, event.objects);
}

std::span<const std::uint32_t> EventBuffer::in_order() {
  keys_.clear();
  for (std::uint32_t i = 0; i < events_.size(); ++i) {
    keys_.emplace_back(events_[i].arrival.time_since_epoch().count(), i);
  }
  std::ranges::sort(keys_);
  order_.clear();
  for (const auto& key : keys_) order_.push_back(key.second);
  return order_;
}

}  // namespace weir::sim
