#include "weir/content/extract.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "weir/base/bytes.h"
#include "weir/base/hash.h"
#include "weir/base/text.h"
#include "weir/content/test_extract.h"
#include "weir/content/test_files.h"

namespace weir::content {
namespace {

using namespace std::string_literals;

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(Extract, ReadsTextInAnyCharacterSet) {
  const std::vector<std::string> files = {
      "na\xc3\xafve r\xc3\xa9sum\xc3\xa9 of the plan"s,
      "\xef\xbb\xbfna\xc3\xafve r\xc3\xa9sum\xc3\xa9 of the plan"s,
      "na\xefve r\xe9sum\xe9 of the plan"s,
      "\xff\xfen\0a\0\xef\0v\0e\0 \0r\0\xe9\0s\0u\0m\0\xe9\0 \0o\0f\0 \0t\0h\0e\0 \0p\0l\0a\0n\0"s,
      "n\0a\0\xef\0v\0e\0 \0r\0\xe9\0s\0u\0m\0\xe9\0 \0o\0f\0 \0t\0h\0e\0 \0p\0l\0a\0n\0"s};
  for (const std::string& file : files) {
    const Extraction out = read(file);
    ASSERT_EQ(out.parts.size(), 1u);
    EXPECT_EQ(out.parts[0].text, "na\xc3\xafve r\xc3\xa9sum\xc3\xa9 of the plan");
    EXPECT_EQ(out.type, FileType::text);
    EXPECT_TRUE(out.is_complete());
  }
}

TEST(Extract, TellsWhereInAWordDocumentATextStood) {
  const std::string body =
      paragraph("open words") +
      "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>vanished words</w:t></w:r></w:p>"
      "<w:p><w:del><w:r><w:delText>deleted words</w:delText></w:r></w:del></w:p>"
      "<w:p><w:r><w:rPr><w:color w:val=\"FFFFFF\"/></w:rPr><w:t>white words</w:t></w:r>"
      "<w:r><w:t>split </w:t></w:r><w:r><w:t>run</w:t></w:r></w:p>";
  const Extraction out = read(docx_of(
      body, {{"word/comments.xml",
              "<w:comments xmlns:w=\"w\">" + paragraph("a remark") + "</w:comments>"},
             {"word/footnotes.xml", "<w:f xmlns:w=\"w\">" + paragraph("a footnote") + "</w:f>"},
             {"word/header1.xml", "<w:hdr xmlns:w=\"w\">" + paragraph("TLP:RED") + "</w:hdr>"},
             {"docProps/custom.xml",
              "<Properties><property name=\"MSIP_Label_1_Name\"><vt:lpwstr xmlns:vt=\"v\">Secret"
              "</vt:lpwstr></property></Properties>"}}));
  EXPECT_EQ(out.type, FileType::word);
  EXPECT_THAT(where(out, "open words"), ElementsAre("f › word/document.xml|body"));
  EXPECT_THAT(where(out, "split run"), ElementsAre("f › word/document.xml|body"));
  EXPECT_THAT(where(out, "vanished words"), ElementsAre("f › word/document.xml|body|hidden"));
  EXPECT_THAT(where(out, "white words"), ElementsAre("f › word/document.xml|body|hidden"));
  EXPECT_THAT(where(out, "deleted words"), ElementsAre("f › word/document.xml|deletion"));
  EXPECT_THAT(where(out, "a remark"), ElementsAre("f › word/comments.xml|comment"));
  EXPECT_THAT(where(out, "a footnote"), ElementsAre("f › word/footnotes.xml|note"));
  EXPECT_THAT(where(out, "TLP:RED"), ElementsAre("f › word/header1.xml|header or footer"));
  EXPECT_THAT(where(out, "MSIP_Label_1_Name: Secret"),
              ElementsAre("f › docProps/custom.xml|properties"));
  EXPECT_THAT(out.findings, IsEmpty());
}

TEST(Extract, ReadsWhatAWordDocumentKeepsInOddPlaces) {
  const Extraction out = read(docx_of(
      "",
      {{"word/odd.xml", "<?xml version=\"1.0\"?><x><y>words in no run</y></x>"},
       {"word/chunk.xhtml", "<?xml version=\"1.0\"?><html><body><p>a page in it</p></body></html>"},
       {"word/embeddings/o.bin", xlsx_of("", "<si><t>cell in it</t></si>")}}));
  EXPECT_THAT(where(out, "words in no run"), ElementsAre("f › word/odd.xml|body|hidden"));
  EXPECT_THAT(where(out, "a page in it"), ElementsAre("f › word/chunk.xhtml|body"));
  EXPECT_THAT(where(out, "cell in it"),
              ElementsAre("f › word/embeddings/o.bin › xl/worksheets/sheet2.xml|body|hidden"));
}

TEST(Extract, KnowsHiddenSheetsRowsAndColumns) {
  const Extraction out =
      read(xlsx_of("<cols><col min=\"2\" max=\"2\" hidden=\"1\"/></cols><sheetData>"
                   "<row><c r=\"A1\" t=\"s\"><v>1</v></c><c r=\"B1\" t=\"inlineStr\"><is><t>in "
                   "column B</t></is></c></row>"
                   "<row hidden=\"1\"><c r=\"A2\" t=\"str\"><f>A1&amp;A3</f><v>in row "
                   "2</v></c></row></sheetData>",
                   "<si><t>payroll</t></si><si><r><t>open "
                   "</t></r><r><t>cell</t></r></si><si><t>orphan</t></si>"));
  EXPECT_THAT(where(out, "open cell"), ElementsAre("f › xl/worksheets/sheet1.xml|body"));
  EXPECT_THAT(where(out, "in column B"), ElementsAre("f › xl/worksheets/sheet1.xml|body|hidden"));
  EXPECT_THAT(where(out, "in row 2"), ElementsAre("f › xl/worksheets/sheet1.xml|body|hidden"));
  EXPECT_THAT(where(out, "A1&A3"), ElementsAre("f › xl/worksheets/sheet1.xml|formula|hidden"));
  EXPECT_THAT(where(out, "payroll"), ElementsAre("f › xl/worksheets/sheet2.xml|body|hidden"));
  EXPECT_THAT(where(out, "orphan"), ElementsAre("f › strings in no cell|body|hidden"));
  EXPECT_THAT(where(out, "Salaries"), ElementsAre("f › xl/workbook.xml|names"));
}

TEST(Extract, ReadsSlidesTheirNotesAndHiddenOnes) {
  const auto slide = [](const std::string& text, const std::string& show) {
    return R"(<p:sld xmlns:p="p" xmlns:a="a")" + show + "><a:p><a:r><a:t>" + text +
           "</a:t></a:r></a:p></p:sld>";
  };
  const Extraction out = read(zip_of({{"[Content_Types].xml", "<Types/>"},
                                      {"ppt/slides/slide1.xml", slide("first", "")},
                                      {"ppt/slides/slide2.xml", slide("second", " show=\"0\"")},
                                      {"ppt/notesSlides/notesSlide1.xml", slide("say this", "")}}));
  EXPECT_THAT(where(out, "first"), ElementsAre("f › ppt/slides/slide1.xml|body"));
  EXPECT_THAT(where(out, "second"), ElementsAre("f › ppt/slides/slide2.xml|body|hidden"));
  EXPECT_THAT(where(out, "say this"), ElementsAre("f › ppt/notesSlides/notesSlide1.xml|note"));
}

TEST(Extract, ReadsOpenDocuments) {
  const std::string content =
      "<?xml version=\"1.0\"?><o:document-content xmlns:o=\"o\" xmlns:t=\"t\" xmlns:s=\"s\" "
      "xmlns:b=\"b\"><o:automatic-styles><s:style s:name=\"ta2\"><s:table-properties "
      "b:display=\"false\"/></s:style></o:automatic-styles><o:body><t:tracked-changes><t:deletion>"
      "<t:p>taken out</t:p></t:deletion></t:tracked-changes><t:p>left<t:s/>in<o:annotation><t:p>a "
      "remark"
      "</t:p></o:annotation></t:p><b:table b:style-name=\"ta2\"><b:table-row><b:table-cell><t:p>in "
      "a "
      "hidden sheet</t:p></b:table-cell></b:table-row></b:table></o:body></o:document-content>";
  const Extraction out = read(zip_of({{"mimetype", "application/vnd.oasis.opendocument.text"},
                                      {"content.xml", content},
                                      {"META-INF/manifest.xml", "<?xml version=\"1.0\"?><m/>"}}));
  EXPECT_THAT(where(out, "left in"), ElementsAre("f › content.xml|body"));
  EXPECT_THAT(where(out, "taken out"), ElementsAre("f › content.xml|deletion"));
  EXPECT_THAT(where(out, "a remark"), ElementsAre("f › content.xml|comment"));
  EXPECT_THAT(where(out, "in a hidden sheet"), ElementsAre("f › content.xml|body|hidden"));
}

TEST(Extract, SeparatesWhatAPageShowsFromWhatItHides) {
  const Extraction out = read(
      "<!DOCTYPE html><html><head><style>.x{display:none} "
      ".y{color:red}</style><title>Title</title></head>"
      "<body><p>sh<b>ow</b>n<p style='display: none'>by style</p><div class='y x'>by class</div>"
      "<span style='color:#FFF'>white</span><span style='color:#fff;background:#000'>inverse</span>"
      "<!-- remark --><img alt='of a dog'><div hidden>attribute</div></body></html>");
  EXPECT_THAT(where(out, "shown"), ElementsAre("f|body"));
  EXPECT_THAT(where(out, "inverse"), ElementsAre("f|body"));
  EXPECT_THAT(where(out, "Title"), ElementsAre("f|body"));
  for (const char* hidden : {"by style", "by class", "white", "attribute"}) {
    EXPECT_THAT(where(out, hidden), Contains("f|body|hidden")) << hidden;
  }
  EXPECT_THAT(where(out, "remark"), ElementsAre("f|comment|hidden"));
  EXPECT_THAT(where(out, "of a dog"), ElementsAre("f|alternative"));
}

TEST(Extract, ReadsRtf) {
  const Extraction out = read(
      "{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0\\fcharset0 Arial;}{\\f1\\fcharset204 Arial;}}\\f0 "
      "caf\\'e9 \\u8364?5 {\\f1 \\'cf\\'f0}{\\v unseen}\\par next{\\footnote a note}"
      "{\\*\\unknown gone}{\\header on top}{\\deleted struck}}");
  EXPECT_THAT(where(out, "caf\u00e9 \u20ac5 \u041f\u0440\nnext"), ElementsAre("f|body"));
  EXPECT_THAT(where(out, "unseen"), ElementsAre("f|body|hidden"));
  EXPECT_THAT(where(out, "a note"), ElementsAre("f|note"));
  EXPECT_THAT(where(out, "on top"), ElementsAre("f|header or footer"));
  EXPECT_THAT(where(out, "struck"), ElementsAre("f|deletion"));
  EXPECT_THAT(where(out, "gone"), IsEmpty());
}

TEST(Extract, FindsFilesInTextsThatSpellThem) {
  const std::string secret = docx_of(paragraph("spelt out"));
  std::string hex = to_hex(as_bytes(secret));
  std::string quoted = "Have a look:\n> " + base64_of(secret);
  for (std::size_t at = quoted.find('\n', 20); at != std::string::npos;
       at = quoted.find('\n', at + 3)) {
    quoted.insert(at + 1, "> ");
  }
  for (const std::string& text :
       {"see\n" + base64_of(secret) + "\nbye", R"({"d":")" + hex + R"("})", quoted,
        "<html><body><a href=\"data:x/y;base64," + base64_of(secret) + "\">x</a>",
        base64_of(gzipped(secret))}) {
    EXPECT_EQ(where(read(text), "spelt out").size(), 1u) << text.substr(0, 60);
  }
}

TEST(Extract, ReadsUuencodedText) {
  const Extraction out =
      read("hello\nbegin 644 a.txt\n95&AE('%U:6-K(&)R;W=N(&9O>\"!J=6UP<P``\n`\nend\n");
  EXPECT_EQ(where(out, "The quick brown fox jumps").size(), 1u);
}

TEST(Extract, FindsWhatIsSpeltOrDisguisedWhereverItStands) {
  const std::string spelt = base64_of(docx_of(paragraph("spelt out")));
  const std::string uuencoded = "begin 644 a.txt\n95&AE('%U:6-K(&)R;W=N(&9O>\"!J=6UP<P``\n`\nend\n";
  const std::string behind(80, '.');  // texts are read in blocks, and their ends letter by letter
  for (std::size_t before = 0; before < 140; ++before) {
    const std::string words = std::string(before % 7, 'x') + std::string(before, ' ');
    for (const std::string_view between : {"\n", " ", "> ", "a ", "a\n", "b\n", ".\n", "\""}) {
      const std::string start = words + std::string(between);
      ASSERT_EQ(where(read(fmt::format("{}{}\n{}", start, spelt, behind)), "spelt out").size(), 1u)
          << before << '"' << between << '"';
      if (!between.ends_with('\n')) continue;
      ASSERT_EQ(
          where(read(fmt::format("{}{}{}", start, uuencoded, behind)), "quick brown fox").size(),
          1u)
          << before;
    }
    // Five words give a disguise away, four do not.
    std::string moved = words + ".Gur ";
    for (const std::string_view word : {"jvgu", "juvpu", "sbe"}) {
      moved.append(word).append(" ").append(before % 5, 'q').append(" ");
    }
    ASSERT_EQ(read(moved).parts.size(), 1u) << before;
    ASSERT_EQ(read(moved + "unir").parts.size(), 2u) << before;
    ASSERT_EQ(read(fmt::format("{}unir.{}", moved, behind)).parts.size(), 2u) << before;
    ASSERT_EQ(read(fmt::format("{}unire xsbe{}", moved, behind)).parts.size(), 1u) << before;

    std::string spaced = words + ".";
    for (int i = 0; i < 45; ++i) spaced += "x ";
    ASSERT_EQ(read(spaced + behind).parts.size(), 2u) << before;
  }
}

TEST(Extract, UndoesDisguisesThatPeopleReadAtSight) {
  const std::string text =
      "The plan for the valley\nsays that the dam goes with the road, from the north. Gr\u00fcn.\n";
  std::string moved = text;
  for (char& c : moved) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>('a' + (c - 'a' + 13) % 26);
    if (c >= 'A' && c <= 'Z') c = static_cast<char>('A' + (c - 'A' + 13) % 26);
  }
  EXPECT_THAT(where(read("Hello.\n" + moved), "plan for the valley\nsays that"),
              ElementsAre("f › rot13|decoded"));

