#pragma once

#include "weir/cases/render.h"

namespace weir::cases::detail {

// Hand-made cases for the tests of this module; not part of the library.

/// Fourteen acts to one unclaimed address over seven years; its figures add up.
Case slow_leak_case();
/// Five copies and an upload within eight days.
Case burst_case();
/// "Kestrel-207" for the first, "Alder-12" for the second, nobody else.
Names sample_names();

}  // namespace weir::cases::detail
