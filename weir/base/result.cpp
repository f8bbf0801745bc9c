#include "weir/base/result.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>

namespace weir {

std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
      return "invalid argument";
    case ErrorCode::not_found:
      return "not found";
    case ErrorCode::already_exists:
      return "already exists";
    case ErrorCode::permission_denied:
      return "permission denied";
    case ErrorCode::io:
      return "input/output error";
    case ErrorCode::no_space:
      return "no space";
    case ErrorCode::corrupt:
      return "corrupt";
    case ErrorCode::parse:
      return "parse error";
    case ErrorCode::unsupported:
      return "unsupported";
    case ErrorCode::limit_exceeded:
      return "limit exceeded";
    case ErrorCode::conflict:
      return "conflict";
    case ErrorCode::cancelled:
      return "cancelled";
    case ErrorCode::internal:
      return "internal error";
  }
  return "unknown error";
}

Error Error::while_doing(std::string_view what) && {
  return {code, fmt::format("{}: {}", what, message)};
}

std::unexpected<Error> fail_errno(int error_number, std::string_view what) {
  ErrorCode code = ErrorCode::io;
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
      code = ErrorCode::not_found;
      break;
    case EEXIST:
      code = ErrorCode::already_exists;
      break;
    case EACCES:
    case EPERM:
    case EROFS:
      code = ErrorCode::permission_denied;
      break;
    case ENOSPC:
    case EDQUOT:
      code = ErrorCode::no_space;
      break;
    default:
      break;
  }
  return fail(code, "{}: {}", what, std::generic_category().message(error_number));
}

void assertion_failed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "weir: bug: %s does not hold at %s:%d\n", expression, file, line);
  std::abort();
}

}  // namespace weir
