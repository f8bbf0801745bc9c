// Mail and archives: what stands in them, around their members and behind their end.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "weir/base/bytes.h"
#include "weir/base/file.h"
#include "weir/content/detail/packed_rtf.h"
#include "weir/content/extract.h"
#include "weir/content/test_extract.h"
#include "weir/content/test_files.h"

namespace weir::content {
namespace {

using namespace std::string_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(Containers, ReadsMailWithWhatIsAttached) {
  const Extraction out = read(
      "From: a@x.example\r\nTo: b@y.example\r\nSubject: =?utf-8?Q?Pl=C3=A4ne?=\r\nMIME-Version: "
      "1.0\r\n"
      "Content-Type: multipart/mixed; boundary=q\r\n\r\npreamble words\r\n--q\r\n"
      "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: "
      "quoted-printable\r\n"
      "\r\ngr=FCn\r\n--q\r\nContent-Type: image/png; name=plan.png\r\nContent-Transfer-Encoding: "
      "base64\r\n"
      "\r\n" +
      base64_of(docx_of(paragraph("in the file"))) + "\r\n--q--\r\n");
  EXPECT_EQ(out.type, FileType::mail);
  EXPECT_THAT(where(out, "Subject: Pl\u00e4ne"), ElementsAre("f|properties"));
  EXPECT_THAT(where(out, "gr\u00fcn"), ElementsAre("f › part 1|body"));
  EXPECT_THAT(where(out, "preamble words"), ElementsAre("f|body|hidden"));
  EXPECT_THAT(where(out, "in the file"),
              ElementsAre("f › part 2 › plan.png › word/document.xml|body"));
}

/// The example of [MS-OXRTFCP] §4.1.1.
const std::string kPackedRtf =
    "\x2d\0\0\0\x2b\0\0\0LZFu\xf1\xc5\xc7\xa7\x03\0\x0a\0rcpg125\x42\x32\x0a\xf3 hel\x09\0 "
    "bw\x05\xb0ld}"
    "\x0a\x80\x0f\xa0"s;

TEST(Containers, UnpacksTheRtfOfOutlook) {
  EXPECT_EQ(unpack_rtf(kPackedRtf, 1000), "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
  EXPECT_EQ(unpack_rtf(kPackedRtf, 9), "{\\rtf1\\an");
  for (std::size_t size = 0; size + 2 < kPackedRtf.size(); ++size) {
    EXPECT_FALSE(unpack_rtf(kPackedRtf.substr(0, size), 1000)) << size;
  }
}

std::string tnef_attribute(std::uint32_t id, std::string_view value) {
  std::string out;
  ByteWriter writer(out);
  writer.fixed(std::uint8_t{1});
  writer.fixed(id);
  writer.fixed(static_cast<std::uint32_t>(value.size()));
  return out + std::string(value) + "\0\0"s;
}

std::string tnef_property(std::uint16_t kind, std::uint16_t id, std::string value) {
  std::string out;
  ByteWriter writer(out);
  writer.fixed(kind);
  writer.fixed(id);
  writer.fixed(std::uint32_t{1});
  writer.fixed(static_cast<std::uint32_t>(value.size()));
  value.resize((value.size() + 3) / 4 * 4);
  return out + value;
}

TEST(Containers, ReadsWinmail) {
  std::string properties("\4\0\0\0"s);
  properties += "\3\0\x17\0\1\0\0\0"s;  // a number
  properties += tnef_property(0x001f, 0x0037, "s\0u\0b\0j\0e\0c\0t\0\0\0"s);
  properties += tnef_property(0x0102, 0x1009, kPackedRtf);
  properties += tnef_property(0x0102, 0x1013, "<p>as a page</p>");
  const std::string mail = "\x78\x9f\x3e\x22\1\0"s + tnef_attribute(0x0002800c, "plain body") +
                           tnef_attribute(0x00069003, properties) +
                           tnef_attribute(0x00069002, "begins") +
                           tnef_attribute(0x00018010, "plan.docx\0"s) +
                           tnef_attribute(0x0006800f, docx_of(paragraph("attached words")));
  const Extraction out = read(mail);
  EXPECT_EQ(out.type, FileType::tnef);
  EXPECT_THAT(where(out, "plain body"), ElementsAre("f|body"));
  EXPECT_THAT(where(out, "hello world"), ElementsAre("f|body"));
  EXPECT_THAT(where(out, "as a page"), ElementsAre("f|body"));
  EXPECT_THAT(where(out, "subject"), ElementsAre("f|properties"));
  EXPECT_THAT(where(out, "attached words"), ElementsAre("f › plan.docx › word/document.xml|body"));
  EXPECT_THAT(kinds(out), IsEmpty());
  for (std::size_t cut = 1; cut < 100; ++cut) {
    EXPECT_FALSE(read(mail.substr(0, mail.size() - cut)).is_complete()) << cut;
  }
}

TEST(Containers, ReadsWhatStandsBetweenTheMembersOfAZip) {
  const std::string plan = "the convoy leaves the northern depot at dawn and takes the old bridge";
  const std::string zip = zip_of({{"a.txt", "harmless"}, {"b.txt", "harmless too"}});
  std::string comment = zip;
  comment[zip.size() - 2] = static_cast<char>(plan.size());
  comment += plan;
  EXPECT_THAT(where(read(comment), plan), ElementsAre("f|comment|hidden"));
  const std::size_t second = zip.find("PK\3\4", 4);
  const std::string gap = zip.substr(0, second) + plan + zip.substr(second);
  EXPECT_THAT(where(read(gap), plan), ElementsAre("f|comment|hidden"));
  const std::string file =
      zip.substr(0, second) + gzipped(plan) + std::string(5'000, '\1') + zip.substr(second);
  EXPECT_THAT(where(read(file), plan), ElementsAre("f › between its members › unpacked|body"));
  EXPECT_THAT(where(read(zip), "PK"), IsEmpty());
  EXPECT_THAT(kinds(read(zip)), IsEmpty());
}

/// A member as tar had it before POSIX.
std::string tar_of(const std::string& name, const std::string& content) {
  std::string block = name + std::string(512 - name.size(), '\0');
  block.replace(124, 11, fmt::format("{:011o}", content.size()));
  block.replace(148, 8, "        ");
  unsigned sum = 0;
  for (const char c : block) sum += static_cast<unsigned char>(c);
  block.replace(148, 7, fmt::format("{:06o}", sum) + '\0');
  block += content + std::string((512 - content.size() % 512) % 512, '\0');
  return block + std::string(1024, '\0');
}

TEST(Containers, ReadsWhatStandsBehindTheEndOfAnArchive) {
  const std::string plan = "the convoy leaves the northern depot at dawn and takes the old bridge";
  const std::string tar = tar_of("a.txt", "harmless words");
  EXPECT_THAT(where(read(tar), "harmless"), ElementsAre("f › a.txt|body"));
  EXPECT_THAT(kinds(read(tar)), IsEmpty());
  EXPECT_THAT(where(read(tar + plan), plan), ElementsAre("f › behind its end|body"));
  EXPECT_THAT(where(read(gzipped(tar + plan)), plan),
              ElementsAre("f › unpacked › behind its end|body"));
  EXPECT_THAT(where(read(gzipped("harmless") + plan), plan),
              ElementsAre("f › behind its end|body"));
  // An archive without members, to programs that stop at an empty block.
  const Extraction empty = read(gzipped(std::string(1024, '\0') + plan));
  EXPECT_THAT(where(empty, plan), ElementsAre("f › unpacked|salvaged"));
  EXPECT_THAT(kinds(empty), ElementsAre(FindingKind::unreadable));
}

TEST(Containers, ReadsTheHeadersOfMailParts) {
  std::string mail =
      "From: a@x.example\r\nMIME-Version: 1.0\r\n"
      "Content-Type: multipart/mixed; boundary=q\r\n\r\n";
  for (const std::string words :
       {"the convoy leaves the northern depot", "at dawn and takes the bridge"}) {
    mail += "--q\r\nContent-Type: text/plain\r\nContent-Description: " + words + "\r\n\r\nbody\r\n";
  }
  const Extraction out = read(mail + "--q--\r\n");
  EXPECT_THAT(where(out, "northern depot"), ElementsAre("f|properties|hidden"));
  EXPECT_THAT(where(out, "takes the bridge"), ElementsAre("f|properties|hidden"));
}

TEST(Containers, ReadsWhatASignatureIsAround) {
  const auto sample = [](const std::string& name) {
    return read_file(WEIR_TESTDATA "/smime/" + name, 1u << 20).value();
  };
  for (const char* name : {"signed.p7m", "stream.p7m"}) {
    const Extraction out = read(sample(name));
    EXPECT_EQ(out.type, FileType::cms);
    EXPECT_THAT(where(out, "northern depot"), Contains("f › signed|body")) << name;
    EXPECT_THAT(kinds(out), IsEmpty());
  }
  const std::string detached = sample("detached.p7s");
  EXPECT_THAT(kinds(read(detached)), IsEmpty());
  EXPECT_THAT(where(read(detached + "behind the northern depot"), "northern depot"),
              Contains("f › behind its end|body"));
  EXPECT_THAT(kinds(read(detached.substr(0, 700))), ElementsAre(FindingKind::corrupt));
  EXPECT_THAT(kinds(read(sample("enveloped.p7m"))), ElementsAre(FindingKind::encrypted));
}

}  // namespace
}  // namespace weir::content
