#include "weir/ingest/detail/aside_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "weir/base/test_folder.h"

namespace weir::ingest {
namespace {

namespace fs = std::filesystem;

const Instant kNow = parse_iso8601("2026-11-02T22:14:05.123Z")->utc;

TEST(AsideFile, KeepsBadRecordsReadableWithPlaceAndReason) {
  TestFolder folder;
  AsideFile aside(folder.path() / "aside", 1u << 20, kNow);
  EXPECT_TRUE(aside.add("a.csv", "cert", ParseError::bad_time, 7, 120, "x,\"y\"\n").value());
  EXPECT_TRUE(aside.add("a.csv", "cert", ParseError::not_utf8, 8, 130, "\xff\xfe!").value());
  ASSERT_TRUE(aside.flush());
  const fs::path path = folder.path() / "aside/bad-20261102T221405Z.jsonl";
  EXPECT_EQ(read_file(path, 4096).value(),
            "{\"file\":\"a.csv\",\"format\":\"cert\",\"line\":7,\"offset\":120,"
            "\"reason\":\"bad_time\",\"raw\":\"x,\\\"y\\\"\\n\"}\n"
            "{\"file\":\"a.csv\",\"format\":\"cert\",\"line\":8,\"offset\":130,"
            "\"reason\":\"not_utf8\",\"raw_base64\":\"//4h\"}\n");
  EXPECT_EQ(fs::status(path).permissions(), fs::perms{0600});
  EXPECT_EQ(fs::status(path.parent_path()).permissions(), fs::perms{0700});
}

TEST(AsideFile, PadsBase64) {
  TestFolder folder;
  AsideFile aside(folder.path(), 1u << 20, kNow);
  for (const char* raw : {"\xff", "\xff\xff", "\xff\xff\xff"}) {
    ASSERT_TRUE(aside.add("a", "b", ParseError::not_utf8, 1, 0, raw));
  }
  ASSERT_TRUE(aside.flush());
  const std::string text = read_file(folder.path() / "bad-20261102T221405Z.jsonl", 4096).value();
  EXPECT_NE(text.find("\"/w==\""), std::string::npos);
  EXPECT_NE(text.find("\"//8=\""), std::string::npos);
  EXPECT_NE(text.find("\"////\""), std::string::npos);
}

TEST(AsideFile, CountsWhatLiesInTheFolderAgainstItsLimit) {
  TestFolder folder;
  folder.write("bad-earlier.jsonl", std::string(900, 'x'));
  AsideFile aside(folder.path(), 1000, kNow);
  EXPECT_TRUE(aside.add("a", "cert", ParseError::bad_time, 1, 0, std::string(200, 'y')).value());
  EXPECT_FALSE(aside.add("a", "cert", ParseError::bad_time, 2, 0, "z").value());
}

TEST(AsideFile, MakesNothingWithoutABadRecordOrAFolder) {
  TestFolder folder;
  AsideFile unused(folder.path() / "aside", 1000, kNow);
  EXPECT_TRUE(unused.flush());
  EXPECT_FALSE(fs::exists(folder.path() / "aside"));
  AsideFile nowhere("", 1000, kNow);
  EXPECT_FALSE(nowhere.add("a", "cert", ParseError::bad_time, 1, 0, "z").value());
  EXPECT_TRUE(nowhere.flush());
}

}  // namespace
}  // namespace weir::ingest
