#include "weir/ingest/sealed_names.h"

#include <gtest/gtest.h>

namespace weir::ingest {
namespace {

event::SourceRecord mail() {
  event::SourceRecord record;
  record.title = "Plans";
  record.objects.resize(2);
  record.objects[1].name = "plan.pdf";
  return record;
}

TEST(SealedNames, ComeBackAsTheyWere) {
  std::string bytes;
  encode_names(mail(), bytes);
  EXPECT_EQ(decode_names(bytes), (SealedNames{.title = "Plans", .objects = {"", "plan.pdf"}}));
}

TEST(SealedNames, TakeNoRoomWhereNothingIsNamed) {
  event::SourceRecord record;
  record.objects.resize(3);
  std::string bytes;
  encode_names(record, bytes);
  EXPECT_EQ(bytes, "");
}

TEST(SealedNames, RefuseCutOrLengthenedBytes) {
  std::string bytes;
  encode_names(mail(), bytes);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(decode_names(std::string_view(bytes).substr(0, size)), std::nullopt) << size;
  }
  EXPECT_EQ(decode_names(bytes + "x"), std::nullopt);
  EXPECT_EQ(decode_names("\x01\x05Plans\xff\xff\xff\xff\x0f"), std::nullopt);
}

}  // namespace
}  // namespace weir::ingest
