#pragma once

namespace weir::extract {

/// Tries in a sandboxed process what a worker must not be able to do, and prints what held. 0 if
/// all did.
int check();

}  // namespace weir::extract
