#include "weir/event/ocsf.h"

#include <gtest/gtest.h>

#include <string>

#include "weir/event/ocsf_class.h"

namespace weir::event {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

SourceRecord at_noon(Activity activity) {
  SourceRecord record;
  record.activity = activity;
  record.time = Instant{milliseconds{1'700'000'000'123}};
  record.has_offset = true;
  record.utc_offset = minutes{60};
  return record;
}

std::string written(const SourceRecord& record) {
  std::string out;
  write_ocsf(record, out);
  return out;
}

TEST(WriteOcsf, WritesAMailWithItsEnvelopeAndFiles) {
  SourceRecord record = at_noon(Activity::mail_send);
  record.user = "u17";
  record.user_address = "ann@corp.example";
  record.title = "Plans";
  record.bytes = 20480;
  record.parties = {{"bob@mail.example", PartyRole::to}, {"eve@mail.example", PartyRole::bcc}};
  SourceRecord::Object& file = record.objects.emplace_back();
  file.name = "plan.pdf";
  file.place = "sites";
  file.bytes = 12000;
  file.digest = "\x01\xFF";
  file.sensitivity = Sensitivity::confidential;
  file.flags = kFlagEncrypted;
  record.flags = kFlagReply;
  EXPECT_EQ(
      written(record),
      R"({"metadata":{"version":"1.5.0","product":{"vendor_name":"Weir"}},"category_uid":4,)"
      R"("class_uid":4009,"activity_id":1,"type_uid":400901,"severity_id":1,"time":1700000000123,)"
      R"("timezone_offset":60,"actor":{"user":{"uid":"u17"}},"direction_id":0,"email":{)"
      R"("from":"ann@corp.example","to":["bob@mail.example"],"subject":"Plans","size":20480,)"
      R"("files":[{"name":"plan.pdf","type_id":1,"size":12000,"parent_folder":"sites",)"
      R"("hashes":[{"algorithm_id":0,"value":"01ff"}],)"
      R"("data_classification":{"confidentiality_id":2}}]},)"
      R"("unmapped":{"weir":{"flags":["reply"],)"
      R"("parties":[{"role":"bcc","address":"eve@mail.example"}],"file_flags":[["encrypted"]]}}})"
      "\n");
}

TEST(WriteOcsf, ARecordThatOcsfCanSayWhollyHasNothingUnmapped) {
  SourceRecord record = at_noon(Activity::logon_failed);
  record.user = "u17";
  record.host = "pc-1";
  EXPECT_EQ(written(record),
            R"({"metadata":{"version":"1.5.0","product":{"vendor_name":"Weir"}},"category_uid":3,)"
            R"("class_uid":3002,"activity_id":1,"type_uid":300201,"severity_id":1,"status_id":2,)"
            R"("time":1700000000123,"timezone_offset":60,"user":{"uid":"u17"},)"
            R"("device":{"type_id":0,"hostname":"pc-1"}})"
            "\n");
}

TEST(WriteOcsf, SaysThatATimeIsLocal) {
  SourceRecord record = at_noon(Activity::logoff);
  record.has_offset = false;
  EXPECT_TRUE(
      written(record).ends_with(R"("time":1700000000123,"unmapped":{"weir":{"local_time":true}}})"
                                "\n"));
}

TEST(WriteOcsf, EscapesWhatJsonCannotHold) {
  SourceRecord record = at_noon(Activity::mail_send);
  record.title = std::string_view("a\"\\\n\x01\0\xFF\xC3\xA9", 9);
  const std::string line = written(record);
  EXPECT_NE(line.find("\"subject\":\"a\\\"\\\\\\n\\u0001\xEF\xBF\xBD\xEF\xBF\xBD\xC3\xA9\""),
            std::string::npos)
      << line;
  EXPECT_EQ(line.find('\n'), line.size() - 1);
}

TEST(WriteOcsf, NamesAFileByItsPathToo) {
  SourceRecord record = at_noon(Activity::file_open);
  record.objects.emplace_back().name = "C:\\share\\a.txt";
  EXPECT_NE(
      written(record).find(
          R"("file":{"name":"a.txt","path":"C:\\share\\a.txt","type_id":1,"parent_folder":""})"),
      std::string::npos);
}

TEST(OcsfClass, TypesAreClassTimesHundredPlusActivity) {
  for (std::uint8_t i = 1; i < kActivityCount; ++i) {
    const auto activity = static_cast<Activity>(i);
    const OcsfClass kind = ocsf_class(activity);
    EXPECT_EQ(kind.class_uid / 1000, kind.category_uid) << to_string(activity);
    EXPECT_GT(kind.activity_id, 0u) << to_string(activity);
    EXPECT_FALSE(kind.activity_name.empty()) << to_string(activity);
    const std::string type =
        "\"type_uid\":" + std::to_string(kind.class_uid * 100 + kind.activity_id);
    EXPECT_NE(written(at_noon(activity)).find(type), std::string::npos) << to_string(activity);
  }
  EXPECT_EQ(ocsf_class(Activity::unknown).class_uid, 0u);
}

}  // namespace
}  // namespace weir::event
