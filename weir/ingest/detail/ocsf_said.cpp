#include "weir/ingest/detail/ocsf_said.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "weir/base/text.h"
#include "weir/event/ocsf_class.h"

namespace weir::ingest {
namespace {

using event::Activity;
using event::PartyRole;
using event::SourceRecord;
using Failure = std::optional<ParseError>;

constexpr std::uint64_t kOther = 99;
constexpr std::uint64_t kHttp = 4002;
constexpr std::uint64_t kEmail = 4009;

struct ClassName {
  std::uint64_t uid = 0;
  std::string_view name;
};
constexpr std::array kClasses = {
    ClassName{1001, "File System Activity"}, ClassName{1010, "Peripheral Activity"},
    ClassName{3002, "Authentication"},       ClassName{4002, "HTTP Activity"},
    ClassName{4009, "Email Activity"},       ClassName{6001, "Web Resources Activity"},
    ClassName{6005, "Datastore Activity"},   ClassName{6006, "File Hosting Activity"},
};

struct Meaning {
  std::uint64_t class_uid = 0;
  std::uint64_t activity_id = 0;  // 0: by name only
  std::string_view name;
  Activity activity = Activity::unknown;
};
constexpr std::array kMeanings = {
    Meaning{1001, 14, "Open", Activity::file_open},
    Meaning{1001, 2, "Read", Activity::file_open},
    Meaning{1001, 1, "Create", Activity::file_write},
    Meaning{1001, 3, "Update", Activity::file_write},
    Meaning{1001, 10, "Encrypt", Activity::file_write},
    Meaning{1001, 4, "Delete", Activity::file_delete},
    Meaning{1001, 5, "Rename", Activity::file_rename},
    Meaning{1001, 0, "Move", Activity::file_rename},
    Meaning{1001, 0, "Copy", Activity::file_copy},
    Meaning{1001, 0, "Archive", Activity::file_archive},
    Meaning{1001, 0, "Print", Activity::print},
    Meaning{1010, 1, "Connect", Activity::device_connect},
    Meaning{1010, 2, "Disconnect", Activity::device_disconnect},
    Meaning{1010, 5, "Eject", Activity::device_disconnect},
    Meaning{3002, 1, "Logon", Activity::logon},
    Meaning{3002, 2, "Logoff", Activity::logoff},
    Meaning{4002, 1, "Connect", Activity::web_visit},
    Meaning{4002, 2, "Delete", Activity::web_visit},
    Meaning{4002, 3, "Get", Activity::web_visit},
    Meaning{4002, 4, "Head", Activity::web_visit},
    Meaning{4002, 5, "Options", Activity::web_visit},
    Meaning{4002, 8, "Trace", Activity::web_visit},
    Meaning{4002, 6, "Post", Activity::web_upload},
    Meaning{4002, 7, "Put", Activity::web_upload},
    Meaning{4002, 9, "Patch", Activity::web_upload},
    Meaning{4009, 1, "Send", Activity::mail_send},
    Meaning{4009, 2, "Receive", Activity::mail_receive},
    Meaning{4009, 0, "Forward Rule", Activity::forward_rule},
    Meaning{6001, 1, "Create", Activity::web_upload},
    Meaning{6001, 2, "Read", Activity::web_visit},
    Meaning{6001, 3, "Update", Activity::web_upload},
    Meaning{6001, 5, "Search", Activity::search},
    Meaning{6001, 6, "Import", Activity::web_upload},
    Meaning{6001, 7, "Export", Activity::web_download},
    Meaning{6001, 8, "Share", Activity::cloud_share},
    Meaning{6005, 1, "Read", Activity::record_lookup},
    Meaning{6005, 4, "Query", Activity::record_lookup},
    Meaning{6005, 8, "List", Activity::search},
    Meaning{6006, 1, "Upload", Activity::web_upload},
    Meaning{6006, 2, "Download", Activity::web_download},
    Meaning{6006, 3, "Update", Activity::file_write},
    Meaning{6006, 4, "Delete", Activity::file_delete},
    Meaning{6006, 5, "Rename", Activity::file_rename},
    Meaning{6006, 6, "Copy", Activity::file_copy},
    Meaning{6006, 7, "Move", Activity::file_rename},
    Meaning{6006, 9, "Preview", Activity::file_open},
    Meaning{6006, 12, "Share", Activity::cloud_share},
    Meaning{6006, 14, "Open", Activity::file_open},
};

bool is_known_class(std::uint64_t uid) {
  return std::ranges::find(kClasses, uid, &ClassName::uid) != kClasses.end();
}

/// 0 if the event does not say.
std::uint64_t class_of(const OcsfSaid& said) {
  if (said.class_uid) return *said.class_uid;
  if (said.type_uid) return *said.type_uid / 100;
  const auto found = std::ranges::find_if(kClasses, [&](const ClassName& known) {
    return equals_ignoring_case(known.name, said.class_name);
  });
  return found == kClasses.end() ? 0 : found->uid;
}

Activity activity_of(const OcsfSaid& said, std::uint64_t class_uid) {
  std::uint64_t id = said.activity_id.value_or(said.type_uid ? *said.type_uid % 100 : 0);
  if (class_uid == kEmail && id >= 1 && id <= 5) {
    // Which way a mail goes is known best by who knows the organisation's border; a gateway's
    // "Send" may well be a mail coming in.
    if (said.direction_id == 1) return Activity::mail_receive;
    if (said.direction_id == 2 || said.direction_id == 3) return Activity::mail_send;
  }
  std::string_view name;
  if (id == 0 || id == kOther) {
    id = 0;
    name = said.activity_name;
    if (class_uid == kHttp && !said.method.empty()) name = said.method;
    if (name.empty()) return Activity::unknown;
  }
  const auto found = std::ranges::find_if(kMeanings, [&](const Meaning& meaning) {
    return meaning.class_uid == class_uid &&
           (id != 0 ? meaning.activity_id == id : equals_ignoring_case(meaning.name, name));
  });
  if (found == kMeanings.end()) return Activity::unknown;
  if (found->activity == Activity::logon && said.status_id == 2) return Activity::logon_failed;
  if (found->activity == Activity::web_visit && class_uid == kHttp && !said.files.empty()) {
    return Activity::web_download;
  }
  return found->activity;
}

Failure set_time(const OcsfSaid& said, SourceRecord& record) {
  constexpr std::int64_t kEnd = 4'102'444'800'000;  // 2100-01-01
  constexpr std::int64_t kMostOffset = 18 * 60;

  std::optional<ZonedTime> text;
  if (!said.time_dt.empty()) {
    text = parse_iso8601(said.time_dt);
    if (!text) return ParseError::bad_time;
  }
  if (!said.time && !text) return ParseError::missing_field;
  const std::int64_t count = said.time ? *said.time : text->utc.time_since_epoch().count();
  if (count < 0 || count >= kEnd) return ParseError::time_out_of_range;
  record.time = Instant{std::chrono::milliseconds{count}};
  std::int64_t offset = 0;
  if (said.timezone_offset) {
    offset = *said.timezone_offset;
  } else if (text && text->offset) {
    offset = text->offset->count();
  }
  if (offset < -kMostOffset || offset > kMostOffset) return ParseError::bad_number;
  record.has_offset = !said.own.local_time;
  if (record.has_offset) record.utc_offset = std::chrono::minutes{offset};
  return std::nullopt;
}

/// A login where the unique id is a Windows SID: rosters list logins.
std::string_view user_id(const OcsfSaid::User& user) {
  if (user.uid.empty()) return user.name;
  return user.uid.starts_with("S-1-") && !user.name.empty() ? user.name : user.uid;
}

std::string_view name_of(const OcsfSaid::Endpoint& endpoint) {
  if (!endpoint.hostname.empty()) return endpoint.hostname;
  return endpoint.name.empty() ? endpoint.uid : endpoint.name;
}

std::string_view first_not_empty(std::initializer_list<std::string_view> texts) {
  for (const std::string_view text : texts) {
    if (!text.empty()) return text;
  }
  return {};
}

/// "C:\plans\a.doc" → "C:\plans"
std::string_view folder_of(std::string_view path) {
  const std::size_t separator = path.find_last_of("/\\");
  return separator == std::string_view::npos ? std::string_view() : path.substr(0, separator);
}

void add_object(const OcsfSaid::File& file, SourceRecord& record) {
  SourceRecord::Object& object = record.objects.emplace_back(file.object);
  object.name = file.path.empty() ? file.name : file.path;
  if (!file.has_place) object.place = folder_of(file.path);
}

Failure set_objects(OcsfSaid& said, const Limits& limits, SourceRecord& record) {
  if (said.has_file_result) {
    // What the file became tells what the file itself does not.
    OcsfSaid::File& result = said.file_result;
    if (said.files.empty()) {
      said.files.push_back(result);
    } else {
      SourceRecord::Object& file = said.files.front().object;
      if (file.bytes == 0) file.bytes = result.object.bytes;
      if (file.digest.empty()) file.digest = result.object.digest;
      file.sensitivity = std::max(file.sensitivity, result.object.sensitivity);
    }
  }
  if (said.files.size() + said.own.files.size() > limits.objects) return ParseError::too_long;
  for (const OcsfSaid::File& file : said.files) add_object(file, record);
  for (const OcsfSaid::File& file : said.own.files) add_object(file, record);
  if (said.has_peripheral) {
    const OcsfSaid::Peripheral& device = said.peripheral;
    const std::string_view id = first_not_empty({device.serial_number, device.uid});
    if (!id.empty()) {
      SourceRecord::Object& object = record.objects.emplace_back();
      object.name = device.name;
      object.place = id;
    }
    if (device.is_storage) record.flags |= event::kFlagRemovableMedia;
  }
  if (said.own.file_flags.size() > record.objects.size()) return ParseError::bad_structure;
  for (std::size_t i = 0; i < said.own.file_flags.size(); ++i) {
    record.objects[i].flags = said.own.file_flags[i];
  }
  return std::nullopt;
}

/// Envelope recipients that the header does not name were hidden from the others.
void add_hidden_recipients(OcsfSaid& said) {
  if (said.envelope_to.empty()) return;
  std::vector<std::string_view> named;
  for (const auto& party : said.parties) named.push_back(party.address);
  std::ranges::sort(named);
  std::ranges::sort(said.envelope_to);
  const auto doubles = std::ranges::unique(said.envelope_to);
  said.envelope_to.erase(doubles.begin(), doubles.end());
  for (const std::string_view recipient : said.envelope_to) {
    if (!std::ranges::binary_search(named, recipient)) {
      said.parties.push_back({recipient, PartyRole::bcc});
    }
  }
}

void set_people(OcsfSaid& said, std::uint64_t class_uid, SourceRecord& record) {
  // Who logs on is `user`; `actor` is then often the system itself.
  const bool own_user =
      class_uid == 3002 && !(user_id(said.user).empty() && said.user.email_addr.empty());
  const OcsfSaid::User& user = own_user ? said.user : said.actor;
  record.user = user_id(user);
  record.user_address = user.email_addr;

  const bool at_desk = class_uid == 1001 || class_uid == 1010 || class_uid == 3002;
  record.host = at_desk ? first_not_empty({name_of(said.device), name_of(said.source)})
                        : first_not_empty({name_of(said.source), name_of(said.device)});
  if (class_uid == 3002 && record.host.empty()) record.host = name_of(said.destination);

  if (class_uid == kEmail) {
    const std::string_view from = first_not_empty({said.from, said.envelope_from});
    if (record.activity == Activity::mail_receive) {
      // In front of other senders, as it was written.
      if (!from.empty()) said.parties.insert(said.parties.begin(), {from, PartyRole::from});
    } else if (record.user_address.empty()) {
      record.user_address = from;
    } else if (!from.empty() && !equals_ignoring_case(from, record.user_address)) {
      said.parties.insert(said.parties.begin(), {from, PartyRole::from});
    }
    add_hidden_recipients(said);
  } else {
    const std::string_view site = first_not_empty({said.site, said.site_of_url});
    if (!site.empty()) {
      said.parties.insert(said.parties.begin(), {site, PartyRole::site});
    } else if (class_uid == kHttp || class_uid == 6001 || class_uid == 6006) {
      const std::string_view server = name_of(said.destination);
      if (!server.empty()) said.parties.insert(said.parties.begin(), {server, PartyRole::site});
    }
  }
  record.parties.assign(said.parties.begin(), said.parties.end());
  if (!std::ranges::is_sorted(record.parties, {}, &SourceRecord::Party::role)) {
    std::ranges::stable_sort(record.parties, {}, &SourceRecord::Party::role);
  }
}

void set_bytes(const OcsfSaid& said, SourceRecord& record) {
  const bool upload = record.activity == Activity::web_upload;
  const std::array<std::optional<std::uint64_t>, 5> sources = {
      said.own.bytes, said.mail_size, upload ? said.traffic_out : said.traffic_in,
      upload ? said.request_length : said.response_length, said.traffic};
  for (const auto& source : sources) {
    if (source) {
      record.bytes = *source;
      return;
    }
  }
  for (const SourceRecord::Object& object : record.objects) {
    const std::uint64_t room = std::numeric_limits<std::uint64_t>::max() - record.bytes;
    record.bytes += std::min(object.bytes, room);
  }
}

}  // namespace

void OcsfSaid::clear() {
  OcsfSaid empty;
  empty.parties = std::move(parties);
  empty.envelope_to = std::move(envelope_to);
  empty.files = std::move(files);
  empty.own.files = std::move(own.files);
  empty.own.file_flags = std::move(own.file_flags);
  empty.parties.clear();
  empty.envelope_to.clear();
  empty.files.clear();
  empty.own.files.clear();
  empty.own.file_flags.clear();
  *this = std::move(empty);
}

Failure interpret_ocsf(OcsfSaid& said, const Limits& limits, SourceRecord& record) {
  record.clear();
  const std::uint64_t class_uid = class_of(said);
  if (!is_known_class(class_uid)) return ParseError::unknown_class;
  record.activity = activity_of(said, class_uid);
  if (!said.own.activity.empty()) {
    const Activity own = event::activity_from(said.own.activity).value_or(Activity::unknown);
    record.activity = event::ocsf_class(own).class_uid == class_uid ? own : Activity::unknown;
  }
  if (record.activity == Activity::unknown) return ParseError::unknown_activity;
  if (const Failure failure = set_time(said, record); failure) return failure;

  set_people(said, class_uid, record);
  if (record.parties.size() > limits.parties) return ParseError::too_long;
  record.flags = said.own.flags;
  if (const Failure failure = set_objects(said, limits, record); failure) return failure;
  set_bytes(said, record);
  record.content_digest = said.own.content_digest;
  record.title = first_not_empty({said.own.title, said.subject, said.peripheral.name});
  record.account_instance = said.own.account_instance;
  record.sensitivity = std::max(said.own.sensitivity, said.sensitivity);
  return std::nullopt;
}

}  // namespace weir::ingest
