#pragma once

namespace weir::extract {

/// Serves requests on `socket` (weir/content/request.h) until it closes: one worker a document, one
/// document at a time. The exit status of the program.
int serve(int socket);

}  // namespace weir::extract
