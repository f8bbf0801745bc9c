// What Office files carry beside their text: fonts, settings of printers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "weir/content/test_extract.h"
#include "weir/content/test_files.h"

namespace weir::content {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using Tables = std::vector<std::pair<std::string, std::string>>;

std::string big(std::uint64_t value, int bytes) {
  std::string out;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    out += static_cast<char>(value >> shift & 0xff);
  }
  return out;
}

std::uint32_t sum_of(std::string table) {
  table.resize((table.size() + 3) / 4 * 4);
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < table.size(); i += 4) {
    for (std::size_t k = 0; k < 4; ++k) {
      sum += static_cast<std::uint32_t>(static_cast<unsigned char>(table[i + k])) << (24 - 8 * k);
    }
  }
  return sum;
}

/// One outline of three points.
std::string glyph(const std::string& instructions = "") {
  return big(1, 2) + std::string(8, '\0') + big(2, 2) +
         big(static_cast<std::uint32_t>(instructions.size()), 2) + instructions + "777" +
         "\1\2\3\4\5\6";
}

Tables tables_of(const std::string& glyphs) {
  std::string head = big(0x10000, 4) + big(0, 8) + big(0x5f0f3cf5, 4);
  head.resize(54);
  return {{"cmap", std::string(12, '\0')},
          {"glyf", glyphs},
          {"head", head},
          {"loca", big(0, 2) + big(static_cast<std::uint32_t>(glyphs.size() / 2), 2)},
          {"maxp", big(0x10000, 4) + big(1, 2)},
          {"name", "Weir Serif is a font for tests of fonts"}};
}

std::string font_of(const Tables& tables) {
  const std::uint64_t count = tables.size();
  std::uint64_t power = 1;
  std::uint64_t log = 0;
  for (; 2 * power <= count; power *= 2) ++log;
  std::string out = big(0x10000, 4) + big(count, 2) + big(16 * power, 2) + big(log, 2) +
                    big(16 * (count - power), 2);
  std::string content;
  for (const auto& [tag, table] : tables) {
    out += tag + big(sum_of(table), 4) +
           big(static_cast<std::uint32_t>(12 + 16 * tables.size() + content.size()), 4) +
           big(static_cast<std::uint32_t>(table.size()), 4);
    content += table;
    content.resize((content.size() + 3) / 4 * 4);
  }
  return out + content;
}

std::string padded(std::string bytes) {
  bytes.resize((bytes.size() + 3) / 4 * 4);
  return bytes;
}

std::string plain_font() { return font_of(tables_of(padded(glyph()))); }

TEST(EmbeddedFonts, AFontIsReadAndWhatItSaysIsText) {
  const Extraction font = read(plain_font());
  EXPECT_THAT(font.findings, IsEmpty());
  EXPECT_THAT(where(font, "font for tests"), ElementsAre("f|salvaged"));
}

TEST(EmbeddedFonts, WhateverIsBesideItsTablesIsNotClean) {
  const std::string font = plain_font();
  EXPECT_FALSE(read(font + "and a text behind it").is_complete());
  EXPECT_FALSE(read(font.substr(0, font.size() - 8)).is_complete());
  Tables more = tables_of(padded(glyph()));
  more.emplace_back("text", "a table that no font has");
  EXPECT_FALSE(read(font_of(more)).is_complete());
  std::string changed = font;
  changed[font.find("Serif")] = 's';  // its checksum is wrong then
  EXPECT_FALSE(read(changed).is_complete());
}

TEST(EmbeddedFonts, GlyphsThatAreNoneAreNotClean) {
  const std::string glyphs = padded(glyph());
  EXPECT_TRUE(read(font_of(tables_of(glyphs))).is_complete());
  EXPECT_FALSE(read(font_of(tables_of(glyphs + "behind the glyphs   "))).is_complete());
  Tables unnamed = tables_of(glyphs + "not named by loca   ");
  unnamed[3].second = big(0, 2) + big(static_cast<std::uint32_t>(glyphs.size() / 2), 2);
  EXPECT_FALSE(read(font_of(unnamed)).is_complete());
  std::string page = glyphs;  // a page of outlines in the place of a letter
  page[0] = '\3';
  EXPECT_FALSE(read(font_of(tables_of(page))).is_complete());
}

TEST(EmbeddedFonts, OfficeChangesTheirBeginningByAKeyThatIsNotNeeded) {
  std::string changed = plain_font();
  for (std::size_t i = 0; i < 32; ++i) {
    changed[i] = static_cast<char>(changed[i] ^ static_cast<char>(0x91 + 13 * (i % 16)));
  }
  const Extraction font = read(changed);
  EXPECT_THAT(font.findings, IsEmpty());
  EXPECT_THAT(where(font, "font for tests"), ElementsAre("f|salvaged"));
  changed += "and a text behind it";
  EXPECT_FALSE(read(changed).is_complete());
}

/// Bytes that nobody can tell from noise.
std::string noise(std::size_t bytes) {
  std::string out;
  for (std::uint64_t state = 7; out.size() < bytes;) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    out += static_cast<char>(state >> 56);
  }
  return out;
}

TEST(EmbeddedFonts, TablesThatLookPackedAreNotClean) {
  const auto with = [](const std::string& tag, const std::string& content) {
    Tables tables = tables_of(padded(glyph()));
    tables.emplace_back(tag, content);
    return read(font_of(tables));
  };
  std::string code;  // of a program, with numbers that count up
  for (int i = 0; i < 900; ++i) (code += static_cast<char>(0xb0 + i % 7)) += static_cast<char>(i);
  EXPECT_TRUE(with("prep", code).is_complete());
  EXPECT_FALSE(with("prep", code + noise(600) + code).is_complete());
  EXPECT_FALSE(read(font_of(tables_of(padded(glyph(noise(600)))))).is_complete());
}

