#pragma once

#include "weir/ingest/format.h"

namespace weir::ingest {

Format cert_format();

}  // namespace weir::ingest
