#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace weir::event {

/// What was done, as one source saw it. The numbers are stored: append, never renumber.
enum class Activity : std::uint8_t {
  unknown = 0,
  mail_send = 1,
  mail_receive = 2,
  web_visit = 3,
  web_upload = 4,
  web_download = 5,
  file_open = 6,
  file_write = 7,
  file_copy = 8,
  file_rename = 9,
  file_archive = 10,
  file_delete = 11,
  logon = 12,
  logon_failed = 13,
  logoff = 14,
  device_connect = 15,
  device_disconnect = 16,
  print = 17,
  record_lookup = 18,
  search = 19,
  cloud_share = 20,
  forward_rule = 21,
};
inline constexpr std::uint8_t kActivityCount = 22;

/// The store's partitions; also what `scope:` in weir.yaml permits or not. Stored.
enum class RecordClass : std::uint8_t {
  email = 0,
  web = 1,
  file = 2,
  authentication = 3,
  device = 4,
  print = 5,
  lookup = 6,
  hosting = 7,
};
inline constexpr std::uint8_t kRecordClassCount = 8;

/// "mail_send"
std::string_view to_string(Activity activity);
std::optional<Activity> activity_from(std::string_view name);
/// "email", as in `class=email/` and in `scope:`
std::string_view to_string(RecordClass record_class);
std::optional<RecordClass> record_class_from(std::string_view name);
RecordClass class_of(Activity activity);

/// Can this activity carry content out of the organisation? (mail_send, web_upload, cloud_share,
/// print, forward_rule, and file_copy, which only counts when to removable media.)
bool is_egress(Activity activity);

}  // namespace weir::event
