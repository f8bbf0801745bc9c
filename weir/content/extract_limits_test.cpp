#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "weir/base/text.h"
#include "weir/content/extract.h"
#include "weir/content/test_files.h"

namespace weir::content {
namespace {

using namespace std::string_literals;

Extraction read(std::string_view bytes, const ExtractLimits& limits = {}) {
  return extract(bytes, {.limits = limits, .name = "f"});
}

bool has(const Extraction& extraction, FindingKind kind) {
  return std::ranges::find(extraction.findings, kind, &Finding::kind) != extraction.findings.end();
}

std::uint64_t text_bytes(const Extraction& extraction) {
  std::uint64_t sum = 0;
  for (const Part& part : extraction.parts) sum += part.text.size();
  return sum;
}

TEST(ExtractLimits, StopAMillionfoldBomb) {
  const std::string zeros = zip_of({{"a.txt", std::string(20u << 20, 'a')}});
  const Extraction out = read(zeros);
  EXPECT_TRUE(has(out, FindingKind::bomb));
  EXPECT_LE(text_bytes(out), 8u << 20);
  EXPECT_TRUE(has(read(gzipped(std::string(20u << 20, 'a'))), FindingKind::bomb));
}

TEST(ExtractLimits, StopBombsInBombs) {
  std::string bomb = std::string(3u << 20, 'b');
  for (int level = 0; level < 4; ++level) {
    TestZip::Files files;
    for (int i = 0; i < 10; ++i) files.emplace_back("m" + std::to_string(i), bomb);
    bomb = zip_of(files);
  }
  const Extraction out = read(bomb);
  EXPECT_TRUE(has(out, FindingKind::bomb));
}

TEST(ExtractLimits, StopArchivesThatNestForEver) {
  std::string file = "innermost";
  for (int i = 0; i < 30; ++i) file = zip_of({{"z", file}});
  const Extraction out = read(file);
  EXPECT_TRUE(has(out, FindingKind::too_deep));
  EXPECT_TRUE(std::ranges::none_of(out.parts, [](const Part& p) { return p.text == "innermost"; }));
  file = "innermost";
  for (int i = 0; i < 8; ++i) file = zip_of({{"z", file}});
  EXPECT_TRUE(read(file).is_complete());
}

TEST(ExtractLimits, StopAtTheMembersAllowed) {
  TestZip::Files files;
  for (int i = 0; i < 10'001; ++i)
    files.emplace_back("m" + std::to_string(i), "x" + std::to_string(i));
  const std::string file = zip_of(files);
  const Extraction out = read(file);
  EXPECT_TRUE(has(out, FindingKind::too_many_members));
  files.pop_back();
  EXPECT_TRUE(read(zip_of(files)).is_complete());
}

TEST(ExtractLimits, StopAtTheBytesAndTheTextAllowed) {
  const std::string file =
      TestZip{.stored = true}.make({{"a", std::string(1000, 'x')}, {"b", std::string(1000, 'y')}});
  EXPECT_TRUE(has(read(file, {.total_bytes = 1500}), FindingKind::too_big));
  const Extraction out = read(file, {.text_bytes = 1500});
  EXPECT_TRUE(has(out, FindingKind::too_big));
  EXPECT_EQ(text_bytes(out), 1500u);
}

TEST(ExtractLimits, StopAtTheTimeAllowed) {
  auto now = std::chrono::steady_clock::time_point{};
  ExtractOptions options;
  options.now = [&now] { return now += std::chrono::milliseconds{100}; };
  options.limits.time = std::chrono::milliseconds{1'000};
  TestZip::Files files;
  for (int i = 0; i < 100; ++i) files.emplace_back("m" + std::to_string(i), "words");
  const Extraction out = extract(zip_of(files), options);
  EXPECT_TRUE(has(out, FindingKind::timed_out));
  EXPECT_LT(out.parts.size(), 100u);
}

TEST(ExtractLimits, SeeThroughOverlappingMembers) {
  // Fifty entries of one member: the directory alone makes it fifty.
  std::string file = zip_of({{"a", std::string(1u << 20, 'z')}});
  const std::size_t central = file.find("PK\1\2");
  const std::size_t end = file.find("PK\5\6");
  const std::string entry = file.substr(central, end - central);
  std::string bomb = file.substr(0, central);
  for (int i = 0; i < 50; ++i) bomb += entry;
  bomb += "PK\5\6";
  ByteWriter writer(bomb);
  writer.fixed(std::uint32_t{0});
  writer.fixed(std::uint16_t{50});
  writer.fixed(std::uint16_t{50});
  writer.fixed(static_cast<std::uint32_t>(entry.size() * 50));
  writer.fixed(static_cast<std::uint32_t>(central));
  writer.fixed(std::uint16_t{0});
  EXPECT_TRUE(has(read(bomb), FindingKind::bomb));
}

TEST(ExtractLimits, ExpandNoEntities) {
  const std::string laughs =
      "<?xml version=\"1.0\"?><!DOCTYPE l [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">"
      "<!ENTITY x SYSTEM \"file:///etc/passwd\">]><l>&b;&x; plain words</l>";
  const Extraction out = read(laughs);
  EXPECT_TRUE(has(out, FindingKind::unsupported));
  EXPECT_TRUE(
      std::ranges::any_of(out.parts, [](const Part& p) { return p.text.contains("plain words"); }));
  EXPECT_TRUE(
      std::ranges::none_of(out.parts, [](const Part& p) { return p.text.contains("root:"); }));
}

TEST(ExtractLimits, BoundMailOfManyParts) {
  std::string mail = "From: a@x\nSubject: s\nContent-Type: multipart/mixed; boundary=b\n\n";
  for (int i = 0; i < 12'000; ++i) mail += "--b\n\npart\n";
  EXPECT_TRUE(has(read(mail), FindingKind::too_many_members));
  std::string nested = "From: a@x\nSubject: s\n";
  for (int i = 0; i < 1'000; ++i) {
    nested += "Content-Type: multipart/mixed; boundary=b" + std::to_string(i) + "\n\n--b" +
              std::to_string(i) + "\n";
  }
  EXPECT_TRUE(has(read(nested), FindingKind::too_deep));
}

TEST(ExtractLimits, BoundNesting) {
  std::string html = "<html>";
  std::string rtf = "{\\rtf1 ";
  std::string xml = "<?xml version=\"1.0\"?>";
  for (int i = 0; i < 100'000; ++i) {
    html += "<div>";
    rtf += "{";
    xml += "<a>";
  }
  for (const std::string& file : {html + "words", rtf + "words", xml + "words"}) {
    const Extraction out = read(file);
    EXPECT_FALSE(out.is_complete());
    EXPECT_TRUE(std::ranges::any_of(out.parts, [](const Part& p) {
      return p.text.contains("words");
    })) << file.substr(0, 20);
  }
}

std::vector<std::string> samples() {
  const std::string rtf =
      R"({\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}caf\'e9 \u8364?{\v x}\par)"
      R"({\object{\objdata 504b0304}}})";
  return {docx_of(paragraph("some words"),
                  {{"word/comments.xml", "<c>" + paragraph("remark") + "</c>"}}),
          xlsx_of(R"(<sheetData><row><c r="A1" t="s"><v>0</v></c></row></sheetData>)",
                  "<si><t>cell</t></si>"),
          zip_of({{"a.txt", "words"}, {"b.html", "<html><p hidden>x</p></html>"}}),
          gzipped("words and words"),
          rtf,
          "From: a@x\r\nSubject: s\r\nContent-Type: multipart/mixed; "
          "boundary=q\r\n\r\n--q\r\n\r\nhi\r\n--q\r\n"
          "Content-Transfer-Encoding: base64\r\nContent-Type: x/y; name=z\r\n\r\n" +
              base64_of(zip_of({{"t", "words"}})) + "\r\n--q--\r\n"};
}

TEST(ExtractHurt, SaysSoWhereverAFileIsCutOff) {
  for (const std::string& file : samples()) {
    for (std::size_t i = 1; i < 16; ++i) {
      const Extraction out = read(std::string_view(file).substr(0, file.size() * i / 16));
      const bool packed = file.starts_with("PK") || file.starts_with("\x1f");
      EXPECT_TRUE(!packed || !out.is_complete()) << i;
    }
  }
}

TEST(ExtractHurt, SurvivesFlippedBits) {
  std::mt19937 random(7);
  for (const std::string& file : samples()) {
    for (int round = 0; round < 300; ++round) {
      std::string hurt = file;
      for (int flips = 0; flips < 1 + round % 4; ++flips) {
        hurt[random() % hurt.size()] ^= static_cast<char>(1u << random() % 8);
      }
      for (const Part& part : read(hurt).parts) ASSERT_TRUE(is_utf8(part.text));
    }
  }
}

}  // namespace
}  // namespace weir::content
