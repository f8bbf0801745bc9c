#include "weir/ingest/detail/zone.h"

#include <date/tz.h>

#include <exception>

#include "weir/base/text.h"

namespace weir::ingest {

struct Zone::Impl {
  const date::time_zone* zone = nullptr;
  /// Records come in order of time, so that the offset is nearly always that of the one before.
  date::sys_info last;
  bool has_last = false;
};

Zone::Zone(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Zone::Zone(Zone&&) noexcept = default;
Zone& Zone::operator=(Zone&&) noexcept = default;
Zone::~Zone() = default;

Result<Zone> Zone::find(const std::string& name) {
  try {
    auto impl = std::make_unique<Impl>();
    impl->zone = date::locate_zone(name);
    return Zone(std::move(impl));
  } catch (const std::exception&) {
    return fail(ErrorCode::invalid_argument,
                "\"{}\" is no time zone of /usr/share/zoneinfo; write a name like Europe/Berlin",
                printable(name));
  }
}

Zone::Moment Zone::from_local(Instant wall_clock) {
  using std::chrono::minutes;
  using std::chrono::seconds;
  const auto second = std::chrono::floor<seconds>(wall_clock);
  const auto since_epoch = second.time_since_epoch();
  const auto rest = wall_clock - second;

  seconds offset{0};
  // Away from both ends of its period the last offset cannot be ambiguous.
  constexpr std::chrono::hours kMargin{48};
  const date::sys_seconds guess{impl_->has_last ? since_epoch - impl_->last.offset : seconds{0}};
  if (impl_->has_last && guess - kMargin > impl_->last.begin && guess + kMargin < impl_->last.end) {
    offset = impl_->last.offset;
  } else {
    const date::local_info info = impl_->zone->get_info(date::local_seconds{since_epoch});
    offset = info.first.offset;  // unique, the earlier of two, or the one before a jump
    if (info.result == date::local_info::unique) {
      impl_->last = info.first;
      impl_->has_last = true;
    }
  }
  // Before about 1900 offsets had seconds; none that can be stored here does.
  return {.utc = Instant{since_epoch - offset} + rest,
          .offset = std::chrono::duration_cast<minutes>(offset)};
}

}  // namespace weir::ingest
