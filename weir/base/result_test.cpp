#include "weir/base/result.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <memory>

namespace weir {
namespace {

Result<std::unique_ptr<int>> half(int n) {
  if (n % 2 != 0) return fail(ErrorCode::invalid_argument, "{} is odd", n);
  return std::make_unique<int>(n / 2);
}

Result<void> must_be_small(int n) {
  if (n > 10) return fail(ErrorCode::limit_exceeded, "{} is more than {}", n, 10);
  return {};
}

Result<int> quarter(int n) {
  WEIR_TRY(must_be_small(n));
  WEIR_ASSIGN(const std::unique_ptr<int> first, half(n));
  WEIR_ASSIGN(const std::unique_ptr<int> second, half(*first));
  return *second;
}

TEST(Result, MacrosTakeTheValueOrReturnTheError) {
  EXPECT_EQ(quarter(8).value(), 2);
  EXPECT_EQ(quarter(6).error().message, "3 is odd");
  EXPECT_EQ(quarter(12).error().code, ErrorCode::limit_exceeded);
}

TEST(Result, AnErrorGathersWhatWasBeingDone) {
  Error error = std::move(half(3).error()).while_doing("halving");
  EXPECT_EQ(error.message, "halving: 3 is odd");
  EXPECT_EQ(error.code, ErrorCode::invalid_argument);
}

TEST(Result, OperatingSystemErrorsGetACodeToReactTo) {
  const std::pair<int, ErrorCode> cases[] = {{ENOENT, ErrorCode::not_found},
                                             {EEXIST, ErrorCode::already_exists},
                                             {EACCES, ErrorCode::permission_denied},
                                             {EROFS, ErrorCode::permission_denied},
                                             {ENOSPC, ErrorCode::no_space},
                                             {EDQUOT, ErrorCode::no_space},
                                             {EIO, ErrorCode::io}};
  for (const auto& [number, code] : cases) {
    const Error error = fail_errno(number, "file x").error();
    EXPECT_EQ(error.code, code) << number;
    EXPECT_EQ(error.message.find("file x: "), 0u);
  }
}

TEST(Result, EveryCodeHasItsOwnName) {
  EXPECT_EQ(to_string(ErrorCode::invalid_argument), "invalid argument");
  EXPECT_EQ(to_string(ErrorCode::internal), "internal error");
  for (int i = 0; i <= static_cast<int>(ErrorCode::internal); ++i) {
    EXPECT_NE(to_string(static_cast<ErrorCode>(i)), "unknown error");
  }
}

TEST(ResultDeathTest, ABrokenAssertionNamesItself) {
  EXPECT_DEATH(WEIR_ASSERT(1 + 1 == 3), "1 \\+ 1 == 3 does not hold at .*result_test.cpp");
}

}  // namespace
}  // namespace weir
