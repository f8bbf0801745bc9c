#include "weir/base/json.h"

#include <gtest/gtest.h>

#include <limits>

namespace weir {
namespace {

std::string quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

TEST(JsonString, EscapesWhatWouldEndOrBreakIt) {
  EXPECT_EQ(quoted("a\"b\\c\nd\x01\x7f"), "\"a\\\"b\\\\c\\nd\\u0001\\u007f\"");
  EXPECT_EQ(quoted(std::string_view("\0", 1)), "\"\\u0000\"");
}

TEST(JsonString, KeepsUtf8AndReplacesBytesThatAreNone) {
  EXPECT_EQ(quoted("größer …"), "\"größer …\"");
  EXPECT_EQ(quoted("a\xff\xc3"), "\"a\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

TEST(JsonWriter, NestsAndSetsCommas) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().member("a", 1).key("b").begin_array().value(true).null().end_array();
  json.key("c").begin_array().end_array().end_object();
  EXPECT_EQ(out, "{\n  \"a\": 1,\n  \"b\": [\n    true,\n    null\n  ],\n  \"c\": []\n}");
}

TEST(JsonWriter, WritesListsOfTexts) {
  std::string out;
  JsonWriter(out)
      .begin_object()
      .member("some", std::vector<std::string>{"a", "b\n"})
      .member("none", std::vector<std::string>{})
      .end_object();
  EXPECT_EQ(out, "{\n  \"some\": [\n    \"a\",\n    \"b\\n\"\n  ],\n  \"none\": []\n}");
}

TEST(JsonWriter, WritesNumbersThatReadBackTheSame) {
  std::string out;
  JsonWriter(out)
      .begin_array()
      .value(0.1)
      .value(~std::uint64_t{0})
      .value(-3)
      .value(1e300)
      .end_array();
  EXPECT_EQ(out, "[\n  0.1,\n  18446744073709551615,\n  -3,\n  1e+300\n]");
}

TEST(JsonWriter, SaysNullForANumberThatJsonCannotSay) {
  std::string out;
  JsonWriter(out)
      .begin_array()
      .value(std::numeric_limits<double>::quiet_NaN())
      .value(std::numeric_limits<double>::infinity())
      .end_array();
  EXPECT_EQ(out, "[\n  null,\n  null\n]");
}

}  // namespace
}  // namespace weir
