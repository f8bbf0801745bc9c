#include "weir/ingest/parsers/ocsf.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <deque>
#include <string>
#include <vector>

#include "weir/base/bytes.h"
#include "weir/base/random.h"
#include "weir/event/ocsf.h"
#include "weir/ingest/detail/test_source.h"
#include "weir/ingest/detail/url_host.h"

namespace weir::ingest {
namespace {

using event::Activity;
using event::PartyRole;
using event::Sensitivity;
using event::SourceRecord;
using std::chrono::milliseconds;
using std::chrono::minutes;

/// A SourceRecord in words, because its views die with the call that hands it over.
struct Seen {
  std::vector<std::string> records;
  std::vector<ParseError> bad;
  std::vector<std::string> written;  // the records, written as OCSF again
};

std::string in_words(const SourceRecord& r) {
  std::string out = fmt::format(
      "{} time={} offset={}/{} user={} address={} host={} bytes={} digest={} title={} account={} "
      "sensitivity={} flags={}",
      to_string(r.activity), r.time.time_since_epoch().count(), r.has_offset, r.utc_offset.count(),
      r.user, r.user_address, r.host, r.bytes, to_hex(as_bytes(r.content_digest)), r.title,
      to_string(r.account_instance), to_string(r.sensitivity), r.flags);
  for (const SourceRecord::Party& party : r.parties) {
    out += fmt::format(" {}:{}", to_string(party.role), party.address);
  }
  for (const SourceRecord::Object& object : r.objects) {
    out +=
        fmt::format(" [{} in {} {} {} {} {}]", object.name, object.place, object.bytes,
                    to_hex(as_bytes(object.digest)), to_string(object.sensitivity), object.flags);
  }
  return out;
}

class Collector final : public RecordSink {
 public:
  Result<void> record(const SourceRecord& record, std::uint64_t) override {
    seen.records.push_back(in_words(record));
    write_ocsf(record, seen.written.emplace_back());
    return {};
  }
  Result<void> bad(ParseError error, std::uint64_t, std::uint64_t, std::string_view) override {
    seen.bad.push_back(error);
    return {};
  }
  Result<void> progress(std::uint64_t) override { return {}; }

  Seen seen;
};

Seen read(std::string_view text, const ReaderOptions& options = {}) {
  auto reader = ocsf_format().open(options);
  Collector collector;
  TextSource source(text);
  EXPECT_TRUE((*reader)->read(source, collector));
  return std::move(collector.seen);
}

std::string the_record(std::string_view line) {
  const Seen seen = read(line);
  if (!seen.bad.empty()) return "bad: " + std::string(to_string(seen.bad.front()));
  return seen.records.size() == 1 ? seen.records.front() : "not one record";
}

std::string the_problem(std::string_view line) {
  const Seen seen = read(line);
  return seen.bad.size() == 1 && seen.records.empty() ? std::string(to_string(seen.bad.front()))
                                                      : "no problem";
}

/// Random records of every activity; texts live as long as this.
class AnyRecord {
 public:
  explicit AnyRecord(std::uint64_t number) : random_(11, number, 0, 0) {
    record.activity = static_cast<Activity>(1 + random_.below(event::kActivityCount - 1));
    record.time = Instant{milliseconds{random_.bits64() % 4'102'444'800'000u}};
    record.has_offset = random_.chance(0.8);
    if (record.has_offset) record.utc_offset = minutes{static_cast<int>(random_.below(1681)) - 840};
    record.user = maybe_text();
    record.user_address = maybe_text();
    record.host = maybe_text();
    for (std::uint32_t n = random_.below(5); n > 0; --n) {
      record.parties.push_back({some_text(), static_cast<PartyRole>(random_.below(6))});
    }
    std::ranges::stable_sort(record.parties, {}, &SourceRecord::Party::role);
    for (std::uint32_t n = random_.below(4); n > 0; --n) {
      SourceRecord::Object& object = record.objects.emplace_back();
      object.name = maybe_text();
      object.place = maybe_text();
      object.bytes = number_or_none();
      object.digest = maybe_bytes();
      object.sensitivity = static_cast<Sensitivity>(random_.below(5));
      object.flags = static_cast<std::uint16_t>(random_.chance(0.5) ? 0 : random_.below(512));
    }
    record.bytes = number_or_none();
    record.content_digest = maybe_bytes();
    record.title = maybe_text();
    record.account_instance = static_cast<event::AccountInstance>(random_.below(4));
    record.sensitivity = static_cast<Sensitivity>(random_.below(5));
    record.flags = static_cast<std::uint16_t>(random_.chance(0.5) ? 0 : random_.below(512));
  }

