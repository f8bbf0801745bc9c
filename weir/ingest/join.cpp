#include "weir/ingest/join.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

#include "weir/base/bytes.h"
#include "weir/base/hash.h"

namespace weir::ingest {
namespace {

using event::Act;
using event::Activity;
using event::AddressToken;
using event::ContentHash;
using event::kNobody;
using event::Object;
using event::Party;
using event::PartyRole;
using event::PersonId;
using event::RecipientClass;
using event::Record;

/// A record as the part of one person: what was received is the part of each who received it.
struct Share {
  const Record* record = nullptr;
  PersonId person{};
  Activity activity = Activity::unknown;
  AddressToken account{};
  /// A colleague's mailbox saw this mail: that adds to the act of sending, but is none by itself.
  bool only_supports = false;
  std::uint64_t key = 0;
};

bool is_recipient(const Party& party) {
  return party.role == PartyRole::to || party.role == PartyRole::cc || party.role == PartyRole::bcc;
}

const Party* sender_of(const std::vector<Party>& parties) {
  const auto found = std::ranges::find(parties, PartyRole::from, &Party::role);
  return found == parties.end() ? nullptr : &*found;
}

/// Who an act was with, each once and in order. Roles do not matter, because sources disagree on
/// them; the sender does only for what was received.
void counterparties(const std::vector<Party>& parties, Activity activity,
                    std::vector<AddressToken>& out) {
  out.clear();
  for (const Party& party : parties) {
    if (party.address == AddressToken{}) continue;
    if (party.role == PartyRole::from && activity != Activity::mail_receive) continue;
    out.push_back(party.address);
  }
  std::ranges::sort(out);
  out.erase(std::ranges::unique(out).begin(), out.end());
}

std::uint64_t key_of(PersonId person, Activity activity, AddressToken account,
                     const std::vector<AddressToken>& with, std::string& buffer) {
  buffer.clear();
  ByteWriter writer(buffer);
  writer.fixed(person);
  writer.fixed(activity);
  // A mailbox may have several addresses of one person: one message is one contact.
  writer.fixed(activity == Activity::mail_receive ? AddressToken{} : account);
  for (const AddressToken address : with) writer.fixed(address);
  return checksum64(buffer);
}

void add_shares(const Record& record, std::vector<Share>& shares) {
  if (record.activity != Activity::mail_receive) {
    if (record.person != kNobody) {
      shares.push_back({.record = &record,
                        .person = record.person,
                        .activity = record.activity,
                        .account = record.account});
    }
    return;
  }
  if (const Party* sender = sender_of(record.parties);
      sender != nullptr &&
      (sender->person != kNobody || sender->recipient_class == RecipientClass::internal)) {
    if (sender->person == kNobody) return;
    shares.push_back({.record = &record,
                      .person = sender->person,
                      .activity = Activity::mail_send,
                      .account = sender->address,
                      .only_supports = true});
    return;
  }
  const std::size_t first = shares.size();
  const auto receives = [&](PersonId person, AddressToken account) {
    if (person == kNobody) return;
    for (std::size_t i = first; i < shares.size(); ++i) {
      if (shares[i].person == person) return;
    }
    shares.push_back({.record = &record,
                      .person = person,
                      .activity = Activity::mail_receive,
                      .account = account});
  };
  for (const Party& party : record.parties) {
    if (is_recipient(party)) receives(party.person, party.address);
  }
  // A mailbox receives what names it nowhere, too: a list's mail, or a blind copy.
  receives(record.person, record.account);
}

std::vector<ContentHash> object_contents(const Record& record) {
  std::vector<ContentHash> contents;
  for (const Object& object : record.objects) {
    if (object.content) contents.push_back(object.content);
  }
  std::ranges::sort(contents);
  contents.erase(std::ranges::unique(contents).begin(), contents.end());
  return contents;
}

bool share_one(const std::vector<ContentHash>& a, const std::vector<ContentHash>& b) {
  return std::ranges::any_of(
      a, [&](const ContentHash& c) { return std::ranges::binary_search(b, c); });
}

bool happens_on_a_host(Activity activity) {
  switch (class_of(activity)) {
    case event::RecordClass::file:
    case event::RecordClass::authentication:
    case event::RecordClass::device:
    case event::RecordClass::print:
      return true;
    default:
      return false;
  }
}

/// Can these two records, alike in person, activity and envelope and near in time, speak of the
/// same act?
bool may_be_one(const Record& a, const Record& b) {
  if (a.content && b.content && a.content != b.content) return false;
  const std::vector<ContentHash> in_a = object_contents(a);
  const std::vector<ContentHash> in_b = object_contents(b);
  if (a.source == b.source) {
    if (in_a != in_b) return false;
    // A mail server logs one mail once a recipient.
    if (a.activity == Activity::mail_receive) return true;
    // Else a source says a thing once: its records are acts of their own unless content proves a
    // copy.
    return static_cast<bool>(a.content) == static_cast<bool>(b.content) &&
           (a.content || !in_a.empty());
  }
  if (!in_a.empty() && !in_b.empty() && !share_one(in_a, in_b)) return false;
  const bool hosts_differ =
      a.host != b.host && a.host != event::HostToken{} && b.host != event::HostToken{};
  return !(hosts_differ && happens_on_a_host(a.activity));
}

/// Of two views on the same counterparty, the one that looks less innocent.
int wariness(RecipientClass recipient_class) {
  switch (recipient_class) {
    case RecipientClass::unknown:
      return 0;
    case RecipientClass::internal:
      return 1;
    case RecipientClass::partner:
      return 2;
    case RecipientClass::other:
      return 3;
    case RecipientClass::free_mail:
      return 4;
    case RecipientClass::disposable:
      return 5;
  }
  return 0;
}

void unite_parties(std::vector<Party>& parties) {
  const auto place = [](const Party& p) { return std::tuple(p.role, p.address, p.domain); };
  std::ranges::sort(parties, {}, [&](const Party& p) {
    return std::tuple(place(p), -wariness(p.recipient_class), ~std::to_underlying(p.person));
  });
  std::size_t kept = 0;
  for (const Party& party : parties) {
    if (kept > 0 && place(parties[kept - 1]) == place(party)) {
      Party& first = parties[kept - 1];
      first.person = std::max(first.person, party.person);
    } else {
      parties[kept++] = party;
    }
  }
  parties.resize(kept);
}

void unite_objects(std::vector<Object>& objects) {
  const auto place = [](const Object& o) { return std::tuple(o.content, o.place, o.bytes); };
  std::ranges::sort(objects, {}, place);
  std::size_t kept = 0;
  for (const Object& object : objects) {
    if (kept > 0 && place(objects[kept - 1]) == place(object)) {
      Object& first = objects[kept - 1];
      first.sensitivity = std::max(first.sensitivity, object.sensitivity);
      first.flags |= object.flags;
    } else {
      objects[kept++] = object;
    }
  }
  objects.resize(kept);
}

/// The shares that make one act; at least one that does not only support.
using Bundle = std::vector<const Share*>;

Act act_of(Bundle& bundle) {
  std::ranges::sort(bundle, {},
                    [](const Share* s) { return std::tuple(s->record->time, s->record->id); });
  Act act;
  act.person = bundle.front()->person;
  act.activity = bundle.front()->activity;
  act.account = bundle.front()->account;
  act.time = bundle.front()->record->time;
  for (const Share* share : bundle) {
    const Record& record = *share->record;
    act.records.push_back(record.id);
    if (!act.utc_offset) act.utc_offset = record.utc_offset;
    // The host of a mailbox that received it is not where it was sent from.
    if (act.host == event::HostToken{} && !share->only_supports) act.host = record.host;
    if (act.account == AddressToken{}) act.account = share->account;
    act.account_instance = std::max(act.account_instance, record.account_instance);
    for (const Party& party : record.parties) {
      if (party.role != PartyRole::from || !share->only_supports) act.parties.push_back(party);
    }
    act.objects.insert(act.objects.end(), record.objects.begin(), record.objects.end());
    act.documents.insert(act.documents.end(), record.documents.begin(), record.documents.end());
    act.bytes = std::max(act.bytes, record.bytes);
    if (!act.content) act.content = record.content;
    act.sensitivity = std::max(act.sensitivity, record.sensitivity);
    act.flags |= record.flags;
  }
  std::ranges::sort(act.records);
  act.id = act.records.front();
  unite_parties(act.parties);
  unite_objects(act.objects);
  unite(act.documents);
  return act;
}

/// Joins the shares of one key, which come in order of (time, id).
void join_group(std::span<const Share> group, const JoinOptions& options, std::vector<Act>& acts) {
  std::vector<Bundle> bundles;
  std::size_t oldest_open = 0;
  const auto fits = [](const Share& share, const Bundle& bundle) {
    return std::ranges::all_of(
        bundle, [&](const Share* other) { return may_be_one(*share.record, *other->record); });
  };
  for (const Share& share : group) {
    if (share.only_supports) continue;
    while (oldest_open < bundles.size() &&
           (share.record->time - bundles[oldest_open].front()->record->time > options.tolerance ||
            bundles.size() - oldest_open > options.open_acts)) {
      ++oldest_open;
    }
    const auto open = std::ranges::subrange(
        bundles.begin() + static_cast<std::ptrdiff_t>(oldest_open), bundles.end());
    const auto found = std::ranges::find_if(open, [&](const Bundle& b) { return fits(share, b); });
    if (found == open.end()) {
      bundles.push_back({&share});
    } else {
      found->push_back(&share);
    }
  }
  for (const Share& share : group) {
    if (!share.only_supports) continue;
    const auto lead_time = [](const Bundle& b) { return b.front()->record->time; };
    const auto first =
        std::ranges::lower_bound(bundles, share.record->time - options.tolerance, {}, lead_time);
    const auto last =
        std::ranges::upper_bound(bundles, share.record->time + options.tolerance, {}, lead_time);
    std::size_t tried = 0;
    for (auto bundle = first; bundle != last && tried < options.open_acts; ++bundle, ++tried) {
      if (!fits(share, *bundle)) continue;
      bundle->push_back(&share);
      break;
    }
  }
  for (Bundle& bundle : bundles) acts.push_back(act_of(bundle));
}

}  // namespace

std::vector<Act> join_records(std::span<const Record> records, const JoinOptions& options) {
  std::vector<Share> shares;
  shares.reserve(records.size());
  for (const Record& record : records) add_shares(record, shares);

  std::vector<AddressToken> with;
  std::string buffer;
  for (Share& share : shares) {
    counterparties(share.record->parties, share.activity, with);
    share.key = key_of(share.person, share.activity, share.account, with, buffer);
  }
  const auto order = [](const Share& s) {
    return std::tuple(s.key, s.record->time, s.record->id, s.record->seen, s.record->source,
                      s.record->source_offset);
  };
  std::ranges::sort(shares, {}, order);
  // The same record given twice counts once.
  const auto twice = [](const Share& a, const Share& b) {
    return a.key == b.key && a.record->id == b.record->id;
  };
  shares.erase(std::ranges::unique(shares, twice).begin(), shares.end());

  std::vector<Act> acts;
  acts.reserve(shares.size());
  for (std::size_t i = 0; i < shares.size();) {
    std::size_t end = i + 1;
    while (end < shares.size() && shares[end].key == shares[i].key) ++end;
    join_group(std::span(shares).subspan(i, end - i), options, acts);
    i = end;
  }
  std::ranges::sort(acts, {}, [](const Act& a) { return std::tuple(a.person, a.time, a.id); });
  return acts;
}

std::uint64_t act_key(const Act& act) {
  std::vector<AddressToken> with;
  std::string buffer;
  counterparties(act.parties, act.activity, with);
  return key_of(act.person, act.activity, act.account, with, buffer);
}

}  // namespace weir::ingest
