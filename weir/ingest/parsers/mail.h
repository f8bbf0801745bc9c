#pragma once

#include "weir/ingest/format.h"

namespace weir::ingest {

Format mail_format();

}  // namespace weir::ingest