  SourceRecord record;

 private:
  std::string_view some_text() {
    static constexpr std::array<std::string_view, 16> kPieces = {
        "a", "Z", "0", ".", "@", "/", "\\", "\"", " ", "\t", "\n", "\x7F", "é", "漢", "🂡", "-"};
    std::string& text = texts_.emplace_back("x");
    for (std::uint32_t n = random_.below(12); n > 0; --n) text += kPieces[random_.below(16)];
    return text;
  }
  std::string_view maybe_text() { return random_.chance(0.3) ? std::string_view() : some_text(); }
  std::string_view maybe_bytes() {
    if (random_.chance(0.5)) return {};
    std::string& bytes = texts_.emplace_back();
    for (std::uint32_t n = 1 + random_.below(40); n > 0; --n) {
      bytes += static_cast<char>(random_.below(256));
    }
    return bytes;
  }
  std::uint64_t number_or_none() {
    return random_.chance(0.3) ? 0 : random_.bits64() >> random_.below(64);
  }

  Random random_;
  std::deque<std::string> texts_;
};

TEST(OcsfReader, ReadsBackWhatWasWritten) {
  std::string lines;
  std::vector<std::string> expected;
  for (std::uint64_t i = 0; i < 6'000; ++i) {
    const AnyRecord any(i);
    write_ocsf(any.record, lines);
    expected.push_back(in_words(any.record));
  }
  const Seen seen = read(lines);
  ASSERT_TRUE(seen.bad.empty()) << to_string(seen.bad.front());
  ASSERT_EQ(seen.records.size(), expected.size());
  std::string again;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    ASSERT_EQ(seen.records[i], expected[i]) << seen.written[i];
    again += seen.written[i];
  }
  EXPECT_TRUE(again == lines);
}

TEST(OcsfReader, ReadsAMailAsAGatewayWritesIt) {
  EXPECT_EQ(
      the_record(R"({"class_name":"Email Activity","activity_name":"Send","activity_id":1,)"
                 R"("time_dt":"2024-03-01T10:00:00.250+01:00","direction_id":2,)"
                 R"("email":{"message_uid":"<1@x>","size":900,"from":"Ann <ann@corp.example>",)"
                 R"("to":["Bob <bob@x.example>"],"cc":"c@x.example","subject":"Hi",)"
                 R"("smtp_to":["bob@x.example","c@x.example","hidden@x.example"],)"
                 R"("files":[{"name":"a.pdf","size":800,"hashes":[{"algorithm_id":1,"value":"aa"},)"
                 R"({"algorithm_id":3,"value":"BBcc"},{"algorithm_id":6,"value":"T1dd"}],)"
                 R"("data_classifications":[{"confidentiality_id":2},{"confidentiality_id":99,)"
                 R"("confidentiality":"Highly Confidential"}]}]},"actor":null,"enrichments":[]})"),
      "mail_send time=1709283600250 offset=true/60 user= address=ann@corp.example host= bytes=900 "
      "digest= title=Hi account=unknown sensitivity=unknown flags=0 to:bob@x.example "
      "cc:c@x.example bcc:hidden@x.example [a.pdf in  800 bbcc secret 0]");
}

TEST(OcsfReader, AMailComingInIsReceivedWhateverTheGatewayCallsIt) {
  EXPECT_EQ(the_record(R"({"type_uid":400901,"time":5,"timezone_offset":-300,"direction_id":1,)"
                       R"("email":{"from":"o@x.example","to":["a@corp.example"]}})"),
            "mail_receive time=5 offset=true/-300 user= address= host= bytes=0 digest= title= "
            "account=unknown sensitivity=unknown flags=0 to:a@corp.example from:o@x.example");
}

TEST(OcsfReader, ReadsAProxyLog) {
  EXPECT_EQ(
      the_record(
          R"({"class_uid":4002,"activity_id":99,"time":1,"actor":{"user":{"name":"ann","uid":7}},)"
          R"("src_endpoint":{"ip":"10.0.0.1","hostname":"pc-1"},"http_request":{"http_method":"PUT",)"
          R"("url":{"url_string":"https://u@drop.example:8443/in?q=1"},"length":77}})"),
      "web_upload time=1 offset=true/0 user=7 address= host=pc-1 bytes=77 digest= title= "
      "account=unknown sensitivity=unknown flags=0 site:drop.example");
}

TEST(OcsfReader, AGetThatBroughtAFileIsADownload) {
  EXPECT_EQ(the_record(R"({"class_uid":4002,"activity_id":3,"time":1,"file":{"name":"s.exe"},)"
                       R"("http_request":{"url":{"hostname":"x.example"}},)"
                       R"("traffic":{"bytes_in":10,"bytes_out":3}})"),
            "web_download time=1 offset=true/0 user= address= host= bytes=10 digest= title= "
            "account=unknown sensitivity=unknown flags=0 site:x.example [s.exe in  0  unknown 0]");
}

TEST(OcsfReader, ReadsFileActivityWithTheResult) {
  EXPECT_EQ(
      the_record(
          R"({"class_uid":1001,"activity_id":99,"activity_name":"copy","time":1,)"
          R"("actor":{"user":{"uid":"S-1-5-21-1","name":"CORP\\ann"}},)"
          R"("device":{"hostname":"pc-1"},"file":{"name":"a.txt","path":"C:\\plans\\a.txt"},)"
          R"("file_result":{"name":"a.txt","path":"E:\\a.txt","size":12}})"),
      "file_copy time=1 offset=true/0 user=CORP\\ann address= host=pc-1 bytes=12 digest= title= "
      "account=unknown sensitivity=unknown flags=0 [C:\\plans\\a.txt in C:\\plans 12  unknown 0]");
}

TEST(OcsfReader, ReadsLogonsWithTheirOutcome) {
  EXPECT_THAT(the_record(R"({"class_uid":3002,"activity_id":1,"status_id":2,"time":1,)"
                         R"("user":{"name":"ann"},"actor":{"user":{"name":"SYSTEM"}},)"
                         R"("dst_endpoint":{"hostname":"srv"}})"),
              testing::StartsWith("logon_failed time=1 offset=true/0 user=ann address= host=srv "));
}

TEST(OcsfReader, ReadsAStickBeingPluggedIn) {
  EXPECT_EQ(the_record(R"({"class_uid":1010,"activity_id":1,"time":1,"device":{"name":"pc-1"},)"
                       R"("peripheral_device":{"name":"Stick","serial_number":"S9","type_id":1}})"),
            "device_connect time=1 offset=true/0 user= address= host=pc-1 bytes=0 digest= "
            "title=Stick account=unknown sensitivity=unknown flags=1 [Stick in S9 0  unknown 0]");
}

TEST(OcsfReader, ReadsALookUpWithItsSubject) {
  EXPECT_EQ(
      the_record(R"({"class_uid":6005,"activity_id":4,"time":1,"table":{"name":"clients"},)"
                 R"("query_info":{"query_string":"select 1"},"unmapped":{"other":[1,{}],)"
                 R"("weir":{"parties":[{"role":"subject","address":"client-7"}]}}})"),
      "record_lookup time=1 offset=true/0 user= address= host= bytes=0 digest= title= "
      "account=unknown sensitivity=unknown flags=0 subject:client-7 [clients in  0  unknown 0]");
}

TEST(OcsfReader, ReadsWhatFileHostingDoes) {
  for (const auto& [id, name] : std::vector<std::pair<int, std::string>>{
           {1, "web_upload"}, {2, "web_download"}, {12, "cloud_share"}, {14, "file_open"}}) {
    EXPECT_THAT(the_record(fmt::format(R"({{"class_uid":6006,"activity_id":{},"time":1,)"
                                       R"("file":{{"name":"a"}},)"
                                       R"("dst_endpoint":{{"hostname":"box.example"}}}})",
                                       id)),
                testing::AllOf(testing::StartsWith(name + " "),
                               testing::HasSubstr(" site:box.example [a in ")));
  }
}

TEST(OcsfReader, SaysWhyARecordIsBad) {
  const std::vector<std::pair<std::string, std::string>> kCases = {
      {"unknown_class", R"({"class_uid":4003,"activity_id":1,"time":1})"},
      {"unknown_class", R"({"activity_id":1,"time":1})"},
      {"unknown_activity", R"({"class_uid":1001,"activity_id":8,"time":1})"},
      {"unknown_activity", R"({"class_uid":1001,"time":1})"},
      {"missing_field", R"({"class_uid":1001,"activity_id":14})"},
      {"time_out_of_range", R"({"class_uid":1001,"activity_id":14,"time":-1})"},
      {"time_out_of_range", R"({"class_uid":1001,"activity_id":14,"time":4102444800000})"},
      {"bad_time", R"({"class_uid":1001,"activity_id":14,"time_dt":"yesterday"})"},
      {"bad_number", R"({"class_uid":1001,"activity_id":14,"time":1.5})"},
      {"bad_number", R"({"class_uid":1001,"activity_id":14,"time":"1"})"},
      {"bad_number", R"({"class_uid":1001,"activity_id":14,"time":99999999999999999999})"},
      {"bad_number", R"({"class_uid":1001,"activity_id":14,"time":1,"timezone_offset":9999})"},
      {"bad_number", R"({"class_uid":1001,"activity_id":14,"time":1,"file":{"size":-1}})"},
      {"bad_number",
       R"({"class_uid":1001,"activity_id":14,"time":1,"file":{"size":18446744073709551616}})"},
      {"bad_number", R"({"class_uid":1001,"activity_id":14,"time":1,"x":1e})"},
      {"bad_structure", R"({"class_uid":1001,"activity_id":14,"time":1,"time":2})"},
      {"bad_structure", R"({"class_uid":1001,"activity_id":14,"time":1,"\u0074ime":2})"},
      {"bad_structure", R"({"class_uid":1001,"activity_id":14,"time":1,"file":"a"})"},
      {"bad_structure", R"({"class_uid":1001,"activity_id":14,"time":1,"file":{"name":{}}})"},
      {"bad_structure",
       R"({"class_uid":1001,"activity_id":14,"time":1,"unmapped":{"weir":{"flags":["odd"]}}})"},
      {"bad_structure",
       R"({"class_uid":1001,"activity_id":14,"time":1,"unmapped":{"weir":{"file_flags":[["archive"]]}}})"},
      {"nul_byte", R"({"class_uid":1001,"activity_id":14,"time":1,"file":{"name":"a\u0000b"}})"},
      {"nul_byte", std::string("{\"class_uid\":1001,\0}", 19)},
      {"not_utf8", "{\"class_uid\":1001,\"x\":\"\xFF\"}"},
      {"not_json", R"([{"class_uid":1001}])"},
      {"not_json", R"({"class_uid":1001,"activity_id":14,"time":1)"},
      {"not_json", R"({"class_uid":1001,"activity_id":14,"time":1}})"},
      {"not_json", R"({"class_uid":1001,"activity_id":14,"time":1} {})"},
      {"not_json", R"({"class_uid":1001,"activity_id":14,"time":1,"x":tru})"},
      {"not_json", R"({"class_uid":1001,"activity_id":14,"time":1,"file":nul})"},
      {"not_json", R"({"class_uid":1001,"activity_id":14,"time":n,})"},
      {"not_json", R"({"class_uid":1001,"activity_id":14,"time":1,"x":[1,2})"},
      {"not_json", "<135>Jan 1 host app: hello"},
  };
  for (const auto& [reason, line] : kCases) EXPECT_EQ(the_problem(line), reason) << line;
}

TEST(OcsfReader, RefusesDeepNestingWhereverItStands) {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  std::string objects;
  for (int i = 0; i < 5000; ++i) objects += R"({"a":)";
  objects += "1" + std::string(5000, '}');
  for (const std::string& nested : {deep, objects}) {
    EXPECT_EQ(the_problem(R"({"class_uid":1001,"activity_id":14,"time":1,"x":)" + nested + "}"),
              "bad_structure");
    EXPECT_NE(
        the_problem(R"({"class_uid":4009,"activity_id":1,"time":1,"email":{"to":)" + nested + "}}"),
        "no problem");
  }
}

TEST(OcsfReader, KeepsToItsLimits) {
  ReaderOptions options;
  options.limits.parties = 2;
  options.limits.objects = 1;
  EXPECT_THAT(
      read(R"({"class_uid":4009,"activity_id":1,"time":1,"email":{"to":["a","b","c"]}})", options)
          .bad,
      testing::ElementsAre(ParseError::too_long));
  EXPECT_THAT(read(R"({"class_uid":4009,"activity_id":1,"time":1,"email":{"to":["a"],)"
                   R"("smtp_to":["b","c"]}})",
                   options)
                  .bad,
              testing::ElementsAre(ParseError::too_long));
  EXPECT_THAT(
      read(R"({"class_uid":4009,"activity_id":1,"time":1,"email":{"files":[{},{}]}})", options).bad,
      testing::ElementsAre(ParseError::too_long));
}

TEST(OcsfReader, ABadLineStopsNothing) {
  const Seen seen = read(
      "nonsense\n"
      R"({"class_uid":3002,"activity_id":1,"time":1})"
      "\r\n\n"
      R"({"class_uid":3002,"activity_id":1,"time":)"
      "\n"
      R"({"class_uid":3002,"activity_id":2,"time":2})");
  EXPECT_EQ(seen.records.size(), 2u);
  EXPECT_EQ(seen.bad.size(), 2u);
}

TEST(OcsfReader, EveryTruncationOfALineIsABadRecord) {
  std::string line;
  write_ocsf(AnyRecord(3).record, line);
  line.pop_back();
  for (std::size_t size = 1; size < line.size(); ++size) {
    ASSERT_EQ(read(line.substr(0, size)).bad.size(), 1u) << size;
  }
}

TEST(OcsfMatch, KnowsItsOwnLines) {
  const auto match = ocsf_format().match;
  std::string line;
  write_ocsf(AnyRecord(1).record, line);
  EXPECT_EQ(match(line, "x"), Match::yes);
  EXPECT_EQ(match("\xEF\xBB\xBF \n{\"class_uid\": 4009}", "x"), Match::yes);
  EXPECT_EQ(match("{\"event\":1}", "x"), Match::maybe);
  EXPECT_EQ(match("{\"event\":1}\n" + line, "x"), Match::yes);
  EXPECT_EQ(match("{\"event\":1,\n" + line, "x"), Match::yes);
  EXPECT_EQ(match("{\n  \"class_uid\": 4009\n}\n", "x"), Match::no) << "one value over lines";
  EXPECT_EQ(match("id,date,user", "x.jsonl"), Match::no);
  EXPECT_EQ(match("", "x"), Match::no);
}

TEST(UrlHost, IsWhatTheBrowserWouldAsk) {
  EXPECT_EQ(url_host("https://u:p@a.example:1/x@y"), "a.example");
  EXPECT_EQ(url_host("http://[::1]:80/"), "::1");
  EXPECT_EQ(url_host("a.example/p?q"), "a.example");
  EXPECT_EQ(url_host("http://a.example\\@b.example/"), "a.example");
  EXPECT_EQ(url_host("http://[::1"), "");
  EXPECT_EQ(url_host(""), "");
}

}  // namespace
}  // namespace weir::ingest
