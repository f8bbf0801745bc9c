#pragma once

#include <string>
#include <string_view>

#include "weir/event/source_record.h"

namespace weir::event {

/// The version of OCSF that `write_ocsf` writes.
inline constexpr std::string_view kOcsfVersion = "1.5.0";

/// Appends the record as one OCSF JSON object and a newline; the reader `ocsf` reads it back to
/// the same record but for the order of parties, which come back by role (docs/formats/ocsf.md has
/// the mapping). Invalid UTF-8 and NUL are replaced by U+FFFD. Thread-safe.
///
/// `raw` is not written. A record of `Activity::unknown` becomes a Base Event, which readers skip.
void write_ocsf(const SourceRecord& record, std::string& out);

}  // namespace weir::event
