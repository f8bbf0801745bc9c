#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "weir/content/detail/decode.h"

namespace weir::content {
namespace {

std::string shown(std::string_view value) {
  const Typed typed = decode_content_type(value);
  return typed.type + "/" + typed.subtype + "|" + typed.boundary + "|" + typed.charset + "|" +
         typed.name;
}

/// With an empty comment, which is for GMime alone and changes nothing.
std::string commented(const std::string& value) {
  const std::size_t end = std::min(value.find(';'), value.size());
  return value.substr(0, end) + " ()" + value.substr(end);
}

TEST(ContentType, UsualOnesAreReadAsGMimeReadsThem) {
  start_decoding();
  for (const std::string& value : std::vector<std::string>{
           "text/plain", "Text/HTML; Charset=ISO-8859-1", "text/plain; charset=\"us-ascii\"",
           "text/plain;charset=utf-8;format=flowed", "multipart/mixed; boundary=\"----=_Next (1)\"",
           "multipart/signed; micalg=pgp-sha1 ; protocol=\"application/pgp\"; boundary=b.1",
           "application/vnd.ms-excel; name=\"Plan, 2nd.xls\"", "image/svg+xml; name=x_y-z.svg"}) {
    EXPECT_EQ(shown(value), shown(commented(value))) << value;
    EXPECT_NE(shown(value), "/|||") << value;
  }
  EXPECT_EQ(shown("Text/HTML; Charset=ISO-8859-1"), "text/html||ISO-8859-1|");
}

TEST(ContentType, WhatMayMeanMoreIsStillUnderstood) {
  start_decoding();
  EXPECT_EQ(shown("text/plain; name=\"a \\\"b\\\".txt\""), "text/plain|||a \"b\".txt");
  EXPECT_EQ(shown("text/plain; name*=utf-8''na%C3%AFve"), "text/plain|||naïve");
  EXPECT_EQ(shown("text/plain; name*0=\"one\"; name*1=\"two\""), "text/plain|||onetwo");
  EXPECT_EQ(shown("text/plain; name=\"=?utf-8?q?na=C3=AFve?=\""), "text/plain|||naïve");
  EXPECT_EQ(shown("text/plain (a comment); charset=utf-8"), "text/plain||utf-8|");
}

}  // namespace
}  // namespace weir::content
