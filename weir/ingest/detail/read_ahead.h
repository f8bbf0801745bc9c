#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "weir/event/record.h"
#include "weir/ingest/format.h"

namespace weir::ingest {

/// Makes a record's id of its raw bytes. Called from the reading thread.
using MakeId = std::function<event::RecordId(std::string_view raw)>;

/// Lets `reader` read `source` on a thread of its own while this one takes what it finds: `sink` is
/// called from the calling thread only, and hears the same in the same order as if the reader had
/// called it. The reader is a few MiB ahead at most. An error of the sink stops it; an error of
/// the reader comes after all it said before. The thread has ended when this returns.
///
/// `source_raw_bytes` belongs to the reading thread until then; `raw_bytes` follows it with what
/// `sink` has heard.
Result<void> read_ahead(Reader& reader, ByteSource& source, const std::uint64_t& source_raw_bytes,
                        const MakeId& make_id, RecordSink& sink, std::uint64_t& raw_bytes);

}  // namespace weir::ingest
