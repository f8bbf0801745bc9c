#include "weir/ingest/parsers/mail.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "weir/base/bytes.h"
#include "weir/base/file.h"
#include "weir/ingest/detail/test_source.h"

namespace weir::ingest {
namespace {

namespace fs = std::filesystem;
using event::Activity;
using event::PartyRole;
using event::SourceRecord;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

/// What outlives the call that hands a record over.
struct Mail {
  Activity activity{};
  std::string time;
  bool has_offset = false;
  long offset_minutes = 0;
  std::string user_address;
  std::vector<std::string> parties;  // "to:bob@x"
  std::vector<std::string> objects;  // "plan.pdf 12"
  std::string content;
  std::string title;
  std::string raw;
  std::uint64_t bytes = 0;
  std::uint16_t flags = 0;
  std::uint64_t offset = 0;
};

struct Bad {
  ParseError error{};
  std::uint64_t line = 0;
  std::uint64_t offset = 0;
};

class Collector final : public RecordSink {
 public:
  Result<void> record(const SourceRecord& r, std::uint64_t offset) override {
    Mail& mail = mails.emplace_back();
    mail.activity = r.activity;
    mail.time = to_iso8601(r.time);
    mail.has_offset = r.has_offset;
    mail.offset_minutes = r.utc_offset.count();
    mail.user_address = r.user_address;
    for (const auto& party : r.parties) {
      mail.parties.push_back(fmt::format("{}:{}", to_string(party.role), party.address));
    }
    for (const auto& object : r.objects) {
      mail.objects.push_back(fmt::format("{} {}", object.name, object.bytes));
    }
    mail.content = to_hex(as_bytes(r.content_digest));
    mail.title = r.title;
    mail.raw = r.raw;
    mail.bytes = r.bytes;
    mail.flags = r.flags;
    mail.offset = offset;
    return {};
  }
  Result<void> bad(ParseError error, std::uint64_t line, std::uint64_t offset,
                   std::string_view) override {
    bads.push_back({error, line, offset});
    return {};
  }
  Result<void> progress(std::uint64_t offset) override {
    progressed = offset;
    return {};
  }

