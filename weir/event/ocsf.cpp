#include "weir/event/ocsf.h"

#include <array>
#include <utility>

#include "weir/event/detail/json_text.h"
#include "weir/event/ocsf_class.h"

namespace weir::event {
namespace {

using Object = SourceRecord::Object;

void put_classification(Members& members, Sensitivity sensitivity) {
  if (sensitivity == Sensitivity::unknown) return;
  std::string& out = members.put(R"("data_classification":{"confidentiality_id":)");
  put_number(out, ocsf_confidentiality_id(sensitivity));
  out += '}';
}

void put_file(std::string& out, const Object& object) {
  Members file(out);
  const std::size_t separator = object.name.find_last_of("/\\");
  if (separator == std::string_view::npos) {
    put_text(file.put(R"("name":)"), object.name);
  } else {
    put_text(file.put(R"("name":)"), object.name.substr(separator + 1));
    file.text(R"("path":)", object.name);
  }
  file.put(R"("type_id":1)");
  if (object.bytes != 0) put_number(file.put(R"("size":)"), object.bytes);
  // With a path and no folder, readers take the folder from the path: "" says there is none.
  if (!object.place.empty() || separator != std::string_view::npos) {
    put_text(file.put(R"("parent_folder":)"), object.place);
  }
  if (!object.digest.empty()) {
    put_hex(file.put(R"("hashes":[{"algorithm_id":0,"value":)"), object.digest);
    out += "}]";
  }
  put_classification(file, object.sensitivity);
}

template <class Range, class Put>
void put_list(std::string& out, const Range& range, Put put) {
  out += '[';
  bool first = true;
  for (const auto& element : range) {
    if (!first) out += ',';
    first = false;
    put(element);
  }
  out += ']';
}

void put_files(std::string& out, std::span<const Object> objects) {
  put_list(out, objects, [&](const Object& object) { put_file(out, object); });
}

void put_flags(std::string& out, std::uint16_t flags) {
  out += '[';
  bool first = true;
  for (const Flag flag : kFlags) {
    if ((flags & flag) == 0) continue;
    out += first ? "\"" : ",\"";
    first = false;
    out += to_string(flag);
    out += '"';
  }
  out += ']';
}

void put_addresses(Members& members, std::string_view key, const SourceRecord& record,
                   PartyRole role) {
  bool first = true;
  std::string* out = nullptr;
  for (const SourceRecord::Party& party : record.parties) {
    if (party.role != role) continue;
    if (first) {
      out = &members.put(key);
      *out += '[';
    } else {
      *out += ',';
    }
    first = false;
    put_text(*out, party.address);
  }
  if (out != nullptr) *out += ']';
}

/// What OCSF has an attribute for, which the rest of the record then need not repeat.
struct Shape {
  bool email = false;
  bool file = false;      // attribute `file` for the first object
  bool url = false;       // http_request.url.hostname for the first site
  bool endpoint = false;  // dst_endpoint.hostname for the first site
  bool device = false;    // `device` is the host, else src_endpoint
  std::string_view traffic{};
};

Shape shape_of(const OcsfClass& kind, Activity activity) {
  switch (kind.class_uid) {
    case 1001:
      return {.file = true, .device = true};
    case 1010:
    case 3002:
      return {.device = true};
    case 4002:
      return {.file = true,
              .url = true,
              .traffic = activity == Activity::web_upload ? R"("traffic":{"bytes_out":)"
                                                          : R"("traffic":{"bytes_in":)"};
    case 4009:
      return {.email = true};
    case 6001:
      return {.url = true};
    case 6006:
      return {.file = true, .endpoint = true};
    default:
      return {};
  }
}

bool states_bytes(const SourceRecord& record) {
  // Left out, readers take the sum over the objects.
  return record.bytes != 0 || !record.objects.empty();
}

void put_email(Members& event, const SourceRecord& record, std::string_view from) {
  event.put(record.activity == Activity::mail_receive ? R"("direction_id":1)"
                                                      : R"("direction_id":0)");
  Members email(event.put(R"("email":)"));
  email.text(R"("from":)", from);
  put_addresses(email, R"("to":)", record, PartyRole::to);
  put_addresses(email, R"("cc":)", record, PartyRole::cc);
  email.text(R"("subject":)", record.title);
  if (states_bytes(record)) put_number(email.put(R"("size":)"), record.bytes);
  if (!record.objects.empty()) put_files(email.put(R"("files":)"), record.objects);
  put_classification(email, record.sensitivity);
}

/// The flags of each object, in their order, up to the last that has any.
void put_object_flags(Members& own, std::span<const Object> objects) {
  while (!objects.empty() && objects.back().flags == 0) objects = objects.first(objects.size() - 1);
  if (objects.empty()) return;
  std::string& out = own.put(R"("file_flags":)");
  put_list(out, objects, [&](const Object& object) { put_flags(out, object.flags); });
}

void put_user(Members& event, bool authentication, std::string_view uid, std::string_view address) {
  if (uid.empty() && address.empty()) return;
  std::string& out = event.put(authentication ? R"("user":)" : R"("actor":{"user":)");
  {
    Members user(out);
    user.text(R"("uid":)", uid);
    user.text(R"("email_addr":)", address);
  }
  if (!authentication) out += '}';
}

struct Spelled {
  const SourceRecord& record;
  const Shape& shape;
  bool from_is_party = false;  // email.from is the first `from` party
};

/// Parties that no attribute above carries.
void put_other_parties(Members& own, const Spelled& said) {
  bool first_site = said.shape.url || said.shape.endpoint;
  bool first_from = said.from_is_party;
  std::string* out = nullptr;
  for (const SourceRecord::Party& party : said.record.parties) {
    if (said.shape.email && (party.role == PartyRole::to || party.role == PartyRole::cc)) continue;
    if (party.role == PartyRole::site && std::exchange(first_site, false)) continue;
    if (party.role == PartyRole::from && std::exchange(first_from, false)) continue;
    if (out == nullptr) {
      out = &own.put(R"("parties":[)");
    } else {
      *out += ',';
    }
    *out += R"({"role":")";
    *out += to_string(party.role);
    *out += R"(","address":)";
    put_text(*out, party.address);
    *out += '}';
  }
  if (out != nullptr) *out += ']';
}

