#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/event/source_record.h"
#include "weir/ingest/format.h"

namespace weir::ingest {

/// What one OCSF event says, attribute by attribute, before it is decided what that means: the
/// order of attributes in JSON is free, so the meaning waits until all have been seen. All views
/// point into the line or into the parser.
struct OcsfSaid {
  using Party = event::SourceRecord::Party;
  using Object = event::SourceRecord::Object;

  struct User {
    std::string_view uid;
    std::string_view name;
    std::string_view email_addr;
  };
  struct Endpoint {
    std::string_view hostname;
    std::string_view name;
    std::string_view uid;
  };
  struct File {
    Object object;
    bool has_place = false;
    std::string_view name;
    std::string_view path;
  };
  struct Peripheral {
    std::string_view name;
    std::string_view uid;
    std::string_view serial_number;
    bool is_storage = false;
  };
  /// `unmapped.weir`
  struct Own {
    std::string_view activity;
    std::string_view title;
    std::string_view content_digest;
    event::AccountInstance account_instance{};
    event::Sensitivity sensitivity{};
    std::uint16_t flags = 0;
    std::optional<std::uint64_t> bytes;
    bool local_time = false;
    std::vector<File> files;
    std::vector<std::uint16_t> file_flags;
  };

  std::optional<std::uint64_t> class_uid;
  std::optional<std::uint64_t> activity_id;
  std::optional<std::uint64_t> type_uid;
  std::string_view class_name;
  std::string_view activity_name;
  std::optional<std::int64_t> time;
  std::string_view time_dt;
  std::optional<std::int64_t> timezone_offset;
  std::uint64_t status_id = 0;
  std::uint64_t direction_id = 0;

  User actor;
  User user;
  Endpoint device;
  Endpoint source;
  Endpoint destination;

  std::string_view from;                      // email.from
  std::string_view envelope_from;             // email.smtp_from, from
  std::vector<Party> parties;                 // to, cc, bcc and those of unmapped.weir
  std::vector<std::string_view> envelope_to;  // email.smtp_to, email.delivered_to, to
  std::string_view subject;
  std::optional<std::uint64_t> mail_size;
  event::Sensitivity sensitivity{};

  std::vector<File> files;  // file, email.files, web_resources, database …
  File file_result;
  bool has_file_result = false;

  std::string_view site;  // http_request.url.hostname, else of url_string
  std::string_view site_of_url;
  std::string_view method;
  std::optional<std::uint64_t> request_length;
  std::optional<std::uint64_t> response_length;
  std::optional<std::uint64_t> traffic_in;
  std::optional<std::uint64_t> traffic_out;
  std::optional<std::uint64_t> traffic;
  Peripheral peripheral;
  bool has_peripheral = false;
  Own own;

  /// Keeps the buffers.
  void clear();
};

/// What the event means, as docs/formats/ocsf.md tells it. `said` is used up. `raw` of the record
/// is left to the caller.
std::optional<ParseError> interpret_ocsf(OcsfSaid& said, const Limits& limits,
                                         event::SourceRecord& record);

}  // namespace weir::ingest
