#include "weir/behavior/local_time.h"

#include <date/tz.h>

#include <exception>
#include <map>
#include <string>

namespace weir::behavior {

struct LocalTime::Impl {
  struct Zone {
    const date::time_zone* zone = nullptr;
    Day day = Day::min();
    std::chrono::minutes offset{0};
  };
  std::map<std::string, Zone, std::less<>> zones;
};

LocalTime::LocalTime() : impl_(std::make_unique<Impl>()) {}
LocalTime::LocalTime(LocalTime&&) noexcept = default;
LocalTime& LocalTime::operator=(LocalTime&&) noexcept = default;
LocalTime::~LocalTime() = default;

std::chrono::minutes LocalTime::offset(std::string_view timezone, Day day) {
  if (timezone.empty()) return std::chrono::minutes{0};
  auto found = impl_->zones.find(timezone);
  if (found == impl_->zones.end()) {
    Impl::Zone zone;
    try {
      zone.zone = date::locate_zone(std::string(timezone));
    } catch (const std::exception&) {
      zone.zone = nullptr;  // the roster's import names unknown zones; here they are UTC
    }
    found = impl_->zones.emplace(timezone, zone).first;
  }
  Impl::Zone& zone = found->second;
  if (zone.zone == nullptr) return std::chrono::minutes{0};
  if (zone.day != day) {
    zone.day = day;
    try {
      const auto info = zone.zone->get_info(date::sys_seconds(day) + std::chrono::hours{12});
      zone.offset = std::chrono::duration_cast<std::chrono::minutes>(info.offset);
    } catch (const std::exception&) {
      zone.offset = std::chrono::minutes{0};
    }
  }
  return zone.offset;
}

}  // namespace weir::behavior