/// `unmapped.weir`: what OCSF has no attribute for.
void put_own(Members& event, std::string& out, const Spelled& said) {
  const SourceRecord& record = said.record;
  // A comma must stand before "unmapped" only if something follows in it.
  const std::size_t mark = out.size();
  std::string& unmapped = event.put(R"("unmapped":{"weir":{)");
  const std::size_t body = unmapped.size();
  {
    Members own(out, "", "");
    // OCSF's Get stands for a visit; with a file, readers take it for a download.
    if (record.activity == Activity::web_download ||
        (record.activity == Activity::web_visit && !record.objects.empty())) {
      own.text(R"("activity":)", to_string(record.activity));
    }
    if (!record.has_offset) own.put(R"("local_time":true)");
    if (!said.shape.email && ocsf_class(record.activity).class_uid != 1010) {
      own.text(R"("title":)", record.title);
    }
    if (!record.content_digest.empty())
      put_hex(own.put(R"("content_hash":)"), record.content_digest);
    if (record.account_instance != AccountInstance::unknown) {
      own.text(R"("account_instance":)", to_string(record.account_instance));
    }
    if (!said.shape.email && record.sensitivity != Sensitivity::unknown) {
      own.text(R"("sensitivity":)", to_string(record.sensitivity));
    }
    if (record.flags != 0) put_flags(own.put(R"("flags":)"), record.flags);
    if (!said.shape.email && said.shape.traffic.empty() && states_bytes(record)) {
      put_number(own.put(R"("bytes":)"), record.bytes);
    }
    put_other_parties(own, said);
    if (!said.shape.email && record.objects.size() > (said.shape.file ? 1u : 0u)) {
      put_files(own.put(R"("files":)"),
                std::span<const Object>(record.objects).subspan(said.shape.file ? 1 : 0));
    }
    put_object_flags(own, record.objects);
  }
  if (out.size() == body) {
    out.resize(mark);
  } else {
    out += "}}";
  }
}

