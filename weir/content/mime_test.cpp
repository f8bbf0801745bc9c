#include "weir/content/mime.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "weir/base/bytes.h"
#include "weir/base/hash.h"

namespace weir::content {
namespace {

using testing::ElementsAre;

MimeMessage read(std::string_view text, const MimeLimits& limits = {}) {
  MimeMessage message;
  EXPECT_TRUE(parse_mime(text, limits, message));
  return message;
}

std::vector<std::string> recipients(const MimeMessage& message) {
  std::vector<std::string> out;
  for (const auto& recipient : message.recipients) {
    constexpr std::array kRoles = {"to", "cc", "bcc"};
    out.push_back(
        fmt::format("{}:{}", kRoles[static_cast<std::size_t>(recipient.role)], recipient.address));
  }
  return out;
}

std::vector<std::string> names(const MimeMessage& message) {
  std::vector<std::string> out;
  for (const auto& attachment : message.attachments) {
    out.push_back(fmt::format("{} {}", attachment.name, attachment.bytes));
  }
  return out;
}

std::string mixed(std::string_view parts) {
  return fmt::format("From: a@x\nContent-Type: multipart/mixed; boundary=\"b 1\"\n\n{}--b 1--\n",
                     parts);
}

TEST(Mime, ReadsTheHeader) {
  const MimeMessage message = read(
      "FROM: Ann <a@x>\nto: b@x\nTo: c@x\ncc: B@x\nBCC: d@x\nSubject: =?utf-8?B?UGzDpG5l?=\n one\n"
      "Message-ID: <1@x>\nDate: 14 May 2001 16:39:00 +0000\nReferences: <0@x>\nPrecedence: "
      "Bulk\n\n");
  EXPECT_THAT(message.senders, ElementsAre("a@x"));
  EXPECT_THAT(recipients(message), ElementsAre("to:b@x", "to:c@x", "bcc:d@x"));
  EXPECT_EQ(message.subject, "Pläne one");
  EXPECT_EQ(message.message_id, "<1@x>");
  ASSERT_TRUE(message.date);
  EXPECT_EQ(to_iso8601(message.date->utc), "2001-05-14T16:39:00Z");
  EXPECT_TRUE(message.is_reply);
  EXPECT_TRUE(message.is_automatic);
  EXPECT_FALSE(message.is_encrypted);
}

TEST(Mime, FindsASenderElsewhere) {
  EXPECT_THAT(read("Sender: s@x\nReturn-Path: <r@x>\n").senders, ElementsAre("s@x"));
  EXPECT_THAT(read("Return-Path: <r@x>\n").senders, ElementsAre("r@x"));
  EXPECT_TRUE(read("Return-Path: <>\n").senders.empty());
}

TEST(Mime, TheSameTextHasTheSameDigestInEveryEncoding) {
  const Digest plain =
      read("From: a@x\nContent-Type: text/plain; charset=utf-8\n\nGr\u00fc\u00dfe an alle\n")
          .body_digest;
  const std::vector<std::string> kOthers = {
      "From: a@x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nGr\u00fc\u00dfe\r\nan  alle",
      "From: a@x\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: "
      "quoted-printable\n\nGr=FC=DFe an=\n alle\n",
      "From: a@x\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: "
      "base64\n\nR3LDvMOfZSBhbiBhbGxl\n",
      "From: a@x\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: "
      "text/plain; "
      "charset=utf-8\n\nGr\u00fc\u00dfe an alle\n--b\nContent-Type: "
      "text/html\n\n<p>x</p>\n--b--\n"};
  for (const std::string& other : kOthers) EXPECT_EQ(read(other).body_digest, plain) << other;
  EXPECT_NE(read("From: a@x\n\nsomething else").body_digest, plain);
}

TEST(Mime, HtmlCountsWhereThereIsNoPlainText) {
  const std::string head = "From: a@x\nContent-Type: text/html\n\n";
  EXPECT_NE(read(head + "<p>a</p>").body_digest, read(head + "<p>b</p>").body_digest);
}

TEST(Mime, ListsAttachmentsWithDecodedNameSizeAndDigest) {
  const MimeMessage message = read(mixed(
      "--b 1\n\nhello\n"
      "--b 1\nContent-Type: text/plain\nContent-Disposition: attachment;\n"
      " filename*0*=utf-8''Pl%C3%A4; filename*1=ne.txt\nContent-Transfer-Encoding: base64\n\nYWJj\n"
      "--b 1\nContent-Type: image/png; name=\"=?utf-8?q?=C3=A4.png?=\"\n\nxyz\n"
      "--b 1\nContent-Type: application/octet-stream\n\n1\n"
      "--b 1\nContent-Type: application/pgp-signature\n\nsig\n"));
  EXPECT_THAT(names(message), ElementsAre("Pl\u00e4ne.txt 3", "\u00e4.png 3", " 1"));
  EXPECT_EQ(message.attachments[0].digest, blake2b("abc"));
  EXPECT_EQ(message.body_digest, blake2b("hello"));
  EXPECT_TRUE(message.attachments[1].is_renamed);
}

TEST(Mime, AnAttachmentsBytesEndBeforeTheBoundarysLineBreak) {
  const std::string part = "--b 1\nContent-Disposition: attachment; filename=a\n\n";
  EXPECT_THAT(names(read(mixed(part + "abc\n"))), ElementsAre("a 3"));
  EXPECT_THAT(names(read(mixed(part + "abc\n\n"))), ElementsAre("a 4"));
  EXPECT_THAT(names(read(mixed(part + "--b 1x\n--b\nx--b 1\n"))), ElementsAre("a 17"));
}

TEST(Mime, AttachedMessagesAreListedWithWhatIsInThem) {
  const MimeMessage message = read(mixed(
      "--b 1\n\nsee below\n"
      "--b 1\nContent-Type: message/rfc822\n\n"
      "From: c@x\nSubject: inner\nContent-Type: multipart/mixed; boundary=c\n\n"
      "--c\n\ninner text\n--c\nContent-Type: application/pdf; name=plan.pdf\n\n%PDF-1\n--c--\n"));
  EXPECT_THAT(message.attachments[0].name, "inner.eml");
  EXPECT_THAT(message.attachments[1].name, "plan.pdf");
  EXPECT_EQ(message.body_digest, blake2b("see below"));
  EXPECT_THAT(message.senders, ElementsAre("a@x"));
}

TEST(Mime, UuencodedContentIsDecoded) {
  const MimeMessage message =
      read(mixed("--b 1\nContent-Disposition: attachment; filename=a\nContent-Transfer-Encoding: "
                 "x-uuencode\n\n"
                 "begin 644 a\n#86)C\n`\nend\n"));
  EXPECT_THAT(names(message), ElementsAre("a 3"));
}

TEST(Mime, FlagsWhatIsEncrypted) {
  EXPECT_TRUE(read("From: a@x\nContent-Type: multipart/encrypted; boundary=b\n\n--b\nContent-Type: "
                   "application/pgp-encrypted\n\nVersion: 1\n--b\nContent-Type: "
                   "application/octet-stream\n\n-----BEGIN PGP MESSAGE-----\n--b--\n")
                  .is_encrypted);
  EXPECT_TRUE(read("From: a@x\n\nhello\n-----BEGIN PGP MESSAGE-----\nabc\n").is_encrypted);
  // The start of PKCS #7 enveloped data, and of signed data, which anybody can read.
  const auto smime = [](std::string_view body) {
    return read(
        fmt::format("From: a@x\nContent-Type: application/pkcs7-mime; name=smime.p7m\n"
                    "Content-Transfer-Encoding: base64\n\n{}\n",
                    body));
  };
  EXPECT_TRUE(smime("MIAGCSqGSIb3DQEHA6CA").is_encrypted);
  EXPECT_FALSE(smime("MIAGCSqGSIb3DQEHAqCA").is_encrypted);
}

constexpr std::string_view kReport =
    "From: MicrosoftExchange329e71ec@corp.example\nTo: journal@corp.example\n"
    "X-MS-Journal-Report:\nSubject: x\nMessage-ID: <r@x>\nDate: 14 May 2018 10:00:00 +0000\n"
    "Content-Type: multipart/mixed; boundary=b\n\n"
    "--b\nContent-Type: text/plain\n\n"
    "Sender: ann@corp.example\nSubject: Plans\nMessage-Id: <i@x>\n"
    "Recipient: bob@x\nBcc: hidden@x\nTo: carol@x, Expanded: team@corp.example\n"
    "--b\nContent-Type: message/rfc822\n\n"
    "From: Boss <boss@corp.example>\nTo: team@corp.example\nCc: BOB@x\n"
    "Date: 14 May 2018 09:00:00 +0000\nSubject: Plans\nMessage-ID: <i@x>\n\nhello\n--b--\n";

TEST(Mime, AJournalReportGivesTheMessageWithItsEnvelope) {
  const MimeMessage message = read(kReport);
  EXPECT_TRUE(message.is_journal_report);
  EXPECT_THAT(message.senders, ElementsAre("ann@corp.example", "boss@corp.example"));
  EXPECT_THAT(recipients(message), ElementsAre("to:carol@x", "cc:bob@x", "bcc:hidden@x"));
  EXPECT_EQ(to_iso8601(message.date->utc), "2018-05-14T09:00:00Z");
  EXPECT_EQ(message.message_id, "<i@x>");
  EXPECT_EQ(message.body_digest, blake2b("hello"));
  EXPECT_TRUE(message.attachments.empty());
}

TEST(Mime, AMailThatOnlyLooksLikeAReportIsNone) {
  std::string forged(kReport);
  forged.replace(forged.find("X-MS-Journal-Report"), 19, "X-Something-Else-Yo");
  forged.replace(forged.find("MicrosoftExchange"), 17, "somebody.ordinary");
  const MimeMessage message = read(forged);
  EXPECT_FALSE(message.is_journal_report);
  EXPECT_THAT(recipients(message), ElementsAre("to:journal@corp.example"));
}

TEST(Mime, StopsAtItsLimitsAndSaysSo) {
  std::string many;
  for (int i = 0; i < 50; ++i) many += "--b 1\nContent-Disposition: attachment; filename=a\n\nx\n";
  MimeLimits limits;
  limits.parts = 10;
  EXPECT_FALSE(read(mixed(many), limits).complete);
  EXPECT_EQ(read(mixed(many), limits).attachments.size(), 9u);
  limits = {};
  limits.attachments = 5;
  EXPECT_EQ(read(mixed(many), limits).attachments.size(), 5u);
  limits = {};
  limits.recipients = 2;
  EXPECT_EQ(read("From: a@x\nTo: b@x, c@x, d@x\n", limits).recipients.size(), 2u);
  limits = {};
  limits.text_bytes = 3;
  EXPECT_FALSE(read("From: a@x\n\nlonger than that", limits).complete);
}

TEST(Mime, DeepNestingEndsAtTheLimit) {
  std::string deep = "From: a@x\n";
  for (int i = 0; i < 2000; ++i) {
    deep += fmt::format("Content-Type: multipart/mixed; boundary=b{}\n\n--b{}\n", i, i);
  }
  const MimeMessage multiparts = read(deep);
  EXPECT_FALSE(multiparts.complete);

  std::string messages = "From: a@x\n";
  for (int i = 0; i < 2000; ++i) messages += "Content-Type: message/rfc822\n\n";
  const MimeMessage nested = read(messages);
  EXPECT_FALSE(nested.complete);
  EXPECT_LE(nested.attachments.size(), 30u);
}

TEST(Mime, HasNoMessageWithoutHeader) {
  MimeMessage message;
  EXPECT_FALSE(parse_mime("", {}, message));
  EXPECT_FALSE(parse_mime("\n\nFrom: a@x\n", {}, message));
  EXPECT_FALSE(parse_mime("hello there\n", {}, message));
}

TEST(Mime, BrokenStructureStillGivesWhatIsThere) {
  const MimeMessage no_end = read(
      "From: a@x\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n--b\n"
      "Content-Disposition: attachment; filename=a\n\nabc");
  EXPECT_THAT(names(no_end), ElementsAre("a 3"));
  const MimeMessage no_boundary = read("From: a@x\nContent-Type: multipart/mixed\n\ntext\n");
  EXPECT_EQ(no_boundary.body_digest, blake2b("text"));
  const MimeMessage odd = read("From: a@x\nContent-Type: ;;;=\nSubject: \xff\xfe\n\nx\n");
  EXPECT_EQ(odd.subject, "\u00ff\u00fe");
}

TEST(Mime, EveryTruncationIsReadWithoutHarm) {
  const std::string whole(kReport);
  MimeMessage message;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    parse_mime(std::string_view(whole).substr(0, size), {}, message);
  }
  EXPECT_TRUE(parse_mime(whole, {}, message));
}

}  // namespace
}  // namespace weir::content
