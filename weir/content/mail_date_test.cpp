#include "weir/content/mail_date.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace weir::content {
namespace {

std::string read(std::string_view text) {
  const auto date = parse_mail_date(text);
  if (!date) return "none";
  const std::string zone =
      date->offset ? (date->offset->count() < 0 ? "" : "+") + std::to_string(date->offset->count())
                   : "local";
  return to_iso8601(date->utc) + " " + zone;
}

TEST(MailDate, ReadsTheFormsInUse) {
  const std::vector<std::pair<std::string, std::string>> kCases = {
      {"Mon, 14 May 2001 16:39:00 -0700 (PDT)", "2001-05-14T23:39:00Z -420"},
      {"14 May 2001 16:39:00 +0530", "2001-05-14T11:09:00Z +330"},
      {"Tue, 1 Oct 2002 08:01:02 -0000", "2002-10-01T08:01:02Z +0"},
      {"Tue, 24 Sep 2002 18:41:50 GMT", "2002-09-24T18:41:50Z +0"},
      {"Tue, 24 Sep 02 18:41 EST", "2002-09-24T23:41:00Z -300"},
      {"Tue, 24 Sep 102 18:41:50 UT", "2002-09-24T18:41:50Z +0"},
      {"Mon, 30 May 0001 13:10:06 -0800 (PST)", "2001-05-30T21:10:06Z -480"},
      {"Fri, 31 Dec 99 23:59:60 +0000", "1999-12-31T23:59:59Z +0"},
      {"Mon May 14 16:39:00 2001", "2001-05-14T16:39:00Z local"},
      {"Mon May 14 16:39:00 PDT 2001", "2001-05-14T23:39:00Z -420"},
      {"14-May-2001 16:39:00", "2001-05-14T16:39:00Z local"},
      {"Mon, 14 May 2001 16:39:00", "2001-05-14T16:39:00Z local"},
      {"Mon, 14 May 2001 16:39:00 IST", "2001-05-14T16:39:00Z local"},
      {"Mon,14 May 2001 16:39:00 GMT+0100", "2001-05-14T15:39:00Z +60"},
      {"Monday, 14 September 2001 16:39:00 +01:00", "2001-09-14T15:39:00Z +60"},
      {"2002-10-05T21:33:22-05:00", "2002-10-06T02:33:22Z -300"},
      {"14 (day) May (month) 2001 (((nested))) 16:39:00 Z", "2001-05-14T16:39:00Z +0"},
  };
  for (const auto& [text, expected] : kCases) EXPECT_EQ(read(text), expected) << text;
}

TEST(MailDate, RefusesWhatIsNoDate) {
  for (const std::string_view text :
       {"", "Not supplied", "yesterday", "14 May 2001", "16:39:00", "32 May 2001 16:39:00 +0000",
        "30 Feb 2001 16:39:00 +0000", "14 May 2001 24:00:00 +0000", "14 May 2001 16:61:00 +0000",
        "14 May 2001 16:39:00 +9900", "14 May 2001 16:39:00 +0060", "14 May 2001 2001 16:39:00",
        "14 May 2001 16:39:00 17:00:00", "14 May 20010 16:39:00", "14-", "+", "-",
        "14 May 2001 ::"}) {
    EXPECT_EQ(read(text), "none") << text;
  }
  EXPECT_EQ(read(std::string(100'000, '(')), "none");
}

}  // namespace
}  // namespace weir::content