  const std::string backwards =
      ".n\u00fcrG .htron eht morf ,daor eht htiw seog mad eht taht syas\nyellav eht rof nalp ehT";
  const Extraction turned = read("Hello.\n" + backwards);
  EXPECT_THAT(where(turned, "The plan for the valley\nsays that"),
              ElementsAre("f › backwards|decoded"));
  EXPECT_THAT(where(turned, "from the north. Gr\u00fcn.\nThe plan"),
              ElementsAre("f › lines backwards|decoded"));

  std::string spaced;
  for (const char c : "The plan for the valley says that the dam goes with the road"s) {
    spaced += {c, ' '};
  }
  EXPECT_THAT(where(read("Hello.\n\n" + spaced), "plan for the valley says"),
              ElementsAre("f › spaced|decoded"));

  EXPECT_EQ(read(text).parts.size(), 1u) << "an honest text has one reading";
}

TEST(Extract, ReadsTextOfMainframes) {
  // "the plan for the valley and the road", in EBCDIC
  const std::string bytes =
      "\xa3\x88\x85\x40\x97\x93\x81\x95\x40\x86\x96\x99\x40\xa3\x88\x85\x40\xa5\x81\x93\x93\x85\xa8"
      "\x40"
      "\x81\x95\x84\x40\xa3\x88\x85\x40\x99\x96\x81\x84";
  EXPECT_THAT(where(read(bytes), "the plan for the valley and the road"), ElementsAre("f|body"));
}

TEST(Extract, ReadsSubtitlesBooksAndCourses) {
  const Extraction words = read("WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>Good <b>morning</b>\n");
  EXPECT_EQ(words.type, FileType::subtitles);
  EXPECT_THAT(where(words, "Good morning"), ElementsAre("f|body"));
  const Extraction book = read(zip_of(
      {{"mimetype", "application/epub+zip"},
       {"META-INF/container.xml", "<container/>"},
       {"OEBPS/c1.xhtml", "<?xml version=\"1.0\"?><html><body><p>Chapter one</p></body></html>"}}));
  EXPECT_THAT(where(book, "Chapter one"), ElementsAre("f › OEBPS/c1.xhtml|body"));
  const Extraction course = read(zip_of(
      {{"imsmanifest.xml", "<?xml version=\"1.0\"?><manifest><title>Safety</title></manifest>"},
       {"l1/index.html", "<html><body>Lesson</body></html>"}}));
  EXPECT_THAT(where(course, "Safety"), ElementsAre("f › imsmanifest.xml|body"));
  EXPECT_THAT(where(course, "Lesson"), ElementsAre("f › l1/index.html|body"));
}

TEST(Extract, GoesByBytesAndNotByNames) {
  const std::string file = zip_of({{"holiday.jpg", docx_of(paragraph("renamed"))}});
  EXPECT_THAT(where(read(file), "renamed"),
              ElementsAre("f › holiday.jpg › word/document.xml|body"));
  // Something else in front of a zip, and a member that its directory does not list.
  EXPECT_EQ(where(read("\x89PNX\r\n\x1a\n\0\0\0\1\2\3\4"s + file), "renamed").size(), 1u);
  TestZip bare;
  bare.directory = false;
  EXPECT_EQ(where(read(bare.make({{"a.txt", "unlisted words"}}) + zip_of({{"b.txt", "listed"}})),
                  "unlisted words")
                .size(),
            1u);
}

TEST(Extract, GivesTheDigestOfEveryFileWhereverItSits) {
  const auto at = [](const Extraction& extraction, const std::string& bytes) {
    for (const FileDigest& file : extraction.files) {
      if (file.digest == blake2b(bytes)) return file.path;
    }
    return "nowhere"s;
  };
  const std::string picture = "\x89PNG\r\n\x1a\n" + std::string(300, 'p');
  const std::string program = "\x7f" + "ELF"s + std::string(300, 'e');
  const std::string deck = docx_of(paragraph("slide"), {{"word/media/image1.png", picture}});
  const std::string course = zip_of({{"l1/player.bin", program}, {"l1/deck.docx", deck}});
  const Extraction out = read(
      "From: a@x.example\r\nTo: b@y.example\r\nMIME-Version: 1.0\r\n"
      "Content-Type: application/zip; name=c.zip\r\n"
      "Content-Transfer-Encoding: base64\r\n\r\n" +
      base64_of(course));
  EXPECT_EQ(at(out, course), "f › c.zip");
  EXPECT_EQ(at(out, program), "f › c.zip › l1/player.bin");
  EXPECT_EQ(at(out, deck), "f › c.zip › l1/deck.docx");
  EXPECT_EQ(at(out, picture), "f › c.zip › l1/deck.docx › word/media/image1.png");
  // Whoever asks about the whole has its bytes.
  EXPECT_EQ(at(read(program), program), "nowhere");
  EXPECT_THAT(read("a text").files, IsEmpty());
  std::string longer = program;
  for (std::uint32_t i = 0; i < 100'000; ++i)
    longer += static_cast<char>(i * i * 2654435761u >> 24);
  const std::vector<FileDigest> whole = read(longer).files;
  ASSERT_EQ(whole.size(), 1u);
  EXPECT_EQ(whole[0].path, "f");
  EXPECT_FALSE(whole[0].pieces.empty());
}

TEST(Extract, LooksAtBothReadingsOfAFile) {
  const std::string zip = zip_of({{"a.txt", "packed words"}});
  const std::string text(10'000, 'w');
  EXPECT_THAT(where(read(text + zip), "packed words"),
              ElementsAre("f › zip behind it › a.txt|body"));
  const Extraction picture = read("\x89PNG\r\n\x1a\n" + text + zip);
  EXPECT_THAT(where(picture, "packed words"), ElementsAre("f › zip behind it › a.txt|body"));
  EXPECT_THAT(kinds(picture), ElementsAre(FindingKind::unsupported));
  std::string noise;
  for (int i = 0; i < 20'000; ++i) noise += static_cast<char>(i * i % 251);
  EXPECT_THAT(kinds(read(text + noise)), ElementsAre(FindingKind::unreadable));
}

TEST(Extract, NamesWhatIsEncryptedAndShowsItsDirectory) {
  TestZip zip;
  zip.encrypted = true;
  const Extraction out = read(zip.make({{"plan.txt", "not really encrypted"}}));
  EXPECT_THAT(kinds(out), ElementsAre(FindingKind::encrypted));
  ASSERT_EQ(out.sealed.size(), 1u);
  EXPECT_EQ(out.sealed[0].path, "f › plan.txt");
  EXPECT_EQ(out.sealed[0].bytes, 20u);
  EXPECT_EQ(out.sealed[0].crc32, crc32("not really encrypted"));
  EXPECT_THAT(kinds(read("-----BEGIN PGP MESSAGE-----\n\nabc")),
              ElementsAre(FindingKind::encrypted));
}

TEST(Extract, AnOpenDocumentWithAPasswordIsEncryptedOnce) {
  const std::string manifest =
      "<?xml version=\"1.0\"?><m:manifest xmlns:m=\"m\"><m:file-entry m:full-path=\"content.xml\">"
      "<m:encryption-data/></m:file-entry></m:manifest>";
  const std::string noise = "\xa7\x01\xf3\x9b\x00\x88\x02\xfe\x17\xc4\x05"s;
  EXPECT_THAT(kinds(read(zip_of({{"mimetype", "application/vnd.oasis.opendocument.text"},
                                 {"content.xml", noise},
                                 {"styles.xml", noise},
                                 {"META-INF/manifest.xml", manifest}}))),
              ElementsAre(FindingKind::encrypted));
  const std::string lie =
      "<?xml version=\"1.0\"?><o:document-content xmlns:o=\"o\"><p>plain words</p>"
      "</o:document-content>";
  EXPECT_THAT(where(read(zip_of({{"content.xml", lie}, {"META-INF/manifest.xml", manifest}})),
                    "plain words"),
              ElementsAre("f › content.xml|body"));
}

TEST(Extract, NeverCallsCleanWhatItDoesNotRead) {
  for (const std::string& bytes :
       {"\x89PNG\r\n\x1a\n"s, "%PDF-1.4\n"s, "ID3\3"s, "\x01\x02\x03\xff\xfe\x80\0\0\0\1"s,
        "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"s, "\x78\x9f\x3e\x22"s, "PK\3\4"s, "\x1f\x8b\x08"s,
        "7z\xbc\xaf\x27\x1c\0\4"s, "MSCF\0\0\0\0"s}) {
    EXPECT_FALSE(read(bytes).is_complete()) << to_hex(as_bytes(bytes));
  }
}

}  // namespace
}  // namespace weir::content