  std::vector<Mail> mails;
  std::vector<Bad> bads;
  std::uint64_t progressed = 0;
};

Collector read(std::string_view text, ReaderOptions options = {}, std::size_t step = SIZE_MAX) {
  if (options.head.empty()) options.head = text.substr(0, 65536);
  if (options.internal_domains.empty()) options.internal_domains = {"corp.example"};
  Collector collector;
  auto reader = mail_format().open(options);
  TextSource source(text.substr(options.start_offset), step);
  EXPECT_TRUE((*reader)->read(source, collector));
  return collector;
}

Mail the_mail(std::string_view text) {
  const Collector collector = read(text);
  EXPECT_TRUE(collector.bads.empty());
  return collector.mails.size() == 1 ? collector.mails.front() : Mail{};
}

constexpr std::string_view kSent =
    "From: Ann Example <ann@corp.example>\n"
    "To: Bob <bob@mail.example>, carol@partner.example\n"
    "Cc: bob@mail.example, dan@corp.example\n"
    "Bcc: dan@corp.example, eve@mail.example\n"
    "Date: Mon, 14 May 2001 16:39:00 -0700 (PDT)\n"
    "Subject: =?utf-8?q?Pl=C3=A4ne?=\n"
    "Message-ID: <1@corp.example>\n"
    "\n"
    "See you.\n";

TEST(MailReader, ReadsWhatSomebodyOfOursSends) {
  const Mail mail = the_mail(kSent);
  EXPECT_EQ(mail.activity, Activity::mail_send);
  EXPECT_EQ(mail.time, "2001-05-14T23:39:00Z");
  EXPECT_TRUE(mail.has_offset);
  EXPECT_EQ(mail.offset_minutes, -420);
  EXPECT_EQ(mail.user_address, "ann@corp.example");
  EXPECT_THAT(mail.parties, ElementsAre("to:bob@mail.example", "to:carol@partner.example",
                                        "cc:dan@corp.example", "bcc:eve@mail.example"));
  EXPECT_EQ(mail.title, "Pläne");
  EXPECT_EQ(mail.bytes, kSent.size());
  EXPECT_EQ(mail.raw, kSent);
}

TEST(MailReader, WhatComesFromOutsideIsReceived) {
  const Mail mail = the_mail(
      "Delivered-To: ann@corp.example\nFrom: o@mail.example\nTo: list@lists.example\n"
      "Date: 14 May 2001 16:39\n\n");
  EXPECT_EQ(mail.activity, Activity::mail_receive);
  EXPECT_EQ(mail.user_address, "");
  EXPECT_FALSE(mail.has_offset);
  EXPECT_THAT(mail.parties,
              ElementsAre("to:list@lists.example", "bcc:ann@corp.example", "from:o@mail.example"));
}

TEST(MailReader, SubDomainsAndDirectoryNamesAreOurs) {
  const std::string rest = "\nDate: 14 May 2001 16:39:00 +0000\n\n";
  for (const std::string from : {"a@CORP.example", "a@mail.corp.example", "/O=CORP/OU=NA/CN=ANN"}) {
    EXPECT_EQ(the_mail(fmt::format("From: {}{}", from, rest)).activity, Activity::mail_send)
        << from;
  }
  for (const std::string from : {"a@notcorp.example", "a@corp.example.net", "Ann"}) {
    EXPECT_EQ(the_mail(fmt::format("From: {}{}", from, rest)).activity, Activity::mail_receive)
        << from;
  }
}

TEST(MailReader, FallsBackToTheTopmostReceivedDate) {
  const std::string received =
      "Received: by a; Tue, 01 Oct 2002 09:37:42 +0000\nReceived: by b; Mon, 30 Sep 2002 00:00:00 "
      "+0000\nFrom: a@x.example\n";
  EXPECT_EQ(the_mail(received + "\n").time, "2002-10-01T09:37:42Z");
  EXPECT_EQ(the_mail(received + "Date: Not supplied\n\n").time, "2002-10-01T09:37:42Z");
  EXPECT_EQ(the_mail(received + "Date: Fri, 01 Jan 1904 00:00:00 +0000\n\n").time,
            "2002-10-01T09:37:42Z");
}

TEST(MailReader, SaysWhyAMailIsBad) {
  const auto problem = [](std::string_view text) {
    const Collector collector = read(text);
    return collector.bads.size() == 1 && collector.mails.empty() ? collector.bads.front().error
                                                                 : ParseError::nul_byte;
  };
  EXPECT_EQ(problem("no header at all\n"), ParseError::bad_structure);
  EXPECT_EQ(problem("To: a@x\nDate: 14 May 2001 16:39:00 +0000\n\n"), ParseError::missing_field);
  EXPECT_EQ(problem("From: a@x\nSubject: x\n\n"), ParseError::bad_time);
  EXPECT_EQ(problem("From: a@x\nDate: 14 May 1950 16:39:00 +0000\n\n"),
            ParseError::time_out_of_range);
}

TEST(MailReader, TheSameTextWithAnotherAttachmentIsOtherContent) {
  const auto mail = [](std::string_view attached) {
    return the_mail(
        fmt::format("From: ann@corp.example\nDate: 14 May 2001 16:39:00 +0000\n"
                    "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nSee attached.\n"
                    "--b\nContent-Disposition: attachment; filename=a.txt\n\n{}\n--b--\n",
                    attached));
  };
  EXPECT_THAT(mail("innocent").objects, ElementsAre("a.txt 8"));
  EXPECT_EQ(mail("innocent").content, mail("innocent").content);
  EXPECT_NE(mail("innocent").content, mail("a secret").content);
}

std::string mbox_of(std::initializer_list<std::string_view> messages) {
  std::string out;
  for (const std::string_view message : messages) {
    out += "From ann@corp.example  Tue Oct  1 10:37:42 2002\n";
    out += message;
    out += '\n';
  }
  return out;
}

TEST(MailReader, AMessageHasTheSameBytesInAnMboxAndAlone) {
  const std::string second = std::string(kSent) + "From here on all is well.\n>From is quoted.\n";
  const std::string escaped =
      std::string(kSent) + ">From here on all is well.\n>>From is quoted.\n";
  const std::string mbox = mbox_of({kSent, escaped, kSent});
  for (const std::size_t step : {SIZE_MAX, std::size_t{1}, std::size_t{7}}) {
    const Collector collector = read(mbox, {}, step);
    EXPECT_TRUE(collector.bads.empty());
    ASSERT_EQ(collector.mails.size(), 3u);
    EXPECT_EQ(collector.mails[0].raw, kSent);
    EXPECT_EQ(collector.mails[1].raw, second);
    EXPECT_EQ(collector.mails[2].raw, kSent);
    EXPECT_EQ(collector.progressed, mbox.size());
  }
}

TEST(MailReader, ASentenceThatBeginsWithFromCutsNoMessage) {
  const std::string mbox =
      mbox_of({std::string(kSent) + "\nFrom now on: nothing.\n\nFrom May 3 it rains.\n"});
  EXPECT_EQ(read(mbox).mails.size(), 1u);
}

TEST(MailReader, GoesOnWhereItStoppedInAnMbox) {
  const std::string mbox = mbox_of({kSent, kSent});
  const Collector all = read(mbox);
  ASSERT_EQ(all.mails.size(), 2u);
  ReaderOptions options;
  options.start_offset = mbox.size() / 2;
  options.head = mbox;
  const Collector rest = read(mbox, options);
  ASSERT_EQ(rest.mails.size(), 1u);
  EXPECT_TRUE(rest.bads.empty());
  EXPECT_EQ(rest.mails[0].offset, all.mails[1].offset);
}

TEST(MailReader, TheRestOfAMessageThatWasStillBeingWrittenIsBad) {
  const std::string mbox = mbox_of({kSent, kSent});
  ReaderOptions options;
  options.start_offset = 100;
  options.head = mbox;
  const Collector rest = read(mbox, options);
  EXPECT_EQ(rest.mails.size(), 1u);
  ASSERT_EQ(rest.bads.size(), 1u);
  EXPECT_EQ(rest.bads[0].error, ParseError::truncated);
  EXPECT_EQ(rest.bads[0].offset, 100u);

  options.start_offset = kSent.size();
  options.head = kSent;
  const Collector grown = read(std::string(kSent) + "more\n", options);
  EXPECT_TRUE(grown.mails.empty());
  EXPECT_EQ(grown.bads.size(), 1u);
}

TEST(MailReader, AMessageBeyondTheLimitIsBadAndTheNextIsRead) {
  ReaderOptions options;
  options.limits.message_bytes = kSent.size() + 10;
  const std::string mbox = mbox_of({std::string(kSent) + std::string(300'000, 'x') + "\n", kSent});
  const Collector collector = read(mbox, options);
  ASSERT_EQ(collector.bads.size(), 1u);
  EXPECT_EQ(collector.bads[0].error, ParseError::too_long);
  EXPECT_EQ(collector.bads[0].line, 2u);
  ASSERT_EQ(collector.mails.size(), 1u);
  EXPECT_EQ(collector.mails[0].raw, kSent);
}

TEST(MailReader, EmptyInputIsNothing) {
  EXPECT_TRUE(read("").mails.empty());
  EXPECT_TRUE(read("").bads.empty());
}

TEST(MailMatch, GoesByTheContent) {
  const auto match = [](std::string_view head) { return mail_format().match(head, "1_"); };
  EXPECT_EQ(match(kSent), Match::yes);
  EXPECT_EQ(match(mbox_of({kSent})), Match::yes);
  EXPECT_EQ(match("X-Odd: 1\nFrom: a@x\n\n"), Match::maybe);
  EXPECT_EQ(match("From here to there\n"), Match::no);
  EXPECT_EQ(match("id,date,user,pc\n"), Match::no);
  EXPECT_EQ(match("{\"from\": 1}\n"), Match::no);
  EXPECT_EQ(match(std::string_view("From: a@x\nTo: b\0@x\n", 19)), Match::no);
  EXPECT_EQ(match(""), Match::no);
}

// --- real mail, where it is at hand

/// The folder with the unpacked archive; empty (and the test is skipped) if there is none.
class RealMail : public testing::Test {
 public:
  ~RealMail() override {
    std::error_code ignored;
    if (!target_.empty()) fs::remove_all(target_, ignored);
  }

 protected:
  fs::path unpacked(std::string_view archive) {
    const char* set = std::getenv("WEIR_SHARED_DATA");
    const fs::path folder =
        set != nullptr ? fs::path(set)
                       : fs::canonical(WEIR_TESTDATA).parent_path().parent_path() / "shared/data";
    const fs::path file = folder / archive;
    if (!fs::exists(file)) return {};
    target_ = fs::temp_directory_path() /
              fmt::format("weir-mail-test-{}-{}", static_cast<long>(::getpid()), archive);
    fs::create_directories(target_);
    const std::string command =
        fmt::format("tar --zstd -xf '{}' -C '{}'", file.string(), target_.string());
    return std::system(command.c_str()) == 0 ? target_ : fs::path();
  }

  Collector read_tree(const fs::path& folder, const std::string& domain) {
    Collector all;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (!entry.is_regular_file()) continue;
      const std::string text = read_file(entry.path(), 64u << 20).value();
      ReaderOptions options;
      options.internal_domains = {domain};
      EXPECT_EQ(mail_format().match(text.substr(0, 65536), ""), Match::yes) << entry.path();
      Collector one = read(text, options);
      EXPECT_EQ(one.mails.size(), 1u) << entry.path();
      EXPECT_TRUE(one.bads.empty())
          << entry.path() << " line " << (one.bads.empty() ? 0 : one.bads[0].line);
      std::ranges::move(one.mails, std::back_inserter(all.mails));
    }
    return all;
  }

  fs::path target_;
};

TEST_F(RealMail, EveryMessageOfARealMailboxGivesOneRecord) {
  const fs::path folder = unpacked("mailbox-skilling-j.tar.zst");
  if (folder.empty()) GTEST_SKIP() << "mailbox-skilling-j.tar.zst is not in WEIR_SHARED_DATA";
  const Collector all = read_tree(folder, "enron.com");
  EXPECT_EQ(all.mails.size(), 4139u);

  // Copies of one mail in several folders differ in their Message-ID only.
  std::set<std::string> raw;
  std::map<std::string, std::size_t> copies;
  for (const Mail& mail : all.mails) {
    raw.insert(mail.raw);
    ++copies[fmt::format("{}|{}|{}|{}", mail.time, mail.user_address, mail.content,
                         fmt::join(mail.parties, ","))];
  }
  EXPECT_EQ(raw.size(), 4139u);
  RecordProperty("distinct", static_cast<int>(copies.size()));
  EXPECT_LT(copies.size(), 3500u);
  EXPECT_GT(copies.size(), 1500u);
}

TEST_F(RealMail, EveryMessageWithFullHeadersGivesOneRecord) {
  const fs::path folder = unpacked("mail-ham.tar.zst");
  if (folder.empty()) GTEST_SKIP() << "mail-ham.tar.zst is not in WEIR_SHARED_DATA";
  const Collector all = read_tree(folder, "spamassassin.taint.org");
  EXPECT_EQ(all.mails.size(), 2500u);
}

}  // namespace
}  // namespace weir::ingest
