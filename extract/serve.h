#pragma once

#include <string_view>

namespace weir::extract {

/// Serves requests on `socket` (weir/content/request.h) until it closes: one worker a document, one
/// document at a time; reads pictures in `languages` ("eng+deu"), or in none. The exit status of
/// the program.
int serve(int socket, std::string_view languages);

}  // namespace weir::extract
