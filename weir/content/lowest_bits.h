#pragma once

#include "weir/content/lettering.h"

namespace weir::content {

/// The lowest bits of a picture look like packed or encrypted data: each even value is about as
/// frequent as the odd one above it, and pairs are not like their neighbours. Sees data that fill
/// the whole of a picture without grain, not little data in a photograph.
bool hides_data(const Plane& plane);

}  // namespace weir::content
