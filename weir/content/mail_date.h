#pragma once

#include <optional>
#include <string_view>

#include "weir/base/time.h"

namespace weir::content {

/// Reads the Date of a mail: RFC 5322 with its obsolete forms ("Mon, 14 May 2001 16:39:00 -0700
/// (PDT)", "14 May 01 16:39 EST"), asctime ("Mon May 14 16:39:00 2001"), ISO 8601. `offset` is
/// empty where no zone, or none we know for sure, is named: then `utc` is the local time. Years
/// below 100 are of the two centuries around 2000, however many zeros stand in front. Empty unless
/// it is a valid time.
std::optional<ZonedTime> parse_mail_date(std::string_view text);

}  // namespace weir::content