/// All that is the same for every record of an activity, up to the value of `time`.
std::string prefix_of(Activity activity) {
  const OcsfClass kind = ocsf_class(activity);
  std::string out = R"({"metadata":{"version":")";
  out += kOcsfVersion;
  out += R"(","product":{"vendor_name":"Weir"}},"category_uid":)";
  put_number(out, kind.category_uid);
  out += R"(,"class_uid":)";
  put_number(out, kind.class_uid);
  out += R"(,"activity_id":)";
  put_number(out, kind.activity_id);
  if (kind.activity_id == kOcsfOther) {
    out += R"(,"activity_name":")";
    out += kind.activity_name;
    out += '"';
  }
  out += R"(,"type_uid":)";
  put_number(out, kind.class_uid * 100 + kind.activity_id);
  out += R"(,"severity_id":1,)";
  if (activity == Activity::logon || activity == Activity::logoff) out += R"("status_id":1,)";
  if (activity == Activity::logon_failed) out += R"("status_id":2,)";
  if (kind.class_uid == 6001) out += R"("web_resources":[],)";
  out += R"("time":)";
  return out;
}

const std::string& cached_prefix_of(Activity activity) {
  static const std::array<std::string, kActivityCount> kPrefixes = [] {
    std::array<std::string, kActivityCount> prefixes;
    for (std::size_t i = 0; i < prefixes.size(); ++i) {
      prefixes[i] = prefix_of(static_cast<Activity>(i));
    }
    return prefixes;
  }();
  const auto i = std::to_underlying(activity);
  return kPrefixes[i < kPrefixes.size() ? i : 0];
}

const SourceRecord::Party* first_of(const SourceRecord& record, PartyRole role) {
  for (const SourceRecord::Party& party : record.parties) {
    if (party.role == role) return &party;
  }
  return nullptr;
}

}  // namespace

void write_ocsf(const SourceRecord& record, std::string& out) {
  const OcsfClass kind = ocsf_class(record.activity);
  const Shape shape = shape_of(kind, record.activity);

  out += cached_prefix_of(record.activity);
  put_number(out, record.time.time_since_epoch().count());
  {
    Members event(out, ",", "");
    if (record.has_offset)
      put_number(event.put(R"("timezone_offset":)"), record.utc_offset.count());

    // email.from is the own address when sending, the first outside sender when receiving.
    const bool sender_is_user = shape.email && record.activity != Activity::mail_receive;
    const SourceRecord::Party* from =
        shape.email && !sender_is_user ? first_of(record, PartyRole::from) : nullptr;
    put_user(event, kind.class_uid == 3002, record.user,
             sender_is_user ? std::string_view() : record.user_address);
    if (!record.host.empty()) {
      put_text(event.put(shape.device ? R"("device":{"type_id":0,"hostname":)"
                                      : R"("src_endpoint":{"hostname":)"),
               record.host);
      out += '}';
    }
    if (shape.email) {
      put_email(event, record,
                sender_is_user ? record.user_address
                : from         ? from->address
                               : std::string_view());
    }
    if (const SourceRecord::Party* site = first_of(record, PartyRole::site); site != nullptr) {
      if (shape.url) {
        put_text(event.put(R"("http_request":{"url":{"hostname":)"), site->address);
        out += "}}";
      } else if (shape.endpoint) {
        put_text(event.put(R"("dst_endpoint":{"hostname":)"), site->address);
        out += '}';
      }
    }
    if (kind.class_uid == 1010) {
      put_text(event.put(R"("peripheral_device":{"name":)"), record.title);
      out += '}';
    }
    if (shape.file && !record.objects.empty()) {
      put_file(event.put(R"("file":)"), record.objects.front());
    }
    if (!shape.traffic.empty() && states_bytes(record)) {
      put_number(event.put(shape.traffic), record.bytes);
      out += '}';
    }
    put_own(event, out, {record, shape, from != nullptr});
  }
  out += "}\n";
}

}  // namespace weir::event
