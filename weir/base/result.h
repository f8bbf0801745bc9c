#pragma once

#include <fmt/format.h>

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace weir {

/// Why something failed, as far as a caller may want to react to it.
enum class ErrorCode {
  invalid_argument,   // the caller or the user asked for something that makes no sense
  not_found,          // what was named is not there
  already_exists,     // what was to be made is there already
  permission_denied,  // the operating system or a rule of the workspace says no
  io,                 // a read or write failed
  no_space,           // the disk is full
  corrupt,            // stored bytes are not what was written
  parse,              // input does not have the form it should have
  unsupported,        // a known thing that this build or version does not do
  limit_exceeded,     // input passed a limit named in some Options
  conflict,           // another process or a newer fact stands in the way
  cancelled,          // stopped on request (ctrl-C)
  internal,           // a third-party library failed in a way we did not expect
};

/// `invalid_argument` as "invalid argument": for messages and logs.
std::string_view to_string(ErrorCode code);

/// A failure that is no bug of ours: a code to react to and a message to read.
/// The message names file, line or option and the way out.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;

  /// The same error with what was being done in front: "opening x: no such file".
  Error while_doing(std::string_view what) &&;
};

template <class T>
using Result = std::expected<T, Error>;

/// `return fail(ErrorCode::not_found, "no file {}", path);`
template <class... Args>
std::unexpected<Error> fail(ErrorCode code, fmt::format_string<Args...> format, Args&&... args) {
  return std::unexpected(Error{code, fmt::format(format, std::forward<Args>(args)...)});
}

/// The error behind `errno` (`ENOSPC` becomes `no_space` and so on): "WHAT: No such file …".
std::unexpected<Error> fail_errno(int error_number, std::string_view what);

[[noreturn]] void assertion_failed(const char* expression, const char* file, int line);

}  // namespace weir

#define WEIR_CONCAT_INNER(a, b) a##b
#define WEIR_CONCAT(a, b) WEIR_CONCAT_INNER(a, b)

/// `WEIR_TRY(file.sync());`: returns the error of a `Result<void>`, if it is one.
#define WEIR_TRY(expression)                                          \
  do {                                                                \
    if (auto weir_result = (expression); !weir_result) [[unlikely]] { \
      return std::unexpected(std::move(weir_result).error());         \
    }                                                                 \
  } while (false)

/// `WEIR_ASSIGN(auto file, open(path));`: takes the value or returns the error.
#define WEIR_ASSIGN(target, expression) \
  WEIR_ASSIGN_INNER(WEIR_CONCAT(weir_assign_, __LINE__), target, expression)
#define WEIR_ASSIGN_INNER(name, target, expression)  \
  auto name = (expression);                          \
  if (!name) [[unlikely]]                            \
    return std::unexpected(std::move(name).error()); \
  target = std::move(*name)

/// A bug of ours if false; on in release. Input must never reach one.
#define WEIR_ASSERT(expression)                                  \
  do {                                                           \
    if (!(expression)) [[unlikely]]                              \
      ::weir::assertion_failed(#expression, __FILE__, __LINE__); \
  } while (false)
