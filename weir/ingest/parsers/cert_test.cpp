#include "weir/ingest/parsers/cert.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "weir/ingest/detail/test_source.h"

namespace weir::ingest {
namespace {

constexpr std::string_view kLogonHeader = "id,date,user,pc,activity\n";

class Counter final : public RecordSink {
 public:
  Result<void> record(const event::SourceRecord& said, std::uint64_t) override {
    users.emplace_back(said.user);
    flags.push_back(said.flags);
    return {};
  }
  Result<void> bad(ParseError error, std::uint64_t, std::uint64_t, std::string_view) override {
    errors.push_back(error);
    return {};
  }
  Result<void> progress(std::uint64_t offset) override {
    last_progress = offset;
    return {};
  }

  std::vector<std::string> users;
  std::vector<std::uint16_t> flags;
  std::vector<ParseError> errors;
  std::uint64_t last_progress = 0;
};

Counter read(std::string_view text, ReaderOptions options = {}) {
  Counter counter;
  if (options.head.empty()) options.head = text;
  auto reader = cert_format().open(options);
  EXPECT_TRUE(reader);
  TextSource source(text);
  EXPECT_TRUE((*reader)->read(source, counter));
  return counter;
}

TEST(Cert, ResumesBehindTheHeaderWithoutTakingARecordForIt) {
  ReaderOptions options;
  options.head = kLogonHeader;
  options.start_offset = 80;
  const Counter counter = read("{A},01/02/2010 06:49:00,ABC0001,PC-1,Logon\n", options);
  EXPECT_EQ(counter.users, std::vector<std::string>{"ABC0001"});
  EXPECT_EQ(counter.last_progress, 80u + 43u);
}

TEST(Cert, MarksMailFromAPrivateAddressOnlyWhereInternalDomainsAreKnown) {
  const std::string mail =
      "id,date,user,pc,to,cc,bcc,from,size,attachments,content\n"
      "{A},01/02/2010 06:49:00,ABC0001,PC-1,x@y.example,,,own@free.example,1,0,w\n"
      "{B},01/02/2010 06:49:00,ABC0001,PC-1,x@y.example,,,own@mail.CORP.example,1,0,w\n";
  EXPECT_EQ(read(mail).flags, (std::vector<std::uint16_t>{0, 0}));
  ReaderOptions options;
  options.internal_domains = {"corp.example"};
  EXPECT_EQ(read(mail, options).flags,
            (std::vector<std::uint16_t>{event::kFlagOwnPersonalSender, 0}));
}

TEST(Cert, RefusesAMailWithMoreRecipientsThanTheLimit) {
  ReaderOptions options;
  options.limits.parties = 3;
  const Counter counter = read(
      "id,date,user,pc,to,cc,bcc,from,size,attachments,content\n"
      "{A},01/02/2010 06:49:00,ABC0001,PC-1,a@b.c;d@e.f,g@h.i;j@k.l,,m@n.o,1,0,w\n",
      options);
  EXPECT_EQ(counter.errors, std::vector<ParseError>{ParseError::bad_structure});
}

TEST(Cert, StopsWithTheErrorOfTheSink) {
  class Refusing final : public RecordSink {
   public:
    Result<void> record(const event::SourceRecord&, std::uint64_t) override {
      return fail(ErrorCode::no_space, "disk full");
    }
    Result<void> bad(ParseError, std::uint64_t, std::uint64_t, std::string_view) override {
      return {};
    }
    Result<void> progress(std::uint64_t) override { return {}; }
  };
  const std::string text = std::string(kLogonHeader) + "{A},01/02/2010 06:49:00,A,PC-1,Logon\n";
  ReaderOptions options;
  options.head = text;
  auto reader = cert_format().open(options);
  ASSERT_TRUE(reader);
  TextSource source(text);
  Refusing sink;
  const Result<void> done = (*reader)->read(source, sink);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::no_space);
}

TEST(Cert, SaysWhyPersonalityScoresAreRefused) {
  ReaderOptions options;
  options.head = "employee_name,user_id,O,C,E,A,N\n";
  const auto reader = cert_format().open(options);
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().code, ErrorCode::unsupported);
  EXPECT_NE(reader.error().message.find("never at who they are"), std::string::npos);
}

TEST(Cert, NamesAHeaderItDoesNotKnow) {
  ReaderOptions options;
  options.head = "time,who\x1b[31m,what\n";
  const auto reader = cert_format().open(options);
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().code, ErrorCode::parse);
  EXPECT_NE(reader.error().message.find("time,who\\x1b[31m,what"), std::string::npos);
}

}  // namespace
}  // namespace weir::ingest