std::string eot_of(std::string font, std::uint32_t flags) {
  std::string out;
  ByteWriter writer(out);
  writer.fixed(static_cast<std::uint32_t>(100 + font.size()));
  writer.fixed(static_cast<std::uint32_t>(font.size()));
  writer.fixed(std::uint32_t{0x20001});
  writer.fixed(flags);
  out.resize(34);
  out += "LP";
  out.resize(100);
  for (char& c : font) c = static_cast<char>(c ^ ((flags & 0x10000000) != 0 ? 0x50 : 0));
  return out + font;
}

TEST(EmbeddedFonts, PowerPointsOwnAreReadUnlessTheyArePacked) {
  for (const std::uint32_t flags : {0u, 0x10000000u}) {
    const Extraction font = read(eot_of(plain_font(), flags));
    EXPECT_THAT(font.findings, IsEmpty());
    EXPECT_THAT(where(font, "font for tests"), ElementsAre("f|salvaged"));
  }
  EXPECT_FALSE(read(eot_of(plain_font(), 4)).is_complete());
  EXPECT_FALSE(read(eot_of("something else", 0)).is_complete());
}

std::string woff_of(const Tables& tables, const std::string& more = "") {
  const auto count = static_cast<std::uint32_t>(tables.size());
  std::string directory;
  std::string content;
  for (const auto& [tag, table] : tables) {
    std::string packed = deflated(table, MAX_WBITS);
    if (packed.size() >= table.size()) packed = table;
    directory += tag + big(static_cast<std::uint32_t>(44 + 20 * count + content.size()), 4) +
                 big(static_cast<std::uint32_t>(packed.size()), 4) +
                 big(static_cast<std::uint32_t>(table.size()), 4) + big(sum_of(table), 4);
    content += packed;
    content.resize((content.size() + 3) / 4 * 4);
  }
  const std::size_t size = 44 + directory.size() + content.size() + more.size();
  return "wOFF" + big(0x10000, 4) + big(static_cast<std::uint32_t>(size), 4) + big(count, 2) +
         std::string(30, '\0') + directory + content + more;
}

TEST(EmbeddedFonts, ThoseOfTheWebAreUnpacked) {
  const Tables tables = tables_of(glyph(std::string(301, '\7')));
  const Extraction font = read(woff_of(tables));
  EXPECT_THAT(font.findings, IsEmpty());
  EXPECT_THAT(where(font, "font for tests"), ElementsAre("f|salvaged"));
  EXPECT_FALSE(read(woff_of(tables, "and a text behind it")).is_complete());
  EXPECT_FALSE(read("wOF2" + woff_of(tables).substr(4)).is_complete());
}

std::string wide(const std::string& text, std::size_t bytes) {
  std::string out;
  for (const char c : text) (out += c) += '\0';
  out.resize(bytes);
  return out;
}

std::string windows_settings(const std::string& own, const std::string& name = "Laser 4") {
  std::string out = wide(name, 64);
  ByteWriter writer(out);
  for (const std::uint16_t value : {std::uint16_t{0x401}, std::uint16_t{1}, std::uint16_t{220},
                                    static_cast<std::uint16_t>(own.size())}) {
    writer.fixed(value);
  }
  out.resize(102);
  out += wide("A4", 64);
  out.resize(220);
  return out + own;
}

TEST(PrinterSettings, OfWindowsAreReadWithWhatTheirDriverPacked) {
  const std::string packed =
      deflated("duplex and a secret that was put into the settings", MAX_WBITS);
  const Extraction settings = read(
      windows_settings(std::string(500, '\0') + packed + wide("plain words too", 40) + noise(80)));
  EXPECT_THAT(settings.findings, IsEmpty());
  EXPECT_THAT(where(settings, "secret that was put"), ElementsAre("f › packed settings|body"));
  EXPECT_THAT(where(settings, "plain words too"), ElementsAre("f|properties"));
  EXPECT_THAT(where(settings, "Laser 4"), ElementsAre("f|properties"));
}

TEST(PrinterSettings, WithMoreThanCanBeReadAreNotClean) {
  EXPECT_FALSE(read(windows_settings(noise(400))).is_complete());
  EXPECT_FALSE(read(windows_settings(noise(10)) + "more than it says").is_complete());
  EXPECT_FALSE(read(windows_settings(deflated(noise(4000), -MAX_WBITS))).is_complete());
  std::string behind_name = windows_settings("");
  behind_name[40] = '\x81';
  EXPECT_FALSE(read(behind_name).is_complete());
}

std::string mac_settings(const std::string& page, const std::string& more = "") {
  std::string out;
  ByteWriter writer(out);
  writer.fixed(std::uint32_t{2});
  writer.fixed(std::uint32_t{1});
  writer.fixed(static_cast<std::uint32_t>(page.size()));
  return out + page + more;
}

TEST(PrinterSettings, OfAMacAreXml) {
  const std::string page =
      "<?xml version=\"1.0\"?>\n<plist version=\"1.0\"><dict><key>what the printer does</key>"
      "</dict></plist>\n";
  const Extraction settings = read(mac_settings(page));
  EXPECT_THAT(settings.findings, IsEmpty());
  EXPECT_THAT(where(settings, "what the printer does"), ElementsAre("f|body"));
  EXPECT_FALSE(read(mac_settings(page, "\x81\x82\x83")).is_complete());
  EXPECT_FALSE(read(mac_settings("no list at all")).is_complete());
  EXPECT_FALSE(read(mac_settings("<?xml version=\"1.0\"?><plist><data>c2VjcmV0</data></plist>"))
                   .is_complete());
}

}  // namespace
}  // namespace weir::content
