// Vector drawings: metafiles of Windows, SVG, outlines in markup.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "weir/content/test_extract.h"
#include "weir/content/test_files.h"

namespace weir::content {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;
using testing::IsEmpty;

std::string numbers(const std::vector<std::uint32_t>& values) {
  std::string out;
  for (const std::uint32_t value : values) ByteWriter(out).fixed(value);
  return out;
}
std::string shorts(const std::vector<std::uint16_t>& values) {
  std::string out;
  for (const std::uint16_t value : values) ByteWriter(out).fixed(value);
  return out;
}

std::string emf_record(std::uint32_t type, std::string content) {
  content.resize((content.size() + 3) / 4 * 4);
  return numbers({type, static_cast<std::uint32_t>(8 + content.size())}) + content;
}

std::string wide(const std::string& text) {
  std::string out;
  for (const char c : text) (out += c) += '\0';
  return out;
}

/// Text at (x, y).
std::string emf_text(const std::string& text, std::uint32_t y, std::uint32_t options = 0) {
  return emf_record(
      84, std::string(28, '\0') +
              numbers({0, y, static_cast<std::uint32_t>(text.size()), 76, options, 0, 0, 0, 0, 0}) +
              wide(text));
}

std::string emf_of(const std::string& records) {
  std::string header = std::string(32, '\0') + " EMF" + numbers({0x10000, 0, 0, 0});
  header.resize(80);
  return emf_record(1, header) + records + emf_record(14, numbers({0, 16, 20}));
}

std::string lines(std::size_t points) {
  return emf_record(87, std::string(16 + 4 + 4 * points, '\0'));
}

/// A bitmap of one colour.
std::string bitmap_head(std::uint32_t width, std::uint32_t height) {
  return numbers({40, width, height}) + shorts({1, 24}) + numbers({0, 0, 0, 0, 0, 0});
}

std::string emf_bitmap(const std::string& head, const std::string& points) {
  const auto head_size = static_cast<std::uint32_t>(head.size());
  return emf_record(81, std::string(40, '\0') +
                            numbers({80, head_size, 80 + head_size,
                                     static_cast<std::uint32_t>(points.size()), 0, 0, 0, 0}) +
                            head + points);
}

std::string read_as(const std::string& records) { return printable(records, 200); }

/// With a reader of pictures that says of each how many bytes it had.
Extraction look(std::string_view bytes, std::size_t letters = 0) {
  ExtractOptions options{.name = "f"};
  options.picture = [=](std::string_view picture, const auto& /*keep_going*/) {
    PictureContent seen;
    seen.text = "picture of " + std::to_string(picture.size());
    seen.letters = letters;
    return seen;
  };
  return extract(bytes, options);
}

TEST(Metafiles, TextOfAnEmfIsRead) {
  const Extraction drawing =
      look(emf_of(emf_text("the courier", 10) + emf_record(37, "\1\2\3\4") +
                  emf_text("inspects", 10) + emf_text("the cellar", 30) + lines(20)));
  EXPECT_THAT(drawing.findings, IsEmpty());
  EXPECT_THAT(where(drawing, "the courier inspects\nthe cellar"), ElementsAre("f|body"));
}

TEST(Metafiles, LettersPlacedOneByOneMakeWords) {
  std::string records;
  for (const char c : "courier"s) records += emf_text({c}, 10);
  EXPECT_THAT(where(look(emf_of(records)), "courier"), ElementsAre("f|body"));
}

TEST(Metafiles, SmallTextIsReadInBothWidths) {
  const std::string narrow =
      emf_record(108, numbers({0, 5, 14, 0x300, 1, 0, 0}) + "inspects yards");
  const std::string with_box =
      emf_record(108, numbers({0, 9, 6, 0, 1, 0, 0, 0, 0, 0, 0}) + wide("ledger"));
  const Extraction drawing = look(emf_of(narrow + with_box));
  EXPECT_THAT(drawing.findings, IsEmpty());
  EXPECT_THAT(where(drawing, "inspects yards\nledger"), ElementsAre("f|body"));
}

TEST(Metafiles, BitmapsAreLookedAt) {
  const std::string points(12 * 10, '\x7f');
  const Extraction drawing = look(emf_of(emf_bitmap(bitmap_head(4, 10), points)));
  EXPECT_THAT(drawing.findings, IsEmpty());
  EXPECT_THAT(where(drawing, "picture of 174"), ElementsAre("f › bitmap|recognised"));
  const Extraction lettered = look(emf_of(emf_bitmap(bitmap_head(4, 10), points)), 100);
  EXPECT_THAT(kinds(lettered), ElementsAre(FindingKind::unsupported));
}

TEST(Metafiles, WhatIsNotReadOfAnEmfIsAFinding) {
  const std::string points(12 * 10, '\x7f');
  for (const std::string& records :
       {lines(300), emf_text("glyphs", 1, 0x10), emf_record(70, numbers({8}) + "EMF+" + "1234"),
        emf_record(70, std::string(200, 'x')), emf_record(63 + 1000, "abcd"),
        emf_record(17, std::string(100, 'x')), emf_record(84, "cut"),
        emf_text("x", 1) + emf_record(84, std::string(300, 'x')),
        emf_bitmap(bitmap_head(4, 10), points + std::string(200, 'x')),
        emf_bitmap("no header of a bitmap", points),
        emf_record(81, std::string(40, '\0') + numbers({80, 40, 0xfffffff0, 0x20, 0, 0, 0, 0}))}) {
    const Extraction drawing = look(emf_of(records));
    EXPECT_THAT(kinds(drawing), ElementsAre(FindingKind::unsupported)) << read_as(records);
  }
  const std::string whole = emf_of(emf_text("the courier", 10));
  EXPECT_TRUE(look(whole).is_complete());
  EXPECT_FALSE(look(whole.substr(0, whole.size() - 20)).is_complete());
  EXPECT_THAT(where(look(whole + "and a text behind it"), "and a text behind it"),
              ElementsAre("f › behind the picture|body"));
}

std::string wmf_record(std::uint16_t type, std::string content) {
  content.resize((content.size() + 1) / 2 * 2);
  return numbers({static_cast<std::uint32_t>(3 + content.size() / 2)}) + shorts({type}) + content;
}

std::string wmf_of(const std::string& records) {
  return shorts({1, 9, 0x300}) + numbers({0}) + shorts({0}) + numbers({0}) + shorts({0}) + records +
         wmf_record(0, "");
}

TEST(Metafiles, TextOfAWmfIsRead) {
  const std::string text = wmf_record(0x0521, shorts({11}) + "the courier\0"s + shorts({10, 0}));
  const std::string extended = wmf_record(0x0a32, shorts({30, 0, 8, 0}) + "inspects");
  const std::string in_box = wmf_record(0x0a32, shorts({50, 0, 6, 4, 0, 0, 9, 9}) + "cellar");
  const std::string placeable = "\xd7\xcd\xc6\x9a" + std::string(18, '\0');
  std::string records = text;
  records += wmf_record(0x012d, "\1\0"s);
  records += extended;
  records += in_box;
  for (const std::string& front : {""s, placeable}) {
    const Extraction drawing = look(front + wmf_of(records));
    EXPECT_THAT(drawing.findings, IsEmpty());
    EXPECT_THAT(where(drawing, "the courier\ninspects\ncellar"), ElementsAre("f|body"));
  }
}

TEST(Metafiles, BitmapsOfAWmfAreLookedAt) {
  const std::string bitmap = bitmap_head(4, 10) + std::string(12 * 10, '\x7f');
  for (const auto& [type, front] : {std::pair<std::uint16_t, std::size_t>{0x0f43, 22},
                                    {0x0b41, 20},
                                    {0x0940, 16},
                                    {0x0d33, 18},
                                    {0x0142, 4}}) {
    const Extraction drawing = look(wmf_of(wmf_record(type, std::string(front, '\0') + bitmap)));
    EXPECT_THAT(drawing.findings, IsEmpty()) << type;
    EXPECT_THAT(where(drawing, "picture of 174"), ElementsAre("f › bitmap|recognised")) << type;
  }
}

TEST(Metafiles, WhatIsNotReadOfAWmfIsAFinding) {
  for (const std::string& records :
       {wmf_record(0x0324, std::string(2000, '\1')), wmf_record(0x0626, std::string(100, 'x')),
        wmf_record(0x0a32, shorts({30, 0, 4, 0x10}) + "abcd"), wmf_record(0x0b23, "device bitmap"),
        wmf_record(0x0521, shorts({900}) + "short"), wmf_record(0x0103, std::string(60, 'x'))}) {
    EXPECT_THAT(kinds(look(wmf_of(records))), ElementsAre(FindingKind::unsupported));
  }
}

std::string svg_of(const std::string& content) {
  return R"(<svg xmlns="http://www.w3.org/2000/svg">)" + content + "</svg>";
}

std::string repeated(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

TEST(Svg, TextIsReadAndAFewOutlinesSayNothing) {
  const std::string drawing =
      svg_of("<path d='M0 0 L1 1z m3 3 l4 4z'/><text>the courier inspects</text>");
  for (const std::string& file : {drawing, "<html><body>" + drawing + "</body></html>"}) {
    EXPECT_THAT(look(file).findings, IsEmpty());
    EXPECT_EQ(where(look(file), "the courier inspects").size(), 1u);
  }
}

TEST(Svg, OutlinesOfAPassageAreNotClean) {
  for (const std::string& content :
       {repeated("<path d='M0 0 L1 1z m3 3 l4 4z'/>", 80),
        "<path d='M0 0" + repeated(" 12.5 17.25", 4000) + "'/>", repeated("<use href='#a'/>", 150),
        repeated("<rect x='1' y='2'/>", 300), repeated("<polygon points='0,0 1,1 2,2'/>", 150)}) {
    EXPECT_THAT(kinds(look(svg_of(content))), ElementsAre(FindingKind::unsupported));
    EXPECT_THAT(kinds(look("<html><body>" + svg_of(content) + "</body></html>")),
                ElementsAre(FindingKind::unsupported));
  }
}

TEST(Svg, OutlinesInAnOfficeFileAreNotClean) {
  const std::string letters = svg_of(repeated("<path d='M0 0 L1 1z m3 3 l4 4z'/>", 80));
  const Extraction docx =
      look(zip_of({{"word/document.xml", "<document><body><p/></body></document>"},
                   {"word/media/image1.svg", letters}}));
  EXPECT_THAT(kinds(docx), ElementsAre(FindingKind::unsupported));
}

TEST(Svg, FilesInAddressesAreRead) {
  const std::string secret =
      "<p>the courier inspects the cellar before January comes, and the steward counts</p>";
  for (const std::string& address :
       {"data:text/html;base64," + base64_of("<html>" + secret + "</html>"),
        "data:text/html,%3Chtml>"s + "<p>the courier inspects%20the cellar before January</p>"}) {
    std::string escaped;
    for (const char c : address)
      escaped += c == '<' ? "&lt;"s : c == '\n' ? ""s : std::string(1, c);
    for (const std::string& file :
         {svg_of("<image xlink:href='" + escaped + "'/>"),
          "<html><body>" + svg_of("<image xlink:href='" + escaped + "'/>") + "</body></html>"}) {
      EXPECT_EQ(where(look(file), "the courier inspects the cellar before January").size(), 1u)
          << file;
    }
  }
}

}  // namespace
}  // namespace weir::content
