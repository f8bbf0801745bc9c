#pragma once

#include "weir/ingest/format.h"

namespace weir::ingest {

Format ocsf_format();

}  // namespace weir::ingest
