#include "weir/event/activity.h"

#include <array>
#include <utility>

namespace weir::event {
namespace {

constexpr std::array<std::string_view, kActivityCount> kActivityNames = {
    "unknown",        "mail_send",         "mail_receive", "web_visit",     "web_upload",
    "web_download",   "file_open",         "file_write",   "file_copy",     "file_rename",
    "file_archive",   "file_delete",       "logon",        "logon_failed",  "logoff",
    "device_connect", "device_disconnect", "print",        "record_lookup", "search",
    "cloud_share",    "forward_rule"};

constexpr std::array<std::string_view, kRecordClassCount> kClassNames = {
    "email", "web", "file", "authentication", "device", "print", "lookup", "hosting"};

template <class Enum, std::size_t n>
std::optional<Enum> find_name(const std::array<std::string_view, n>& names, std::string_view name) {
  for (std::size_t i = 0; i < n; ++i) {
    if (names[i] == name) return static_cast<Enum>(i);
  }
  return {};
}

}  // namespace

std::string_view to_string(Activity activity) {
  const auto i = std::to_underlying(activity);
  return i < kActivityNames.size() ? kActivityNames[i] : kActivityNames[0];
}

std::optional<Activity> activity_from(std::string_view name) {
  return find_name<Activity>(kActivityNames, name);
}

std::string_view to_string(RecordClass record_class) {
  const auto i = std::to_underlying(record_class);
  return i < kClassNames.size() ? kClassNames[i] : std::string_view("unknown");
}

std::optional<RecordClass> record_class_from(std::string_view name) {
  return find_name<RecordClass>(kClassNames, name);
}

RecordClass class_of(Activity activity) {
  switch (activity) {
    case Activity::unknown:
    case Activity::mail_send:
    case Activity::mail_receive:
    case Activity::forward_rule:
      return RecordClass::email;
    case Activity::web_visit:
    case Activity::web_upload:
    case Activity::web_download:
      return RecordClass::web;
    case Activity::file_open:
    case Activity::file_write:
    case Activity::file_copy:
    case Activity::file_rename:
    case Activity::file_archive:
    case Activity::file_delete:
      return RecordClass::file;
    case Activity::logon:
    case Activity::logon_failed:
    case Activity::logoff:
      return RecordClass::authentication;
    case Activity::device_connect:
    case Activity::device_disconnect:
      return RecordClass::device;
    case Activity::print:
      return RecordClass::print;
    case Activity::record_lookup:
    case Activity::search:
      return RecordClass::lookup;
    case Activity::cloud_share:
      return RecordClass::hosting;
  }
  return RecordClass::email;
}

bool is_egress(Activity activity) {
  switch (activity) {
    case Activity::mail_send:
    case Activity::web_upload:
    case Activity::cloud_share:
    case Activity::print:
    case Activity::forward_rule:
    case Activity::file_copy:
      return true;
    default:
      return false;
  }
}

}  // namespace weir::event
